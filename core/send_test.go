package core_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve returns a client of a server with that handler, and the number of calls.
func serve(t *testing.T, h http.HandlerFunc, change ...func(*core.Config)) (*core.Client, *atomic.Int64) {
	t.Helper()
	calls := new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	cfg := core.Config{APIKey: "the-api-key", APISecret: "the-api-secret", BaseURL: srv.URL, Retry: core.RetryConfig{BaseDelay: time.Microsecond}}
	for _, c := range change {
		c(&cfg)
	}
	c, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, calls
}

// serveJSON returns a client of a server that always answers the same.
func serveJSON(t *testing.T, status int, body string) *core.Client {
	t.Helper()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(status, "application/json", body)(w, r) })
	return c
}

func asError(t *testing.T, err error) *core.Error {
	t.Helper()
	var e *core.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no *core.Error", err, err)
	}
	return e
}

func TestReadsAreRetriedAndNothingElse(t *testing.T) {
	ctx := context.Background()
	for name, fault := range map[string]http.HandlerFunc{
		"500":       func(w http.ResponseWriter, r *http.Request) { outage["500"](w, r) },
		"429":       func(w http.ResponseWriter, r *http.Request) { outage["429"](w, r) },
		"HTML 503":  func(w http.ResponseWriter, r *http.Request) { answer(503, "text/html", "<html>")(w, r) },
		"reset":     func(w http.ResponseWriter, r *http.Request) { outage["connection reset"](w, r) },
		"truncated": func(w http.ResponseWriter, r *http.Request) { outage["truncated JSON"](w, r) },
	} {
		t.Run(name, func(t *testing.T) {
			c, calls := serve(t, fault)
			for _, op := range []struct {
				name string
				want int64
				call func() error
			}{
				{"a read", 3, func() error { _, err := c.Authentication.ValidateToken(ctx, "token"); return err }},
				{"a POST", 1, func() error { return c.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{Email: "a@b.c"}) }},
				{"a GET that uses a link up", 1, func() error {
					_, err := c.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: "t"})
					return err
				}},
				{"a GET that deletes", 1, func() error { return c.Authentication.ConfirmDeleteAccount(ctx, "t") }},
				{"a GET that rotates", 1, func() error { _, err := c.Account.RefreshToken(ctx, "r"); return err }},
				{"a GET that logs out", 1, func() error {
					return c.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: "t"})
				}},
				{"a GET that mails", 1, func() error {
					return c.Authentication.SendWelcomeEmail(ctx, core.SendWelcomeEmailRequest{AccessToken: "t"})
				}},
				{"a GET that logs in", 1, func() error { _, err := c.Social.ExchangeToken(ctx, "t"); return err }},
			} {
				before := calls.Load()
				err := op.call()
				if e := asError(t, err); !errors.Is(err, core.ErrUnavailable) || e.Operation == "" {
					t.Errorf("%s: %v, want ErrUnavailable", op.name, err)
				}
				if n := calls.Load() - before; n != op.want {
					t.Errorf("%s was sent %d times, want %d", op.name, n, op.want)
				}
			}
		})
	}
}

// net/http repeats a GET by itself when a kept-alive connection ends in its face.
func TestLostConnectionsRepeatReadsOnly(t *testing.T) {
	ctx := context.Background()
	endings := map[string]func(net.Conn){
		"closed": func(conn net.Conn) { _ = conn.Close() },
		"reset": func(conn net.Conn) {
			if tc, ok := conn.(*net.TCPConn); ok {
				_ = tc.SetLinger(0)
			}
			_ = conn.Close()
		},
	}
	for name, end := range endings {
		for _, useTLS := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %v", name, useTLS), func(t *testing.T) {
				var calls atomic.Int64
				var ending atomic.Bool
				srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if calls.Add(1); !ending.Load() {
						_, _ = io.WriteString(w, `{"access_token":"t"}`)
						return
					}
					conn, _, err := w.(http.Hijacker).Hijack()
					if err != nil {
						t.Error(err)
						return
					}
					end(conn)
				}))
				start := map[bool]func(){false: srv.Start, true: srv.StartTLS}[useTLS]
				start()
				defer srv.Close()
				c, err := core.New(core.Config{APIKey: "k", APISecret: "s", BaseURL: srv.URL, HTTPClient: srv.Client(), Retry: core.RetryConfig{MaxAttempts: 1}})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				sent := func(call func() error) int64 {
					ending.Store(false)
					if _, err := c.Authentication.ValidateToken(ctx, "token"); err != nil { // leaves a connection behind
						t.Fatal(err)
					}
					ending.Store(true)
					before := calls.Load()
					if err := call(); !errors.Is(err, core.ErrUnavailable) || errors.Is(err, context.Canceled) {
						t.Errorf("%v, want ErrUnavailable", err)
					}
					return calls.Load() - before
				}
				if n := sent(func() error { _, err := c.Authentication.ValidateToken(ctx, "token"); return err }); n < 2 {
					t.Errorf("a read was sent %d times: this test tests nothing", n)
				}
				for _, want := range []func() error{
					func() error { _, err := c.Account.RefreshToken(ctx, "r"); return err },
					func() error {
						_, err := c.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: "t"})
						return err
					},
					func() error { return c.Authentication.ConfirmDeleteAccount(ctx, "t") },
					func() error { _, err := c.Social.ExchangeToken(ctx, "t"); return err },
					func() error { return c.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{Email: "a@b.c"}) },
				} {
					if n := sent(want); n != 1 {
						t.Errorf("sent %d times, want once", n)
					}
				}
			})
		}
	}
}

func TestDefiniteAnswersAreNotRetried(t *testing.T) {
	c, calls := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(403, "application/json", `{"ErrorCode":905}`)(w, r)
	})
	if _, err := c.Authentication.ValidateToken(context.Background(), "token"); !errors.Is(err, core.ErrInvalidToken) {
		t.Error(err)
	}
	if calls.Load() != 1 {
		t.Errorf("sent %d times", calls.Load())
	}
}

// inBubble runs f on fake time with a client that gets its answers from rt.
func inBubble(t *testing.T, rt roundTripper, f func(*testing.T, *core.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: rt}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		f(t, c)
	})
}

func respond(status int, body string, header http.Header) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

func TestRetryWaits(t *testing.T) {
	var at []time.Duration
	var start time.Time
	status, header := 500, http.Header{}
	rt := roundTripper(func(*http.Request) (*http.Response, error) {
		at = append(at, time.Since(start))
		return respond(status, "busy", header), nil
	})
	ask := func(t *testing.T, c *core.Client, ctx context.Context) (time.Duration, error) {
		t.Helper()
		at, start = nil, time.Now()
		_, err := c.Authentication.ValidateToken(ctx, "token")
		return time.Since(start), err
	}
	inBubble(t, rt, func(t *testing.T, c *core.Client) {
		if _, err := ask(t, c, context.Background()); !errors.Is(err, core.ErrUnavailable) || len(at) != 3 {
			t.Errorf("%d attempts, %v", len(at), err)
		}
		if d := at[1]; d < 50*time.Millisecond || d > 150*time.Millisecond {
			t.Errorf("the first pause was %v, want 100 ms give or take a half", d)
		}
		if d := at[2] - at[1]; d < 100*time.Millisecond || d > 300*time.Millisecond {
			t.Errorf("the second pause was %v, want 200 ms give or take a half", d)
		}

		status, header = 429, http.Header{"Retry-After": {"2"}}
		if took, err := ask(t, c, context.Background()); !errors.Is(err, core.ErrRateLimited) || took != 4*time.Second || asError(t, err).RetryAfter != 2*time.Second {
			t.Errorf("Retry-After in seconds: %v after %v", err, took)
		}
		header.Set("Retry-After", time.Now().Add(3*time.Second).UTC().Format(http.TimeFormat))
		if took, err := ask(t, c, context.Background()); err == nil || took < 2*time.Second || took > 6*time.Second {
			t.Errorf("Retry-After as a date: %v after %v", err, took)
		}
		header.Set("Retry-After", "60")
		if took, err := ask(t, c, context.Background()); took != 0 || asError(t, err).RetryAfter != time.Minute {
			t.Errorf("a Retry-After past our patience: %v after %v", err, took)
		}
		header.Set("Retry-After", "2")
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		if took, err := ask(t, c, ctx); took != time.Second || err == nil {
			t.Errorf("given up while waiting: %v after %v", err, took)
		}
	})
}

func TestTimeouts(t *testing.T) {
	silent := roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	inBubble(t, silent, func(t *testing.T, c *core.Client) {
		start := time.Now()
		err := c.Authentication.ForgotPassword(context.Background(), core.ForgotPasswordRequest{Email: "a@b.c"})
		if took := time.Since(start); took != 5*time.Second || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("one attempt: %v after %v", err, took)
		}
		start = time.Now()
		_, err = c.Authentication.ValidateToken(context.Background(), "token")
		if took := time.Since(start); took != 10*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with retries: %v after %v", err, took)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		start = time.Now()
		_, err = c.Authentication.ValidateToken(ctx, "token")
		if took := time.Since(start); took != time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v after %v", err, took)
		}
		var slow interface{ Timeout() bool }
		if !errors.As(err, &slow) || !slow.Timeout() {
			t.Errorf("%v does not say that it is a timeout", err)
		}
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := c.Authentication.ValidateToken(gone, "token"); !errors.Is(err, context.Canceled) {
			t.Errorf("with a dead context: %v", err)
		}
	})
}

func TestAnswersThatAreNoAnswer(t *testing.T) {
	zipped := func(body string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, body)
		_ = z.Close()
		return b.String()
	}
	huge := `{"a":"` + strings.Repeat("x", 5<<20) + `"}`
	tests := map[string]struct {
		status int
		header http.Header
		body   string
		ok     bool
	}{
		"JSON":                   {200, nil, `{"access_token":"t"}`, true},
		"JSON with a wrong type": {200, http.Header{"Content-Type": {"text/html"}}, `{"access_token":"t"}`, true},
		"gzip not asked for":     {200, http.Header{"Content-Encoding": {"gzip"}}, zipped(`{"access_token":"t"}`), true},
		"201":                    {201, nil, `{"access_token":"t"}`, true},
		"ErrorCode 0":            {200, nil, `{"access_token":"t","ErrorCode":0}`, true},
		"HTML 200":               {200, http.Header{"Content-Type": {"text/html"}}, "<html>", false},
		"HTML 403":               {403, http.Header{"Content-Type": {"text/html"}}, "<html>", false},
		"empty":                  {200, nil, "", false},
		"204":                    {204, nil, "", false},
		"null":                   {200, nil, "null", false},
		"an array":               {200, nil, `[{"access_token":"t"}]`, false},
		"truncated":              {200, nil, `{"access_token":"t`, false},
		"two objects":            {200, nil, `{"access_token":"t"}{}`, false},
		"no token":               {200, nil, `{}`, false},
		"the zero token":         {200, nil, `{"access_token":"00000000-0000-0000-0000-000000000000"}`, false},
		"200 with ErrorCode":     {200, nil, `{"access_token":"t","errorCode":950}`, false},
		"broken gzip":            {200, http.Header{"Content-Encoding": {"gzip"}}, "no gzip", false},
		"huge":                   {200, nil, huge, false},
		"a gzip bomb":            {200, http.Header{"Content-Encoding": {"gzip"}}, zipped(huge), false},
		"JSON of a gateway":      {403, nil, `{"message":"Forbidden"}`, false},
		"a redirect":             {302, http.Header{"Location": {"/elsewhere"}}, `{}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rt := roundTripper(func(*http.Request) (*http.Response, error) {
				return respond(tt.status, tt.body, tt.header.Clone()), nil
			})
			inBubble(t, rt, func(t *testing.T, c *core.Client) {
				got, err := c.Authentication.ValidateToken(context.Background(), "token")
				if tt.ok {
					if err != nil || got.AccessToken != "t" {
						t.Errorf("%v, %v", got, err)
					}
					return
				}
				if errors.Is(err, core.ErrInvalidToken) || !errors.Is(err, core.ErrUnavailable) {
					t.Errorf("%v, want ErrUnavailable", err)
				}
				if strings.Contains(err.Error(), "<html>") {
					t.Errorf("the error shows the page: %v", err)
				}
			})
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	if _, err := c.Authentication.ValidateToken(context.Background(), "token"); err == nil || elsewhere.Load() != 0 {
		t.Errorf("%v; %d calls elsewhere", err, elsewhere.Load())
	}
}

func TestErrorsTellEverything(t *testing.T) {
	now := time.Date(2026, 1, 15, 21, 30, 0, 0, time.UTC)
	tests := []struct {
		name   string
		status int
		body   string
		is     error
		check  func(*core.Error) bool
	}{
		{"Pascal case", 401, `{"Description":"d","ErrorCode":966,"Message":"m","IsProviderError":false,"ProviderErrorResponse":null}`, core.ErrInvalidCredentials,
			func(e *core.Error) bool {
				return e.Code == 966 && e.HTTPStatus == 401 && e.Message == "m" && e.Description == "d" && e.Answered()
			}},
		{"camel case", 401, `{"errorCode":1409,"message":"Authentication failed"}`, core.ErrInvalidCredentials, func(e *core.Error) bool { return e.Code == 1409 }},
		{"code as text", 403, `{"ErrorCode":"905"}`, core.ErrInvalidToken, nil},
		{"fields", 403, `{"ErrorCode":1134,"Errors":[{"FieldName":"Password","ErrorMessage":"too short"}]}`, core.ErrValidation,
			func(e *core.Error) bool {
				return len(e.Fields) == 1 && e.Fields[0] == core.FieldError{Name: "Password", Message: "too short"}
			}},
		{"lockout until", 403, `{"ErrorCode":1198,"Data":{"LoginLockedTimeout":"2026-01-15T21:45:00Z"}}`, core.ErrAccountLocked,
			func(e *core.Error) bool { return e.LockedFor == 15*time.Minute }},
		{"lockout seconds", 403, `{"ErrorCode":1198,"Data":{"LoginLockedTimeout":900}}`, core.ErrAccountLocked, func(e *core.Error) bool { return e.LockedFor == 15*time.Minute }},
		{"provider", 403, `{"errorCode":1000,"isProviderError":true,"providerErrorResponse":"expired"}`, core.ErrProviderFailed,
			func(e *core.Error) bool { return e.ProviderResponse == "expired" }},
		{"provider, other code", 403, `{"ErrorCode":4712,"IsProviderError":true}`, core.ErrProviderFailed, nil},
		{"OAuth", 400, `{"error":"invalid_grant","error_description":"d"}`, nil,
			func(e *core.Error) bool {
				return e.Code == 0 && e.HTTPStatus == 400 && e.Message == "invalid_grant" && e.Description == "d" && e.Answered()
			}},
		{"a gateway", 403, `{"message":"Forbidden"}`, core.ErrUnavailable, func(e *core.Error) bool { return !e.Answered() && e.HTTPStatus == 403 }},
		{"two lines", 403, `{"ErrorCode":908,"Message":"a\r\nb\u2028c"}`, nil, func(e *core.Error) bool { return e.Message == "a  b c" }},
		{"very long", 403, `{"ErrorCode":908,"Message":"` + strings.Repeat("ä", 5000) + `"}`, nil, func(e *core.Error) bool {
			return len(e.Message) <= 1024 && strings.Trim(e.Message, "ä") == ""
		}},
		{"unknown code", 403, `{"ErrorCode":4711,"Message":"new"}`, nil, func(e *core.Error) bool { return e.Code == 4711 && !e.Code.Published() }},
		{"key", 403, `{"ErrorCode":901}`, core.ErrAPICredentials, func(e *core.Error) bool { return !errors.Is(e, core.ErrInvalidToken) }},
		{"secret", 401, `{"ErrorCode":902}`, core.ErrAPICredentials, func(e *core.Error) bool { return !errors.Is(e, core.ErrInvalidToken) }},
		{"500", 500, `{"ErrorCode":950}`, core.ErrUnavailable, func(e *core.Error) bool { return e.Answered() }},
		{"null everything", 403, `{"ErrorCode":905,"Message":null,"Errors":null,"Data":null,"ExtraInfo":null}`, core.ErrInvalidToken, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(tt.status, "application/json", tt.body)(w, r) },
				func(cfg *core.Config) { cfg.Clock = func() time.Time { return now } })
			_, err := c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
			e := asError(t, err)
			if e.Operation != "Authentication.LoginByEmail" || tt.is != nil && !errors.Is(err, tt.is) || tt.check != nil && !tt.check(e) {
				t.Errorf("got %#v: %v", e, err)
			}
		})
	}
}

// An answer that says it was not done is no success.
func TestNotPosted(t *testing.T) {
	for _, body := range []string{`{"IsPosted":false}`, `{"isdeleted":false}`, `{"IsPosted":"False"}`} {
		c := serveJSON(t, 200, body)
		err := c.Authentication.ForgotPassword(context.Background(), core.ForgotPasswordRequest{Email: "a@b.c"})
		if e := asError(t, err); !e.Answered() || e.HTTPStatus != 200 {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestMFAChallengeIsNoLogin(t *testing.T) {
	block := `"SecondFactorAuthenticationToken":"0f0e0d","ExpireIn":"2026-01-15T21:40:00Z","IsAuthenticatorVerified":true,"Email":["x**z@example.com"]`
	empty := `"Profile":null,"access_token":"00000000-0000-0000-0000-000000000000","expires_in":"0001-01-01T00:00:00"`
	for name, body := range map[string]string{
		"nested": `{"SecondFactorAuthentication":{` + block + `},` + empty + `}`, "flat": `{` + block + `}`, "flat with empty keys": `{` + block + `,` + empty + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) { answer(200, "application/json", body)(w, r) })
			res, err := c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
			var m *core.MFAChallenge
			if res != nil || !errors.Is(err, core.ErrMFARequired) || !errors.As(err, &m) {
				t.Fatalf("%v, %v", res, err)
			}
			if m.Token != "0f0e0d" || !m.AuthenticatorVerified || m.Email[0] != "x**z@example.com" || m.ExpiresAt.IsZero() || strings.Contains(fmt.Sprintf("%+v %#v", m, m), "0f0e0d") {
				t.Errorf("challenge %#v", m)
			}
		})
	}
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		answer(403, "application/json", `{"ErrorCode":1176}`)(w, r)
	})
	if _, err := c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"}); !errors.Is(err, core.ErrMFARequired) {
		t.Errorf("1176: %v", err)
	}
}

// Over a real connection, gzip is asked for and taken; a service that ignores the
// wish is understood as well.
func TestGzipIsAskedFor(t *testing.T) {
	for _, comply := range []bool{true, false} {
		c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Errorf("Accept-Encoding is %q", r.Header.Get("Accept-Encoding"))
			}
			var out io.Writer = w
			if comply {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				defer z.Close()
				out = z
			}
			_, _ = io.WriteString(out, `{"access_token":"t"}`)
		})
		if got, err := c.Authentication.ValidateToken(context.Background(), "token"); err != nil || got.AccessToken != "t" {
			t.Errorf("compressed %v: %v, %v", comply, got, err)
		}
	}
}

// Clients that failed together must not come back together.
func TestRetriesAreJittered(t *testing.T) {
	rt := roundTripper(func(*http.Request) (*http.Response, error) { return respond(500, "busy", nil), nil })
	pauses := map[time.Duration]bool{}
	inBubble(t, rt, func(t *testing.T, c *core.Client) {
		for range 20 {
			start := time.Now()
			_, _ = c.Authentication.ValidateToken(context.Background(), "token")
			pauses[time.Since(start)] = true
		}
	})
	if len(pauses) < 10 {
		t.Errorf("20 calls waited for only %d different times", len(pauses))
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(200, "application/json", `{"access_token":"t"}`)(w, r)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", BaseURL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const workers = 20
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range 50 {
				if _, err := c.Authentication.ValidateToken(context.Background(), "token"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	// A dial that began while all connections were busy may end after one of them
	// came free, so a few more than one a worker are opened, but not one a call.
	if n := opened.Load(); n > 2*workers {
		t.Errorf("%d connections for %d calls of %d workers", n, 50*workers, workers)
	}
}

func TestCredentialsRotate(t *testing.T) {
	var mu sync.Mutex
	valid := map[string]string{"key-1": "secret-1", "key-2": "secret-2"}
	c, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if valid[r.URL.Query().Get("apikey")] != r.Header.Get("X-LoginRadius-ApiSecret") {
			t.Error("a key was sent with another one's secret")
		}
		_, _ = io.WriteString(w, `{"Roles":[]}`)
	}, func(cfg *core.Config) { cfg.APIKey, cfg.APISecret = "key-1", "secret-1" })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := c.Role.ByUID(context.Background(), "u"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 50 {
		n := fmt.Sprint(i%2 + 1)
		if err := c.SetCredentials("key-"+n, "secret-"+n); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	var bad *core.ConfigError
	if err := c.SetCredentials("key", ""); !errors.As(err, &bad) || bad.Field != "APISecret" {
		t.Errorf("an empty secret: %v", err)
	}
}

// The server goes on, so a connection that Close forgot would show.
func TestCloseLeavesNothing(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(200, "application/json", `{"access_token":"t","Uid":"u"}`)(w, r)
	}))
	defer srv.Close()
	before := goleak.IgnoreCurrent()
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", BaseURL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := c.Authentication.ValidateToken(context.Background(), "token"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Session(context.Background(), tokenN(1)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	goleak.VerifyNone(t, before)
	if _, err := c.Authentication.ValidateToken(context.Background(), "token"); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
	goleak.VerifyNone(t, before)
}

func FuzzError(f *testing.F) {
	f.Add(403, []byte(`{"ErrorCode":905,"Message":"m","Errors":[{"FieldName":"a","ErrorMessage":"b"}]}`))
	f.Add(200, []byte(`{"errorcode":"1198","Data":{"LoginLockedTimeout":"900"}}`))
	f.Add(500, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		c, err := core.New(core.Config{APIKey: "the-api-key", APISecret: "the-api-secret", HTTPClient: &http.Client{Transport: roundTripper(
			func(*http.Request) (*http.Response, error) { return respond(status, string(body), nil), nil })}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, err = c.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "a@b.c", Password: "p"})
		if err == nil {
			return
		}
		if strings.ContainsAny(err.Error(), "\x00") && !bytes.Contains(body, []byte{0}) && !bytes.Contains(body, []byte(`\u0000`)) {
			t.Errorf("%q", err)
		}
		var e *core.Error
		if errors.As(err, &e) && e.RetryAfter < 0 || e != nil && e.LockedFor < 0 {
			t.Errorf("negative times: %+v", e)
		}
	})
}
