package core_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

type observation struct {
	call core.ObservedCall
	out  core.CallOutcome
}

type observerKey struct{}

// A recorder is an Observer that sets a context value, which must reach the transport.
type recorder struct {
	mu   sync.Mutex
	seen []observation
}

func (r *recorder) StartCall(ctx context.Context, call core.ObservedCall) (context.Context, func(core.CallOutcome)) {
	return context.WithValue(ctx, observerKey{}, call.Attempt), func(out core.CallOutcome) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.seen = append(r.seen, observation{call, out})
	}
}

func (r *recorder) StartFetch(ctx context.Context) (context.Context, func(core.FetchOutcome)) {
	return ctx, func(core.FetchOutcome) {}
}

func (r *recorder) JoinFetch(context.Context, context.Context) {}

func (r *recorder) Announced(time.Duration) {}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func TestObserver(t *testing.T) {
	const uid = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	answers := []func(http.ResponseWriter){
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) },
		func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"Uid":"` + uid + `"}`))
		},
		func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"ErrorCode":938}`))
		},
		func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"ErrorCode":901}`))
		},
		func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{}`)) },
	}
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answers[next](w)
		next++
	}))
	defer server.Close()
	var seen recorder
	var attempts []any
	client, err := core.New(core.Config{
		APIKey: "key", APISecret: "secret", BaseURL: server.URL + "/base/", Observer: &seen,
		Retry: core.RetryConfig{BaseDelay: time.Nanosecond, MaxDelay: time.Nanosecond},
		HTTPClient: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			attempts = append(attempts, r.Context().Value(observerKey{}))
			return http.DefaultTransport.RoundTrip(r)
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for range 3 {
		_, _ = client.Account.ByUID(t.Context(), core.AccountByUIDRequest{UID: uid})
	}
	if _, err := client.Do(t.Context(), core.RawRequest{Method: "GET", Path: "/identity/" + uid}); err != nil {
		t.Fatal(err)
	}
	byUID := core.ObservedCall{Operation: "Account.ByUID", Method: "GET", URL: server.URL + "/base", Path: "/identity/v2/manage/account/{uid}"}
	attempt := func(n int) core.ObservedCall { c := byUID; c.Attempt = n; return c }
	want := []observation{
		{attempt(1), core.CallOutcome{Kind: core.CallUnavailable, HTTPStatus: 502}},
		{attempt(2), core.CallOutcome{Kind: core.CallLimited, HTTPStatus: 429}},
		{attempt(3), core.CallOutcome{Kind: core.CallOK, HTTPStatus: 201}},
		{attempt(1), core.CallOutcome{Kind: core.CallRefused, HTTPStatus: 403, Code: 938}},
		{attempt(1), core.CallOutcome{Kind: core.CallCredentials, HTTPStatus: 403, Code: 901}},
		{core.ObservedCall{Operation: "Do", Method: "GET", URL: server.URL + "/base", Attempt: 1}, core.CallOutcome{Kind: core.CallOK, HTTPStatus: 200}},
	}
	if len(seen.seen) != len(want) {
		t.Fatalf("%d observations: %+v", len(seen.seen), seen.seen)
	}
	for i := range want {
		if seen.seen[i] != want[i] {
			t.Errorf("observation %d is %+v, want %+v", i, seen.seen[i], want[i])
		}
		if attempts[i] != want[i].call.Attempt {
			t.Errorf("request %d was made with the context of attempt %v", i, attempts[i])
		}
	}
}

// A caller that gives up is no failure of the service.
func TestObserverSeesCancellation(t *testing.T) {
	started := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
	}))
	defer server.Close()
	var seen recorder
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", BaseURL: server.URL, Observer: &seen})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	if _, err := client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: "x"}); err == nil {
		t.Fatal("no error")
	}
	if len(seen.seen) != 1 || seen.seen[0].out != (core.CallOutcome{Kind: core.CallCanceled}) {
		t.Errorf("observed %+v", seen.seen)
	}
}

// The calls of a validation have the values of the context of the request that asked
// first, but not its end.
func TestValuesOfTheFirstAsker(t *testing.T) {
	type requestKey struct{}
	release := make(chan struct{})
	seen := make(chan any, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"Uid":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","access_token":"x","expires_in":"2100-01-01T00:00:00Z"}`))
	}))
	defer server.Close()
	client, err := core.New(core.Config{
		APIKey: "key", APISecret: "secret", BaseURL: server.URL,
		HTTPClient: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			seen <- r.Context().Value(requestKey{})
			return http.DefaultTransport.RoundTrip(r)
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), requestKey{}, "first"))
	left := make(chan struct{})
	go func() {
		defer close(left)
		_, _ = client.Session(ctx, "some-token")
	}()
	if v := <-seen; v != "first" {
		t.Errorf("the transport saw %v", v)
	}
	cancel()
	<-left
	close(release)
	if _, err := client.Session(t.Context(), "some-token"); err != nil {
		t.Errorf("the fetch ended with the request that began it: %v", err)
	}
}
