package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

type traceKey struct{}

// The calls that a guard makes for a request tell LoginRadius who the user is, and carry the
// values of the request's context, such as its trace.
func TestGuardPassesTheEndUserOn(t *testing.T) {
	var mu sync.Mutex
	var calls []*http.Request
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: carrier(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, r)
		body := `{"Uid":"ada","expires_in":"3600"}`
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	r := get("/", "Authorization", "Bearer token", "User-Agent", "agent-77", "Accept-Language", "de")
	r.RemoteAddr = "192.0.2.77:4711"
	w := httptest.NewRecorder()
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	nethttp.RequireLogin(client, web.Logger(quiet()))(ok).ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), traceKey{}, "trace-1")))
	mu.Lock()
	defer mu.Unlock()
	if w.Code != http.StatusOK || len(calls) != 2 {
		t.Fatalf("status %d, %d calls", w.Code, len(calls))
	}
	for _, call := range calls {
		for name, want := range map[string]string{"X-Origin-Ip": "192.0.2.77", "X-Origin-User-Agent": "agent-77", "X-Origin-Accept-Language": "de"} {
			if got := call.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", call.URL.Path, name, got, want)
			}
		}
		if got := call.Context().Value(traceKey{}); got != "trace-1" {
			t.Errorf("%s: the trace is %v", call.URL.Path, got)
		}
	}
}

type carrier func(*http.Request) (*http.Response, error)

func (c carrier) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }
