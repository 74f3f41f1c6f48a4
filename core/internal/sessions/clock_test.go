package sessions

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// stepped runs f with a cache on the machine's clocks, the wall clock of which step moves
// against the monotonic one.
func stepped(t *testing.T, life time.Duration, f func(t *testing.T, up *fakeService, c *Cache[*user], step func(time.Duration))) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		up := newFakeService()
		var skew time.Duration
		wall := func() time.Time { return time.Now().Add(skew) }
		c := up.replica(nil, func(cfg *Config[*user]) {
			fetch := cfg.Fetch
			cfg.Fetch = func(ctx context.Context, q *Question[*user]) Answer[*user] {
				a := fetch(ctx, q)
				if a.Outcome == Valid {
					a.Expiry = wall().Add(life)
				}
				return a
			}
		})
		defer c.Close()
		c.clock.realWall = wall
		f(t, up, c, func(d time.Duration) { skew += d })
	})
}

// The machine was suspended: the wall clock jumps past the token's expiry while the
// monotonic clock stands still. It is noticed within a second, although nothing is asked
// meanwhile, in small caches and in those with a read index.
func TestWallClockJumpsForward(t *testing.T) {
	stepped(t, 10*time.Minute, func(t *testing.T, up *fakeService, c *Cache[*user], step func(time.Duration)) {
		must(t, c, "token")
		up.set("token", true)
		step(time.Hour)
		time.Sleep(1100 * time.Millisecond)
		if _, err := get(t, c, "token"); !errors.Is(err, errRefused) {
			t.Errorf("an expired token: %v", err)
		}
	})
}

// The same while the service fails: nothing is served past its own expiry.
func TestWallClockJumpsForwardInAnOutage(t *testing.T) {
	stepped(t, 10*time.Minute, func(t *testing.T, up *fakeService, c *Cache[*user], step func(time.Duration)) {
		must(t, c, "token")
		up.fail = true
		time.Sleep(3 * time.Minute)
		must(t, c, "token") // stale
		step(time.Hour)
		time.Sleep(1100 * time.Millisecond)
		if u, err := get(t, c, "token"); !errors.Is(err, errDown) {
			t.Errorf("an expired token: %v, %v", u, err)
		}
	})
}

// The wall clock is set back: what is remembered, refused or postponed lives no longer by
// it.
func TestWallClockGoesBack(t *testing.T) {
	stepped(t, 24*time.Hour, func(t *testing.T, up *fakeService, c *Cache[*user], step func(time.Duration)) {
		must(t, c, "token")
		step(-time.Hour)
		must(t, c, "other")
		up.set("token", true) // ended elsewhere
		time.Sleep(2 * time.Minute)
		if _, err := get(t, c, "token"); !errors.Is(err, errRefused) {
			t.Errorf("after TTL: %v", err)
		}
		up.set("token", false)
		time.Sleep(10 * time.Second)
		must(t, c, "token") // the refusal has ended
		up.fail = true
		time.Sleep(2 * time.Minute)
		must(t, c, "token") // stale
		step(-time.Hour)
		up.fail = false
		up.set("token", true)
		time.Sleep(6 * time.Second)
		if _, err := get(t, c, "token"); !errors.Is(err, errRefused) {
			t.Errorf("after the outage: %v", err)
		}
	})
}

// An injected clock that panics goes on from its last reading.
func TestSafeClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := false
		base := time.Now()
		now := SafeClock(func() time.Time {
			if bad {
				panic("a bug")
			}
			return base
		})
		first := now()
		bad = true
		time.Sleep(time.Second)
		if got := now().Sub(first); got != time.Second {
			t.Errorf("it went on by %v", got)
		}
		if SafeClock(nil) != nil {
			t.Error("no clock became one")
		}
	})
}
