package core

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// A Poll says how to wait for a user who confirms a login elsewhere. The zero value has
// the defaults.
//
// Every poll is one call to LoginRadius, and all users share its rate limit: a site that
// may make 5 calls a second carries 25 users who wait at the default interval.
type Poll struct {
	// Interval is the mean pause between two calls; each pause is longer or shorter by
	// up to a fifth. Default: 5 s. A Retry-After of LoginRadius wins if it is longer.
	Interval time.Duration
	// Timeout bounds the waiting, if the context does not end first. Default: 5 min.
	Timeout time.Duration
}

// login calls ping until it returns something else than ErrPending. It waits through
// failures of the service too. When the time is over the error matches ErrPending, or
// is the last failure; it also matches the context's error if that ended the waiting.
func (p Poll) login(ctx context.Context, ping func(context.Context) (*LoginResult, error)) (*LoginResult, error) {
	if p.Interval <= 0 {
		p.Interval = 5 * time.Second
	}
	if p.Timeout <= 0 {
		p.Timeout = 5 * time.Minute
	}
	end := time.NewTimer(p.Timeout)
	defer end.Stop()
	for {
		res, err := ping(ctx)
		if err == nil || ctx.Err() != nil || !errors.Is(err, ErrPending) && !errors.Is(err, ErrUnavailable) {
			return res, err
		}
		pause := time.Duration(float64(p.Interval) * (0.8 + 0.4*rand.Float64())) //nolint:gosec // jitter is no secret
		if e, ok := errors.AsType[*Error](err); ok {
			pause = max(pause, e.RetryAfter)
		}
		next := time.NewTimer(pause)
		select {
		case <-next.C:
		case <-end.C:
			next.Stop()
			return nil, err
		case <-ctx.Done():
			next.Stop()
			return nil, errors.Join(err, ctx.Err())
		}
	}
}
