package sessions

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A limitedStore has a bucket as well.
type limitedStore struct {
	*memoryStore
	full map[string]time.Time // when the bucket is full again
}

func (l *limitedStore) Take(_ context.Context, key string, n int, perSecond float64, burst int) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return 0, errDown
	}
	now := time.Now()
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	cost := time.Duration(math.Ceil(float64(n) / perSecond * 1e9))
	if wait := full.Add(cost).Sub(now) - time.Duration(float64(burst)/perSecond*1e9); wait > 0 {
		return wait, nil
	}
	l.full[key] = full.Add(cost)
	return 0, nil
}

// Four replicas spend one budget, each its part; without the store each has a share of its
// own, and none stops.
func TestSharedBudget(t *testing.T) {
	for _, down := range []bool{false, true} {
		t.Run(fmt.Sprint("down ", down), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				up, store := newFakeService(), &limitedStore{newMemoryStore(), map[string]time.Time{}}
				var replicas []*Cache[*user]
				for range 4 {
					r := up.replica(store, func(c *Config[*user]) { c.Rate = 40 })
					defer r.Close()
					replicas = append(replicas, r)
				}
				time.Sleep(time.Second)
				store.set(func(m *memoryStore) { m.down = down })
				var wg sync.WaitGroup
				before := up.questions()
				ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
				defer stop()
				for i := range 4 * 1000 {
					wg.Go(func() {
						_, _ = replicas[i%4].Get(ctx, fmt.Sprint("token", i)) // most give up before their turn
					})
				}
				wg.Wait()
				time.Sleep(20*time.Second - 5*time.Second)
				asked := up.questions() - before
				var answered []int // of 200 each, if all get the same
				for _, r := range replicas {
					answered = append(answered, r.Stats().Size)
				}
				t.Logf("%d calls in 20 s, answered %v", asked, answered)
				if asked < 600 || asked > 900 {
					t.Errorf("%d calls in 20 s at 40 a second", asked)
				}
				if slices.Min(answered) < 120 {
					t.Errorf("replicas do not get their turns: %v", answered)
				}
			})
		})
	}
}
