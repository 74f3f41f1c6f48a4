package sessions

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// rotations counts uses: a refresh token works once.
type refresher struct {
	mu    sync.Mutex
	used  map[string]bool
	uses  int // that succeeded
	calls int
	delay time.Duration
	fail  atomic.Bool
}

func (r *refresher) rotate(token string) Rotated {
	time.Sleep(r.delay)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	switch {
	case r.fail.Load():
		return Rotated{Outcome: Unavailable, Err: errDown}
	case r.used[token]:
		return Rotated{Outcome: Refused, Err: errRefused}
	}
	r.used[token] = true
	r.uses++
	return Rotated{Outcome: Valid, Tokens: "access-" + token, Access: "access-" + token, Refresh: "next-" + token}
}

func rotating(t *testing.T, f func(t *testing.T, up *refresher, store *memoryStore, replicas []*Cache[*user])) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		service, store := newFakeService(), newMemoryStore()
		up := &refresher{used: map[string]bool{}, delay: 100 * time.Millisecond}
		service.rotate = up.rotate
		var replicas []*Cache[*user]
		for range 3 {
			replicas = append(replicas, service.replica(store))
			defer replicas[len(replicas)-1].Close()
		}
		f(t, up, store, replicas)
	})
}

// Parallel tabs on three replicas use each refresh token once, and all get its new tokens.
func TestSharedRotation(t *testing.T) {
	rotating(t, func(t *testing.T, up *refresher, _ *memoryStore, replicas []*Cache[*user]) {
		var wg sync.WaitGroup
		for n := range 20 {
			for i := range 9 {
				wg.Go(func() {
					r, err := replicas[i%3].Rotate(context.Background(), fmt.Sprint("token", n))
					if err != nil || r.Access != fmt.Sprint("access-token", n) {
						t.Errorf("token %d on replica %d: %+v, %v", n, i%3, r, err)
					}
				})
			}
		}
		wg.Wait()
		if up.uses != 20 {
			t.Errorf("%d uses of 20 tokens", up.uses)
		}
		time.Sleep(5 * time.Minute) // the answer was lost, and the browser comes to another replica
		if r, err := replicas[1].Rotate(context.Background(), "token3"); err != nil || r.Access != "access-token3" {
			t.Errorf("later: %+v, %v", r, err)
		}
	})
}

// A replica that saw another's claim and then lost the store does not use the token, and
// does not call the session over.
func TestSharedRotationWithoutTheStore(t *testing.T) {
	rotating(t, func(t *testing.T, up *refresher, store *memoryStore, replicas []*Cache[*user]) {
		first := make(chan Rotated, 1)
		go func() { r, _ := replicas[0].Rotate(context.Background(), "token"); first <- r }()
		time.Sleep(10 * time.Millisecond)
		second := make(chan Rotated, 1)
		go func() { r, _ := replicas[1].Rotate(context.Background(), "token"); second <- r }()
		time.Sleep(30 * time.Millisecond) // it has seen the claim
		store.set(func(m *memoryStore) { m.down = true })
		if r := <-first; r.Outcome != Valid {
			t.Errorf("the one that claimed it: %+v", r)
		}
		if r := <-second; r.Outcome != Unavailable {
			t.Errorf("the one that saw the claim: %+v", r)
		}
		if up.uses != 1 {
			t.Errorf("%d uses", up.uses)
		}
		store.set(func(m *memoryStore) { m.down = false })
		time.Sleep(3 * time.Second)
		if r, err := replicas[1].Rotate(context.Background(), "token"); err != nil || r.Outcome != Valid {
			t.Errorf("after the store came back: %+v, %v", r, err)
		}
	})
}

// A failed use frees the claim; a refused one is looked up before it is believed.
func TestSharedRotationFailures(t *testing.T) {
	rotating(t, func(t *testing.T, up *refresher, store *memoryStore, replicas []*Cache[*user]) {
		up.fail.Store(true)
		if r, _ := replicas[0].Rotate(context.Background(), "token"); !errors.Is(r.Err, errDown) {
			t.Errorf("in an outage: %+v", r)
		}
		up.fail.Store(false)
		if r, _ := replicas[1].Rotate(context.Background(), "token"); r.Outcome != Valid {
			t.Errorf("after it: %+v", r)
		}
		if r, _ := replicas[2].Rotate(context.Background(), "never issued, used"); r.Outcome != Valid {
			t.Errorf("%+v", r)
		}
		store.set(func(m *memoryStore) { clear(m.values) }) // flushed
		if r, _ := replicas[2].Rotate(context.Background(), "token"); r.Outcome != Refused {
			t.Errorf("a used token: %+v", r)
		}
	})
}

// A claim ends with a use that brought no tokens, so that no other replica waits for
// them. Only the own claim does.
func TestSharedRotationEndsItsClaim(t *testing.T) {
	for name, change := range map[string]func(*refresher){
		"refused": func(up *refresher) { up.used["token"] = true },
		"failed":  func(up *refresher) { up.fail.Store(true) },
	} {
		t.Run(name, func(t *testing.T) {
			rotating(t, func(t *testing.T, up *refresher, store *memoryStore, replicas []*Cache[*user]) {
				change(up)
				_, _ = replicas[0].Rotate(context.Background(), "token")
				time.Sleep(time.Second)
				start := time.Now()
				if r, _ := replicas[1].Rotate(context.Background(), "token"); up.calls != 2 {
					t.Errorf("the second replica does not ask: %+v", r)
				}
				if took := time.Since(start); took > time.Second {
					t.Errorf("the second replica waited %v", took)
				}
				claim := replicas[2].shared.seal.key("c", keyString("token"))
				other := []byte{pendingClaim, 'x'}
				store.set(func(m *memoryStore) { m.values[claim] = other })
				replicas[2].shared.endClaim(claim, []byte{pendingClaim, 'y'})
				store.set(func(m *memoryStore) {
					if string(m.values[claim]) != string(other) {
						t.Errorf("another replica's claim became %q", m.values[claim])
					}
				})
			})
		})
	}
}

// A logout finds the tokens that another replica has just made of the refresh token, also
// while that one still waits for them.
func TestSharedRotationIsForgotten(t *testing.T) {
	rotating(t, func(t *testing.T, up *refresher, store *memoryStore, replicas []*Cache[*user]) {
		ctx := context.Background()
		if _, ok, err := replicas[1].ForgetRotation(ctx, "token"); ok || err != nil {
			t.Errorf("before any use: %v, %v", ok, err)
		}
		go func() { _, _ = replicas[0].Rotate(ctx, "token") }()
		time.Sleep(10 * time.Millisecond)
		r, ok, err := replicas[1].ForgetRotation(ctx, "token")
		if err != nil || !ok || r.Access != "access-token" {
			t.Errorf("what another replica is making: %+v, %v, %v", r, ok, err)
		}
		if _, err := replicas[0].Rotate(ctx, "next-token"); err != nil {
			t.Error(err)
		}
		if r, ok, err := replicas[2].ForgetRotation(ctx, "next-token"); err != nil || !ok || r.Access != "access-next-token" {
			t.Errorf("what another replica has made: %+v, %v, %v", r, ok, err)
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		go func() { _, _ = replicas[0].Rotate(ctx, "third") }()
		time.Sleep(10 * time.Millisecond)
		if _, ok, err := replicas[1].ForgetRotation(gone, "third"); ok || err == nil {
			t.Errorf("a caller that has left: %v, %v", ok, err)
		}
		time.Sleep(time.Second)
		store.set(func(m *memoryStore) { m.down = true })
		if _, ok, err := replicas[2].ForgetRotation(ctx, "third"); ok || err != nil {
			t.Errorf("without a store: %v, %v", ok, err)
		}
	})
}
