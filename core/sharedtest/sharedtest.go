// Package sharedtest tests implementations of [core.SharedStore], and has one in
// memory for tests of programs that use it.
//
// An implementation calls [Run] from a test of its own:
//
//	func TestStore(t *testing.T) {
//		sharedtest.Run(t, func(t *testing.T) (first, second core.SharedStore) {
//			s := newEmptyStore(t)
//			return s.connect(), s.connect()
//		})
//	}
package sharedtest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Run tests a store against the contract of [core.SharedStore], and of
// [core.SharedLimiter] if it implements that. open returns two handles on one empty
// store, as two replicas have; they may be equal. Run calls it once for each part of
// the kit, and never in parallel. The whole takes a few seconds of real time, because
// a store has a clock of its own.
func Run(t *testing.T, open func(t *testing.T) (first, second core.SharedStore)) {
	t.Helper()
	for _, part := range []struct {
		name string
		run  func(*testing.T, core.SharedStore, core.SharedStore)
	}{
		{"values", testValues},
		{"expiry", testExpiry},
		{"time", testTime},
		{"claim", testClaim},
		{"claim/parallel", testClaimInParallel},
		{"marks", testMarks},
		{"marks/expiry", testMarksExpire},
		{"announce/floor", testFloor},
		{"announce/parallel", testAnnounceInParallel},
		{"follow", testFollow},
		{"follow/live", testFollowLive},
		{"bad input", testBadInput},
		{"context", testContext},
		{"limiter", testLimiter},
		{"limiter/parallel", testLimiterInParallel},
	} {
		t.Run(part.name, func(t *testing.T) {
			first, second := open(t)
			part.run(t, first, second)
		})
	}
}

// patience bounds what the kit waits for.
const patience = 10 * time.Second

// callContext bounds one call, far above what a store needs.
func callContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// eventually repeats a check until it holds.
func eventually(t *testing.T, what string, check func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !check(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not after %v", what, patience)
		}
	}
}

func load(t *testing.T, s core.SharedStore, key string) ([]byte, int64) {
	t.Helper()
	value, now, err := s.Load(callContext(t), key)
	if err != nil {
		t.Fatalf("Load(%q): %v", key, err)
	}
	return value, now
}

func wantValue(t *testing.T, s core.SharedStore, key string, want []byte) {
	t.Helper()
	if got, _ := load(t, s, key); !bytes.Equal(got, want) {
		t.Fatalf("Load(%q) returned %d bytes %.40q, want %d bytes %.40q", key, len(got), got, len(want), want)
	}
}

func save(t *testing.T, s core.SharedStore, key string, value []byte, ttl time.Duration) {
	t.Helper()
	if err := s.Save(callContext(t), key, value, ttl); err != nil {
		t.Fatalf("Save(%q): %v", key, err)
	}
}

func claim(t *testing.T, s core.SharedStore, key string, value []byte, ttl time.Duration) []byte {
	t.Helper()
	held, err := s.Claim(callContext(t), key, value, ttl)
	if err != nil {
		t.Fatalf("Claim(%q): %v", key, err)
	}
	return held
}

func announce(t *testing.T, s core.SharedStore, marks []string, event string, floor int64, ttl time.Duration) int64 {
	t.Helper()
	at, err := s.Announce(callContext(t), marks, []byte(event), floor, ttl)
	if err != nil {
		t.Fatalf("Announce: %v", err)
	}
	return at
}

func marks(t *testing.T, s core.SharedStore, keys ...string) []int64 {
	t.Helper()
	at, err := s.Marks(callContext(t), keys)
	if err != nil {
		t.Fatalf("Marks: %v", err)
	}
	if len(at) != len(keys) {
		t.Fatalf("Marks returned %d times for %d keys", len(at), len(keys))
	}
	return at
}

func testValues(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	wantValue(t, a, "missing", nil)
	binary := make([]byte, 64<<10)
	for i := range binary {
		binary[i] = byte(i * 7)
	}
	for i, value := range [][]byte{[]byte("x"), {0}, []byte("a\r\nb\x00\xff"), binary} {
		key := fmt.Sprintf("value-%d_%s", i, strings.Repeat("k", 40))
		save(t, a, key, value, time.Minute)
		wantValue(t, b, key, value)
	}
	given := []byte("before")
	save(t, a, "own", given, time.Minute)
	copy(given, "change")
	got, _ := load(t, a, "own")
	copy(got, "change")
	wantValue(t, a, "own", []byte("before"))
	save(t, b, "own", []byte("after"), time.Minute)
	wantValue(t, a, "own", []byte("after"))
	wantValue(t, a, "OWN", nil) // keys are compared byte by byte
}

func testExpiry(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	save(t, a, "short", []byte("x"), 300*time.Millisecond)
	save(t, a, "long", []byte("x"), time.Hour)
	save(t, a, "replaced", []byte("x"), 300*time.Millisecond)
	save(t, b, "replaced", []byte("y"), time.Hour)
	save(t, a, "hastened", []byte("x"), time.Hour)
	save(t, b, "hastened", []byte("y"), 300*time.Millisecond)
	start := time.Now()
	for _, key := range []string{"short", "hastened"} {
		eventually(t, "expiry of "+key, func() bool {
			value, _ := load(t, b, key)
			return value == nil
		})
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("a value with a ttl of 300 ms was there for %v", took)
	}
	wantValue(t, a, "long", []byte("x"))
	wantValue(t, a, "replaced", []byte("y"))
}

// The store's time is about ours, is told for missing keys too, and never goes back.
func testTime(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	save(t, a, "k", []byte("x"), time.Minute)
	var last int64
	for i := range 50 {
		s, key := a, "k"
		if i%2 == 1 {
			s, key = b, "missing"
		}
		_, now := load(t, s, key)
		if now < last {
			t.Fatalf("the store's time went back by %d µs", last-now)
		}
		last = now
		if i%10 == 9 {
			at := announce(t, s, nil, "e", 0, time.Minute)
			if at < last {
				t.Fatalf("Announce returned a time %d µs before that of a Load", last-at)
			}
			last = at
		}
	}
	if away := time.Since(time.UnixMicro(last)).Abs(); away > 24*time.Hour {
		t.Errorf("the store's time is %v away from ours: is it in microseconds since 1970?", away)
	}
}

func testBadInput(t *testing.T, a, _ core.SharedStore) {
	t.Helper()
	ctx := callContext(t)
	value := []byte("x")
	for name, call := range map[string]func() error{
		"Save without key":     func() error { return a.Save(ctx, "", value, time.Minute) },
		"Save without value":   func() error { return a.Save(ctx, "k", nil, time.Minute) },
		"Save without ttl":     func() error { return a.Save(ctx, "k", value, 0) },
		"Save, negative ttl":   func() error { return a.Save(ctx, "k", value, -time.Second) },
		"Claim without key":    func() error { _, err := a.Claim(ctx, "", value, time.Minute); return err },
		"Claim without value":  func() error { _, err := a.Claim(ctx, "k", nil, time.Minute); return err },
		"Claim without ttl":    func() error { _, err := a.Claim(ctx, "k", value, 0); return err },
		"Announce, no event":   func() error { _, err := a.Announce(ctx, []string{"m"}, nil, 0, time.Minute); return err },
		"Announce without ttl": func() error { _, err := a.Announce(ctx, []string{"m"}, value, 0, 0); return err },
		"Announce, empty mark": func() error { _, err := a.Announce(ctx, []string{"m", ""}, value, 0, time.Minute); return err },
	} {
		if call() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	wantValue(t, a, "k", nil)
	if at := marks(t, a, "m"); at[0] != 0 {
		t.Errorf("a refused Announce set a mark")
	}
	if at := marks(t, a); len(at) != 0 {
		t.Errorf("Marks without keys returned %v", at)
	}
}

// A call with a context that is done is an error, and does nothing.
func testContext(t *testing.T, a, _ core.SharedStore) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := a.Load(ctx, "k"); err == nil {
		t.Error("Load with a cancelled context: no error")
	}
	if err := a.Save(ctx, "k", []byte("x"), time.Minute); err == nil {
		t.Error("Save with a cancelled context: no error")
	}
	if _, err := a.Claim(ctx, "k", []byte("x"), time.Minute); err == nil {
		t.Error("Claim with a cancelled context: no error")
	}
	if _, err := a.Marks(ctx, []string{"m"}); err == nil {
		t.Error("Marks with a cancelled context: no error")
	}
	if _, err := a.Announce(ctx, []string{"m"}, []byte("e"), 0, time.Minute); err == nil {
		t.Error("Announce with a cancelled context: no error")
	}
	if err := a.Follow(ctx, 0, func(int64, []byte) { t.Error("Follow with a cancelled context called do") }); err == nil {
		t.Error("Follow with a cancelled context: no error")
	}
	if l, ok := a.(core.SharedLimiter); ok {
		if _, err := l.Take(ctx, "k", 1, 1, 1); err == nil {
			t.Error("Take with a cancelled context: no error")
		}
	}
	wantValue(t, a, "k", nil)
	if at := marks(t, a, "m"); at[0] != 0 {
		t.Error("Announce with a cancelled context set a mark")
	}
}
