package core

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// VerifierWithProfile returns a verifier that makes sessions with the account's profile and
// roles, and which refuses accounts that are blocked or gone. It accepts what v accepts,
// and then asks LoginRadius for the account: one call for a new token, repeated in the
// background as for an opaque token. Make one and share it.
//
// It is GET /identity/v2/manage/account/{uid} with API key and secret.
func (c *Client) VerifierWithProfile(v TokenVerifier) TokenVerifier { return &profileVerifier{v} }

type profileVerifier struct {
	TokenVerifier
}

func (*profileVerifier) asksLoginRadius() bool { return true }

// askProfile makes a session of the account of a verified token, or returns why not.
func (s *sessionCache) askProfile(ctx context.Context, q *sessions.Question[*Session], t *VerifiedToken) (*Session, sessions.Answer[*Session]) {
	got, err := s.send(ctx, opAccountByUID, AccountByUIDRequest{UID: t.UID}, q)
	if err != nil {
		return nil, judge(err, true)
	}
	a := s.grant(ctx, s.answer(sessions.KeyOf(q.Token), got, expiryAnswer{at: t.ExpiresAt, known: true}), q.Again)
	if a.Outcome == sessions.Valid && a.UID != t.UID {
		return nil, unavailableAnswer(unavailableSession("LoginRadius returned another account", nil), false)
	}
	return a.Session, a
}
