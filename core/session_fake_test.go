package core_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// fakeService answers the two questions a validation asks, over real sockets, as
// scripted. It is not the emulator: it can be wrong in every way.
type fakeService struct {
	*httptest.Server
	clock *fakeClock

	mu       sync.Mutex
	tokens   map[string]fakeToken
	validate int // calls
	profile  int
	fault    func(w http.ResponseWriter, r *http.Request) bool // true: it has answered
	hold     chan struct{}                                     // if set, answers wait for it to be closed
	arrived  chan string                                       // if set, gets the token of each call
}

type fakeToken struct {
	uid     string
	expires any // value of expires_in; nil: an hour from now
	code    int // if set, both calls fail with it
	extra   map[string]any
}

type fakeClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newFakeService(t testing.TB) *fakeService {
	t.Helper()
	f := &fakeService{
		tokens: map[string]fakeToken{},
		clock:  &fakeClock{t: time.Date(2026, 1, 15, 21, 30, 0, 0, time.UTC)},
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// client returns a client of the service that gives up quickly and does not retry.
func (f *fakeService) client(t testing.TB, change ...func(*core.Config)) *core.Client {
	t.Helper()
	cfg := core.Config{
		APIKey: "key", APISecret: "secret", BaseURL: f.URL, Clock: f.clock.Now,
		Retry:    core.RetryConfig{MaxAttempts: 1},
		Sessions: core.SessionConfig{UpstreamRate: 1e6, UpstreamConcurrency: 64},
	}
	for _, c := range change {
		c(&cfg)
	}
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func (f *fakeService) set(token string, s fakeToken) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens[token] = s
}

func (f *fakeService) setFault(fault func(http.ResponseWriter, *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

// pause makes answers wait until the returned function is called.
func (f *fakeService) pause() (resume func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	hold := make(chan struct{})
	f.hold = hold
	f.arrived = make(chan string, 1<<14)
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.hold == hold {
			f.hold = nil
		}
		close(hold)
	}
}

// atOnce runs a call that is answered although the others are paused.
func (f *fakeService) atOnce(call func()) {
	f.mu.Lock()
	hold := f.hold
	f.hold = nil
	f.mu.Unlock()
	call()
	f.mu.Lock()
	f.hold = hold
	f.mu.Unlock()
}

// asked returns when that many calls have arrived: two of a validation, one of a refresh.
func (f *fakeService) asked(calls int) {
	f.mu.Lock()
	arrived := f.arrived
	f.mu.Unlock()
	for range calls {
		<-arrived
	}
}

func (f *fakeService) calls() (validate, profile int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.validate, f.profile
}

func (f *fakeService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	isProfile := strings.HasSuffix(r.URL.Path, "/auth/account")
	f.mu.Lock()
	if isProfile {
		f.profile++
	} else {
		f.validate++
	}
	s, known := f.tokens[token] // the answer is decided when the question arrives
	fault, hold, arrived := f.fault, f.hold, f.arrived
	f.mu.Unlock()
	if hold != nil {
		arrived <- token
		<-hold
	}
	if fault != nil && fault(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if !known {
		s.code = 905
	}
	if s.code != 0 {
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"ErrorCode": s.code, "Message": "refused", "Description": "no " + token})
		return
	}
	if !isProfile {
		expires := s.expires
		if expires == nil {
			expires = f.clock.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": token, "expires_in": expires})
		return
	}
	body := map[string]any{
		"Uid": s.uid, "Email": []map[string]string{{"Type": "Primary", "Value": s.uid + "@example.com"}},
		"EmailVerified": true, "IsActive": true, "Roles": []string{"reader"}, "Password": "hash-of-" + s.uid,
		"CustomFields": map[string]string{"plan": "gold"},
	}
	maps.Copy(body, s.extra)
	_ = json.NewEncoder(w).Encode(body)
}

func mustSession(t *testing.T, c *core.Client, token, uid string) *core.Session {
	t.Helper()
	s, err := c.Session(context.Background(), token)
	if err != nil {
		t.Fatalf("Session(%s): %v", token, err)
	}
	if s.UID() != uid {
		t.Fatalf("Session(%s) belongs to %q, want %q", token, s.UID(), uid)
	}
	return s
}

func tokenN(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n) }
