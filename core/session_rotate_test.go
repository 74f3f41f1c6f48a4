package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// rotator answers refreshes: each token works once.
type rotator struct {
	mu    sync.Mutex
	calls int
	used  map[string]bool
	fail  int // status to fail with
}

func (o *rotator) serve(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasSuffix(r.URL.Path, "/access_token/refresh") {
		return false
	}
	token := r.URL.Query().Get("refresh_token")
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	w.Header().Set("Content-Type", "application/json")
	switch {
	case o.fail != 0:
		w.WriteHeader(o.fail)
	case o.used[token] || strings.HasPrefix(token, "bad"):
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"ErrorCode": int(core.CodeRefreshTokenInvalid)})
	default:
		o.used[token] = true
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "access-of-" + token, "refresh_token": "after-" + token, "expires_in": "2026-01-15T22:00:00Z"})
	}
	return true
}

func (o *rotator) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.calls
}

func newRotator(t *testing.T) (*fakeService, *rotator, *core.Client) {
	t.Helper()
	f, o := newFakeService(t), &rotator{used: map[string]bool{}}
	f.setFault(o.serve)
	return f, o, f.client(t)
}

func TestRotateUsesATokenOnce(t *testing.T) {
	f, o, client := newRotator(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			got, err := client.Rotate(context.Background(), "first")
			if err != nil || got.AccessToken != "access-of-first" || got.RefreshToken != "after-first" {
				t.Errorf("Rotate: %v", err)
			}
		})
	}
	wg.Wait()
	f.clock.Advance(24 * time.Hour) // the answer was lost
	if got, err := client.Rotate(context.Background(), "first"); err != nil || got.AccessToken != "access-of-first" {
		t.Errorf("after a lost answer: %v", err)
	}
	client.ConfirmRotation("another")
	client.ConfirmRotation("access-of-first")
	f.clock.Advance(29 * time.Second) // a request that was sent before the answer came
	client.ConfirmRotation("access-of-first")
	got, err := client.Rotate(context.Background(), "first")
	if err != nil || got.AccessToken != "access-of-first" {
		t.Errorf("within the grace: %v", err)
	}
	got.AccessToken = "changed" // is the caller's own
	if got, _ = client.Rotate(context.Background(), "first"); got.AccessToken != "access-of-first" {
		t.Errorf("one caller changed what another gets: %s", got.AccessToken)
	}
	if n := o.count(); n != 1 {
		t.Errorf("the token was used %d times", n)
	}
	f.clock.Advance(2 * time.Second)
	if _, err := client.Rotate(context.Background(), "first"); !errors.Is(err, core.ErrInvalidRefreshToken) || o.count() != 2 {
		t.Errorf("after the grace: %v, %d calls", err, o.count())
	}
}

func TestRotateSurvivesACallerThatLeaves(t *testing.T) {
	f, o, client := newRotator(t)
	resume := f.pause()
	ctx, leave := context.WithCancel(context.Background())
	failed := make(chan error, 1)
	go func() {
		_, err := client.Rotate(ctx, "first")
		failed <- err
	}()
	<-f.arrived // the question is out
	leave()
	if err := <-failed; !errors.Is(err, core.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that left: %v", err)
	}
	resume()
	got, err := client.Rotate(context.Background(), "first")
	if err != nil || got.RefreshToken != "after-first" || o.count() != 1 {
		t.Errorf("the next one: %v after %d calls", err, o.count())
	}
}

func TestRotateFailures(t *testing.T) {
	f, o, client := newRotator(t)
	ctx := context.Background()
	for range 3 {
		if _, err := client.Rotate(ctx, "bad-one"); !errors.Is(err, core.ErrInvalidRefreshToken) {
			t.Errorf("a dead token: %v", err)
		}
	}
	if n := o.count(); n != 1 {
		t.Errorf("a dead token was asked about %d times", n)
	}
	f.clock.Advance(time.Minute)
	if _, _ = client.Rotate(ctx, "bad-one"); o.count() != 2 {
		t.Errorf("a refusal is remembered for ever")
	}
	for _, junk := range []string{"", "a b", "a\x00", strings.Repeat("a", 9000), "00000000-0000-0000-0000-000000000000"} {
		if _, err := client.Rotate(ctx, junk); !errors.Is(err, core.ErrInvalidRefreshToken) || o.count() != 2 {
			t.Errorf("junk: %v, %d calls", err, o.count())
		}
	}
	o.mu.Lock()
	o.fail = http.StatusBadGateway
	o.mu.Unlock()
	if _, err := client.Rotate(ctx, "good"); !errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrInvalidRefreshToken) {
		t.Errorf("in an outage: %v", err)
	}
	o.mu.Lock()
	o.fail = 0
	o.mu.Unlock()
	if _, err := client.Rotate(ctx, "good"); err != nil {
		t.Errorf("after an outage: %v", err)
	}
	_ = client.Close()
	if _, err := client.Rotate(ctx, "other"); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("after Close: %v", err)
	}
}

// A logout gets what has become of a refresh token, also of one that is being used,
// and the old token is no way to it any more.
func TestForgetRotation(t *testing.T) {
	f, o, client := newRotator(t)
	ctx := context.Background()
	if got, err := client.ForgetRotation(ctx, "first"); got != nil || err != nil {
		t.Errorf("of a token that was not used: %v %v", got, err)
	}
	resume := f.pause()
	rotated := make(chan error, 1)
	go func() {
		_, err := client.Rotate(ctx, "first")
		rotated <- err
	}()
	<-f.arrived
	gone, leave := context.WithCancel(ctx)
	leave()
	if got, err := client.ForgetRotation(gone, "first"); got != nil || !errors.Is(err, core.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("for a caller that left: %v %v", got, err)
	}
	type result struct {
		tokens *core.Tokens
		err    error
	}
	forgotten := make(chan result, 1)
	go func() {
		got, err := client.ForgetRotation(ctx, "first")
		forgotten <- result{got, err}
	}()
	resume()
	if err := <-rotated; err != nil {
		t.Errorf("Rotate: %v", err)
	}
	if got := <-forgotten; got.err != nil || got.tokens == nil || got.tokens.RefreshToken != "after-first" {
		t.Errorf("of a token that is being used: %+v", got)
	}
	if _, err := client.Rotate(ctx, "first"); !errors.Is(err, core.ErrInvalidRefreshToken) || o.count() != 2 {
		t.Errorf("the old token after that: %v, %d calls", err, o.count())
	}
	if got, err := client.ForgetRotation(ctx, "first"); got != nil || err != nil {
		t.Errorf("of a token that was refused: %v %v", got, err)
	}
}
