package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// A number that waits for its code is known to all replicas with a shared store, which
// sees it sealed, and to the one that changed it without.
func TestPendingPhoneOfReplicas(t *testing.T) {
	lr := emulator.StartT(t)
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	store := &watchedStore{Memory: sharedtest.NewMemory()}
	var replicas []string
	for range 2 {
		cfg := lr.Config()
		cfg.Shared = store
		client, err := core.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		mux := http.NewServeMux()
		if err := nethttp.Mount(mux, "", client); err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(mux)
		t.Cleanup(srv.Close)
		replicas = append(replicas, srv.URL)
	}
	call := func(want int, replica int, method, path, body string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, replicas[replica]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s %s on replica %d: %d, want %d", method, path, replica, res.StatusCode, want)
		}
	}
	sentTo := func() string {
		m, ok := lr.LastMail("phoneverification", "")
		if !ok {
			return ""
		}
		return m.To
	}
	call(422, 1, "POST", "/phone/verify/resend", "{}") // there is none yet
	call(202, 0, "PUT", "/me/phone", `{"phone":"+14155550101"}`)
	call(202, 1, "POST", "/phone/verify/resend", "{}")
	if to := sentTo(); to != "+14155550101" {
		t.Errorf("the code went to %q", to)
	}
	call(202, 1, "PUT", "/me/phone", `{"phone":"+14155550102"}`) // the latest counts, wherever it was named
	call(202, 0, "POST", "/phone/verify/resend", "{}")
	if to := sentTo(); to != "+14155550102" {
		t.Errorf("the code went to %q", to)
	}
	if seen := fmt.Sprintf("%s", store.saved); strings.Contains(seen, "415555") || strings.Contains(seen, uid) || !strings.Contains(seen, "enrolling:") {
		t.Errorf("the store sees %s", seen)
	}
	store.Fail(errors.New("down"))
	call(202, 1, "POST", "/phone/verify/resend", "{}") // its own
}
