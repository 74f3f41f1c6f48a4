package sessions

import (
	"sync"
	"time"
)

// A clock measures elapsed time, for deadlines, apart from the wall clock, which may be
// stepped. Elapsed time never goes back.
type clock struct {
	injected func() time.Time // nil: the machine's clocks
	base     time.Time
	realWall func() time.Time // time.Now, except in tests

	mu      sync.Mutex // with an injected clock
	last    time.Time
	elapsed int64
}

func (c *clock) init(injected func() time.Time) {
	c.injected, c.realWall = injected, time.Now
	c.base = time.Now().Add(-time.Second) // elapsed time is positive, and 0 can mean "not set"
	if injected != nil {
		c.last, c.elapsed = injected(), int64(time.Second)
	}
}

// now returns the elapsed time in nanoseconds. A step back of an injected clock does not
// count, so that nothing remembered lives longer by it.
func (c *clock) now() int64 {
	if c.injected == nil {
		return int64(time.Since(c.base))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.injected()
	if d := t.Sub(c.last); d > 0 {
		c.elapsed += int64(d)
	}
	c.last = t
	return c.elapsed
}

// wall returns the time that a token's own expiry is compared with.
func (c *clock) wall() time.Time {
	if c.injected == nil {
		return c.realWall()
	}
	return c.injected()
}

// SafeClock returns a clock that never panics: if the injected one does, it goes on from
// the last good reading. It returns nil for nil.
func SafeClock(injected func() time.Time) func() time.Time {
	if injected == nil {
		return nil
	}
	var mu sync.Mutex
	good, at := time.Now(), time.Now()
	return func() (t time.Time) {
		ok := false
		defer func() {
			r := recover()
			mu.Lock()
			defer mu.Unlock()
			if r != nil || !ok {
				t = good.Add(time.Since(at))
				return
			}
			good, at = t, time.Now()
		}()
		t = injected()
		ok = true
		return t
	}
}

// unixNano is t as Unix nanoseconds, at most the largest value: some tokens end in the
// year 9999. The zero time is 0.
func unixNano(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Year() > 2200:
		return 1<<63 - 1
	case t.Year() < 1970:
		return 1
	}
	return t.UnixNano()
}
