package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
)

// oneUpstream answers like LoginRadius for tokens that are alive.
type oneUpstream struct {
	asked, refreshes atomic.Int64
	dead, used       sync.Map
}

func (u *oneUpstream) RoundTrip(r *http.Request) (*http.Response, error) {
	reply := func(status int, body string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, dead := u.dead.Load(token)
	switch {
	case strings.HasSuffix(r.URL.Path, "/access_token/refresh"):
		u.refreshes.Add(1)
		if _, used := u.used.LoadOrStore(r.URL.Query().Get("refresh_token"), true); used {
			return reply(403, `{"ErrorCode":1217}`)
		}
		return reply(200, `{"access_token":"new-access","refresh_token":"new-refresh","expires_in":"3600"}`)
	case dead:
		return reply(403, `{"ErrorCode":905}`)
	case strings.HasSuffix(r.URL.Path, "/auth/account"):
		u.asked.Add(1)
		return reply(200, `{"Uid":"uid-of-`+token+`","Email":[{"Type":"Primary","Value":"ada@example.com"}],"Roles":["reader"]}`)
	}
	return reply(200, `{"access_token":"x","expires_in":"3600"}`)
}

// Two clients with one Redis behave like one: answers, logouts and refreshes are shared.
func TestClientsShare(t *testing.T) {
	server := startRedis(t)
	up, prefix := &oneUpstream{}, newPrefix()
	replica := func() *core.Client {
		c, err := core.New(core.Config{
			APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: up},
			Shared: redisstore.New(connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}, ContextTimeoutEnabled: true}), prefix),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	a, b := replica(), replica()
	ctx := context.Background()
	// A machine that is too busy makes the store fail, which the client bounds with 50 ms,
	// and the replicas go on without it. What is shared is tried until that was not so.
	untilUndisturbed := func(what string, try func(i int) error) {
		t.Helper()
		for i := 0; ; i++ {
			before := a.Stats().SharedErrors + b.Stats().SharedErrors
			err := try(i)
			switch disturbed := a.Stats().SharedErrors+b.Stats().SharedErrors > before; {
			case err == nil:
				return
			case !disturbed || i == 10:
				t.Fatalf("%s: %v", what, err)
			}
			time.Sleep(time.Second) // so long the store is left alone
		}
	}
	untilUndisturbed("answers", func(i int) error {
		token, before := fmt.Sprint("token-", i), up.asked.Load()
		for _, c := range []*core.Client{a, b} {
			s, err := c.Session(ctx, token)
			if err != nil || s.UID() != "uid-of-"+token || !s.HasRole("reader") || s.ExpiresAt().IsZero() {
				t.Fatalf("%v, %v", s, err)
			}
		}
		if n := up.asked.Load() - before; n != 1 {
			return fmt.Errorf("LoginRadius was asked %d times", n)
		}
		return nil
	})
	refused := func(c *core.Client, token string) {
		t.Helper()
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			_, err := c.Session(ctx, token)
			if errors.Is(err, core.ErrInvalidToken) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %v, want ErrInvalidToken", token, err)
			}
		}
	}
	for _, c := range []*core.Client{a, b} {
		if _, err := c.Session(ctx, "token"); err != nil {
			t.Fatal(err)
		}
	}
	up.dead.Store("token", true)
	a.Forget("token")
	refused(b, "token")
	for _, c := range []*core.Client{a, b} {
		if _, err := c.Session(ctx, "second"); err != nil {
			t.Fatal(err)
		}
	}
	up.dead.Store("second", true)
	b.ForgetUser("uid-of-second")
	refused(a, "second")
	refused(replica(), "second") // one that started later

	untilUndisturbed("refreshes", func(n int) error {
		var wg sync.WaitGroup
		token, before := fmt.Sprint("refresh-", n), up.refreshes.Load()
		for i := range 20 {
			c := []*core.Client{a, b}[i%2]
			wg.Go(func() {
				got, err := c.Rotate(ctx, token)
				switch {
				case errors.Is(err, core.ErrInvalidRefreshToken):
					t.Errorf("a user was logged out: %v", err)
				case err == nil && (got.AccessToken != "new-access" || got.RefreshToken != "new-refresh"):
					t.Error("Rotate returns other tokens")
				}
			})
		}
		wg.Wait()
		if n := up.refreshes.Load() - before; n != 1 {
			return fmt.Errorf("the refresh token was used %d times", n)
		}
		return nil
	})

	// A stopped store costs a moment, once, and nothing else.
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for _, c := range []*core.Client{a, b} {
		for _, token := range []string{"third", "fourth"} {
			if _, err := c.Session(ctx, token); err != nil {
				t.Errorf("without Redis: %v", err)
			}
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("four requests without Redis took %v", took)
	}
}
