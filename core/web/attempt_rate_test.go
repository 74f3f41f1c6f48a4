package web_test

import (
	"errors"
	"fmt"
	"sync"
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
