package core

import (
	"context"
	"errors"
)

// forgetUserOf forgets the account that a token belongs to after an operation on it
// ended with err, even if it is unknown whether the operation had its effect. If need be
// it asks for the account.
func (s *sessionCache) forgetUserOf(ctx context.Context, token string, err error) {
	s.forEachAccountOf(ctx, token, err, s.ForgetUser, func() { s.Forget(token) })
}

// recheckUserOf calls RecheckUser for the account that a token belongs to, after an
// operation on it ended with err, even if it is unknown whether that had its effect.
func (s *sessionCache) recheckUserOf(ctx context.Context, token string, err error) {
	s.forEachAccountOf(ctx, token, err, s.client.RecheckUser, func() {})
}

func (s *sessionCache) forEachAccountOf(ctx context.Context, token string, err error, do func(uid string), unknown func()) {
	if !mayBeDone(err) {
		return
	}
	if known, ok := s.Peek(token); ok {
		do(known.uid)
		return
	}
	if err == nil {
		// The operation is done: its follow-up does not depend on the caller staying.
		if session, err := s.client.Session(context.WithoutCancel(ctx), token); err == nil {
			do(session.uid)
			return
		}
	}
	unknown()
}

// forgetEmail forgets the accounts that have an address, primary or not.
func (s *sessionCache) forgetEmail(email string) {
	if email != "" {
		s.ForgetAddress(email, (*Session).addresses)
	}
}

// mayBeDone reports whether an operation that ended with err may have had its effect:
// true if it succeeded or had no answer, false if nothing was sent or LoginRadius refused it.
func mayBeDone(err error) bool {
	var e *Error
	return err == nil || errors.As(err, &e) && !e.Answered()
}
