package core

import (
	"sync/atomic"
	"time"
)

// A sessionClock tells the time in Unix nanoseconds. Without an injected clock it
// reads the monotonic clock alone, at half the cost of time.Now, plus an offset to
// wall time that every validation sets right: the cached expiries are wall times,
// and clocks are stepped.
type sessionClock struct {
	injected func() time.Time
	base     time.Time
	offset   *atomic.Int64
}

func newSessionClock(injected func() time.Time) sessionClock {
	c := sessionClock{injected: injected, base: time.Now(), offset: new(atomic.Int64)}
	c.adjust()
	return c
}

func (c *sessionClock) now() int64 {
	if c.injected != nil {
		return c.injected().UnixNano()
	}
	return int64(time.Since(c.base)) + c.offset.Load()
}

func (c *sessionClock) adjust() {
	now := time.Now()
	c.offset.Store(now.UnixNano() - int64(now.Sub(c.base)))
}
