package core_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// lively answers for everyone within 50 ms, refuses junk, and ends the tokens that begin
// with "stolen" once ended is set.
func lively(ended *atomic.Bool) func(*http.Request, string, bool) (int, string) {
	return func(_ *http.Request, token string, isProfile bool) (int, string) {
		time.Sleep(50 * time.Millisecond)
		if strings.HasPrefix(token, "junk") || strings.HasPrefix(token, "stolen") && ended.Load() {
			return 403, `{"ErrorCode":905}`
		}
		return asAda(isProfile)
	}
}

// withAddress is the context of a request from an address.
func withAddress(ctx context.Context, ip string) context.Context {
	return core.ContextWithEndUser(ctx, core.EndUser{IP: ip})
}

// 2,400 users who are active every ten seconds fit into 40 calls a second, with TTL kept
// to the second and no request that waits, also beside a flood of junk.
func TestSessionLoad(t *testing.T) {
	loads := []struct{ users, junk int }{{2400, 0}, {2400, 50}}
	if testing.Short() {
		loads = loads[1:]
	}
	for _, tt := range loads {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			var ended, measuring atomic.Bool
			scripted(t, core.SessionConfig{}, lively(&ended), func(t *testing.T, c *core.Client) {
				ctx, stop := context.WithCancel(context.Background())
				var wg sync.WaitGroup
				var requests, slow, refused, last atomic.Int64
				var start time.Time
				for i := range tt.users + 40 {
					token := tokenN(i)
					if i >= tt.users {
						token = fmt.Sprint("stolen", i)
					}
					wg.Go(func() {
						user := withAddress(ctx, fmt.Sprintf("10.0.%d.%d", i/250, i%250))
						time.Sleep(time.Duration(i) * 100 * time.Millisecond) // ten arrivals a second
						for ctx.Err() == nil {
							asked := time.Now()
							_, err := c.Session(user, token)
							switch stolen := strings.HasPrefix(token, "stolen"); {
							case ctx.Err() != nil || !measuring.Load():
							case stolen && err == nil:
								last.Store(max(last.Load(), int64(time.Since(start))))
							case !stolen:
								requests.Add(1)
								if err != nil {
									refused.Add(1)
								}
								if time.Since(asked) > time.Second {
									slow.Add(1)
								}
							}
							time.Sleep(9*time.Second + time.Duration(i*7919%2000)*time.Millisecond)
						}
					})
				}
				time.Sleep(10 * time.Minute)
				before := c.Stats()
				ended.Store(true)
				start = time.Now()
				measuring.Store(true)
				for w := range tt.junk {
					wg.Go(func() {
						time.Sleep(time.Duration(w) * time.Second / time.Duration(tt.junk))
						for i := 0; ctx.Err() == nil; i++ {
							wg.Go(func() { _, _ = c.Session(withAddress(ctx, "203.0.113.7"), fmt.Sprintf("junk-%d-%d", w, i)) })
							time.Sleep(time.Second)
						}
					})
				}
				time.Sleep(10 * time.Minute)
				measuring.Store(false)
				after := c.Stats()
				stop()
				wg.Wait()
				t.Logf("%d requests: %d waited over 1 s, %d refused; ended sessions served until %v; stale %d, refreshes %d", requests.Load(), slow.Load(), refused.Load(),
					time.Duration(last.Load()).Round(time.Second), after.StaleServed-before.StaleServed, after.Refreshes-before.Refreshes)
				t.Logf("bench row: active users carried at 40 calls/s, TTL 2 min | %d users, junk %d/s: %d waits over 1 s, %d refused, ended sessions served %v at most | before: about 1,200 users",
					tt.users, tt.junk, slow.Load(), refused.Load(), time.Duration(last.Load()).Round(time.Second))
				if slow.Load() > 0 || refused.Load() > 0 {
					t.Errorf("%d requests waited over a second and %d were refused", slow.Load(), refused.Load())
				}
				if got := time.Duration(last.Load()); got > 2*time.Minute {
					t.Errorf("a session that ended elsewhere was served %v after its end; TTL is 2m", got)
				}
				if after.Degraded || after.StaleServed > before.StaleServed {
					t.Errorf("our own limit is taken for an outage: %+v", after)
				}
			})
		})
	}
}

// 600 users who all come back after a restart are in within 16 seconds, with one answer of
// 503 each at most, if they come back when Retry-After says.
func TestSessionColdStart(t *testing.T) {
	for _, addresses := range []int{1, 600} {
		t.Run(fmt.Sprint(addresses, " addresses"), func(t *testing.T) {
			var ended atomic.Bool
			scripted(t, core.SessionConfig{}, lively(&ended), func(t *testing.T, c *core.Client) {
				var wg sync.WaitGroup
				var total, most atomic.Int64
				start := time.Now()
				var last atomic.Int64
				for i := range 600 {
					wg.Go(func() {
						ctx := withAddress(context.Background(), fmt.Sprintf("10.0.%d.%d", i%addresses/250, i%addresses%250))
						var refused int64
						for {
							_, err := c.Session(ctx, tokenN(i))
							if err == nil {
								break
							}
							var e *core.Error
							if !errors.As(err, &e) || !errors.Is(err, core.ErrOverloaded) || e.RetryAfter <= 0 {
								t.Errorf("refused with %v", err)
								return
							}
							refused++
							time.Sleep((e.RetryAfter + time.Second - 1).Truncate(time.Second)) // whole seconds, rounded up
						}
						total.Add(refused)
						most.Store(max(most.Load(), refused))
						last.Store(max(last.Load(), int64(time.Since(start))))
					})
				}
				wg.Wait()
				t.Logf("the last of 600 was in after %v, with %d answers of 503, %d at most for one", time.Duration(last.Load()), total.Load(), most.Load())
				t.Logf("bench row: restart of 600 users at once, from %d addresses | all in after %v, %d answers of 503 | before: 39 s, 8,925 answers of 503",
					addresses, time.Duration(last.Load()).Round(100*time.Millisecond), total.Load())
				if got := time.Duration(last.Load()); got > 16*time.Second {
					t.Errorf("the last was in after %v", got)
				}
				if most.Load() > 1 {
					t.Errorf("one user got %d answers of 503", most.Load())
				}
			})
		})
	}
}

// Junk from one address, however much, neither delays users from other addresses nor the
// logins that LoginRadius has just granted; without addresses the latter still holds.
func TestSessionFloodFromOneAddress(t *testing.T) {
	for _, rate := range []int{50, 200, 1000} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			var ended atomic.Bool
			scripted(t, core.SessionConfig{}, lively(&ended), func(t *testing.T, c *core.Client) {
				ctx, stop := context.WithCancel(context.Background())
				var wg sync.WaitGroup
				for w := range rate {
					wg.Go(func() {
						time.Sleep(time.Duration(w) * time.Second / time.Duration(rate))
						for i := 0; ctx.Err() == nil; i++ {
							address := fmt.Sprintf("2001:db8::%x:%x", w, i) // one network
							wg.Go(func() { _, _ = c.Session(withAddress(ctx, address), fmt.Sprintf("junk-%d-%d", w, i)) })
							time.Sleep(time.Second)
						}
					})
				}
				time.Sleep(30 * time.Second)
				for i := range 60 {
					start := time.Now()
					if _, err := c.Session(withAddress(ctx, "198.51.100.1"), tokenN(i)); err != nil || time.Since(start) > time.Second {
						t.Errorf("a user of another address waited %v: %v", time.Since(start), err)
					}
					start = time.Now()
					if _, err := c.Adopt(ctx, core.Tokens{AccessToken: tokenN(1000 + i)}); err != nil || time.Since(start) > time.Second {
						t.Errorf("a login waited %v: %v", time.Since(start), err)
					}
					time.Sleep(333 * time.Millisecond)
				}
				stop()
				wg.Wait()
			})
		})
	}
}

// With MaxTTL above TTL, a site that needs more calls than it has serves its users from
// memory up to it, counts that, and does not call it an outage.
func TestSessionMaxTTL(t *testing.T) {
	for _, maxTTL := range []time.Duration{2 * time.Minute, 6 * time.Minute} {
		t.Run(fmt.Sprint(maxTTL), func(t *testing.T) {
			var ended atomic.Bool
			scripted(t, core.SessionConfig{UpstreamRate: 4, MaxTTL: maxTTL}, lively(&ended), func(t *testing.T, c *core.Client) {
				ctx, stop := context.WithCancel(context.Background())
				var wg sync.WaitGroup
				var measuring atomic.Bool
				var requests, refused atomic.Int64
				for i := range 800 { // 480 fit
					wg.Go(func() {
						time.Sleep(time.Duration(i) * time.Second / 2)
						for ctx.Err() == nil {
							start := time.Now()
							_, err := c.Session(ctx, tokenN(i))
							if measuring.Load() && ctx.Err() == nil {
								requests.Add(1)
								if err != nil {
									refused.Add(1)
								}
								if took := time.Since(start); took > 2*time.Second {
									t.Errorf("a request waited %v", took)
								}
							}
							time.Sleep(10 * time.Second)
						}
					})
				}
				time.Sleep(20 * time.Minute) // until all have come in
				measuring.Store(true)
				time.Sleep(10 * time.Minute)
				measuring.Store(false)
				stop()
				wg.Wait()
				st := c.Stats()
				t.Logf("%d requests, %d refused: %+v", requests.Load(), refused.Load(), st)
				if st.StaleServed > 0 || st.Degraded {
					t.Errorf("our own limit is taken for an outage: %+v", st)
				}
				if stretches := maxTTL > 2*time.Minute; stretches != (st.Stretched > 0) || stretches != (refused.Load() == 0) {
					t.Errorf("MaxTTL %v: %d served past TTL, %d of %d refused", maxTTL, st.Stretched, refused.Load(), requests.Load())
				}
				if maxTTL == 2*time.Minute && st.Overloaded == 0 {
					t.Errorf("nothing is counted: %+v", st)
				}
			})
		})
	}
}
