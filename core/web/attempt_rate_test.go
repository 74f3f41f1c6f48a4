package web_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

func limited(t *testing.T, store core.SharedStore) *core.Client {
	t.Helper()
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", BaseURL: "http://127.0.0.1:1", Shared: store})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Each address and each account has a rate of its own on each route, and gets it back.
func TestLimitAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := limited(t, nil)
		defer client.Close()
		allow := web.LimitAttempts(client, web.AttemptRate{PerMinute: 6, Burst: 3})
		login := web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.1", Account: "ada@example.com"}
		for range 3 {
			if err := allow(t.Context(), login); err != nil {
				t.Fatal(err)
			}
		}
		p, ok := errors.AsType[*web.Problem](allow(t.Context(), login))
		if !ok || p.Status != 429 || p.Code != web.CodeThrottled || p.RetryAfter <= 0 || p.RetryAfter > 10*time.Second {
			t.Fatalf("the fourth: %+v", p)
		}
		for name, other := range map[string]web.Attempt{
			"another account and address": {Route: web.RouteLogin, ClientIP: "192.0.2.2", Account: "grace@example.com"},
			"another route":               {Route: web.RouteForgotPassword, ClientIP: "192.0.2.1", Account: "ada@example.com"},
			"neither":                     {Route: web.RouteLogin},
		} {
			if err := allow(t.Context(), other); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := allow(t.Context(), web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.3", Account: "ada@example.com"}); err == nil {
			t.Error("another address tries the same account on")
		}
		time.Sleep(10 * time.Second) // one attempt is back
		if err := allow(t.Context(), login); err != nil {
			t.Errorf("after a while: %v", err)
		}
		if err := allow(t.Context(), login); err == nil {
			t.Error("two attempts are back")
		}
	})
}

// Replicas that share a store share the rate, and each limits by itself while it fails.
func TestLimitAttemptsOfReplicas(t *testing.T) {
	store := sharedtest.NewMemory()
	clients := []*core.Client{limited(t, store), limited(t, store)}
	var replicas []func(web.Attempt) error
	for _, c := range clients {
		defer c.Close()
		allow := web.LimitAttempts(c, web.AttemptRate{PerMinute: 0.001, Burst: 4})
		replicas = append(replicas, func(a web.Attempt) error { return allow(t.Context(), a) })
	}
	count := func(a web.Attempt) (allowed int) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				if replicas[i%2](a) == nil {
					mu.Lock()
					allowed++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		return allowed
	}
	if n := count(web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.1"}); n != 4 {
		t.Errorf("%d attempts were allowed, want 4 on both replicas together", n)
	}
	store.Fail(errors.New("the store is down"))
	if n := count(web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.2"}); n != 8 {
		t.Errorf("%d attempts were allowed without the store, want 4 on each replica", n)
	}
}

// A hanging limiter answers no call before its context is done.
type hangingLimiter struct {
	*sharedtest.Memory
	calls atomic.Int64
}

func (h *hangingLimiter) Take(ctx context.Context, _ string, _ int, _ float64, _ int) (time.Duration, error) {
	h.calls.Add(1)
	<-ctx.Done()
	return 0, ctx.Err()
}

// A store that hangs costs an attempt 50 ms, once a second, and the limit holds.
func TestLimitAttemptsWithAHangingStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &hangingLimiter{Memory: sharedtest.NewMemory()}
		client := limited(t, store)
		defer client.Close()
		allow := web.LimitAttempts(client, web.AttemptRate{PerMinute: 1, Burst: 5})
		attempt := web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.1", Account: "ada@example.com"}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		before, start := store.calls.Load(), time.Now()
		allowed := 0
		for range 20 {
			if allow(gone, attempt) == nil {
				allowed++
			}
		}
		if took := time.Since(start); took != 50*time.Millisecond || store.calls.Load() != before+1 {
			t.Errorf("twenty attempts took %v and asked the store %d times", took, store.calls.Load()-before)
		}
		if allowed != 5 {
			t.Errorf("%d attempts were allowed, want 5", allowed)
		}
		time.Sleep(2 * time.Second)
		_ = allow(gone, attempt)
		if n := store.calls.Load() - before; n != 2 {
			t.Errorf("the store was asked %d times, want once more after a second", n)
		}
	})
}

// Rates that are no numbers mean the default, and huge ones are bounded.
func TestLimitAttemptsBounds(t *testing.T) {
	client := limited(t, sharedtest.NewMemory())
	defer client.Close()
	for name, rate := range map[string]web.AttemptRate{
		"zero": {}, "negative": {PerMinute: -1, Burst: -1}, "no number": {PerMinute: math.NaN()}, "minus infinity": {PerMinute: math.Inf(-1)},
	} {
		allow, n := web.LimitAttempts(client, rate), 0
		for ; n < 20 && allow(t.Context(), web.Attempt{Route: web.RouteLogin, ClientIP: name}) == nil; n++ {
		}
		if n != 10 {
			t.Errorf("%s: %d attempts at once, want the default of 10", name, n)
		}
	}
	huge := web.LimitAttempts(client, web.AttemptRate{PerMinute: math.Inf(1), Burst: math.MaxInt})
	for range 1000 {
		if err := huge(t.Context(), web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.8"}); err != nil {
			t.Fatal(err)
		}
	}
	// Without a store too.
	alone := limited(t, nil)
	defer alone.Close()
	for _, c := range []*core.Client{client, alone} {
		tiny := web.LimitAttempts(c, web.AttemptRate{PerMinute: 1e-300, Burst: 1})
		for i := range 3 {
			if err := tiny(t.Context(), web.Attempt{Route: web.RouteLogin, ClientIP: "192.0.2.9"}); (err == nil) != (i == 0) {
				t.Errorf("attempt %d at a tiny rate: %v", i+1, err)
			}
		}
	}
}

func ExampleLimitAttempts() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	app, err := web.NewApp(client, web.RateLimit(web.LimitAttempts(client, web.AttemptRate{PerMinute: 5, Burst: 10})))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(app.Routes()) > 0)
	// Output: true
}
