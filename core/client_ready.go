package core

import (
	"context"
	"errors"
)

// Ready reports whether LoginRadius can be reached and accepts our key and secret, for
// readiness probes. It makes one call that changes nothing, so ask no more often than
// every few seconds. A process that is not ready still serves the sessions it remembers:
// use Ready for alerts and for the first start, not to take a running process down.
//
// Errors: one that matches [ErrAPICredentials] if LoginRadius answers but refuses our key,
// secret or signature; else one that matches [ErrUnavailable] if it cannot be reached or
// does not answer.
//
// GET /identity/v2/manage/account/sott with API key and secret; a read.
func (c *Client) Ready(ctx context.Context) error {
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
