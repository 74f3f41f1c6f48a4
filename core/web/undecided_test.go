package web_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// An outage fills no log: the guard tells of it once a minute, and not at all that our own
// limit was reached, which the client tells.
func TestUndecidedRequestsAreToldOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lr, client := bubble(t, func(cfg *core.Config) {
			cfg.Sessions.UpstreamRate = 2
			cfg.Logger = slog.New(slog.DiscardHandler)
		})
		defer func() { _ = client.Close() }()
		var out bytes.Buffer
		guarded := nethttp.RequireLogin(client, web.Logger(slog.New(slog.NewTextHandler(&out, nil))))(http.NotFoundHandler())
		ask := func(token string) int {
			w := httptest.NewRecorder()
			guarded.ServeHTTP(w, get("/", "Authorization", "Bearer "+token))
			return w.Code
		}
		lines := func() int { return strings.Count(out.String(), "level=WARN") }
		lr.Inject(emulator.ServerError(500))
		for i := range 8 { // 4 s
			if status := ask(fmt.Sprintf("outage-%d", i)); status != 503 {
				t.Fatalf("status %d", status)
			}
		}
		if lines() != 1 {
			t.Errorf("an outage takes %d lines:\n%s", lines(), out.String())
		}
		time.Sleep(time.Minute)
		if ask("later"); lines() != 2 || !strings.Contains(out.String(), "requests=8") {
			t.Errorf("a minute later:\n%s", out.String())
		}
		time.Sleep(2 * time.Minute)
		lr.ClearFaults()
		var all sync.WaitGroup
		var refused atomic.Int64
		for i := range 50 { // at two calls a second
			all.Go(func() {
				if ask(fmt.Sprintf("crowd-%d", i)) == 503 {
					refused.Add(1)
				}
			})
		}
		if all.Wait(); refused.Load() == 0 || lines() != 2 {
			t.Errorf("%d requests over our limit:\n%s", refused.Load(), out.String())
		}
	})
}
