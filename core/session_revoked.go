package core

import (
	"context"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// revocationCapacity bounds the accounts and the tokens that are remembered as revoked;
// unsureCapacity bounds the tokens that could not be verified when they were revoked, so
// that a flood of them displaces no others.
const (
	revocationCapacity = 100_000
	unsureCapacity     = 10_000
)

// How long the shared store keeps revocations. A token is revoked until it ends. Of an
// account that end is unknown: 90 days is the longest life that LoginRadius gives an access
// token. A client that has verified no token keeps them for a day.
const (
	longestTokenLife = 90 * 24 * time.Hour
	idleRevokedLife  = 24 * time.Hour
)

// verifyToRevoke bounds the check of a token that is to be revoked, which may have to
// fetch keys.
const verifyToRevoke = 2 * time.Second

// revocations remember what must not be accepted although it is good when it is checked
// locally. They have no end, as what they are about never becomes acceptable again.
type revocations struct {
	longest atomic.Int64 // of the lives of tokens that were seen

	mu     sync.Mutex
	users  *lru.Cache[string, time.Time] // uid to its last revocation
	names  *lru.Cache[string, struct{}]  // names of tokens, with the uid behind
	tokens *lru.Cache[string, struct{}]  // keys of tokens
}

// lists makes the lists of what was revoked. They are made on first use, since most
// clients have no verifier.
func (r *revocations) lists() *revocations {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users == nil {
		r.users, _ = lru.New[string, time.Time](revocationCapacity) // the sizes are positive
		r.names, _ = lru.New[string, struct{}](revocationCapacity)
		r.tokens, _ = lru.New[string, struct{}](unsureCapacity)
	}
	return r
}

// add remembers a revocation: what it is about must not be accepted any more.
func (r *revocations) add(of sessions.Revocation) {
	lists := r.lists()
	switch {
	case of.Token != "":
		lists.tokens.Add(of.Token, struct{}{})
	case of.ID != "":
		lists.names.Add(of.ID+of.UID, struct{}{})
	default:
		r.mu.Lock()
		defer r.mu.Unlock()
		if old, ok := lists.users.Peek(of.UID); !ok || of.At.After(old) {
			lists.users.Add(of.UID, of.At)
		}
	}
}

// accountLife is how long the store keeps the revocation of an account.
func (s *sessionCache) accountLife() time.Duration {
	if s.verified.sources.Load() == nil {
		return idleRevokedLife
	}
	return max(longestTokenLife, time.Duration(s.verified.revoked.longest.Load()))
}

// noteLife learns how long tokens live.
func (r *revocations) noteLife(t *VerifiedToken) {
	issued := issuedAt(t)
	if issued.IsZero() || t.ExpiresAt.IsZero() {
		return
	}
	const most = 100 * 365 * 24 * time.Hour
	life := int64(min(t.ExpiresAt.Sub(issued), most))
	for {
		if old := r.longest.Load(); life <= old || r.longest.CompareAndSwap(old, life) {
			return
		}
	}
}

// revoke carries out an eviction for the tokens of verifiers, on this replica.
func (s *sessionCache) revoke(r sessions.Revocation) {
	s.verified.revoked.add(r)
	list := s.verified.sources.Load()
	if list == nil || len(r.Token) != len(sessions.Key{}) {
		return
	}
	for _, one := range *list {
		s.ForgetKeyFrom(sessions.Key([]byte(r.Token)), one.source)
	}
}

// revokeUser revokes what was issued to an account until then; zero means now.
func (s *sessionCache) revokeUser(uid string, until time.Time) {
	s.Revoke(sessions.Revocation{UID: uid, At: until}, s.accountLife())
}

// revokeToken revokes a token of a verifier, and its name, so that no other signature of
// the same claims is accepted either. A token that no verifier would accept is left alone:
// anyone can make one up.
func (s *sessionCache) revokeToken(token string) {
	key := sessions.KeyOf(token)
	list := s.verified.sources.Load()
	if list == nil { // a replica that has verified nothing cannot tell
		if strings.Count(token, ".") == 2 && plausible(token) {
			s.Revoke(sessions.Revocation{Token: string(key[:])}, idleRevokedLife)
		}
		return
	}
	for _, one := range *list {
		t, unsure := s.tokenToRevoke(token, one)
		life := longestTokenLife
		switch {
		case t == nil && !unsure:
			continue
		case t != nil && !t.ExpiresAt.IsZero():
			life = max(t.ExpiresAt.Sub(s.client.cfg.Clock()), 0) + time.Minute
		}
		s.Revoke(sessions.Revocation{Token: string(key[:])}, life) // first: it drops what is remembered of the token
		if name := nameOf(t); name != "" {
			s.Revoke(sessions.Revocation{UID: t.UID, ID: name}, life)
		}
	}
}

// tokenToRevoke returns what a verifier says of a token. unsure means that it cannot say
// now, or only by asking LoginRadius.
func (s *sessionCache) tokenToRevoke(token string, of verifiedSource) (t *VerifiedToken, unsure bool) {
	if session, ok := s.PeekFrom(token, of.source); ok {
		return session.verified, false
	}
	if !plausible(token) || !of.verifier.Accepts(token) {
		return nil, false
	}
	v := of.verifier
	if full, ok := v.(*profileVerifier); ok {
		v = full.TokenVerifier
	}
	if asksLoginRadius(v) {
		return nil, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), verifyToRevoke)
	defer cancel()
	t, err := verifyToken(ctx, v, token, s.client.cfg.Clock())
	return t, err != nil && (errors.Is(err, ErrUnavailable) || !errors.Is(err, ErrInvalidToken))
}

// isRevoked reports whether a good token was revoked, here or on another replica.
func (s *sessionCache) isRevoked(key sessions.Key, t *VerifiedToken) bool {
	lists, name := s.verified.revoked.lists(), nameOf(t)
	if _, ok := lists.tokens.Peek(string(key[:])); ok {
		return true
	}
	if _, ok := lists.names.Peek(sessions.NameOfToken(name) + t.UID); ok && name != "" {
		return true
	}
	if at, ok := lists.users.Peek(t.UID); ok && issuedBy(t, at) {
		return true
	}
	times, ok := s.RevocationTimes(key, t.UID, name)
	return ok && (!times[0].IsZero() || !times[1].IsZero() && issuedBy(t, times[1]) || name != "" && !times[2].IsZero())
}

// nameOf tells a token from others of its account, whatever its signature: by its jti, or
// else by its claims. Of some algorithms anyone can make another good signature of a
// token. It is "" for a token that has neither.
func nameOf(t *VerifiedToken) string {
	switch {
	case t == nil:
		return ""
	case t.ID != "":
		return "jti " + t.ID
	case len(t.Claims) == 0:
		return ""
	}
	sum := sha256.Sum256(t.Claims)
	return "claims " + string(sum[:])
}

// issuedAt returns the iat of a token, or zero.
func issuedAt(t *VerifiedToken) time.Time {
	var claims struct {
		IssuedAt float64 `json:"iat"`
	}
	if got, err := parseAnswer(t.Claims); err == nil {
		got.decode(&claims)
	}
	if claims.IssuedAt <= 0 || claims.IssuedAt > 1<<40 {
		return time.Time{}
	}
	return time.Unix(int64(claims.IssuedAt), 0)
}

// issuedBy reports whether a token was issued at that time at the latest. Tokens tell the
// second only; of the same second counts as before, and so does a token that does not say.
func issuedBy(t *VerifiedToken, at time.Time) bool { return issuedAt(t).Unix() <= at.Unix() }
