package core_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// scripted runs f in a bubble of fake time with a client that is answered
// by rt, which is told the token and whether the profile is asked for.
func scripted(t *testing.T, sessions core.SessionConfig, rt func(r *http.Request, token string, isProfile bool) (status int, body string), f func(*testing.T, *core.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Sessions: sessions, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			status, body := rt(r, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), strings.HasSuffix(r.URL.Path, "/auth/account"))
			if status == 0 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		f(t, c)
	})
}

// asAda answers for a good token of ada's.
func asAda(isProfile bool) (int, string) {
	if isProfile {
		return 200, `{"Uid":"ada"}`
	}
	return 200, `{"access_token":"x","expires_in":"86400"}`
}

// A service that hangs holds the requests of three known users for a moment. Then it
// counts as degraded: all others go on at once, and LoginRadius is tried in the background
// until it answers again.
func TestSessionHangingServiceHoldsFewUsers(t *testing.T) {
	var hangs, ended atomic.Bool
	var calls atomic.Int64
	rt := func(_ *http.Request, token string, isProfile bool) (int, string) {
		calls.Add(1)
		switch {
		case hangs.Load():
			return 0, ""
		case ended.Load():
			return 403, `{"ErrorCode":905}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
		const users = 50
		for i := range users {
			mustSession(t, c, tokenN(i), "ada")
		}
		time.Sleep(5 * time.Minute)
		hangs.Store(true)
		for i := range 3 {
			if c.Stats().Degraded {
				t.Errorf("degraded after %d sessions", i)
			}
			for n := range 2 {
				start := time.Now()
				mustSession(t, c, tokenN(i), "ada")
				if took := time.Since(start); took > 3*time.Second || n > 0 && took != 0 {
					t.Errorf("request %d of user %d waited %v", n, i, took)
				}
			}
		}
		if !c.Stats().Degraded {
			t.Error("not degraded after three sessions")
		}
		calls.Store(0)
		for range 300 { // five minutes of an outage
			for i := range users {
				start := time.Now()
				mustSession(t, c, tokenN(i), "ada")
				if took := time.Since(start); took != 0 {
					t.Fatalf("a request waited %v in the middle of an outage", took)
				}
			}
			time.Sleep(time.Second)
		}
		if n := calls.Load(); n > 4*300 || n < 100 {
			t.Errorf("LoginRadius was tried %d times in five minutes", n)
		}

		hangs.Store(false)
		ended.Store(true)
		mustSession(t, c, tokenN(0), "ada") // starts the try that finds out
		time.Sleep(15 * time.Second)        // what hangs has given up
		_, _ = c.Session(context.Background(), tokenN(0))
		synctest.Wait()
		for i := range users {
			if s, err := c.Session(context.Background(), tokenN(i)); !errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("after the outage: %v, %v; want ErrInvalidToken", s, err)
			}
		}
	})
}

// A stranger with made-up tokens that upset a firewall cannot keep the end of other
// people's sessions from being noticed.
func TestSessionStrangersDegradeNothing(t *testing.T) {
	var ended atomic.Bool
	rt := func(_ *http.Request, token string, isProfile bool) (int, string) {
		switch {
		case strings.HasPrefix(token, "<script>"):
			return 403, "<html>blocked</html>"
		case ended.Load():
			return 403, `{"ErrorCode":905}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
		mustSession(t, c, good, "ada")
		ended.Store(true)
		time.Sleep(2 * time.Minute) // the TTL
		if _, err := c.Session(context.Background(), "<script>"); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("what the firewall refused: %v", err)
		}
		if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("the ended session: %v, want ErrInvalidToken", err)
		}
	})
}

// In a flood that never ends, the whole budget is used, known sessions are asked for
// regularly without a wait, and a new login gets in after a few tries.
func TestSessionFloodLeavesRoom(t *testing.T) {
	var validate, profile, known atomic.Int64
	rt := func(_ *http.Request, token string, isProfile bool) (int, string) {
		time.Sleep(200 * time.Millisecond) // so that the bound on calls at once is felt, too
		if strings.HasPrefix(token, "junk") {
			if isProfile {
				profile.Add(1)
			} else {
				validate.Add(1)
			}
			return 403, `{"ErrorCode":905}`
		}
		if token == good {
			known.Add(1)
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{UpstreamRate: 20, UpstreamConcurrency: 4, RefreshAfter: 10 * time.Second}, rt, func(t *testing.T, c *core.Client) {
		mustSession(t, c, good, "ada")
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		defer wg.Wait()
		defer stop()
		for w := range 60 { // more than fit into the queue
			wg.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					if s, _ := c.Session(ctx, fmt.Sprintf("junk-%d-%d", w, i)); s != nil {
						t.Error("junk was let in")
					}
					time.Sleep(100 * time.Millisecond)
				}
			})
		}
		time.Sleep(10 * time.Second)
		known.Store(0)
		for range 12 {
			start := time.Now()
			mustSession(t, c, good, "ada")
			if took := time.Since(start); took != 0 {
				t.Errorf("a known session waited %v", took)
			}
			time.Sleep(5 * time.Second)
		}
		if n := known.Load(); n < 4 {
			t.Errorf("%d calls about a known session in a minute, want one every ten to fifteen seconds", n)
		}
		for tries := 1; ; tries++ {
			s, err := c.Session(ctx, "new-login")
			if err == nil && s.UID() == "ada" {
				break
			}
			if !errors.Is(err, core.ErrUnavailable) || tries == 1000 { // every try has a chance of about one in thirty
				t.Errorf("the new login after %d tries: %v, %v", tries, s, err)
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		stop()
		time.Sleep(time.Minute) // until what was under way has landed
		if v, p := validate.Load(), profile.Load(); v+p < 1000 || v > p/10 {
			t.Errorf("%d validate and %d profile calls about junk: too few, or expiries that can wait", v, p)
		}
	})
}

// However many questions about strangers are under way, known sessions get theirs.
func TestSessionStrangersDoNotTakeAllFetches(t *testing.T) {
	var ended atomic.Bool
	rt := func(_ *http.Request, token string, isProfile bool) (int, string) {
		switch {
		case strings.HasPrefix(token, "junk"):
			return 0, ""
		case ended.Load():
			return 403, `{"ErrorCode":905}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{UpstreamRate: 1e6, UpstreamConcurrency: 1000}, rt, func(t *testing.T, c *core.Client) {
		mustSession(t, c, good, "ada")
		time.Sleep(119 * time.Second)
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		for i := range 5000 {
			_, _ = c.Session(gone, fmt.Sprint("junk", i))
		}
		synctest.Wait()
		if _, err := c.Session(gone, "junk"); errors.Is(err, context.Canceled) {
			t.Error("there is no bound on questions about strangers: this test tests nothing")
		}
		time.Sleep(time.Second)
		ended.Store(true)
		if s, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("a known session that ended: %v, %v; want ErrInvalidToken", s, err)
		}
	})
}

// Who asks about an account that may be deleted any moment gets an answer to a question
// that was asked after he came, although questions are shared.
func TestSessionRecheckedCallersAreNotServedOlderAnswers(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t)
	mustSession(t, c, good, "ada")
	c.RecheckUser("ada")
	resume := f.pause()
	early := make(chan error, 1)
	go func() { _, err := c.Session(context.Background(), good); early <- err }()
	f.asked(2)                        // while the account is there
	f.set(good, fakeToken{code: 905}) // confirmed elsewhere
	late := make(chan error, 1)
	go func() { _, err := c.Session(context.Background(), good); late <- err }()
	for c.Stats().Coalesced == 0 {
		time.Sleep(time.Millisecond)
	}
	resume()
	if err := <-early; err != nil {
		t.Errorf("who asked before the deletion: %v", err)
	}
	if err := <-late; !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("who asked after the deletion: %v, want ErrInvalidToken", err)
	}
}

// LoginRadius says when to come back, and is left alone until then.
func TestSessionDegradedHonoursRetryAfter(t *testing.T) {
	var calls atomic.Int64
	var limited atomic.Bool
	synctest.Test(t, func(t *testing.T) {
		c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			calls.Add(1)
			if limited.Load() {
				return respond(429, "Too many requests", http.Header{"Retry-After": {"30"}}), nil
			}
			_, body := asAda(strings.HasSuffix(r.URL.Path, "/auth/account"))
			return respond(200, body, nil), nil
		})}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		mustSession(t, c, good, "ada")
		time.Sleep(5 * time.Minute)
		limited.Store(true)
		mustSession(t, c, good, "ada") // stale
		synctest.Wait()
		calls.Store(0)
		for range 29 {
			time.Sleep(time.Second)
			mustSession(t, c, good, "ada")
		}
		if n := calls.Load(); n != 0 {
			t.Errorf("%d calls although LoginRadius asked for 30 seconds of peace", n)
		}
		limited.Store(false)
		time.Sleep(time.Second)
		mustSession(t, c, good, "ada")
		synctest.Wait()
		if n := calls.Load(); n != 1 {
			t.Errorf("%d calls after it, want one refresh", n)
		}
	})
}

// Deleting by address forgets the account that has it as any of its addresses, even if it is
// being asked for right now.
func TestSessionDeletedByEmail(t *testing.T) {
	ctx := context.Background()
	two := map[string]any{"Email": []map[string]string{{"Type": "Primary", "Value": "ada@example.com"}, {"Type": "Work", "Value": "Ada@Work.example"}}}
	f := newFakeService(t)
	c := f.client(t)
	f.set(tokenN(1), fakeToken{uid: "ada", extra: two})
	f.set(tokenN(2), fakeToken{uid: "bob"})
	f.set(tokenN(3), fakeToken{uid: "ann", extra: two}) // another account with the same addresses
	mustSession(t, c, tokenN(1), "ada")
	mustSession(t, c, tokenN(2), "bob")
	f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && answer(200, "application/json", `{"IsDeleted":true,"RecordsDeleted":1}`)(w, r)
	})
	resume := f.pause()
	early := make(chan error, 1)
	go func() { _, err := c.Session(ctx, tokenN(3)); early <- err }()
	f.asked(2)
	f.set(tokenN(1), fakeToken{code: 905})
	f.set(tokenN(3), fakeToken{code: 905})
	f.atOnce(func() {
		if _, err := c.Account.DeleteByEmail(ctx, "ada@work.example"); err != nil {
			t.Fatal(err)
		}
	})
	resume()
	<-early
	for _, n := range []int{1, 3} {
		if _, err := c.Session(ctx, tokenN(n)); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("token %d of the deleted account: %v, want ErrInvalidToken", n, err)
		}
	}
	_, before := f.calls()
	mustSession(t, c, tokenN(2), "bob")
	if _, after := f.calls(); after != before {
		t.Error("another account was forgotten")
	}
	_, _ = c.Account.DeleteByEmail(ctx, "")
	mustSession(t, c, tokenN(2), "bob")
	if _, after := f.calls(); after != before {
		t.Error("deleting no address forgets an account")
	}
}

// Deleting is followed up even if the answer is lost or the caller has left.
func TestSessionDeletionIsFollowedUp(t *testing.T) {
	ctx := context.Background()
	del := func(c *core.Client) error {
		return c.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{AccessToken: good})
	}
	for name, tt := range map[string]struct {
		answer  func(http.ResponseWriter, *http.Request) bool
		recheck bool
	}{
		"accepted":        {answer(200, "application/json", `{"IsDeleteRequestAccepted":true}`), true},
		"the answer lost": {outage["connection reset"], true},
		"refused":         {answer(403, "application/json", `{"ErrorCode":1122}`), false},
	} {
		for _, cached := range []bool{true, false} {
			if !cached && name == "the answer lost" {
				continue // its account is unknown
			}
			t.Run(fmt.Sprintf("%s, cached %v", name, cached), func(t *testing.T) {
				f := newFakeService(t)
				f.set(good, fakeToken{uid: "ada"})
				c := f.client(t)
				if cached {
					mustSession(t, c, good, "ada")
				}
				f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
					return r.Method == http.MethodDelete && tt.answer(w, r)
				})
				_ = del(c)
				mustSession(t, c, good, "ada")
				_, before := f.calls()
				mustSession(t, c, good, "ada")
				if _, after := f.calls(); after != before != tt.recheck {
					t.Errorf("asked again: %v, want %v", after != before, tt.recheck)
				}
			})
		}
	}
	t.Run("confirmed here while a question is under way", func(t *testing.T) {
		f := newFakeService(t)
		f.set(good, fakeToken{uid: "ada"})
		c := f.client(t)
		c.RecheckUser("ada")
		resume := f.pause()
		go func() { _, _ = c.Session(ctx, good) }()
		f.asked(2)
		f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/account/delete") {
				return false
			}
			f.set(good, fakeToken{code: 905})
			return answer(200, "application/json", `{"IsPosted":true}`)(w, r)
		})
		f.atOnce(func() {
			if err := c.Authentication.ConfirmDeleteAccount(ctx, "token"); err != nil {
				t.Error(err)
			}
		})
		late := make(chan error, 1)
		go func() { _, err := c.Session(ctx, good); late <- err }()
		for c.Stats().Coalesced == 0 {
			time.Sleep(time.Millisecond)
		}
		resume()
		if err := <-late; !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%v, want ErrInvalidToken", err)
		}
	})
}
