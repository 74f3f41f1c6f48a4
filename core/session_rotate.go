package core

import (
	"context"
	"errors"
	"strings"
	"time"
)

// rotateGrace is how long the new tokens of a refresh token are handed to whoever
// still holds the old one: requests that a browser sent before it had the answer,
// or an answer that got lost. It is the one time that tokens stay in memory.
const rotateGrace = 30 * time.Second

// rotateCapacity bounds the rotations that are remembered.
const rotateCapacity = 10_000

// A rotation is one use of a refresh token, shared by all who hold it.
type rotation struct {
	done  chan struct{}
	until int64 // end of the grace, or of the refusal; guarded by the cache's lock

	// Constant once done is closed.
	tokens *Tokens
	err    error
}

// Rotate is [AccountService.RefreshToken] for refresh tokens that come from a
// browser, which sends several requests with the same one: calls for one token, at
// the same time or up to 30 seconds later, share one use of it and get the same new
// tokens. A caller that gives up (ctx) does not end it for the others, nor loses the
// new tokens. Replicas do not share.
//
// Errors: [ErrInvalidRefreshToken], remembered for [SessionConfig].NegativeTTL;
// [ErrUnavailable], as also if ctx ended while waiting. The rate of calls is bounded
// like that of questions about unknown sessions.
func (c *Client) Rotate(ctx context.Context, refreshToken string) (*Tokens, error) {
	r, err := c.sessions.rotate(refreshToken)
	if err != nil {
		return nil, err
	}
	if err := r.wait(ctx); err != nil {
		return nil, err
	}
	if r.err != nil {
		return nil, r.err
	}
	t := *r.tokens
	return &t, nil
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
	if r, ok := s.rotations.Get(key); ok && now < r.until {
		return r, nil
	}
	if s.closed || s.turning >= maxFlights {
		return nil, &Error{Operation: opAccountRefreshToken.name, cause: &causeError{text: "too many refreshes at once, or the client is closed"}, is: []error{ErrUnavailable}}
	}
	s.turning++
	r := &rotation{done: make(chan struct{}), until: 1<<63 - 1}
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
	now, keep := s.clock.now(), time.Duration(0)
	switch {
	case r.err == nil:
		keep = rotateGrace
	case errors.Is(r.err, ErrInvalidRefreshToken):
		keep = s.cfg.NegativeTTL
	}
	r.until = now + int64(keep)
	if keep == 0 { // nobody knows what became of it: the next one asks
		s.dropRotation(key, r)
	} else {
		time.AfterFunc(keep, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.dropRotation(key, r)
		})
	}
	close(r.done)
}

// dropRotation forgets a rotation unless another took its place; the lock is held.
func (s *sessionCache) dropRotation(key tokenKey, r *rotation) {
	if now, ok := s.rotations.Peek(key); ok && now == r {
		s.rotations.Remove(key)
	}
}
