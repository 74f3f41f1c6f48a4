package sharedtest

import (
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// limiters returns the handles as limiters, or skips the test if the stores are no limiters.
func limiters(t *testing.T, a, b core.SharedStore) (first, second core.SharedLimiter) {
	t.Helper()
	first, ok := a.(core.SharedLimiter)
	second, also := b.(core.SharedLimiter)
	if !ok || !also {
		t.Skipf("%T is no core.SharedLimiter, which is optional", a)
	}
	return first, second
}

func take(t *testing.T, l core.SharedLimiter, key string, n int, perSecond float64, burst int) time.Duration {
	t.Helper()
	wait, err := l.Take(callContext(t), key, n, perSecond, burst)
	if err != nil {
		t.Fatalf("Take: %v", err)
	}
	if wait < 0 {
		t.Fatalf("Take returned the negative wait %v", wait)
	}
	return wait
}

func testLimiter(t *testing.T, sa, sb core.SharedStore) {
	t.Helper()
	a, b := limiters(t, sa, sb)
	for i := range 10 {
		l := a
		if i%2 == 1 {
			l = b
		}
		if wait := take(t, l, "k", 1, 0.01, 10); wait != 0 {
			t.Fatalf("token %d of a full bucket of 10: wait %v", i+1, wait)
		}
	}
	for range 3 { // what is refused takes nothing
		if wait := take(t, b, "k", 1, 0.01, 10); wait < 90*time.Second || wait > 100*time.Second {
			t.Errorf("an empty bucket that gets a token in 100 s: wait %v", wait)
		}
	}
	if wait := take(t, a, "k", 10, 0.01, 10); wait < 990*time.Second || wait > 1000*time.Second {
		t.Errorf("ten tokens at one in 100 s: wait %v", wait)
	}
	if wait := take(t, a, "other", 10, 0.01, 10); wait != 0 {
		t.Errorf("another key: wait %v", wait)
	}

	// It refills, and holds no more than burst.
	if wait := take(t, a, "fast", 2, 20, 2); wait != 0 {
		t.Fatalf("a full bucket: wait %v", wait)
	}
	if wait := take(t, b, "fast", 2, 20, 2); wait > 100*time.Millisecond {
		t.Errorf("two tokens at 20 a second: wait %v", wait)
	}
	eventually(t, "a refilled bucket", func() bool { return take(t, b, "fast", 2, 20, 2) == 0 })
	// A bucket that another configuration filled is bounded by the own burst.
	take(t, a, "changed", 1, 0.0001, 1)
	if wait := take(t, b, "changed", 1, 10, 1); wait > time.Second {
		t.Errorf("after a change of the rate from one in 10,000 s to 10 a second: wait %v", wait)
	}

	for _, bad := range []struct {
		key       string
		n         int
		perSecond float64
		burst     int
	}{
		{"", 1, 1, 1}, {"k", 0, 1, 1}, {"k", -1, 1, 1}, {"k", 2, 1, 1}, {"k", 1, 1, 0},
		{"k", 1, 0, 1}, {"k", 1, -1, 1}, {"k", 1, math.NaN(), 1}, {"k", 1, math.Inf(1), 1},
	} {
		if _, err := a.Take(callContext(t), bad.key, bad.n, bad.perSecond, bad.burst); err == nil {
			t.Errorf("Take of %+v: no error", bad)
		}
	}
}

// However many take at once, no more tokens go out than came in.
func testLimiterInParallel(t *testing.T, sa, sb core.SharedStore) {
	t.Helper()
	a, b := limiters(t, sa, sb)
	const burst, perSecond = 20, 50.0
	var taken atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for i := range 8 {
		l := a
		if i%2 == 1 {
			l = b
		}
		wg.Go(func() {
			for time.Since(start) < time.Second {
				wait, err := l.Take(callContext(t), "k", 1, perSecond, burst)
				if err != nil {
					t.Error(err)
					return
				}
				if wait == 0 {
					taken.Add(1)
				}
				time.Sleep(min(wait, 5*time.Millisecond))
			}
		})
	}
	wg.Wait()
	most := burst + perSecond*time.Since(start).Seconds() + 1
	if got := float64(taken.Load()); got > most || got < burst+perSecond*0.5 {
		t.Errorf("%v tokens in %v, want at most %.0f and not far less", got, time.Since(start), most)
	}
}
