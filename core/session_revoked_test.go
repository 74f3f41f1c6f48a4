package core_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// A token that was never asked for is revoked as well as one that is remembered: by itself
// and by its identifier, until it ends.
func TestForgetRevokesUnknownVerifiedTokens(t *testing.T) {
	ctx := context.Background()
	f := newFakeService(t)
	c := f.client(t)
	v := &testVerifier{expires: f.clock.Now().Add(72 * time.Hour)}
	v.iat.Store(f.clock.Now().Unix())
	ask := func(token string) error {
		_, err := c.VerifiedSession(ctx, token, v)
		return err
	}
	if err := ask("jwt.bob.1"); err != nil {
		t.Fatal(err)
	}
	c.Forget("jwt.ada.1")
	for range 4 {
		for _, token := range []string{"jwt.ada.1", "jwt.ada.1.another-signature"} {
			if err := ask(token); !errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("%s: %v", token, err)
			}
		}
		for _, token := range []string{"jwt.ada.2", "jwt.bob.1"} { // another token, and the same name of another account
			if err := ask(token); err != nil {
				t.Errorf("%s: %v", token, err)
			}
		}
		f.clock.Advance(17 * time.Hour)
	}
}

// What is remembered under another signature goes too.
func TestForgetDropsOtherSpellings(t *testing.T) {
	ctx := context.Background()
	f := newFakeService(t)
	c := f.client(t)
	v := &testVerifier{expires: f.clock.Now().Add(time.Hour)}
	for _, token := range []string{"jwt.ada.1", "jwt.ada.1.another-signature", "jwt.ada.2"} {
		if _, err := c.VerifiedSession(ctx, token, v); err != nil {
			t.Fatal(err)
		}
	}
	c.Forget("jwt.ada.1.another-signature")
	if _, err := c.VerifiedSession(ctx, "jwt.ada.1", v); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("the other spelling: %v", err)
	}
	if _, err := c.VerifiedSession(ctx, "jwt.ada.2", v); err != nil {
		t.Errorf("another token: %v", err)
	}
}

// A lifeStore notes how long announcements are to live.
type lifeStore struct {
	*sharedtest.Memory

	mu    sync.Mutex
	lives map[string]time.Duration // by the kind of the mark
}

func (s *lifeStore) Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (int64, error) {
	s.mu.Lock()
	for _, m := range marks {
		kind, _, _ := strings.Cut(m, ":")
		s.lives[kind] = ttl
	}
	s.mu.Unlock()
	return s.Memory.Announce(ctx, marks, event, floor, ttl)
}

// Strangers cannot have tokens announced that they made up, and a revocation lives as long
// as the token that it is about.
func TestRevocationsOfVerifiedTokensAreBounded(t *testing.T) {
	ctx := context.Background()
	f := newFakeService(t)
	store := &lifeStore{Memory: sharedtest.NewMemory(), lives: map[string]time.Duration{}}
	c := f.client(t, func(cfg *core.Config) { cfg.Shared, cfg.Clock = store, nil })
	v := &testVerifier{expires: time.Now().Add(30 * 24 * time.Hour)}
	v.iat.Store(time.Now().Unix())
	if _, err := c.VerifiedSession(ctx, "jwt.bob.1", v); err != nil {
		t.Fatal(err)
	}
	c.Forget("jwt.bad.1")
	if n := len(store.lives); n != 1 { // the mark of the token itself
		t.Errorf("%d marks for a forged token: %v", n, store.lives)
	}
	c.Forget("jwt.ada.1")
	c.ForgetUser("ada")
	for kind, want := range map[string]time.Duration{"T": 30 * 24 * time.Hour, "j": 30 * 24 * time.Hour, "U": 90 * 24 * time.Hour} {
		if got := store.lives[kind]; got < want || got > want+time.Hour {
			t.Errorf("%s lives %v, want %v", kind, got, want)
		}
	}
	v.expires = time.Now().Add(365 * 24 * time.Hour)
	if _, err := c.VerifiedSession(ctx, "jwt.eve.1", v); err != nil {
		t.Fatal(err)
	}
	c.ForgetUser("eve")
	if got, want := store.lives["U"], 364*24*time.Hour; got < want {
		t.Errorf("an account with longer tokens: %v, want %v", got, want)
	}
}

// A webhook that tells when something happened revokes what was issued until then. A copy of
// it that comes later ends nothing that began in between, on no replica.
func TestWebhookRevokesAsOfItsTime(t *testing.T) {
	ctx := context.Background()
	f := newFakeService(t)
	store := sharedtest.NewMemory()
	replica := func() *core.Client {
		return f.client(t, func(cfg *core.Config) { cfg.Shared, cfg.Clock = store, nil })
	}
	now := time.Now()
	v := &testVerifier{expires: now.Add(time.Hour)}
	issue := func(at time.Time) { v.iat.Store(at.Unix()) }
	ask := func(c *core.Client, token string) error {
		_, err := c.VerifiedSession(ctx, token, v)
		return err
	}
	a, b := replica(), replica()
	for _, c := range []*core.Client{a, b} {
		issue(now.Add(-time.Hour))
		if err := ask(c, "jwt.ada.old"); err != nil {
			t.Fatal(err)
		}
	}
	event := &core.WebhookEvent{Name: "changepassword", UID: "ada", Time: now.Add(-30 * time.Minute)}
	for round := range 2 {
		if round == 1 { // the newest time counts
			older := *event
			older.Time = now.Add(-2 * time.Hour)
			a.ApplyWebhook(&older)
		}
		a.ApplyWebhook(event)
		late := replica()
		for name, c := range map[string]*core.Client{"this replica": a, "the other": b, "a later one": late} {
			issue(now.Add(-time.Hour))
			for end := time.Now().Add(5 * time.Second); !errors.Is(ask(c, "jwt.ada.old"), core.ErrInvalidToken); time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("%s accepts a token from before the event", name)
				}
			}
			issue(now.Add(-time.Minute))
			if err := ask(c, "jwt.ada.new"); err != nil {
				t.Errorf("%s refuses a token from after the event: %v", name, err)
			}
		}
	}
	// Without a time, or with one in the future, it counts as of now.
	for name, at := range map[string]time.Time{"no time": {}, "the future": now.Add(time.Hour)} {
		a.ApplyWebhook(&core.WebhookEvent{Name: "changepassword", UID: "ada", Time: at})
		if err := ask(a, "jwt.ada.new"); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
