package core

import (
	"context"
	"encoding/json"
	"slices"
)

// SessionForTest returns a session of an account with that profile, for tests of handlers
// and other code that reads a session, without an emulator and without a client: pass it on
// with [ContextWithSession] or [RequestWithSession]. Its Email, EmailVerified and Roles are
// the profile's, its permissions are those given, and it never expires. p needs a UID to
// belong to an account; the passwords and tokens in it are left out.
//
// Code under test cannot tell the session from a validated one. Do not call it outside
// tests.
func SessionForTest(p Profile, permissions ...string) *Session {
	p = p.withoutSecrets()
	profile, err := json.Marshal(p)
	if err != nil {
		profile = []byte("{}") // only a key that the service never sends cannot be encoded
	}
	s := &Session{
		uid:           p.UID,
		email:         p.PrimaryEmail(),
		emailVerified: p.EmailVerified,
		roles:         slices.Clone(p.Roles),
		permissions:   slices.Sorted(slices.Values(permissions)),
		profile:       profile,
	}
	s.background = sessionContext{Context: context.Background(), session: s}
	return s
}
