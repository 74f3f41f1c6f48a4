package sessions

import (
	"context"
	"errors"
	"time"
)

// recentFailure is how long after a failed fetch about a session its requests go on at
// once with what is remembered, while the service is asked again in the background.
// Later a request waits for the answer, so that what is remembered is not believed only
// because of a failure long ago.
const recentFailure = 5 * time.Second

// retryPause is the pause between fetches of a session after a failed one.
const retryPause = time.Second

// A request names the caller that the cache works for, and the source to ask.
type request[S any] struct {
	source *Source[S] // nil: the default one
	own    bool       // by us, about a token that was just issued: no request has it yet
}

// ask answers for a token that is not fresh in memory. e is its entry, or nil.
func (c *Cache[S]) ask(ctx context.Context, key Key, token string, e *entry[S], how request[S]) (none S, err error) {
	if e == nil && !c.cfg.Plausible(token) {
		c.counts.refused.Add(1)
		return none, &Failure{Reason: Malformed}
	}
	now := c.clock.now()
	if e != nil && c.servable(e, now) && c.failing(e, now) {
		if e.refreshAt.Load() != never && now-e.failedAt.Load() >= int64(retryPause) && c.health.mayTry(now) {
			c.startRefresh(token, e)
		}
		c.counts.stale.Add(1)
		return e.session, nil
	}
	for first := true; ; first = false {
		session, f, joined, err := c.join(ctx, key, token, e, how)
		switch {
		case err != nil:
			return c.settle(key, e, err, joined.refused)
		case f == nil:
			return session, nil
		}
		if err := c.wait(ctx, f, e, joined.began); err != nil {
			return c.settle(key, e, err, false)
		}
		if !joined.began && c.cfg.Joined != nil {
			c.cfg.Joined(ctx, f.traced)
		}
		a := &f.answer
		if a.Outcome == Valid && (!f.ask.session || f.outdated(joined.forgets) || first && !joined.began && c.staleForJoiners(f)) {
			continue // it was asked before we came, and something may have happened in between
		}
		if a.Outcome != Valid {
			return c.settle(key, e, a.Err, a.Outcome == Refused)
		}
		return a.Session, nil
	}
}

// servable reports whether an entry may be served if the service fails.
func (c *Cache[S]) servable(e *entry[S], now int64) bool {
	return now < e.asked+int64(c.cfg.StaleIfError) && !c.store.ended(e, now)
}

// failing reports whether the service is degraded, or failed lately for this session.
func (c *Cache[S]) failing(e *entry[S], now int64) bool {
	at := e.failedAt.Load()
	return c.health.degraded() || at != 0 && now-at < int64(recentFailure)
}

// wait returns when the fetch is done, or the error that ended the wait. It does not wait
// long for the fetch's turn, and not long for the answer if there is something to go on
// with.
func (c *Cache[S]) wait(ctx context.Context, f *fetch[S], e *entry[S], began bool) error {
	limit := c.cfg.StrangerTurnWait
	if e != nil || f.lane != stranger {
		limit = c.cfg.TurnWait
	}
	if !closed(f.turn) {
		if expected := c.gate.wait(f.lane, f.address); began && expected > limit {
			return &Failure{Reason: Limited, RetryAfter: expected} // the fetch stays in the queue
		}
		t := time.NewTimer(limit)
		defer t.Stop()
		select {
		case <-f.turn:
		case <-t.C:
			return &Failure{Reason: Limited, RetryAfter: c.gate.wait(f.lane, f.address)}
		case <-ctx.Done():
			return gaveUp(ctx)
		}
	}
	var slow <-chan time.Time
	if e != nil && c.servable(e, c.clock.now()) {
		t := time.NewTimer(c.cfg.StaleWait)
		defer t.Stop()
		slow = t.C
	}
	select {
	case <-f.done:
		return nil
	case <-slow:
		c.noteFailure(f.key, e, false, 0)
		return &Failure{Reason: Slow}
	case <-ctx.Done():
		return gaveUp(ctx)
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func gaveUp(ctx context.Context) error {
	return &Failure{Reason: GaveUp, Err: errors.Join(ctx.Err(), context.Cause(ctx))}
}

// settle turns an outcome other than Valid into an answer: what is remembered if it may
// still be served, else the error.
func (c *Cache[S]) settle(key Key, e *entry[S], err error, refused bool) (none S, _ error) {
	if refused {
		c.counts.refused.Add(1)
		return none, err
	}
	var f *Failure
	errors.As(err, &f)
	if e != nil {
		c.mu.Lock()
		e = c.store.peek(key) // what was forgotten meanwhile must not come back
		c.mu.Unlock()
	}
	now := c.clock.now()
	switch {
	case e == nil || f != nil && f.Reason == Closed:
	case f != nil && f.Reason == Limited:
		// An unknown expiry may have passed: the belief in such a token does not stretch.
		if e.expires != 0 && now < e.freshUntil+int64(c.cfg.MaxTTL-c.cfg.TTL) && !c.store.ended(e, now) {
			c.counts.stretched.Add(1)
			return e.session, nil
		}
		if c.health.degraded() && c.servable(e, now) {
			c.counts.stale.Add(1)
			return e.session, nil
		}
	case f != nil && f.Reason == GaveUp && errors.Is(f.Err, context.Canceled): // there is no one to answer
	case c.servable(e, now):
		c.counts.stale.Add(1)
		return e.session, nil
	}
	if f != nil && f.Reason == Limited {
		c.counts.limited.Add(1)
		c.notice(NoticeLimited)
	} else {
		c.counts.failed.Add(1)
	}
	return none, err
}
