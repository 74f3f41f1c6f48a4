package core

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// fetch asks LoginRadius about a token: for the profile, which says who it belongs to and
// that it is alive, and for the expiry, which only validate tells. When both are wanted
// they are asked in parallel.
func (s *sessionCache) fetch(ctx context.Context, q *sessions.Question[*Session]) sessions.Answer[*Session] {
	asked := s.client.cfg.Clock()
	expiry := make(chan expiryAnswer, 1)
	if q.AskExpiry {
		go func() { expiry <- s.askExpiry(ctx, q) }()
	} else {
		expiry <- expiryAnswer{at: q.KnownExpiry, known: !q.KnownExpiry.IsZero(), err: nil}
	}
	if !q.AskSession {
		return s.withExpiry(q.Known, <-expiry)
	}
	in := ProfileRequest{AccessToken: q.Token, Fields: s.cfg.ProfileFields}
	if s.kept["*"] {
		in.Fields = nil
	}
	profile, err := s.send(ctx, opAuthenticationProfile, in, q)
	end := <-expiry
	switch {
	case end.refused():
		return end.verdict
	case err != nil:
		return judge(err, true)
	}
	// A validate call that failed says nothing against a token that the profile was
	// answered for. Its expiry stays unknown, and is asked for again soon.
	if !end.at.IsZero() && !asked.Before(end.at) {
		// The token lives on past what we knew. If it ended after the question instead, the
		// answer may be older than that end, which therefore counts.
		end = expiryAnswer{}
	}
	return s.grant(ctx, s.answer(sessions.KeyOf(q.Token), profile, end), q.Again)
}

// An expiryAnswer is what became of the question when a token ends.
type expiryAnswer struct {
	at      time.Time
	known   bool // LoginRadius was asked, even if it had no answer
	err     error
	verdict sessions.Answer[*Session] // with err
}

func (e expiryAnswer) refused() bool { return e.err != nil && e.verdict.Outcome == sessions.Refused }

func (s *sessionCache) askExpiry(ctx context.Context, q *sessions.Question[*Session]) (end expiryAnswer) {
	defer func() { // it runs on a goroutine of its own, where a panic would end the process
		if recover() != nil {
			e := unavailableSession("a panic ended the call", nil)
			end = expiryAnswer{err: e, verdict: unavailableAnswer(e, false)}
		}
	}()
	asked := s.client.cfg.Clock() // an answer in seconds counts from here, at the earliest
	got, err := s.send(ctx, opAuthenticationValidateToken, bearerOnly{q.Token}, q)
	if err != nil {
		return expiryAnswer{err: err, verdict: judge(err, false)}
	}
	return expiryAnswer{at: expiryIn(got, asked), known: true}
}

// withExpiry answers a question that was about the expiry alone.
func (s *sessionCache) withExpiry(known *Session, end expiryAnswer) sessions.Answer[*Session] {
	if end.err != nil {
		return end.verdict
	}
	session := *known
	session.expiresAt = end.at
	session.background = sessionContext{Context: context.Background(), session: &session}
	return sessions.Answer[*Session]{Outcome: sessions.Valid, Session: &session, UID: session.uid, Expiry: end.at, ExpiryKnown: true, Size: session.size()}
}

// send makes one of the calls of a fetch when its turn has come. Its repetitions wait for a
// turn of their own.
func (s *sessionCache) send(ctx context.Context, op operation, in any, q *sessions.Question[*Session]) (answer, error) {
	call, err := newCall(op, in)
	if err != nil {
		return nil, err
	}
	first := true
	call.gate = func(ctx context.Context) (func(), error) {
		if first {
			first = false
			return func() {}, nil
		}
		return func() {}, q.Again(ctx)
	}
	return s.client.send(ctx, call)
}

// answer makes a session of a profile, without what grant adds. It makes no call.
func (s *sessionCache) answer(key sessions.Key, profile answer, end expiryAnswer) sessions.Answer[*Session] {
	session, err := s.newSession(key, profile, end.at)
	switch {
	case errors.Is(err, errAmbiguous):
		e := &Error{Operation: opAuthenticationProfile.name, HTTPStatus: http.StatusOK, cause: &causeError{text: err.Error()}, is: []error{ErrUnavailable}}
		return sessions.Answer[*Session]{Outcome: sessions.Undecided, Err: e}
	case err != nil:
		return unavailableAnswer(&Error{Operation: opAuthenticationProfile.name, HTTPStatus: http.StatusOK, cause: &causeError{text: err.Error()}, is: []error{ErrUnavailable}}, false)
	}
	var flags struct{ IsActive, IsDeleted *bool }
	profile.decode(&flags)
	switch {
	case flags.IsDeleted != nil && *flags.IsDeleted:
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: &Error{
			Operation: opAuthenticationProfile.name, Code: CodeUserNotFound, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrInvalidToken, ErrUserNotFound},
		}}
	case flags.IsActive != nil && !*flags.IsActive:
		return sessions.Answer[*Session]{Outcome: sessions.Refused, Err: &Error{
			Operation: opAuthenticationProfile.name, Code: CodeAccountBlocked, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrAccountBlocked},
		}}
	}
	return sessions.Answer[*Session]{Outcome: sessions.Valid, Session: session, UID: session.uid, Expiry: end.at, ExpiryKnown: end.known, Size: session.size()}
}
