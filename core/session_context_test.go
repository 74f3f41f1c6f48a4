package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestTokenFromContext(t *testing.T) {
	s := &core.Session{}
	ctx := core.ContextWithLogin(context.Background(), s, "secret-token")
	if core.SessionFromContext(ctx) != s || core.TokenFromContext(ctx) != "secret-token" {
		t.Error("the context lost its session or its token")
	}
	r := core.RequestWithLogin(httptest.NewRequest("GET", "/", nil), s, "secret-token")
	if core.SessionFromContext(r.Context()) != s || core.TokenFromContext(r.Context()) != "secret-token" {
		t.Error("the request lost its session or its token")
	}
	for name, none := range map[string]context.Context{
		"no session":      context.Background(),
		"session alone":   core.ContextWithSession(context.Background(), s),
		"another session": core.ContextWithSession(ctx, s), // its token is not known
	} {
		if got := core.TokenFromContext(none); got != "" {
			t.Errorf("%s: a token", name)
		}
	}
	type key struct{}
	type holder struct {
		Shown  context.Context
		hidden context.Context
	}
	for _, printed := range []any{ctx, context.WithValue(ctx, key{}, 1), r.Context(), r, *r, holder{ctx, ctx}, &holder{ctx, ctx}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			if text := fmt.Sprintf(verb, printed); strings.Contains(text, "secret-token") {
				t.Errorf("%s prints the token: %s", verb, text)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { _ = core.TokenFromContext(ctx) }); n != 0 {
		t.Errorf("TokenFromContext allocates %v times", n)
	}
}

// Calls for the first caller carry its values, such as a trace, and describe its end
// user; that the caller leaves does not end them.
func TestCallsKeepTheValuesOfTheirCaller(t *testing.T) {
	f := newFakeService(t)
	f.set("token", fakeToken{uid: "u1"})
	type traceKey struct{}
	var mu sync.Mutex
	traced := map[any]int{}
	client := f.client(t, func(c *core.Config) {
		c.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			traced[r.Context().Value(traceKey{})]++
			traced[r.Header.Get("X-Origin-IP")]++
			mu.Unlock()
			return http.DefaultTransport.RoundTrip(r)
		})}
	})
	ctx, leave := context.WithCancel(context.WithValue(context.Background(), traceKey{}, "trace"))
	ctx = core.ContextWithEndUser(ctx, core.EndUser{IP: "203.0.113.7"})
	resume := f.pause()
	failed := make(chan error, 1)
	go func() { _, err := client.Session(ctx, "token"); failed <- err }()
	<-f.arrived
	leave()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left: %v", err)
	}
	resume()
	if s, err := client.Session(context.Background(), "token"); err != nil || s.UID() != "u1" {
		t.Errorf("the next one: %v %v", s, err)
	}
	_, _ = client.Rotate(context.WithoutCancel(ctx), "refresh")
	mu.Lock()
	defer mu.Unlock()
	if traced["trace"] < 3 || traced["trace"] != traced["203.0.113.7"] || traced[nil] != 0 {
		t.Errorf("calls carried %v", traced)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
