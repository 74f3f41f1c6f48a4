package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// A testVerifier accepts tokens like "jwt.UID.jti" that were issued at iat.
type testVerifier struct {
	calls   atomic.Int64
	iat     atomic.Int64
	expires time.Time
	err     error
}

func (v *testVerifier) Accepts(token string) bool { return strings.HasPrefix(token, "jwt.") }

func (v *testVerifier) Verify(_ context.Context, token string) (*core.VerifiedToken, error) {
	v.calls.Add(1)
	parts := strings.Split(token, ".")
	if v.err != nil || len(parts) < 3 || parts[1] == "bad" {
		return nil, errors.Join(v.err, fmt.Errorf("forged: %w", core.ErrInvalidToken))
	}
	claims, err := json.Marshal(map[string]any{"sub": parts[1], "iat": v.iat.Load(), "email": parts[1] + "@example.com", "email_verified": true})
	return &core.VerifiedToken{UID: parts[1], ID: parts[2], ExpiresAt: v.expires, Scopes: []string{"read"}, Claims: claims}, err
}

func TestVerifiedSession(t *testing.T) {
	ctx := context.Background()
	f := newFakeService(t)
	c := f.client(t)
	v := &testVerifier{expires: f.clock.Now().Add(time.Hour)}
	v.iat.Store(f.clock.Now().Unix())
	f.clock.Advance(10 * time.Second)
	for range 5 {
		s, err := c.VerifiedSession(ctx, "jwt.ada.1", v)
		if err != nil {
			t.Fatal(err)
		}
		if s.UID() != "ada" || !s.HasScope("read") || s.HasScope("write") || s.Email() != "ada@example.com" || !s.EmailVerified() || len(s.Claims()) == 0 || s.Profile().UID != "ada" {
			t.Errorf("%v %v %s", s, s.Scopes(), s.Claims())
		}
	}
	if n := v.calls.Load(); n != 1 {
		t.Errorf("verified %d times", n)
	}
	// What one verifier accepted is nothing to another, and nothing to LoginRadius.
	other := &testVerifier{err: errors.New("not mine")}
	if _, err := c.VerifiedSession(ctx, "jwt.ada.1", other); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("another verifier: %v", err)
	}
	if _, err := c.Session(ctx, "jwt.ada.1"); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("as an opaque token: %v", err)
	}
	if _, err := c.VerifiedSession(ctx, "jwt.ada.1", nil); !errors.Is(err, core.ErrInvalidArgument) {
		t.Errorf("without a verifier: %v", err)
	}
	if _, err := c.VerifiedSession(ctx, "jwt.bad.1", v); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("a forged token: %v", err)
	}
	// Revoked by itself, by its identifier, and by its account.
	mustVerified := func(token string) {
		t.Helper()
		if _, err := c.VerifiedSession(ctx, token, v); err != nil {
			t.Errorf("%s: %v", token, err)
		}
	}
	mustRefuse := func(token string) {
		t.Helper()
		f.clock.Advance(time.Minute) // not from what is remembered of refusals
		if _, err := c.VerifiedSession(ctx, token, v); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: %v, want ErrInvalidToken", token, err)
		}
	}
	c.Forget("jwt.ada.1")
	mustRefuse("jwt.ada.1")
	mustRefuse("jwt.ada.1.another-spelling")
	mustVerified("jwt.ada.2")
	mustVerified("jwt.bob.3")
	c.ForgetUser("ada")
	mustRefuse("jwt.ada.2")
	mustRefuse("jwt.ada.4")
	mustVerified("jwt.bob.3")
	v.iat.Store(f.clock.Now().Unix()) // logged in again
	mustVerified("jwt.ada.5")
	// What changes about an account is no reason to log its user out.
	c.UncacheUser("bob")
	c.ApplyWebhook(&core.WebhookEvent{Name: "updateprofile", UID: "bob"})
	mustVerified("jwt.bob.3")
	c.ApplyWebhook(&core.WebhookEvent{Name: "blockaccount", UID: "bob"})
	mustRefuse("jwt.bob.3")
	f.clock.Advance(time.Hour)
	mustRefuse("jwt.ada.5") // over
}

// Revocations of tokens that are checked locally reach all replicas, also those that start
// later.
func TestVerifiedSessionOnReplicas(t *testing.T) {
	ctx := context.Background()
	store := sharedtest.NewMemory()
	f := newFakeService(t)
	replica := func() *core.Client {
		return f.client(t, func(cfg *core.Config) { cfg.Shared, cfg.Clock = store, nil })
	}
	v := &testVerifier{expires: time.Now().Add(time.Hour)}
	v.iat.Store(time.Now().Add(-time.Minute).Unix())
	a, b := replica(), replica()
	for _, c := range []*core.Client{a, b} {
		for _, token := range []string{"jwt.ada.1", "jwt.bob.2"} {
			if _, err := c.VerifiedSession(ctx, token, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	a.Forget("jwt.ada.1")
	a.ForgetUser("bob")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		_, errA := b.VerifiedSession(ctx, "jwt.ada.1", v)
		_, errB := b.VerifiedSession(ctx, "jwt.bob.2", v)
		if errors.Is(errA, core.ErrInvalidToken) && errors.Is(errB, core.ErrInvalidToken) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the other replica: %v, %v", errA, errB)
		}
	}
	late := replica()
	for _, token := range []string{"jwt.ada.1", "jwt.bob.2"} {
		if _, err := late.VerifiedSession(ctx, token, v); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("a replica that started later: %s: %v", token, err)
		}
	}
}

func TestVerifiedSessionHitAllocatesNothing(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t, func(cfg *core.Config) { cfg.Clock = nil })
	v := &testVerifier{expires: time.Now().Add(time.Hour)}
	ctx := context.Background()
	if n := testing.AllocsPerRun(100, func() {
		if s, err := c.VerifiedSession(ctx, "jwt.ada.1", v); err != nil || s.UID() != "ada" {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

func BenchmarkVerifiedSessionHit(b *testing.B) {
	c := benchClient(b, wideProfile(b), core.SessionConfig{})
	v := &testVerifier{expires: time.Now().Add(time.Hour)}
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.VerifiedSession(ctx, "jwt.ada.1-00000000-0000-4000", v); err != nil {
			b.Fatal(err)
		}
	}
}
