package core_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// benchClient returns a client of a service that answers at once, in memory, with the
// given profile.
func benchClient(tb testing.TB, profile string, sessions core.SessionConfig) *core.Client {
	tb.Helper()
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		body := `{"access_token":"x","expires_in":"86400"}`
		if strings.HasSuffix(r.URL.Path, "/auth/account") {
			token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			body = strings.Replace(profile, "UID", token, 1)
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
	sessions.UpstreamRate = 1e9
	c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: transport}, Sessions: sessions})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// wideProfile is the documented answer to the question that a validation asks, of 119
// keys, for the account UID.
func wideProfile(tb testing.TB) string {
	tb.Helper()
	var p map[string]any
	if err := json.Unmarshal(fixtureOf(tb, "get_profile_by_access_token").Answer, &p); err != nil || len(p) < 119 {
		tb.Fatalf("the sample has %d keys (%v)", len(p), err)
	}
	p["Uid"], p["Roles"], p["IsActive"], p["IsDeleted"] = "UID", []string{"UpdateOnly"}, true, false
	b, err := json.Marshal(p)
	if err != nil {
		tb.Fatal(err)
	}
	return string(b)
}

func fill(tb testing.TB, c *core.Client, n int) []string {
	tb.Helper()
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = tokenN(i)
		if _, err := c.Session(context.Background(), tokens[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return tokens
}

func TestSessionHitAllocatesNothing(t *testing.T) {
	c := benchClient(t, wideProfile(t), core.SessionConfig{})
	token := fill(t, c, 1)[0]
	ctx := context.Background()
	if n := testing.AllocsPerRun(1000, func() {
		s, err := c.Session(ctx, token)
		if err != nil || s.UID() == "" || !s.HasRole("UpdateOnly") {
			t.Error("no hit")
		}
	}); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

// Requests with the background context, such as fiber's, share a context.
func TestContextWithSessionAllocatesNothing(t *testing.T) {
	c := benchClient(t, wideProfile(t), core.SessionConfig{})
	tokens := fill(t, c, 2)
	var sessions []*core.Session
	for _, token := range tokens {
		s, err := c.Session(context.Background(), token)
		if err != nil {
			t.Fatal(err)
		}
		sessions = append(sessions, s)
	}
	if n := testing.AllocsPerRun(1000, func() {
		for _, s := range sessions {
			if core.SessionFromContext(core.ContextWithSession(context.Background(), s)) != s {
				t.Error("another's session")
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	blank := &core.Session{} // as an application's test may make one
	if ctx := core.ContextWithSession(context.Background(), blank); core.SessionFromContext(ctx) != blank || ctx.Err() != nil {
		t.Error("a session that no client made is lost")
	}
	type key struct{}
	parent := context.WithValue(context.Background(), key{}, "kept")
	ctx := core.ContextWithSession(core.ContextWithSession(parent, sessions[0]), sessions[1])
	if core.SessionFromContext(ctx) != sessions[1] || ctx.Value(key{}) != "kept" {
		t.Error("a context that carries something lost it, or has the outer session")
	}
	if s := core.SessionFromContext(core.ContextWithSession(core.ContextWithSession(context.Background(), sessions[0]), nil)); s != nil {
		t.Error("a session is inherited")
	}
}

func TestRequestWithSession(t *testing.T) {
	c := benchClient(t, wideProfile(t), core.SessionConfig{})
	session, err := c.Session(context.Background(), fill(t, c, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	type key struct{}
	plain, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "kept"))
	r, err := http.NewRequestWithContext(plain, http.MethodPut, "http://app.example/notes/1?a=b", strings.NewReader("text"))
	if err != nil {
		t.Fatal(err)
	}
	r.SetPathValue("id", "1")
	r.GetBody = nil // DeepEqual does not compare functions
	got := core.RequestWithSession(r, session)
	if core.SessionFromContext(got.Context()) != session || got.Context().Value(key{}) != "kept" || got.PathValue("id") != "1" {
		t.Error("the request lost its session, a value or a part of its path")
	}
	if core.SessionFromContext(r.Context()) != nil {
		t.Error("the original request has a session")
	}
	if want := r.WithContext(got.Context()); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if cancel(); got.Context().Err() == nil {
		t.Error("the request outlives its client")
	}
	if n := testing.AllocsPerRun(1000, func() { got = core.RequestWithSession(r, session) }); n != 1 {
		t.Errorf("%v allocations, want 1", n)
	}
}

// A session of an ordinary profile takes at most 2 KiB.
func TestSessionMemory(t *testing.T) {
	const n = 1500
	if per := bytesPerSession(t, n); per > 2048 {
		t.Errorf("%d bytes a session", per)
	} else {
		t.Logf("%d bytes a session, of %d", per, n)
	}
}

func bytesPerSession(tb testing.TB, n int) int64 {
	tb.Helper()
	c := benchClient(tb, wideProfile(tb), core.SessionConfig{Capacity: n})
	fill(tb, c, 1)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range n {
		if _, err := c.Session(context.Background(), tokenN(i)); err != nil {
			tb.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if size := c.Stats().Size; size != n {
		tb.Fatalf("%d sessions are remembered, want %d", size, n)
	}
	return (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / int64(n)
}

func BenchmarkSessionHit(b *testing.B) {
	c := benchClient(b, wideProfile(b), core.SessionConfig{})
	token := fill(b, c, 1)[0]
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Session(ctx, token); err != nil {
			b.Fatal(err)
		}
	}
}

// Run with -cpu 1,2 to see how hits scale.
func BenchmarkSessionHitParallel(b *testing.B) {
	c := benchClient(b, wideProfile(b), core.SessionConfig{})
	tokens := fill(b, c, 10_000)
	ctx := context.Background()
	var start atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := int(start.Add(3571))
		for pb.Next() {
			if _, err := c.Session(ctx, tokens[i%len(tokens)]); err != nil {
				b.Error(err)
				return
			}
			i++
		}
	})
}

func BenchmarkSessionMiss(b *testing.B) {
	c := benchClient(b, wideProfile(b), core.SessionConfig{})
	ctx := context.Background()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := c.Session(ctx, tokenN(i)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSessionMemory(b *testing.B) {
	per := bytesPerSession(b, 100_000)
	for b.Loop() {
	}
	b.ReportMetric(float64(per), "B/session")
}
