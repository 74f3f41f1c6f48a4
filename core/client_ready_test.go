package core_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// However many probe, LoginRadius is asked once in five seconds.
func TestReadyAsksSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		var down atomic.Bool
		client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			calls.Add(1)
			select {
			case <-time.After(100 * time.Millisecond):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			if down.Load() {
				return respond(403, `{"ErrorCode":901}`, nil), nil
			}
			return respond(200, `{"Sott":"x","ExpiryTime":"2100-01-01T00:00:00Z"}`, nil), nil
		})}})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		probes := func(n int, want error) {
			t.Helper()
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() {
					if err := client.Ready(t.Context()); !errors.Is(err, want) {
						t.Errorf("Ready: %v, want %v", err, want)
					}
				})
			}
			wg.Wait()
		}
		wantCalls := func(want int64) {
			t.Helper()
			if got := calls.Load(); got != want {
				t.Errorf("%d calls, want %d", got, want)
			}
		}
		gaveUp, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := client.Ready(gaveUp); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("a probe that gave up: %v", err)
		}
		wantCalls(1)
		probes(20, nil) // the answer that the first one did not wait for is not theirs
		wantCalls(2)
		down.Store(true)
		time.Sleep(4 * time.Second)
		probes(20, nil)
		wantCalls(2)
		time.Sleep(2 * time.Second)
		probes(20, core.ErrAPICredentials)
		wantCalls(3)
		down.Store(false)
		if err := client.SetCredentials("key", "another-secret"); err != nil {
			t.Fatal(err)
		}
		probes(20, nil)
		wantCalls(4)
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
		if err := client.Ready(t.Context()); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("after Close: %v", err)
		}
	})
}
