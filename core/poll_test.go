package core_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// pollClient answers each ping with the next of the given bodies, and then with the
// last of them.
func pollClient(t *testing.T, calls *atomic.Int32, answers ...string) *core.Client {
	t.Helper()
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		i := int(calls.Add(1)) - 1
		return respond(403, answers[min(i, len(answers)-1)], nil), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	pending   = `{"ErrorCode":1139,"Message":"not verified"}`
	delivered = `{"access_token":"t","Profile":{"Uid":"u"}}`
)

func TestWaitPollsUntilTheLinkIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			switch calls.Add(1) {
			case 1, 3:
				return respond(403, pending, nil), nil
			case 2:
				return respond(503, "<html>", nil), nil // no reason to give up
			}
			return respond(200, delivered, nil), nil
		})}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		start := time.Now()
		res, err := c.SmartLogin.Wait(t.Context(), core.PingRequest{ClientGUID: "g"}, core.Poll{Interval: 10 * time.Second})
		if err != nil || res.AccessToken != "t" || calls.Load() != 4 {
			t.Fatalf("%v, %v after %d calls", res, err, calls.Load())
		}
		if took := time.Since(start); took < 24*time.Second || took > 36*time.Second {
			t.Errorf("three pauses of about 10 s took %v", took)
		}
	})
}

func TestWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		c := pollClient(t, &calls, pending)
		defer c.Close()
		start := time.Now()
		_, err := c.OneTouch.Wait(t.Context(), core.PingRequest{ClientGUID: "g"}, core.Poll{})
		if !errors.Is(err, core.ErrPending) || time.Since(start) != 5*time.Minute {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if n := calls.Load(); n < 50 || n > 76 {
			t.Errorf("%d calls in five minutes", n)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		start = time.Now()
		_, err = c.OneTouch.Wait(ctx, core.PingRequest{ClientGUID: "g"}, core.Poll{})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 12*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

// Anything that waiting cannot change ends the polling at once.
func TestWaitEndsOnARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		c := pollClient(t, &calls, pending, `{"ErrorCode":1137,"Message":"used"}`)
		defer c.Close()
		if _, err := c.SmartLogin.Wait(t.Context(), core.PingRequest{ClientGUID: "g"}, core.Poll{}); !errors.Is(err, core.ErrAlreadyUsed) || calls.Load() != 2 {
			t.Errorf("%v after %d calls", err, calls.Load())
		}
		if _, err := c.SmartLogin.Wait(t.Context(), core.PingRequest{}, core.Poll{}); !errors.Is(err, core.ErrMissingArgument) {
			t.Errorf("without a GUID: %v", err)
		}
	})
}
