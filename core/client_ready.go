package core

import (
	"context"
	"errors"
	"time"
)

// readyFor is how long an answer about readiness counts.
const readyFor = 5 * time.Second

// readiness is the last answer about whether LoginRadius can be reached.
type readiness struct {
	turn        chan struct{} // has room for the one that asks, and guards the rest
	asked       time.Time
	credentials *keyAndSecret // that LoginRadius was asked with; nil if it was not
	err         error
}

// Ready reports whether LoginRadius can be reached and accepts our key and secret, for
// readiness probes. It makes one call that changes nothing, and gives its answer to all
// who ask in the next five seconds or meanwhile: however many probe, LoginRadius is asked
// at most once in that time. After [Client.SetCredentials] it asks again. A process that is
// not ready still serves the sessions it remembers: use Ready for alerts and for the first
// start, not to take a running process down.
//
// Errors: one that matches [ErrAPICredentials] if LoginRadius answers but refuses our key,
// secret or signature; else one that matches [ErrUnavailable] if it cannot be reached or
// does not answer, or ctx ended.
//
// GET /identity/v2/manage/account/sott with API key and secret; a read.
func (c *Client) Ready(ctx context.Context) error {
	r := &c.readiness
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return c.askReady(ctx) // fails without a call
	}
	with := c.credentials.Load()
	if r.credentials == with && time.Since(r.asked) < readyFor && !c.sessions.Closed() {
		return r.err
	}
	err := c.askReady(ctx)
	if ctx.Err() == nil { // a caller that gave up learned nothing about the service
		r.asked, r.credentials, r.err = time.Now(), with, err
	}
	return err
}

func (c *Client) askReady(ctx context.Context) error {
	_, err := c.Configuration.SOTT(ctx, 0)
	var e *Error
	switch {
	case errors.As(err, &e) && e.Answered() && aboutCredentials(e):
		return e.as(ErrAPICredentials)
	case err == nil || errors.Is(err, ErrUnavailable):
		return err
	case e != nil && e.Answered():
		return nil // it answers, and not about our credentials
	}
	return err
}
