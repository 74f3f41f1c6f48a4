package core

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// A flight is one question to LoginRadius about a token, shared by all who want to
// know. It runs apart from any request, so that nobody's leaving ends it.
type flight struct {
	key   tokenKey
	token string        // our own copy
	known *sessionEntry // what was remembered when it began, or nil
	done  chan struct{}

	// Guarded by the cache's lock until done is closed, constant from then on.
	dropped   bool              // the token was forgotten meanwhile: do not store
	forgotten map[string]uint64 // uids forgotten meanwhile, and when (sessionCache.forgets)
	session   *Session
	err       error
}

// ask answers for a token that is not fresh in memory. known is its entry, or nil.
func (s *sessionCache) ask(ctx context.Context, key tokenKey, token string, known *sessionEntry) (*Session, error) {
	if known == nil && !plausible(token) {
		s.invalid.Add(1)
		return nil, invalidTokenError()
	}
	now := s.clock.now()
	stale := known != nil && now < known.staleUntil
	if stale && now < s.trouble.Load() {
		s.refresh(token, known)
		s.staleServed.Add(1)
		return known.session, nil
	}
	for {
		session, f, joined, err := s.board(key, token, known)
		if f == nil {
			return session, err
		}
		if err := f.wait(ctx, stale); err != nil {
			return s.settle(key, stale, err)
		}
		if f.session != nil && f.outdated(joined) {
			continue // the user was forgotten after the question and before we asked
		}
		if f.err != nil {
			return s.settle(key, stale, f.err)
		}
		return f.session, nil
	}
}

func invalidTokenError() error {
	return &Error{Operation: "Session", Message: "the access token is malformed", is: []error{ErrInvalidToken}, answered: true}
}

// board joins the flight of a key or starts one, and returns when that was. If the
// answer is known after all, it returns that and no flight.
func (s *sessionCache) board(key tokenKey, token string, known *sessionEntry) (*Session, *flight, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	// A flight may have landed since the caller looked.
	if e := s.store.peek(key); e != nil && now < e.freshUntil {
		s.coalesced.Add(1)
		return e.session, nil, 0, nil
	}
	if r, ok := s.negative.Get(key); ok {
		if now < r.until {
			s.invalid.Add(1)
			return nil, nil, 0, r.err
		}
		s.negative.Remove(key)
	}
	if f := s.flights[key]; f != nil {
		s.coalesced.Add(1)
		return nil, f, s.forgets, nil
	}
	if s.closed || len(s.flights) >= maxFlights {
		s.errors.Add(1)
		return nil, nil, 0, &Error{Operation: "Session", cause: &causeError{text: "too many validations at once, or the client is closed"}, is: []error{ErrUnavailable}}
	}
	s.misses.Add(1)
	return nil, s.start(key, token, known), s.forgets, nil
}

// start begins a flight; the lock is held.
func (s *sessionCache) start(key tokenKey, token string, known *sessionEntry) *flight {
	f := &flight{key: key, token: strings.Clone(token), known: known, done: make(chan struct{})}
	s.flights[key] = f
	s.background.Go(func() { s.fly(f) })
	return f
}

// refresh asks again about a session that is used, unless somebody does already.
func (s *sessionCache) refresh(token string, e *sessionEntry) {
	if !e.refreshing.CompareAndSwap(false, true) {
		return
	}
	if s.clock.now() < s.trouble.Load() {
		e.refreshing.Store(false)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.flights[e.key] != nil || len(s.flights) >= maxFlights || s.store.peek(e.key) != e {
		e.refreshing.Store(false)
		return
	}
	s.refreshes.Add(1)
	s.start(e.key, token, e)
}

// errSlow ends the wait of a caller who has something stale to go on with.
var errSlow = errors.New("no answer in time")

// wait returns when the flight has landed, or the error that ended the wait.
func (f *flight) wait(ctx context.Context, stale bool) error {
	var slow <-chan time.Time
	if stale {
		t := time.NewTimer(staleWait)
		defer t.Stop()
		slow = t.C
	}
	select {
	case <-f.done:
		return nil
	case <-slow:
		return &Error{Operation: "Session", cause: &causeError{errSlow.Error(), errSlow}, is: []error{ErrUnavailable}}
	case <-ctx.Done():
		err := context.Cause(ctx)
		return &Error{Operation: "Session", cause: &causeError{ctx.Err().Error(), errors.Join(ctx.Err(), err)}, is: []error{ErrUnavailable}}
	}
}

// outdated reports whether the flight's answer is older than an eviction that
// happened before its caller came aboard.
func (f *flight) outdated(joined uint64) bool {
	at, ok := f.forgotten[f.session.uid]
	return ok && joined >= at
}

// settle turns a failed question into an answer: what is remembered, if LoginRadius
// could not be asked and it may still be served, else the error.
func (s *sessionCache) settle(key tokenKey, stale bool, err error) (*Session, error) {
	if !errors.Is(err, ErrUnavailable) {
		s.invalid.Add(1)
		return nil, err
	}
	if stale && !errors.Is(err, context.Canceled) {
		s.mu.Lock()
		e := s.store.peek(key) // what was forgotten meanwhile must not come back
		s.mu.Unlock()
		if e != nil && s.clock.now() < e.staleUntil {
			s.staleServed.Add(1)
			return e.session, nil
		}
	}
	s.errors.Add(1)
	return nil, err
}

// fly asks LoginRadius and lands the answer.
func (s *sessionCache) fly(f *flight) {
	ctx, cancel := context.WithTimeout(s.work, s.client.cfg.Timeout)
	defer cancel()
	s.clock.adjust()
	asked := s.clock.now()
	session, err := s.fetch(ctx, f)
	if err == nil {
		s.trouble.Store(0)
	} else if errors.Is(err, ErrUnavailable) {
		s.trouble.Store(s.clock.now() + int64(troublePause))
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights[f.key] == f {
		delete(s.flights, f.key)
	}
	f.session, f.err, f.token = session, err, ""
	now := s.clock.now()
	switch {
	case f.dropped:
	case err == nil:
		_, forgotten := f.forgotten[session.uid]
		if forgotten || s.rechecked(session.uid, now) {
			s.store.remove(f.key)
		} else if e := s.newEntry(f.key, session, asked); now < e.freshUntil {
			s.store.put(e, now)
		}
	case !errors.Is(err, ErrUnavailable):
		s.store.remove(f.key)
		s.negative.Add(f.key, refusal{err, now + int64(s.cfg.NegativeTTL)})
	}
	if f.known != nil {
		f.known.refreshing.Store(false)
	}
	close(f.done)
}

// fetch asks for the profile, which says whose token it is, and for the expiry at
// the same time. Any doubt makes it ErrUnavailable; every other error means that
// the token is definitely not good.
func (s *sessionCache) fetch(ctx context.Context, f *flight) (*Session, error) {
	gate := s.gate(f.known != nil)
	var expiresAt time.Time
	validated := make(chan error, 1)
	if s.cfg.SkipExpiry {
		validated <- nil
	} else {
		go func() {
			got, err := s.send(ctx, opValidateToken, bearerOnly{f.token}, gate)
			if err == nil {
				expiresAt = expiryIn(got, time.Unix(0, s.clock.now()))
			}
			validated <- err
		}()
	}
	in := ProfileRequest{AccessToken: f.token, Fields: s.cfg.ProfileFields}
	if in.Fields[len(in.Fields)-1] == "*" {
		in.Fields = nil
	}
	profile, profileErr := s.send(ctx, opProfile, in, gate)
	validateErr := <-validated
	for _, err := range []error{verdict(profileErr, true), verdict(validateErr, false), trouble(profileErr), trouble(validateErr)} {
		if err != nil {
			return nil, err
		}
	}
	return s.session(profile, expiresAt)
}

func (s *sessionCache) send(ctx context.Context, op operation, in any, gate func(context.Context) (func(), error)) (answer, error) {
	call, err := newCall(op, in)
	if err != nil {
		return nil, err
	}
	call.gate = gate
	return s.client.send(ctx, call)
}

// verdict returns err if LoginRadius said that the token is definitely not good.
// Who it belongs to only the profile can tell.
func verdict(err error, isProfile bool) error {
	var e *Error
	if !errors.As(err, &e) || !e.Answered() {
		return nil
	}
	switch e.Code {
	case CodeAccessTokenInvalid, CodeAccessTokenExpired, CodeSessionExpired, CodeAuthenticationFailed, CodeAccessTokenExpiredOrInvalid:
		return err
	case CodeUserNotFound:
		if isProfile { // the account is gone, and the token with it
			gone := *e
			gone.is = []error{ErrInvalidToken, ErrUserNotFound}
			return &gone
		}
	case CodeAccountBlocked:
		if isProfile {
			return err
		}
	}
	return nil
}

// trouble makes a failure that is no verdict on the token one of the service: our
// own key being refused must not log anybody out.
func trouble(err error) error {
	var e *Error
	switch {
	case err == nil, errors.Is(err, ErrUnavailable):
		return err
	case errors.As(err, &e):
		t := *e
		t.is = []error{ErrUnavailable}
		if errors.Is(e, ErrAPICredentials) {
			t.is = append(t.is, ErrAPICredentials)
		}
		return &t
	}
	return &Error{Operation: "Session", cause: &causeError{err.Error(), err}, is: []error{ErrUnavailable}}
}

// session makes the session out of a profile answer.
func (s *sessionCache) session(profile answer, expiresAt time.Time) (*Session, error) {
	session, err := newSession(profile, s.kept, expiresAt)
	if err != nil || session.uid == "" {
		return nil, &Error{Operation: opProfile.name, HTTPStatus: http.StatusOK, cause: &causeError{text: "the profile names no account"}, is: []error{ErrUnavailable}}
	}
	var flags struct{ IsActive, IsDeleted *bool }
	profile.decode(&flags)
	switch {
	case flags.IsDeleted != nil && *flags.IsDeleted:
		return nil, &Error{Operation: opProfile.name, Code: CodeUserNotFound, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrInvalidToken, ErrUserNotFound}}
	case flags.IsActive != nil && !*flags.IsActive:
		return nil, &Error{Operation: opProfile.name, Code: CodeAccountBlocked, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrAccountBlocked}}
	}
	return session, nil
}

// newEntry decides how long an answer to a question asked at that time is believed.
func (s *sessionCache) newEntry(key tokenKey, session *Session, asked int64) *sessionEntry {
	ttl := int64(s.cfg.TTL)
	end := int64(1<<63 - 1)
	if session.expiresAt.IsZero() {
		ttl = min(ttl, int64(unknownExpiryTTL))
	} else {
		// Half the remaining life, so that a site with sliding expiry sees the token
		// in time; not less than a second, or the last seconds were all questions.
		end = session.expiresAt.UnixNano()
		ttl = min(ttl, max((end-asked)/2, int64(time.Second)))
	}
	e := &sessionEntry{
		key:        key,
		session:    session,
		refreshAt:  asked + min(int64(s.cfg.RefreshAfter), ttl*3/4),
		freshUntil: min(asked+ttl, end),
		staleUntil: min(asked+int64(s.cfg.StaleIfError), end),
	}
	if s.cfg.RefreshAfter == s.cfg.TTL {
		e.refreshAt = e.freshUntil
	}
	return e
}

// gate makes validations queue for the rate and the concurrency they may use. It
// fails at once if the turn would come after the context's deadline.
func (s *sessionCache) gate(known bool) func(context.Context) (func(), error) {
	return func(ctx context.Context) (func(), error) {
		if !known {
			if err := s.unknownRate.Wait(ctx); err != nil {
				return nil, err
			}
		}
		if err := s.rate.Wait(ctx); err != nil {
			return nil, err
		}
		if err := s.concurrency.Acquire(ctx, 1); err != nil {
			return nil, err
		}
		return func() { s.concurrency.Release(1) }, nil
	}
}
