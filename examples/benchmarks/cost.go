package main

import (
	"runtime"
	"time"
)

// A cost is what a request costs: processor time, which unlike the clock's does not
// count what the machine did for others meanwhile, and allocations.
type cost struct {
	nanoseconds float64
	allocs      float64
}

// In a round, every side has its turn for a batch of time, again and again.
const (
	batch  = time.Millisecond
	turns  = 10
	rounds = 31
)

// measure runs the sides in turn, so that whatever else the machine does meets all
// of them, and returns each one's cost added to the first: the median over the
// rounds of the difference to the first in the same round. The first is returned as
// it is.
func measure(sides ...func(n int) error) ([]cost, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the collector's work counts, its idle spinning does not
	n := make([]int, len(sides))
	for i, run := range sides {
		n[i] = 64
		for {
			c, err := one(run, n[i])
			if err != nil {
				return nil, err
			}
			if c.nanoseconds*float64(n[i]) >= float64(batch) {
				break
			}
			n[i] *= 2
		}
	}
	times := make([][]float64, len(sides))
	allocs := make([][]float64, len(sides))
	for range rounds {
		sums := make([]cost, len(sides))
		for turn := range turns * len(sides) {
			// Every side follows every other one: what one leaves to collect meets all.
			i := (turn + turn/len(sides)) % len(sides)
			c, err := one(sides[i], n[i])
			if err != nil {
				return nil, err
			}
			sums[i].nanoseconds += c.nanoseconds / turns
			sums[i].allocs += c.allocs / turns
		}
		for i, c := range sums {
			if i > 0 {
				c.nanoseconds -= sums[0].nanoseconds
				c.allocs -= sums[0].allocs
			}
			times[i] = append(times[i], c.nanoseconds)
			allocs[i] = append(allocs[i], c.allocs)
		}
	}
	out := make([]cost, len(sides))
	for i := range sides {
		out[i] = cost{median(times[i]), median(allocs[i])}
	}
	return out, nil
}

func one(run func(n int) error, n int) (cost, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime()
	err := run(n)
	took := processorTime() - start
	runtime.ReadMemStats(&after)
	return cost{float64(took) / float64(n), float64(after.Mallocs-before.Mallocs) / float64(n)}, err
}
