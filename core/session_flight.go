package core

import (
	"context"
	"errors"
	"math"
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
	forgotten map[string]uint64 // uids forgotten meanwhile, and when first (sessionCache.forgets)
	recheck   bool              // whose it is, is on the list of those to be asked for each time
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
	if stale && s.trouble.Load() != 0 {
		s.refresh(token, known)
		s.staleServed.Add(1)
		return known.session, nil
	}
	for first := true; ; first = false {
		session, f, joined, err := s.board(key, token, known)
		switch {
		case err != nil:
			return s.settle(key, stale, err)
		case f == nil:
			return session, nil
		}
		if err := f.wait(ctx, stale); err != nil {
			return s.settle(key, stale, err)
		}
		if f.session != nil && (f.outdated(joined.forgets) || first && !joined.began && f.doubtful(s.clock.now())) {
			continue // it was asked before we came, and something may have happened in between
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

// A boarding says how a caller came aboard a flight.
type boarding struct {
	began   bool   // the flight was started for this caller
	forgets uint64 // sessionCache.forgets at that time
}

// board joins the flight of a key or starts one. If the answer is known after all, it
// returns that and no flight.
func (s *sessionCache) board(key tokenKey, token string, known *sessionEntry) (*Session, *flight, boarding, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	// A flight may have landed since the caller looked.
	if e := s.store.peek(key); e != nil && now < e.freshUntil {
		s.coalesced.Add(1)
		return e.session, nil, boarding{}, nil
	}
	if r, ok := s.negative.Get(key); ok {
		if now < r.until {
			return nil, nil, boarding{}, r.err
		}
		s.negative.Remove(key)
	}
	if f := s.flights[key]; f != nil {
		s.coalesced.Add(1)
		return nil, f, boarding{forgets: s.forgets}, nil
	}
	f, err := s.start(key, token, known)
	if err != nil {
		return nil, nil, boarding{}, err
	}
	s.misses.Add(1)
	return nil, f, boarding{began: true, forgets: s.forgets}, nil
}

// start begins a flight, unless the client is closed or there are too many; the lock
// is held.
func (s *sessionCache) start(key tokenKey, token string, known *sessionEntry) (*flight, error) {
	count := s.flightsLike(known)
	switch {
	case s.closed:
		return nil, unavailableSession("the client is closed", nil)
	case *count >= maxFlights:
		return nil, unavailableSession(errNoTurn.Error(), errNoTurn)
	}
	*count++
	f := &flight{key: key, token: strings.Clone(token), known: known, done: make(chan struct{})}
	s.flights[key] = f
	s.background.Go(func() { s.fly(f) })
	return f, nil
}

// flightsLike returns the counter of flights about a known session, or of the others.
func (s *sessionCache) flightsLike(known *sessionEntry) *int {
	if known != nil {
		return &s.underway.known
	}
	return &s.underway.unknown
}

func unavailableSession(text string, err error) *Error {
	return &Error{Operation: "Session", cause: &causeError{text, err}, is: []error{ErrUnavailable}}
}

// refresh asks again about a session that is used, in the background, unless somebody
// does already or LoginRadius is in trouble and was tried a moment ago.
func (s *sessionCache) refresh(token string, e *sessionEntry) {
	if !s.mayTry(s.clock.now()) || !e.refreshing.CompareAndSwap(false, true) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights[e.key] == nil && s.store.peek(e.key) == e {
		if _, err := s.start(e.key, token, e); err == nil {
			s.refreshes.Add(1)
			return
		}
	}
	e.refreshing.Store(false)
}

// mayTry reports whether to ask in the background: always, but only once a pause
// while LoginRadius is in trouble.
func (s *sessionCache) mayTry(now int64) bool {
	next := s.trouble.Load()
	return next == 0 || now >= next && s.trouble.CompareAndSwap(next, now+int64(troublePause))
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
		return unavailableSession(errSlow.Error(), errSlow)
	case <-ctx.Done():
		return unavailableSession(ctx.Err().Error(), errors.Join(ctx.Err(), context.Cause(ctx)))
	}
}

// outdated reports whether the flight's answer is older than an eviction that
// happened before its caller came aboard.
func (f *flight) outdated(joined uint64) bool {
	at, ok := f.forgotten[f.session.uid]
	return ok && joined >= at
}

// doubtful reports whether the flight's answer is not for those who came after the
// question: the account may have gone, or the token has ended, between the two.
func (f *flight) doubtful(now int64) bool {
	end := f.session.expiresAt
	return f.recheck || !end.IsZero() && !time.Unix(0, now).Before(end)
}

// settle turns a failed question into an answer: what is remembered, if LoginRadius
// could not be asked and it may still be served, else the error.
func (s *sessionCache) settle(key tokenKey, stale bool, err error) (*Session, error) {
	if !errors.Is(err, ErrUnavailable) {
		s.invalid.Add(1)
		return nil, err
	}
	if errors.Is(err, errSlow) {
		s.trouble.CompareAndSwap(0, s.clock.now()+int64(troublePause)) // one has waited for all
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
	s.noteTrouble(f, err)

	s.mu.Lock()
	defer s.mu.Unlock()
	*s.flightsLike(f.known)--
	if s.flights[f.key] == f {
		delete(s.flights, f.key)
	}
	f.session, f.err, f.token = session, err, ""
	now := s.clock.now()
	f.recheck = err == nil && s.rechecked(session.uid, now)
	switch {
	case f.dropped:
	case err == nil:
		_, forgotten := f.forgotten[session.uid]
		if forgotten || f.recheck {
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

// noteTrouble remembers whether LoginRadius answers. Only questions about sessions
// that it vouched for before can tell that it does not: a stranger can make up a
// token that some firewall refuses, and could keep the end of sessions from being
// noticed for as long as he goes on.
func (s *sessionCache) noteTrouble(f *flight, err error) {
	switch {
	case !errors.Is(err, ErrUnavailable):
		s.trouble.Store(0)
	case f.known != nil && !errors.Is(err, errNoTurn):
		pause := troublePause
		if e := (*Error)(nil); errors.As(err, &e) {
			pause = min(max(pause, e.RetryAfter), maxTroublePause)
		}
		s.trouble.Store(s.clock.now() + int64(pause))
	}
}

// newEntry decides how long an answer to a question asked at that time is believed.
func (s *sessionCache) newEntry(key tokenKey, session *Session, asked int64) *sessionEntry {
	ttl := int64(s.cfg.TTL)
	end := int64(math.MaxInt64)
	if session.expiresAt.IsZero() {
		ttl = min(ttl, int64(unknownExpiryTTL))
	} else {
		// Half the remaining life, so that a site with sliding expiry sees the token
		// in time; not less than a second, or the last seconds were all questions.
		life := int64(session.expiresAt.Sub(time.Unix(0, asked))) // Sub saturates: some tokens end in the year 9999
		ttl = min(ttl, max(life/2, int64(time.Second)))
		if life < end-asked {
			end = asked + life
		}
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
