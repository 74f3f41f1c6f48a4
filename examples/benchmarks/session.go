package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/metrics"
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

// scaling returns how many times the hits of one core two cores make with so many
// sessions in turn, for pairs of short runs that take turns in who is first. What a
// hit takes is the processor's time and the time spent waiting for locks, so that what
// the machine does for others is not counted.
func (f *fixture) scaling(sessions int) ([]float64, error) {
	const pairs = 15
	var ratios []float64
	for pair := range pairs {
		var times [3]float64
		for turn := range 2 {
			workers := 1 + (pair+turn)%2
			if _, err := f.timeOfHit(1, sessions); err != nil { // both find the same in the processor's caches
				return nil, err
			}
			var err error
			if times[workers], err = f.timeOfHit(workers, sessions); err != nil {
				return nil, err
			}
		}
		ratios = append(ratios, 2*times[1]/times[2])
	}
	return ratios, nil
}

// timeOfHit returns the nanoseconds that a hit takes one of several workers which
// share the cache, of so many sessions in turn.
func (f *fixture) timeOfHit(workers, sessions int) (float64, error) {
	const hits = 100_000
	var wg sync.WaitGroup
	var failures atomic.Int64
	ctx := context.Background()
	processor, waiting := processorTime(), lockWaits()
	for w := range workers {
		wg.Go(func() {
			for i := w * 3571; i < w*3571+hits; i++ {
				if s, err := f.client.Session(ctx, allTokens[i%sessions]); err != nil || s == nil {
					failures.Add(1)
				}
			}
		})
	}
	wg.Wait()
	took := processorTime() - processor + lockWaits() - waiting
	if failures.Load() > 0 {
		return 0, fmt.Errorf("%d hits failed", failures.Load())
	}
	return float64(took) / float64(workers*hits), nil
}

// lockWaits is how long goroutines have waited for locks, all together.
func lockWaits() time.Duration {
	sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
	metrics.Read(sample)
	return time.Duration(sample[0].Value.Float64() * float64(time.Second))
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
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// middle is the mean of the middle half: as deaf to outliers as the median, and less
// a matter of luck.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := sorted[len(sorted)/4 : len(sorted)-len(sorted)/4]
	sum := 0.0
	for _, v := range half {
		sum += v
	}
	return sum / float64(len(half))
}

// cores is how many cores this run may use.
func cores() int { return runtime.GOMAXPROCS(0) }
