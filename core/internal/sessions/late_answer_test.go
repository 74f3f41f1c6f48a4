package sessions

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A slowService answers at first without an expiry, as when the budget was short, and holds
// questions about the expiry alone.
func slowService(end time.Duration) (fetch Fetch[*user], release chan struct{}) {
	release = make(chan struct{})
	began, serial := time.Now(), 0
	return func(_ context.Context, q *Question[*user]) Answer[*user] {
		if !q.AskSession {
			<-release
			expiry := began.Add(end)
			known := *q.Known
			known.expiry = expiry
			return Answer[*user]{Outcome: Valid, Session: &known, UID: known.uid, Expiry: expiry, ExpiryKnown: true, Size: 100}
		}
		if time.Since(began) > end {
			return Answer[*user]{Outcome: Refused, Err: errRefused}
		}
		serial++
		return Answer[*user]{Outcome: Valid, Session: &user{"ada", serial, time.Time{}}, UID: "ada", Size: 100}
	}, release
}

// A request that comes after the belief in an answer is over does not go by that answer,
// although a fetch is under way: that one only asks when the token ends.
func TestExpiryAloneIsNoNewAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetch, release := slowService(time.Hour)
		c := newFakeService().replica(nil, func(cfg *Config[*user]) {
			cfg.Fetch, cfg.TTL, cfg.MaxTTL, cfg.RefreshAfter, cfg.UnknownExpiryTTL = fetch, 4*time.Second, 4*time.Second, 2*time.Second, 4*time.Second
		})
		defer c.Close()
		ctx := t.Context()
		get := func() *user {
			u, err := c.Get(ctx, "token")
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		get()
		time.Sleep(1900 * time.Millisecond)
		if get(); c.Stats().Refreshes != 1 {
			t.Fatal("the expiry is not asked for")
		}
		time.Sleep(2600 * time.Millisecond)
		go func() {
			time.Sleep(time.Second / 2)
			close(release)
		}()
		if u := get(); u.serial != 2 {
			t.Errorf("after TTL the answer is number %d", u.serial)
		}
	})
}

// An end that becomes known when it has passed counts.
func TestExpiryLearnedTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fetch, release := slowService(45 * time.Second)
		c := newFakeService().replica(nil, func(cfg *Config[*user]) { cfg.Fetch = fetch })
		defer c.Close()
		ctx := t.Context()
		for _, pause := range []time.Duration{0, 40 * time.Second} {
			time.Sleep(pause)
			if _, err := c.Get(ctx, "token"); err != nil {
				t.Fatal(err)
			}
		}
		if c.Stats().Refreshes != 1 {
			t.Fatal("the expiry is not asked for")
		}
		time.Sleep(6 * time.Second)
		close(release)
		synctest.Wait()
		if _, err := c.Get(ctx, "token"); !errors.Is(err, errRefused) {
			t.Errorf("past its end: %v", err)
		}
	})
}

// A token that was forgotten, or that belongs to a forgotten account, while an operation issued
// it again is asked about, and an older answer does not replace a later one.
func TestAdoptOfWhatWasForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeService()
		c := f.replica(nil)
		defer c.Close()
		ctx := t.Context()
		old := Answer[*user]{Outcome: Valid, Session: &user{"ada", -1, time.Time{}}, UID: "ada", Expiry: time.Now().Add(time.Hour), ExpiryKnown: true}
		began := c.Begin()
		time.Sleep(time.Second)
		if u, err := c.Get(ctx, "token"); err != nil || u.serial != 1 {
			t.Fatal(u, err)
		}
		c.Adopt(began, "token", old)
		if u, err := c.Get(ctx, "token"); err != nil || u.serial != 1 {
			t.Error("an older answer replaced a later one", u, err)
		}
		for name, forget := range map[string]func(){"token": func() { c.Forget("token") }, "other": func() { c.ForgetUser("ada") }} {
			began = c.Begin()
			forget()
			f.set(name, true)
			c.Adopt(began, name, old)
			if _, err := c.Get(ctx, name); !errors.Is(err, errRefused) {
				t.Errorf("%s, forgotten meanwhile: %v", name, err)
			}
		}
	})
}
