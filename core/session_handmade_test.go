package core_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestSessionForTest(t *testing.T) {
	p := core.Profile{
		UID: "u1", Email: []core.Email{{Type: "Secondary", Value: "b@example.com"}, {Type: "Primary", Value: "a@example.com"}},
		EmailVerified: true, Roles: []string{"admin"}, Password: "a hash",
	}
	s := core.SessionForTest(p, "write", "read")
	p.Roles[0] = "changed later"
	if s.UID() != "u1" || s.Email() != "a@example.com" || !s.EmailVerified() || !s.HasRole("admin") || !s.ExpiresAt().IsZero() {
		t.Errorf("%v %s %v", s, s.Email(), s.Roles())
	}
	if got := fmt.Sprint(s.Permissions()); got != "[read write]" || !s.HasPermission("read") || s.HasPermission("delete") {
		t.Errorf("permissions %s", got)
	}
	if got := s.Profile(); got.Password != "" || got.UID != "u1" || len(got.Email) != 2 {
		t.Errorf("the profile %v holds the password: %v", got, got.Password != "")
	}
	if core.SessionFromContext(core.ContextWithSession(context.Background(), s)) != s {
		t.Error("the context does not carry it")
	}
	if strings.Contains(fmt.Sprintf("%+v", s), "a@example.com") {
		t.Error("it prints the address")
	}
	if s := core.SessionForTest(core.Profile{}); s.UID() != "" {
		t.Errorf("no account: %q", s.UID())
	}
}
