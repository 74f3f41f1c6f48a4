package nethttp_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/echolr"
	"github.com/loginradius-contrib/go-middleware/ginlr"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// One connection of HTTP/2 carries streams of many users, of which some are cancelled while
// their sessions are fetched: every answer is its own user's, and no cancellation fails
// another's request.
func TestHTTP2(t *testing.T) {
	gin.SetMode(gin.TestMode)
	const users, streams = 20, 300
	who := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, core.SessionFromContext(r.Context()).UID())
	}
	for name, handler := range map[string]func(*core.Client) http.Handler{
		"net/http": func(c *core.Client) http.Handler { return nethttp.RequireLogin(c)(http.HandlerFunc(who)) },
		"gin": func(c *core.Client) http.Handler {
			r := gin.New()
			r.POST("/", ginlr.RequireLogin(c), gin.WrapF(who))
			return r
		},
		"echo": func(c *core.Client) http.Handler {
			e := echo.New()
			e.POST("/", echo.WrapHandler(http.HandlerFunc(who)), echolr.RequireLogin(c))
			return e
		},
	} {
		for _, secure := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, TLS %t", name, secure), func(t *testing.T) {
				lr, err := emulator.Start()
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = lr.Close() }()
				cfg := lr.Config()
				cfg.Sessions.UpstreamRate = 1e6
				client, err := core.New(cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = client.Close() }()
				lr.Inject(emulator.Fault{Latency: 3 * time.Millisecond})
				var uids, tokens []string
				for i := range users {
					uid, err := lr.AddUser(emulator.User{Email: fmt.Sprintf("user%d@example.com", i), EmailVerified: true})
					if err != nil {
						t.Fatal(err)
					}
					token, _, err := lr.IssueTokens(uid)
					if err != nil {
						t.Fatal(err)
					}
					uids, tokens = append(uids, uid), append(tokens, token)
				}
				url, h2 := serveHTTP2(t, handler(client), secure)
				for round := range 2 {
					for _, uid := range uids {
						client.ForgetUser(uid)
					}
					var answered atomic.Int64
					var all sync.WaitGroup
					turn := make(chan struct{}, 60)
					for i := range streams {
						turn <- struct{}{}
						all.Go(func() {
							defer func() { <-turn }()
							user, cancelled := (i*7+round)%users, i%3 == 0
							ctx, cancel := context.WithCancel(context.Background())
							defer cancel()
							if cancelled {
								time.AfterFunc(time.Duration(rand.New(rand.NewPCG(uint64(round), uint64(i))).IntN(6000))*time.Microsecond, cancel)
							}
							req, err := http.NewRequestWithContext(ctx, "POST", url, strings.NewReader(strings.Repeat("x", i*13%5000)))
							if err != nil {
								t.Error(err)
								return
							}
							req.Header.Set("Authorization", "Bearer "+tokens[user])
							res, err := h2.Do(req)
							var body []byte
							if err == nil {
								body, err = io.ReadAll(res.Body)
								_ = res.Body.Close()
							}
							switch {
							case err != nil && cancelled:
							case err != nil:
								t.Error(err)
							case res.ProtoMajor != 2 || res.StatusCode != http.StatusOK || string(body) != uids[user]:
								t.Errorf("user %s: %s %d %s", uids[user], res.Proto, res.StatusCode, body)
							default:
								answered.Add(1)
							}
						})
					}
					all.Wait()
					if answered.Load() < streams*2/3 {
						t.Errorf("%d answers", answered.Load())
					}
				}
			})
		}
	}
}

// serveHTTP2 returns the address of a server and a client that speaks HTTP/2 on one
// connection.
func serveHTTP2(t *testing.T, h http.Handler, secure bool) (string, *http.Client) {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	t.Cleanup(srv.Close)
	if secure {
		srv.EnableHTTP2 = true
		srv.StartTLS()
		return srv.URL + "/", srv.Client()
	}
	clear := new(http.Protocols)
	clear.SetUnencryptedHTTP2(true)
	srv.Config.Protocols = clear
	srv.Start()
	transport := &http.Transport{Protocols: clear, MaxConnsPerHost: 1}
	t.Cleanup(transport.CloseIdleConnections)
	return srv.URL + "/", &http.Client{Transport: transport, Timeout: 20 * time.Second}
}
