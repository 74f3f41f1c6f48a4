package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// hitCosts are those of client.Session alone, of the sketch's lookup alone, and of
// all that the sketch does for a net/http request.
type hitCosts struct{ session, lookup, sketch cost }

func (f *fixture) hits() (hitCosts, error) {
	ctx := context.Background()
	seen := 0
	end := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Context().Value(sketchKey{}).(*user) != nil {
			seen++
		}
	})
	whole := handlerApp(sideSketch, nil, uids, f.sketch.nethttp(end))
	authorizations := make([]string, users)
	for i, token := range uids {
		authorizations[i] = "Bearer " + token
	}
	costs, err := measure(
		counting(&seen, func(i int) {
			if uids[i] != "" {
				seen++
			}
		}),
		counting(&seen, func(i int) {
			if s, err := f.client.Session(ctx, uids[i]); err == nil && s.UID() == uids[i] {
				seen++
			}
		}),
		counting(&seen, func(i int) {
			if u, ok := f.sketch.user(authorizations[i]); ok && u.uid == uids[i] {
				seen++
			}
		}),
		counting(&seen, whole.serve),
	)
	if err != nil {
		return hitCosts{}, err
	}
	return hitCosts{costs[1], costs[2], costs[3]}, nil
}

// counting calls one for users in turn and insists that it counted every call.
func counting(seen *int, one func(user int)) func(n int) error {
	return func(n int) error {
		*seen = 0
		for i := range n {
			one(i % users)
		}
		if *seen != n {
			return fmt.Errorf("only %d of %d lookups found their user", *seen, n)
		}
		return nil
	}
}

// scaling returns how many times the hits of one core two cores make. Both are the
// best of many short runs in turn: what else the machine does can only take away.
func (f *fixture) scaling() (float64, error) {
	var best [3]float64
	for range 40 {
		for _, workers := range []int{1, 2} {
			n, err := f.hitsOf(workers, 50*time.Millisecond)
			if err != nil {
				return 0, err
			}
			best[workers] = max(best[workers], n)
		}
	}
	return best[2] / best[1], nil
}

// hitsOf counts the hits a second that workers make together.
func (f *fixture) hitsOf(workers int, d time.Duration) (float64, error) {
	var wg sync.WaitGroup
	var hits, failures atomic.Int64
	ctx := context.Background()
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			n := int64(0)
			for i := w * 3571; n%1024 != 0 || time.Since(start) < d; i++ {
				if _, err := f.client.Session(ctx, allTokens[i%len(allTokens)]); err != nil {
					failures.Add(1)
				}
				n++
			}
			hits.Add(n)
		})
	}
	wg.Wait()
	if failures.Load() > 0 {
		return 0, fmt.Errorf("%d of %d hits failed", failures.Load(), hits.Load())
	}
	return float64(hits.Load()) / time.Since(start).Seconds(), nil
}

// cached is how many sessions the caches hold while hits are measured.
const cached = 10_000

var allTokens = func() []string {
	list := make([]string, cached)
	for i := range list {
		list[i] = tokenOf(i)
	}
	return list
}()

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// cores is how many cores this run may use.
func cores() int { return runtime.GOMAXPROCS(0) }
