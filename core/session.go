package core

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// A Session is a validated access token: who it belongs to and until when. It is
// immutable and shared between requests; what its methods hand out is the caller's
// own. All methods work on a nil Session, which is nobody.
type Session struct {
	uid           string
	email         string
	emailVerified bool
	roles         []string
	expiresAt     time.Time
	profile       []byte // JSON object of the allowed fields that are not null

	background sessionContext // the background context with this session; requests share it
}

// UID returns the account's id: the subject to key your own data by.
func (s *Session) UID() string {
	if s == nil {
		return ""
	}
	return s.uid
}

// Email returns the primary address, or "" for an account without one.
func (s *Session) Email() string {
	if s == nil {
		return ""
	}
	return s.email
}

// EmailVerified reports whether the user has proved to own the address.
func (s *Session) EmailVerified() bool { return s != nil && s.emailVerified }

// hasEmail reports whether an address is among the account's, compared without case.
func (s *Session) hasEmail(address string) bool {
	var p struct{ Email []Email }
	if a, err := parseAnswer(s.profile); err == nil {
		a.decode(&p)
	}
	return slices.ContainsFunc(p.Email, func(e Email) bool { return strings.EqualFold(e.Value, address) })
}

// Roles returns a copy of the account's role names.
func (s *Session) Roles() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.roles)
}

// HasRole reports whether the account has the role. Names are compared exactly.
func (s *Session) HasRole(role string) bool { return s != nil && slices.Contains(s.roles, role) }

// ExpiresAt returns when the access token ends, in UTC, as far as LoginRadius said
// when it was last asked. Zero means unknown.
func (s *Session) ExpiresAt() time.Time {
	if s == nil {
		return time.Time{}
	}
	return s.expiresAt
}

// Profile returns the account's profile, limited to [SessionConfig].ProfileFields.
// Every call decodes a new one, which the caller may change; keep it in a variable
// rather than calling twice.
func (s *Session) Profile() *Profile {
	p := new(Profile)
	if s != nil {
		_ = p.UnmarshalJSON(s.profile) // it is our own encoding
	}
	return p
}

// String names the account, not the person.
func (s *Session) String() string { return "core.Session{UID:" + s.UID() + "}" }

// Format implements fmt.Formatter: every verb prints what String returns.
func (s *Session) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue implements slog.LogValuer.
func (s *Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON writes the UID and nothing else; encode [Session.Profile] for more.
func (s *Session) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"uid": s.UID()})
}

// secretFields never enter a session, whatever the configuration asks for.
var secretFields = []string{"password", "lastpasswordchangetoken", "pin", "provideraccesscredential"}

// newSession keeps what a session may know of a profile.
func newSession(profile answer, allowed fieldSet, expiresAt time.Time) (*Session, error) {
	kept := make(map[string]json.RawMessage, len(allowed))
	for key, raw := range profile {
		switch {
		case string(raw) == "null" || !allowed.has(key):
		case strings.EqualFold(key, "Identities"):
			kept[key] = withoutCredentials(raw)
		default:
			kept[key] = raw
		}
	}
	encoded, err := json.Marshal(kept)
	if err != nil {
		return nil, errNotObject
	}
	var p struct {
		UID           string `json:"Uid"`
		Email         []Email
		EmailVerified bool
		Roles         []string
	}
	answer(kept).decode(&p)
	s := &Session{
		uid:           p.UID,
		email:         (&Profile{Email: p.Email}).PrimaryEmail(),
		emailVerified: p.EmailVerified,
		roles:         p.Roles,
		expiresAt:     expiresAt,
		profile:       bytes.Clone(encoded),
	}
	s.background = sessionContext{Context: context.Background(), session: s}
	return s, nil
}

// A fieldSet holds the keys that a session keeps, in lower case.
type fieldSet map[string]bool

func newFieldSet(fields []string) fieldSet {
	set := fieldSet{}
	for _, f := range fields {
		set[f], set[strings.ToLower(f)] = true, true
	}
	return set
}

// has reports whether a key is kept: never a secret, whatever was configured.
func (s fieldSet) has(key string) bool {
	if !s["*"] {
		return s[key] || s[strings.ToLower(key)]
	}
	return !slices.Contains(secretFields, strings.ToLower(key))
}

// withoutCredentials drops the providers' tokens from linked identities.
func withoutCredentials(raw json.RawMessage) json.RawMessage {
	var list []map[string]json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return json.RawMessage("[]")
	}
	for _, identity := range list {
		for key := range identity {
			if slices.Contains(secretFields, strings.ToLower(key)) {
				delete(identity, key)
			}
		}
	}
	out, err := json.Marshal(list)
	if err != nil {
		return json.RawMessage("[]")
	}
	return out
}
