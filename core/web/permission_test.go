package web_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// The permissions of a user are those that the site's roles grant.
func TestRequirePermission(t *testing.T) {
	lr := emulator.StartT(t)
	cfg := lr.Config()
	cfg.Sessions.Permissions, cfg.Sessions.RoleContexts = true, true
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, err := client.Role.Create(t.Context(), []core.RoleDefinition{{Name: "editor", Permissions: map[string]bool{"orders.write": true, "orders.delete": false}}}); err != nil {
		t.Fatal(err)
	}
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true, Roles: []string{"editor"}})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Role.SetContexts(t.Context(), core.RoleContextsRequest{UID: uid, Contexts: []core.RoleContext{
		{Context: "shop", Roles: []string{"editor"}, AdditionalPermissions: []string{"refund"}},
		{Context: "closed", Roles: []string{"editor"}, Expiration: core.Time{Time: lr.Now().Add(time.Hour)}},
	}}); err != nil {
		t.Fatal(err)
	}
	ask := func(client *core.Client, opts ...web.GuardOption) int {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		a := web.RequireLogin(client, append(opts, web.Logger(quiet()))...).Admit(web.HTTPView(r))
		if a.Refusal == nil {
			return 200
		}
		return a.Refusal.Status
	}
	for name, tt := range map[string]struct {
		opts   []web.GuardOption
		status int
	}{
		"granted":                 {[]web.GuardOption{web.RequirePermission("orders.write")}, 200},
		"one of two":              {[]web.GuardOption{web.RequirePermission("other", "orders.write")}, 200},
		"not granted":             {[]web.GuardOption{web.RequirePermission("orders.delete")}, 403},
		"case counts":             {[]web.GuardOption{web.RequirePermission("Orders.Write")}, 403},
		"in a context, by role":   {[]web.GuardOption{web.RequirePermissionIn("shop", "orders.write")}, 200},
		"in a context, by itself": {[]web.GuardOption{web.RequirePermissionIn("shop", "refund")}, 200},
		"in another context":      {[]web.GuardOption{web.RequirePermissionIn("closed", "refund")}, 403},
		"before its end":          {[]web.GuardOption{web.RequirePermissionIn("closed", "orders.write")}, 200},
		"not everywhere":          {[]web.GuardOption{web.RequirePermission("refund")}, 403},
		"no context":              {[]web.GuardOption{web.RequirePermissionIn("", "refund")}, 500},
		"none named":              {[]web.GuardOption{web.RequirePermission()}, 500},
	} {
		if status := ask(client, tt.opts...); status != tt.status {
			t.Errorf("%s: %d, want %d", name, status, tt.status)
		}
	}
	lr.Advance(2 * time.Hour)
	if token, _, err = lr.IssueTokens(uid); err != nil {
		t.Fatal(err)
	}
	if status := ask(client, web.RequirePermissionIn("closed", "orders.write")); status != 403 {
		t.Errorf("after the end of the context: %d", status)
	}
	without, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer without.Close()
	for _, option := range []web.GuardOption{web.RequirePermission("orders.write"), web.RequirePermissionIn("shop", "refund")} {
		if status := ask(without, option); status != 500 {
			t.Errorf("a client that does not resolve permissions: %d", status)
		}
	}
}
