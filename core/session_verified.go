package core

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// A client refuses to work with more verifiers than this: a verifier is made once, not per
// request.
const maxVerifiers = 64

// VerifiedSession is [Client.Session] for tokens that a [TokenVerifier] checks: a JWT, or
// a token that an authorization server introspects. The result is remembered like any
// other, so that a hit costs what a hit of an opaque token costs, and is checked again
// after TTL. Sessions of different verifiers, and of opaque tokens, never mix.
//
// UID is the token's subject, [Session.Scopes] and [Session.Claims] tell the rest; roles
// are empty, and Profile holds the subject and the address in the claims. A
// [Client.VerifierWithProfile] adds roles and profile.
//
// A local check does not ask LoginRadius: a token lives until it ends, even if its session
// was ended elsewhere. [Client.Forget] and [Client.ForgetUser] hold for such tokens too,
// until they end, and on all replicas with a [SharedStore]; so do a logout by the routes,
// operations of [AccountService] that block or delete an account or set its password, and
// webhooks about that. The last 100,000 accounts and as many tokens are remembered in
// memory; the store remembers an account for 90 days, or for the longest life of a token
// that was seen here if that is longer.
//
// Use one verifier for all requests: it must be comparable, best a pointer. Errors are
// those of Session, and [ErrInvalidArgument] for an unusable verifier.
func (c *Client) VerifiedSession(ctx context.Context, token string, v TokenVerifier) (*Session, error) {
	source, err := c.sessions.verified.source(c.sessions, v)
	if err != nil {
		return nil, err
	}
	s, err := c.sessions.GetFrom(ctx, token, source)
	if err != nil {
		return nil, sessionError(err)
	}
	return s, nil
}

// CachedVerifiedSession is [Client.CachedSession] for tokens of a verifier.
func (c *Client) CachedVerifiedSession(token string, v TokenVerifier) (s *Session, known bool) {
	source, err := c.sessions.verified.source(c.sessions, v)
	if err != nil {
		return nil, false
	}
	return c.sessions.CachedFrom(token, source)
}

// Scopes returns a copy of the scopes of a token that a [TokenVerifier] checked.
func (s *Session) Scopes() []string {
	if s == nil || s.verified == nil {
		return nil
	}
	return slices.Clone(s.verified.Scopes)
}

// HasScope reports whether the token has the scope. Names are compared exactly.
func (s *Session) HasScope(scope string) bool { return s != nil && s.verified.HasScope(scope) }

// Claims returns a copy of the JSON object of all claims of a token that a [TokenVerifier]
// checked, or nil.
func (s *Session) Claims() json.RawMessage {
	if s == nil || s.verified == nil {
		return nil
	}
	return slices.Clone(s.verified.Claims)
}

// verifiedTokens are the verifiers of a client, and what was revoked of their tokens.
type verifiedTokens struct {
	sources atomic.Pointer[[]verifiedSource]
	mu      sync.Mutex // of changes of sources
	revoked revocations
}

type verifiedSource struct {
	verifier TokenVerifier
	source   *sessions.Source[*Session]
}

// source returns the source of a verifier, which is remembered from its first use.
func (t *verifiedTokens) source(s *sessionCache, v TokenVerifier) (*sessions.Source[*Session], error) {
	if list := t.sources.Load(); list != nil {
		for i := range *list {
			if (*list)[i].verifier == v {
				return (*list)[i].source, nil
			}
		}
	}
	if v == nil || !reflect.TypeOf(v).Comparable() {
		return nil, &argumentError{"VerifiedSession", "TokenVerifier", "is nil or not comparable", ErrInvalidArgument}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []verifiedSource
	if old := t.sources.Load(); old != nil {
		list = slices.Clone(*old)
	}
	for i := range list {
		if list[i].verifier == v {
			return list[i].source, nil
		}
	}
	if len(list) >= maxVerifiers {
		return nil, &argumentError{"VerifiedSession", "TokenVerifier", "is one of too many: use one verifier for all requests", ErrInvalidArgument}
	}
	source := &sessions.Source[*Session]{ID: uint64(len(list) + 1), Local: !asksLoginRadius(v)}
	source.Fetch = func(ctx context.Context, q *sessions.Question[*Session]) sessions.Answer[*Session] {
		return s.verify(ctx, q, v, source)
	}
	list = append(list, verifiedSource{v, source})
	t.sources.Store(&list)
	return source, nil
}

// verify checks a token and says what that means.
func (s *sessionCache) verify(ctx context.Context, q *sessions.Question[*Session], v TokenVerifier, source *sessions.Source[*Session]) sessions.Answer[*Session] {
	now := s.client.cfg.Clock()
	withProfile, _ := v.(*profileVerifier)
	if withProfile != nil {
		v = withProfile.TokenVerifier
	}
	t, err := verifyToken(ctx, v, q.Token, now)
	var e *Error
	switch {
	case err == nil:
	case !errors.Is(err, ErrInvalidToken):
		if !errors.As(err, &e) {
			e = unavailableSession("the token could not be verified", err)
		}
		return unavailableAnswer(e, false)
	default:
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: err}
	}
	s.verified.revoked.noteLife(t)
	if s.isRevoked(sessions.KeyOf(q.Token), t) {
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: &Error{
			Operation: "Session", Message: "the token was revoked", is: []error{ErrInvalidToken}, answered: true,
		}}
	}
	session := s.claimed(t)
	var a sessions.Answer[*Session]
	if withProfile != nil {
		if session, a = s.askProfile(ctx, q, t); session == nil {
			return a
		}
	}
	session.expiresAt, session.verified, session.key, session.client, session.source = t.ExpiresAt, t, source.Key(q.Token), s.client, source
	session.background = sessionContext{Context: context.Background(), session: session}
	return sessions.Answer[*Session]{
		Outcome: sessions.Valid, Session: session, UID: t.UID, Expiry: t.ExpiresAt, ExpiryKnown: true,
		Size: session.size() + len(t.Claims) + 256,
	}
}

// An asker is a verifier that calls LoginRadius for each token, within the limits that
// hold for opaque tokens.
type asker interface{ asksLoginRadius() bool }

func asksLoginRadius(v TokenVerifier) bool {
	a, ok := v.(asker)
	return ok && a.asksLoginRadius()
}

// claimed makes a session of what the token says by itself.
func (s *sessionCache) claimed(t *VerifiedToken) *Session {
	session := &Session{uid: t.UID}
	var claims struct {
		Email         flexString `json:"email"`
		EmailVerified flexBool   `json:"email_verified"`
	}
	if got, err := parseAnswer(t.Claims); err == nil {
		got.decode(&claims)
	}
	session.email, session.emailVerified = string(claims.Email), bool(claims.EmailVerified)
	profile := map[string]any{"Uid": t.UID}
	if session.email != "" {
		profile["Email"], profile["EmailVerified"] = []Email{{Type: "Primary", Value: session.email}}, session.emailVerified
	}
	session.profile, _ = json.Marshal(profile) // plain values only
	return session
}
