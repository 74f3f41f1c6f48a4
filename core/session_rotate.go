package core

import (
	"context"
	"errors"
	"strings"
	"time"
)

// rotateGrace is how long the new tokens of a refresh token are handed to whoever
// still holds the old one after the new ones were first used: requests that a browser
// sent before it had the answer.
const rotateGrace = 30 * time.Second

// rotateKeep is how long they are handed out if they are never used, since the answer may
// have got lost: the default life of a refresh token. No other tokens stay in memory.
const rotateKeep = 60 * 24 * time.Hour

// rotateCapacity bounds the rotations that are remembered.
const rotateCapacity = 10_000

// A rotation is one use of a refresh token, shared by all who hold it.
type rotation struct {
	key   tokenKey // of the refresh token
	done  chan struct{}
	until int64       // end of the grace, or of the refusal; guarded by the cache's lock
	stop  func() bool // ends the timer that drops it; guarded by the cache's lock

	// Of the new tokens once there are some; guarded by the cache's lock.
	access, next *tokenKey

	// Constant once done is closed.
	tokens *Tokens
	err    error
	landed int64 // when the answer came
}

// Rotate is [AccountService.RefreshToken] for refresh tokens that come from a
// browser, which sends several requests with the same one: calls for one token share
// one use of it and get the same new tokens, until 30 seconds after the new ones were
// first used (see [Client.ConfirmRotation]): an answer may get lost. A caller that gives up (ctx) does not end it for the others, nor loses the
// new tokens. Replicas do not share.
//
// Errors: [ErrInvalidRefreshToken], remembered for [SessionConfig].NegativeTTL;
// [ErrUnavailable], as also if ctx ended while waiting. The rate of calls is bounded
// like that of questions about unknown sessions.
func (c *Client) Rotate(ctx context.Context, refreshToken string) (*Tokens, error) {
	_, t, err := c.sessions.rotated(ctx, refreshToken)
	return t, err
}

// RotateSession is [Client.Rotate], and returns the session of the new tokens beside
// them. If that fails, the tokens are returned with the error: they must not be lost.
func (c *Client) RotateSession(ctx context.Context, refreshToken string) (*Session, *Tokens, error) {
	r, t, err := c.sessions.rotated(ctx, refreshToken)
	if err != nil {
		return nil, nil, err
	}
	if c.sessions.clock.now()-r.landed > int64(rotateGrace) { // much may have happened to them since
		s, err := c.Session(ctx, t.AccessToken)
		return s, t, err
	}
	s, err := c.Adopt(ctx, *t)
	return s, t, err
}

// rotated waits for the rotation of a token and returns a copy of what came of it.
func (s *sessionCache) rotated(ctx context.Context, token string) (*rotation, *Tokens, error) {
	r, err := s.rotate(token)
	if err == nil {
		err = r.wait(ctx)
	}
	if err == nil {
		err = r.err
	}
	if err != nil {
		return nil, nil, err
	}
	t := *r.tokens
	return r, &t, nil
}

// ConfirmRotation tells that a client has used an access token, so that the tokens of
// [Client.Rotate] have reached it if this is one of them. Guards call it for every
// request; it costs nothing unless tokens of a rotation are yet to be used.
func (c *Client) ConfirmRotation(accessToken string) {
	s := c.sessions
	if s.unusedCount.Load() == 0 {
		return
	}
	access := hashToken(accessToken)
	s.mu.Lock()
	defer s.mu.Unlock()
	for r := s.unused[access]; r != nil; r = s.followed[r.key] { // and those that led to it
		s.used(r)
		s.keepRotation(r.key, r, rotateGrace)
	}
}

// ForgetRotation drops what [Client.Rotate] remembers of a refresh token, and returns
// the tokens that came of it, which somebody may have by now, or nil: a logout has to
// end them as well. It waits for a rotation that is under way. The error is that of
// ctx, wrapped; it matches [ErrUnavailable], and nothing is dropped then.
func (c *Client) ForgetRotation(ctx context.Context, refreshToken string) (*Tokens, error) {
	s := c.sessions
	key := hashToken(refreshToken)
	s.mu.Lock()
	r, ok := s.rotations.Peek(key)
	s.mu.Unlock()
	if !ok {
		return nil, nil //nolint:nilnil // nothing remembered is an answer
	}
	if err := r.wait(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropRotation(key, r)
	if r.err != nil {
		return nil, nil //nolint:nilnil // nothing remembered is an answer
	}
	t := *r.tokens
	return &t, nil
}

// wait returns when the rotation is done, or the error that ended the wait.
func (r *rotation) wait(ctx context.Context) error {
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		err := context.Cause(ctx)
		return &Error{Operation: opAccountRefreshToken.name, cause: &causeError{ctx.Err().Error(), errors.Join(ctx.Err(), err)}, is: []error{ErrUnavailable}}
	}
}

// rotate joins the rotation of a token or starts it.
func (s *sessionCache) rotate(token string) (*rotation, error) {
	if !plausible(token) {
		return nil, &Error{Operation: opAccountRefreshToken.name, Message: "the refresh token is malformed", is: []error{ErrInvalidRefreshToken}, answered: true}
	}
	key, now := hashToken(token), s.clock.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.rotations.Get(key); ok {
		if now < r.until {
			return r, nil
		}
		s.rotations.Remove(key)
	}
	if s.closed || s.turning >= maxFlights {
		return nil, &Error{Operation: opAccountRefreshToken.name, cause: &causeError{text: "too many refreshes at once, or the client is closed"}, is: []error{ErrUnavailable}}
	}
	s.turning++
	r := &rotation{key: key, done: make(chan struct{}), until: 1<<63 - 1}
	s.rotations.Add(key, r)
	token = strings.Clone(token)
	s.background.Go(func() { s.turn(key, token, r) })
	return r, nil
}

// turn uses the refresh token, apart from any request: an answer that nobody waits
// for any more still is the only one.
func (s *sessionCache) turn(key tokenKey, token string, r *rotation) {
	ctx, cancel := context.WithTimeout(s.work, s.client.cfg.Timeout)
	defer cancel()
	// Half the time to wait at most: a token that is sent with no time left for the
	// answer is lost.
	wait, cancelWait := context.WithTimeout(ctx, s.client.cfg.Timeout/2)
	defer cancelWait()
	leave, err := s.gate.pass(wait, false)
	if err == nil {
		r.tokens, r.err = s.client.Account.RefreshToken(ctx, token)
		leave()
	} else {
		r.err = &Error{Operation: opAccountRefreshToken.name, cause: &causeError{err.Error(), err}, is: []error{ErrUnavailable}}
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.turning--
	r.landed = s.clock.now()
	switch kept, _ := s.rotations.Peek(key); {
	case kept != r: // it had to make room
	case r.err == nil:
		access, next := hashToken(r.tokens.AccessToken), hashToken(r.tokens.RefreshToken)
		r.access, r.next = &access, &next
		s.unused[access] = r
		s.followed[next] = r
		s.unusedCount.Store(int64(len(s.unused)))
		s.keepRotation(key, r, rotateKeep)
	case errors.Is(r.err, ErrInvalidRefreshToken):
		s.keepRotation(key, r, s.cfg.NegativeTTL)
	default: // nobody knows what became of it: the next one asks
		s.dropRotation(key, r)
	}
	close(r.done)
}

// keepRotation remembers a rotation for a time; the lock is held.
func (s *sessionCache) keepRotation(key tokenKey, r *rotation, keep time.Duration) {
	if r.stop != nil {
		r.stop()
	}
	r.until = s.clock.now() + int64(keep)
	r.stop = time.AfterFunc(keep, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.dropRotation(key, r)
	}).Stop
}

// used takes a rotation off those with tokens that are yet to be used; the lock is held.
func (s *sessionCache) used(r *rotation) {
	if r.access == nil || s.unused[*r.access] != r {
		return
	}
	delete(s.unused, *r.access)
	if s.followed[*r.next] == r {
		delete(s.followed, *r.next)
	}
	s.unusedCount.Store(int64(len(s.unused)))
}

// dropRotation forgets a rotation unless another took its place; the lock is held.
func (s *sessionCache) dropRotation(key tokenKey, r *rotation) {
	if now, ok := s.rotations.Peek(key); ok && now == r {
		s.rotations.Remove(key)
	}
}

// forgotRotation cleans up behind a rotation that was removed, also for want of room;
// the lock is held.
func (s *sessionCache) forgotRotation(_ tokenKey, r *rotation) {
	if r.stop != nil {
		r.stop()
	}
	s.used(r)
}
