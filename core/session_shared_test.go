package core_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// goodTokens answers that every token is good.
var goodTokens = roundTripper(func(r *http.Request) (*http.Response, error) {
	body := `{"access_token":"x","expires_in":"86400"}`
	if strings.HasSuffix(r.URL.Path, "/auth/account") {
		body = `{"Uid":"ada"}`
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
})

// A store that fails is said once a minute, with the reason, and counted; it costs no
// user anything.
func TestFailingStoreIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := sharedtest.NewMemory()
		var out bytes.Buffer
		client, err := core.New(core.Config{
			APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: goodTokens}, Shared: store,
			Logger: slog.New(slog.NewTextHandler(&out, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		said := func() int {
			synctest.Wait()
			return strings.Count(out.String(), "the shared store fails")
		}
		check := func(token string) {
			t.Helper()
			if _, err := client.Session(context.Background(), token); err != nil {
				t.Errorf("%s: %v", token, err)
			}
		}
		check("before")
		if n := said(); n != 0 || client.Stats().SharedErrors != 0 {
			t.Errorf("said %d times while the store works", n)
		}
		store.Fail(errors.New("out of memory"))
		for i := range 50 { // within a minute
			check(tokenN(i))
			time.Sleep(time.Second)
		}
		if n := said(); n != 1 || !strings.Contains(out.String(), "out of memory") {
			t.Errorf("said %d times in a minute:\n%s", n, out.String())
		}
		if n := client.Stats().SharedErrors; n < 20 {
			t.Errorf("the metrics count %d failures", n)
		}
		time.Sleep(20 * time.Second)
		check("later")
		if n := said(); n != 2 {
			t.Errorf("said %d times in the second minute", n)
		}
		store.Fail(nil)
		time.Sleep(2 * time.Second)
		errorsSoFar, saves := client.Stats().SharedErrors, client.Stats().SharedSaves
		check("recovered")
		synctest.Wait()
		if s := client.Stats(); s.SharedErrors != errorsSoFar || s.SharedSaves != saves+1 {
			t.Errorf("after the store came back: %+v", s)
		}
	})
}

// Unusable settings are refused at the start, by name.
func TestUnusableSharing(t *testing.T) {
	for want, change := range map[string]func(*core.Config){
		"SharedSecret":       func(c *core.Config) { c.SharedSecret = bytes.Repeat([]byte("x"), 31) },
		"Shared: no address": func(c *core.Config) { c.Shared = checkedStore{c.Shared, errors.New("no address")} },
	} {
		cfg := core.Config{APIKey: "key", APISecret: "secret", Shared: sharedtest.NewMemory()}
		change(&cfg)
		client, err := core.New(cfg)
		name, text, _ := strings.Cut(want, ": ")
		var bad *core.ConfigError
		if !errors.As(err, &bad) || bad.Field != name || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", want, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}

type checkedStore struct {
	core.SharedStore
	err error
}

func (s checkedStore) Check() error { return s.err }
