package web_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// New cookies that never reach the browser log no user out, however the answer was lost and
// however late the browser comes again with the old ones.
func TestRefreshIsNotLostWithItsAnswer(t *testing.T) {
	for name, wrap := range map[string]func(guard func(http.Handler) http.Handler) http.Handler{
		"a hijacked connection": func(guard func(http.Handler) http.Handler) http.Handler {
			return guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
					_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
					_ = c.Close()
				}
			}))
		},
		"http.TimeoutHandler": func(guard func(http.Handler) http.Handler) http.Handler {
			return http.TimeoutHandler(guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })), 50*time.Millisecond, "late")
		},
		"a panic": func(guard func(http.Handler) http.Handler) http.Handler {
			return guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		},
		"an aborted connection": func(guard func(http.Handler) http.Handler) http.Handler {
			return guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lr, err := emulator.Start(emulator.WithLogger(quiet()))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = lr.Close() }()
			cfg := lr.Config()
			client, err := core.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close() }()
			uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
			if err != nil {
				t.Fatal(err)
			}
			_, old, err := lr.IssueTokens(uid)
			if err != nil {
				t.Fatal(err)
			}
			guard := nethttp.RequireLogin(client, web.InsecureCookies(), web.AutoRefresh(), web.Logger(quiet()))
			mux := http.NewServeMux()
			mux.Handle("/first", wrap(guard))
			mux.Handle("/page", guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })))
			srv := httptest.NewServer(mux)
			defer srv.Close()
			rotations := func() int { return len(lr.Requests(refreshOperation)) }

			if name == "an aborted connection" {
				conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.WriteString(conn, "GET /first HTTP/1.1\r\nHost: x\r\nCookie: lr_refresh="+old+"\r\n\r\n")
				for end := time.Now().Add(10 * time.Second); rotations() == 0; time.Sleep(time.Millisecond) {
					if time.Now().After(end) {
						t.Fatal("no refresh")
					}
				}
				_ = conn.Close()
			} else {
				res, err := askAs(srv.URL+"/first", old)
				if err == nil && len(res.Cookies()) != 0 {
					t.Fatalf("the cookies were not lost: %v", res.Cookies())
				}
			}
			if n := rotations(); n != 1 {
				t.Fatalf("%d refreshes", n)
			}
			for _, later := range []time.Duration{31 * time.Second, 10 * time.Minute} {
				lr.Advance(later)
				res, err := askAs(srv.URL+"/page", old)
				if err != nil || res.StatusCode != http.StatusOK || len(res.Cookies()) != 2 {
					t.Fatalf("%v later: %v, %v", later, res, err)
				}
			}
			if n := rotations(); n != 1 {
				t.Errorf("%d refreshes in the end", n)
			}
		})
	}
}

func askAs(url, refresh string) (*http.Response, error) {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	req.AddCookie(&http.Cookie{Name: "lr_refresh", Value: refresh})
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	return res, res.Body.Close()
}
