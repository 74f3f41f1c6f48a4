package core

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// A Session is a validated access token: who it belongs to and until when. It is
// immutable and shared between requests; slices and profiles that its methods return are
// copies. All methods work on a nil Session, which belongs to no account.
type Session struct {
	uid           string
	email         string
	emailVerified bool
	roles         []string
	permissions   []string // of the roles, sorted
	contexts      []contextPermissions
	expiresAt     time.Time
	profile       []byte // JSON object of the allowed fields that are not null

	verified *VerifiedToken // what a TokenVerifier said; nil for an opaque token

	key    sessions.Key // of the token
	client *Client      // nil for a session that an application made
	source *sessions.Source[*Session]

	background sessionContext // the background context with this session, shared by requests
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

// EmailVerified reports whether the user has proved that the address is theirs.
func (s *Session) EmailVerified() bool { return s != nil && s.emailVerified }

// addresses returns all addresses of the account.
func (s *Session) addresses() []string {
	var p struct{ Email []Email }
	if a, err := parseAnswer(s.profile); err == nil {
		a.decode(&p)
	}
	list := make([]string, len(p.Email))
	for i, e := range p.Email {
		list[i] = e.Value
	}
	return list
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

// ExpiresAt returns when the access token ends, in UTC, as LoginRadius said when it was
// last asked. Zero means unknown: LoginRadius did not say, or was not asked yet, which
// follows within a minute.
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
		_ = p.UnmarshalJSON(s.profile) // our own encoding
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
