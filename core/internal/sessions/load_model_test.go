package sessions

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

type addressKey struct{}

// TestLoadModel runs users, logins, ends elsewhere and floods of made-up tokens against a
// small budget and a service that answers, and compares every outcome with the rules: no
// session outlives its end by more than TTL, no user is refused because of another's end, nothing
// is called an outage, a token that was issued to us gets in, and no request waits long.
func TestLoadModel(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(6) {
		synctest.Test(t, func(t *testing.T) { loadModel(t, seed, counts) })
	}
	for _, kind := range []string{"ok", "ended", "junk", "junk limited", "issued"} {
		if counts[kind] < 50 {
			t.Errorf("only %d outcomes are %q: this test tests little", counts[kind], kind)
		}
	}
	t.Logf("outcomes %v", counts)
}

func loadModel(t *testing.T, seed uint64, counts map[string]int) {
	const users, ttl, latency = 100, 2 * time.Minute, 50 * time.Millisecond
	random := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a test
	var mu sync.Mutex
	ended := map[string]time.Time{}
	c := newFakeService().replica(nil, func(cfg *Config[*user]) {
		cfg.Rate, cfg.Concurrency, cfg.NegativeCapacity = 5, 8, 1000
		cfg.Address = func(ctx context.Context) string { a, _ := ctx.Value(addressKey{}).(string); return a }
		cfg.Fetch = func(_ context.Context, q *Question[*user]) Answer[*user] {
			mu.Lock()
			_, over := ended[q.Token]
			mu.Unlock()
			time.Sleep(latency)
			if over || strings.HasPrefix(q.Token, "junk") {
				return Answer[*user]{Outcome: Refused, Err: errRefused}
			}
			expiry := time.Now().Add(24 * time.Hour)
			return Answer[*user]{Outcome: Valid, Session: &user{uid: q.Token, expiry: expiry}, UID: q.Token, Expiry: expiry, ExpiryKnown: true, Size: 100}
		}
	})
	defer c.Close()
	ask := func(kind, token, address string) {
		began := time.Now()
		u, err := c.Get(context.WithValue(context.Background(), addressKey{}, address), token)
		var f *Failure
		limited := errors.As(err, &f) && f.Reason == Limited
		mu.Lock()
		defer mu.Unlock()
		at, over := ended[token]
		switch {
		case err == nil && (kind == "junk" || u.uid != token):
			t.Errorf("seed %d: %s got the session of %v", seed, token, u)
		case err == nil && over && began.Sub(at) > ttl:
			t.Errorf("seed %d: %s goes on %v after its end", seed, token, began.Sub(at))
		case err == nil:
			counts["ok"]++
		case errors.Is(err, errRefused) && !over && kind != "junk":
			t.Errorf("seed %d: %s is refused", seed, token)
		case errors.Is(err, errRefused) && kind == "junk":
			counts["junk"]++
		case errors.Is(err, errRefused):
			counts["ended"]++
		case !limited:
			t.Errorf("seed %d: %s: %v", seed, token, err)
		case kind == "issued":
			t.Errorf("seed %d: a token that was issued to us is kept waiting: %v", seed, err)
		default:
			counts[kind+" limited"]++
		}
		if kind == "issued" {
			counts["issued"]++
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("seed %d: %s waits %v", seed, token, took)
		}
	}
	var all sync.WaitGroup
	for step := range 1200 { // of half a second
		flood := step/240%2 == 1
		for range 4 {
			token := fmt.Sprintf("user-%d", random.IntN(users))
			all.Go(func() { ask("user", token, "198.51.100."+token[5:]) })
		}
		switch op := random.IntN(10); {
		case op == 0:
			mu.Lock()
			if token := fmt.Sprintf("user-%d", random.IntN(users)); ended[token].IsZero() {
				ended[token] = time.Now()
			}
			mu.Unlock()
		case op == 1:
			token := fmt.Sprintf("issued-%d", step)
			c.Trust(token, time.Now().Add(time.Hour))
			all.Go(func() { ask("issued", token, "203.0.113.9") })
		}
		if flood {
			for i := range 5 {
				token := fmt.Sprintf("junk-%d-%d", step, i)
				all.Go(func() { ask("junk", token, "192.0.2.66") })
			}
		}
		time.Sleep(time.Second / 2)
		if c.Stats().Degraded {
			t.Fatalf("seed %d: our own limit is taken for an outage", seed)
		}
	}
	all.Wait()
}
