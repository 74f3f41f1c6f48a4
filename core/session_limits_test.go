package core_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// quickClient answers every call at once, as told.
func quickClient(t *testing.T, cfg core.SessionConfig, rt func(token string, isProfile bool) (int, string)) *core.Client {
	t.Helper()
	cfg.UpstreamRate, cfg.UpstreamConcurrency = 1e6, 256
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", Sessions: cfg, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		status, body := rt(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), strings.HasSuffix(r.URL.Path, "/auth/account"))
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// A custom field of 3 MB is left out, counted, and holds no memory.
func TestSessionOfALargeProfile(t *testing.T) {
	sessions := 100
	if testing.Short() {
		sessions = 10
	}
	big := strings.Repeat("x", 3<<20)
	c := quickClient(t, core.SessionConfig{}, func(_ string, isProfile bool) (int, string) {
		if isProfile {
			return 200, `{"Uid":"m","FirstName":"Mo","Roles":["admin"],"CustomFields":{"a":"` + big + `"}}`
		}
		return 200, `{"expires_in":"86400"}`
	})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range sessions {
		s := mustSession(t, c, tokenN(i), "m")
		if p := s.Profile(); p.FirstName != "Mo" || len(p.CustomFields) != 0 || !s.HasRole("admin") {
			t.Fatalf("%+v", p)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 8<<20 {
		t.Errorf("%d sessions hold %d MB", sessions, held>>20)
	}
	if st := c.Stats(); st.Trimmed != uint64(sessions) || st.Bytes > sessions*2048 {
		t.Errorf("%+v", st)
	}
	runtime.KeepAlive(c)
}

// The cache stays within its bytes, whatever the sessions' size.
func TestSessionCacheBytes(t *testing.T) {
	field := strings.Repeat("y", 10_000)
	c := quickClient(t, core.SessionConfig{MaxCacheBytes: 1 << 20}, func(token string, isProfile bool) (int, string) {
		if isProfile {
			return 200, `{"Uid":"` + token + `","CustomFields":{"a":"` + field + `"}}`
		}
		return 200, `{"expires_in":"86400"}`
	})
	for i := range 500 {
		mustSession(t, c, tokenN(i), tokenN(i))
	}
	if st := c.Stats(); st.Bytes > 1<<20 || st.Size < 50 || st.Evictions == 0 {
		t.Errorf("%+v", st)
	}
	mustSession(t, c, tokenN(499), tokenN(499))
	if st := c.Stats(); st.Hits != 1 {
		t.Errorf("the latest session is not remembered: %+v", st)
	}
}

func TestSessionExtremeCapacities(t *testing.T) {
	for _, cfg := range []core.SessionConfig{
		{Capacity: math.MaxInt}, {Capacity: math.MaxInt, MaxCacheBytes: math.MaxInt, MaxSessionBytes: math.MaxInt},
		{NegativeCapacity: math.MaxInt}, {UpstreamConcurrency: math.MaxInt}, {Capacity: 1, MaxCacheBytes: 1, MaxSessionBytes: 1},
	} {
		c, err := core.New(core.Config{APIKey: "k", APISecret: "s", Sessions: cfg})
		if err != nil {
			t.Errorf("%+v: %v", cfg, err)
			continue
		}
		_ = c.Close()
	}
	for name, cfg := range map[string]core.SessionConfig{
		"MaxTTL below TTL":              {TTL: time.Minute, MaxTTL: time.Second},
		"MaxTTL over StaleIfError":      {MaxTTL: time.Hour},
		"MaxSessionBytes is negative":   {MaxSessionBytes: -1},
		"MaxCacheBytes below a session": {MaxCacheBytes: 100},
	} {
		var e *core.ConfigError
		if _, err := core.New(core.Config{APIKey: "k", APISecret: "s", Sessions: cfg}); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSessionAfterClose(t *testing.T) {
	rt := func(_ *http.Request, _ string, isProfile bool) (int, string) { return asAda(isProfile) }
	scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
		mustSession(t, c, good, "ada")
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		for range 2 {
			if s, err := c.Session(context.Background(), good); s != nil || !errors.Is(err, core.ErrUnavailable) {
				t.Errorf("after Close: %v, %v; want ErrUnavailable", s, err)
			}
			time.Sleep(10 * time.Minute)
		}
	})
}

// A panic in a Transport, a Clock or a log handler of the application ends no process,
// although it may happen on a goroutine that the library started.
func TestSessionPanicsEndNoProcess(t *testing.T) {
	if where := os.Getenv("LR_TEST_PANIC"); where != "" {
		cfg := core.Config{APIKey: "k", APISecret: "s"}
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if where == "transport" {
				panic("a bug in a tracing transport")
			}
			_, body := asAda(strings.HasSuffix(r.URL.Path, "/auth/account"))
			return respond(200, body, nil), nil
		})
		cfg.HTTPClient = &http.Client{Transport: transport}
		var late atomic.Bool
		switch where {
		case "clock":
			cfg.Clock = func() time.Time {
				if late.Load() {
					panic("a bug in a clock")
				}
				return time.Now()
			}
		case "logger":
			cfg.Logger = slog.New(panicky{slog.DiscardHandler})
		}
		c, err := core.New(cfg)
		if err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
		late.Store(true)
		_, err = c.Session(context.Background(), good)
		_, rotateErr := c.Rotate(context.Background(), "refresh")
		fmt.Println("alive:", err, rotateErr)
		return
	}
	for _, where := range []string{"transport", "clock", "logger"} {
		cmd := exec.Command(os.Args[0], "-test.run=TestSessionPanicsEndNoProcess$")
		cmd.Env = append(os.Environ(), "LR_TEST_PANIC="+where)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "alive:") {
			t.Errorf("%s: %v; %.300s", where, err, out)
		}
	}
}

type panicky struct{ slog.Handler }

func (panicky) Enabled(context.Context, slog.Level) bool  { return true }
func (panicky) Handle(context.Context, slog.Record) error { panic("a bug in a log handler") }
func (p panicky) WithAttrs([]slog.Attr) slog.Handler      { return p }
func (p panicky) WithGroup(string) slog.Handler           { return p }

// An injected clock that goes back makes nothing remembered live longer.
func TestSessionClockGoesBack(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada", expires: "86400"})
	c := f.client(t)
	mustSession(t, c, good, "ada")
	f.clock.Advance(-time.Hour)
	mustSession(t, c, good, "ada")
	f.set(good, fakeToken{code: 905}) // ended elsewhere
	f.clock.Advance(2 * time.Minute)
	if s, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("an hour back and TTL later: %v, %v; want ErrInvalidToken", s, err)
	}
	f.set(good, fakeToken{uid: "ada", expires: "86400"})
	f.clock.Advance(11 * time.Second)
	mustSession(t, c, good, "ada") // the refusal does not live longer either
}

// A wall clock that jumps past a token's own expiry, as after a suspend, ends its session
// within a second, whether or not anything else is asked.
func TestSessionWallClockJumpsForward(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada", expires: "90"})
	c := f.client(t)
	mustSession(t, c, good, "ada")
	f.set(good, fakeToken{code: 906})
	f.clock.Advance(91 * time.Second)
	if s, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("%v, %v", s, err)
	}
}

// After Forget returned and LoginRadius has ended the token, no request is served it, while
// hits, evictions and refreshes go on.
func TestSessionForgetUnderLoad(t *testing.T) {
	const n = 32
	var state [n]atomic.Int64 // odd: ended; 3 modulo 4: and forgotten
	c := quickClient(t, core.SessionConfig{Capacity: 10_001, NegativeTTL: time.Nanosecond}, func(token string, isProfile bool) (int, string) {
		var i int
		_, _ = fmt.Sscanf(token, "tok-%d", &i)
		if i < n && state[i].Load()%2 == 1 {
			return 403, `{"ErrorCode":905}`
		}
		if isProfile {
			return 200, fmt.Sprintf(`{"Uid":"u%d"}`, i)
		}
		return 200, `{"expires_in":"86400"}`
	})
	stop := time.Now().Add(500 * time.Millisecond)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for k := w; time.Now().Before(stop); k++ {
				i := k * 31 % n
				before := state[i].Load()
				s, err := c.Session(context.Background(), fmt.Sprintf("tok-%d", i))
				if err == nil && s.UID() != fmt.Sprint("u", i) {
					t.Error("served as another")
				}
				if before%4 == 3 && state[i].Load() == before && err == nil {
					t.Error("served after a finished Forget")
				}
			}
		})
	}
	wg.Go(func() {
		for k := 0; time.Now().Before(stop); k++ {
			i := k % n
			state[i].Add(1)
			c.Forget(fmt.Sprintf("tok-%d", i))
			state[i].Add(2)
			time.Sleep(20 * time.Microsecond)
			state[i].Add(1)
			c.Forget(fmt.Sprintf("tok-%d", i))
		}
	})
	wg.Wait()
}

// A WebSocket's session ends at once when it is forgotten here, and within TTL when it was
// ended elsewhere; an outage does not end it.
func TestWatchSession(t *testing.T) {
	for _, how := range []string{"forgotten", "account forgotten", "changed and ended", "ended elsewhere", "expired", "closed", "context"} {
		t.Run(how, func(t *testing.T) {
			var ended, down atomic.Bool
			rt := func(_ *http.Request, _ string, isProfile bool) (int, string) {
				switch {
				case down.Load():
					return 500, "<html>"
				case ended.Load():
					return 403, `{"ErrorCode":905}`
				case isProfile:
					return 200, `{"Uid":"ada"}`
				}
				return 200, `{"expires_in":"1800"}`
			}
			scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
				base, cancel := context.WithCancel(context.Background())
				defer cancel()
				s := mustSession(t, c, good, "ada")
				over := core.WatchSession(core.ContextWithLogin(base, s, good))
				open := func() bool {
					synctest.Wait()
					select {
					case <-over:
						return false
					default:
						return true
					}
				}
				time.Sleep(5 * time.Minute)
				down.Store(true)
				time.Sleep(5 * time.Minute)
				down.Store(false)
				if !open() {
					t.Fatal("ended by an outage")
				}
				time.Sleep(time.Minute)
				// A change of the account, or a copy of an old event, ends nothing.
				c.UncacheUser("ada")
				c.ApplyWebhook(&core.WebhookEvent{Name: "changepassword", UID: "ada", Time: time.Now().Add(-time.Hour)})
				if !open() {
					t.Fatal("ended by a change of the account")
				}
				wait := time.Duration(0)
				switch how {
				case "changed and ended":
					down.Store(true)
					c.UncacheUser("ada")
					if !open() {
						t.Error("ended although LoginRadius cannot tell")
					}
					down.Store(false)
					ended.Store(true)
					wait = 2 * time.Second
				case "forgotten":
					c.Forget(good)
				case "account forgotten":
					c.ForgetUser("ada")
				case "ended elsewhere":
					ended.Store(true)
					wait = 4 * time.Minute // asked once per TTL, about an answer within TTL
				case "expired":
					ended.Store(true)
					wait = 30 * time.Minute
				case "closed":
					_ = c.Close()
				case "context":
					cancel()
				}
				time.Sleep(wait)
				if open() {
					t.Error("goes on")
				}
			})
		})
	}
	select {
	case <-core.WatchSession(context.Background()):
	default:
		t.Error("no session goes on")
	}
}

// What ends between the guard's check and the call of WatchSession is noticed too.
func TestWatchSessionThatEndedBefore(t *testing.T) {
	var ended atomic.Bool
	rt := func(_ *http.Request, _ string, isProfile bool) (int, string) {
		switch {
		case ended.Load():
			return 403, `{"ErrorCode":905}`
		case isProfile:
			return 200, `{"Uid":"ada"}`
		}
		return 200, `{"expires_in":"1800"}`
	}
	scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s := mustSession(t, c, good, "ada")
		ended.Store(true)
		c.Forget(good)
		over := core.WatchSession(core.ContextWithLogin(ctx, s, good))
		synctest.Wait()
		select {
		case <-over:
		default:
			t.Error("goes on")
		}
	})
}

// Tokens that an operation has just returned need no call, and are forgotten like any.
func TestAdoptTakesTheAnswer(t *testing.T) {
	var calls atomic.Int64
	c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/auth/login") {
			return respond(200, `{"Profile":{"Uid":"ada","FirstName":"Ada","Roles":["admin"],"IsActive":true,"Email":[{"Type":"Primary","Value":"ada@example.com"}],"Password":"hash"},"access_token":"`+good+`","refresh_token":"refresh","expires_in":"2099-01-01T00:00:00Z"}`, nil), nil
		}
		calls.Add(1)
		return respond(403, `{"ErrorCode":905}`, nil), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := context.Background()
	res, err := c.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "ada@example.com", Password: "password"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Adopt(ctx, res.Tokens())
	if err != nil || s.UID() != "ada" || !s.HasRole("admin") || s.ExpiresAt().Year() != 2099 || s.Profile().Password != "" || s.Profile().FirstName != "Ada" {
		t.Errorf("%v, %v: %+v", s, err, s.Profile())
	}
	mustSession(t, c, good, "ada")
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
	if st := c.Stats(); st.Adopted != 1 {
		t.Errorf("%+v", st)
	}
	c.Forget(good)
	if _, err := c.Adopt(ctx, res.Tokens()); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("after it was forgotten and has ended: %v", err)
	}
	for _, junk := range []string{"", "00000000-0000-0000-0000-000000000000", "a b"} {
		if _, err := c.Adopt(ctx, core.Tokens{AccessToken: junk}); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%q: %v", junk, err)
		}
	}
}

// A Retry-After of the year 9999 is not passed on.
func TestRetryAfterIsBounded(t *testing.T) {
	c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		return respond(429, "slow down", http.Header{"Retry-After": {"Fri, 31 Dec 9999 23:59:59 GMT"}}), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Session(context.Background(), good)
	var e *core.Error
	if !errors.As(err, &e) || e.RetryAfter <= 0 || e.RetryAfter > 24*time.Hour {
		t.Errorf("%v after %v", err, e.RetryAfter)
	}
}
