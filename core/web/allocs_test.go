//go:build !race

package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A known user passes the guard without an allocation. The race detector allocates
// on its own, so this is for runs without it.
func TestGuardAllocsNothing(t *testing.T) {
	lr, err := emulator.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true, Roles: []string{"admin"}})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	bearer := httptest.NewRequest(http.MethodGet, "/", nil)
	bearer.Header.Set("Authorization", "Bearer "+token)
	header := httptest.NewRequest(http.MethodGet, "/", nil)
	header.Header.Set("X-Token", token)
	anonymous := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, c := range []struct {
		name  string
		guard *web.Guard
		r     *http.Request
		uid   string
	}{
		{"plain", web.RequireLogin(client), bearer, uid},
		{"with checks", web.RequireLogin(client, web.RequireRole("admin"), web.RequireVerifiedEmail()), bearer, uid},
		{"in cookie mode", web.RequireLogin(client, web.Cookies()), bearer, uid},
		{"own header", web.RequireLogin(client, web.TokensFrom(web.TokenHeader("X-Token"))), header, uid},
		{"anonymous, optional", web.OptionalLogin(client), anonymous, ""},
	} {
		check := func() {
			s, refusal := c.guard.Check(web.HTTPView(c.r))
			if refusal != nil || s.UID() != c.uid {
				t.Fatalf("%s: the guard lets %v pass, refusal %v", c.name, s, refusal)
			}
		}
		check()
		if n := testing.AllocsPerRun(1000, check); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}
