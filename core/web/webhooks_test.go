package web_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// adasService is LoginRadius with one account, which can be blocked.
type adasService struct {
	calls   atomic.Int64
	blocked atomic.Bool
}

func (s *adasService) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls.Add(1)
	status, body := 200, `{"access_token":"x","expires_in":"86400"}`
	switch {
	case s.blocked.Load():
		status, body = 403, `{"ErrorCode":991}`
	case strings.HasSuffix(r.URL.Path, "/auth/account"):
		body = `{"Uid":"ada"}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// A hangingLog takes no event.
type hangingLog struct {
	*sharedtest.Memory
	hangs atomic.Bool
}

func (h *hangingLog) Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (int64, error) {
	if h.hangs.Load() {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	return h.Memory.Announce(ctx, marks, event, floor, ttl)
}

// An event cuts an account off on all replicas at once. It is answered without a call of
// LoginRadius, however often it is repeated, and within 50 ms if the store hangs.
func TestWebhookReachesAllReplicas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, store := &adasService{}, &hangingLog{Memory: sharedtest.NewMemory()}
		replica := func() (*core.Client, http.Handler) {
			client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: service}, Shared: store})
			if err != nil {
				t.Fatal(err)
			}
			handler, err := nethttp.Handler(client, web.Only(web.RouteWebhook), web.Webhooks("first", "second"))
			if err != nil {
				t.Fatal(err)
			}
			return client, handler
		}
		a, handler := replica()
		defer a.Close()
		b, _ := replica()
		defer b.Close()
		const body = `{"HookName":"blockaccount","Data":{"Uid":"ada"}}`
		mac := hmac.New(sha256.New, []byte("second"))
		mac.Write([]byte(body))
		deliver := func() (took time.Duration) {
			t.Helper()
			r := httptest.NewRequest(http.MethodPost, "/webhooks/loginradius", strings.NewReader(body))
			r.Header.Set("Signature", hex.EncodeToString(mac.Sum(nil)))
			w, start := httptest.NewRecorder(), time.Now()
			if handler.ServeHTTP(w, r); w.Code != http.StatusNoContent {
				t.Errorf("the event is answered with %d %s", w.Code, w.Body)
			}
			return time.Since(start)
		}
		knows := func(c *core.Client, want error) {
			t.Helper()
			if _, err := c.Session(t.Context(), "token"); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}

		knows(a, nil)
		knows(b, nil)
		service.blocked.Store(true)
		knows(b, nil) // from memory
		calls := service.calls.Load()
		if took := deliver(); took != 0 {
			t.Errorf("the event took %v", took)
		}
		synctest.Wait()
		knows(a, core.ErrAccountBlocked)
		knows(b, core.ErrAccountBlocked)
		asked := service.calls.Load()
		for range 50 {
			deliver()
		}
		if n := service.calls.Load(); asked == calls || n != asked {
			t.Errorf("the repetitions cost %d calls of LoginRadius", n-asked)
		}

		service.blocked.Store(false)
		time.Sleep(time.Minute) // the refusal is forgotten
		knows(a, nil)
		service.blocked.Store(true)
		store.hangs.Store(true)
		for range 20 {
			if took := deliver(); took > 50*time.Millisecond {
				t.Errorf("with a store that hangs the event took %v", took)
			}
		}
		knows(a, core.ErrAccountBlocked)
	})
}
