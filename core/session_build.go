package core

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

var (
	errNoAccount = errors.New("the profile names no account")
	errAmbiguous = errors.New("the profile spells one of its keys in several ways")
	errTooLarge  = errors.New("the profile is larger than Sessions.MaxSessionBytes even without optional fields")
)

// secretFields never enter a session, whatever the configuration asks for.
var secretFields = []string{"password", "lastpasswordchangetoken", "pin", "provideraccesscredential"}

// newSession keeps what a session may know of a profile.
func (s *sessionCache) newSession(key sessions.Key, profile answer, expiresAt time.Time) (*Session, error) {
	kept := make(map[string]json.RawMessage, len(s.kept))
	seen := map[string]bool{}
	for key, raw := range profile {
		if lower := strings.ToLower(key); slices.ContainsFunc(essentialFields, func(f string) bool { return strings.EqualFold(f, key) }) {
			if seen[lower] {
				return nil, errAmbiguous // which of them counts would be chance
			}
			seen[lower] = true
		}
		switch {
		case string(raw) == "null" || !s.kept.has(key):
		case strings.EqualFold(key, "Identities"):
			kept[key] = withoutCredentials(raw)
		default:
			kept[key] = raw
		}
	}
	encoded, err := s.encodeWithin(kept)
	if err != nil {
		return nil, err
	}
	var p struct {
		UID           string `json:"Uid"`
		Email         []Email
		EmailVerified bool
		Roles         []string
	}
	answer(kept).decode(&p)
	if p.UID == "" {
		return nil, errNoAccount
	}
	session := &Session{
		uid:           p.UID,
		email:         (&Profile{Email: p.Email}).PrimaryEmail(),
		emailVerified: p.EmailVerified,
		roles:         p.Roles,
		expiresAt:     expiresAt,
		profile:       encoded,
		key:           key,
		client:        s.client,
	}
	session.background = sessionContext{Context: context.Background(), session: session}
	return session, nil
}

// encodeWithin encodes a profile in at most MaxSessionBytes: CustomFields are left out
// first, then everything that does not identify or authorize.
func (s *sessionCache) encodeWithin(kept map[string]json.RawMessage) ([]byte, error) {
	trimmed := false
	for _, drop := range []func(key string) bool{
		func(string) bool { return false },
		func(key string) bool { return strings.EqualFold(key, "CustomFields") },
		func(key string) bool {
			return !slices.ContainsFunc(essentialFields, func(f string) bool { return strings.EqualFold(f, key) })
		},
	} {
		for key := range kept {
			if drop(key) {
				delete(kept, key)
				trimmed = true
			}
		}
		encoded, err := json.Marshal(kept)
		if err != nil {
			return nil, errNotObject
		}
		if len(encoded) <= s.cfg.MaxSessionBytes {
			if trimmed {
				s.trimmed.Add(1)
			}
			return slices.Clip(slices.Clone(encoded)), nil
		}
	}
	return nil, errTooLarge
}

// size is about how many bytes of the heap a session takes.
func (s *Session) size() int {
	n := 256 + len(s.uid) + len(s.email) + cap(s.profile)
	lists := [][]string{s.roles, s.permissions}
	for _, c := range s.contexts {
		n += 64 + len(c.name)
		lists = append(lists, c.permissions)
	}
	for _, list := range lists {
		for _, name := range list {
			n += 16 + len(name)
		}
	}
	return n
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
