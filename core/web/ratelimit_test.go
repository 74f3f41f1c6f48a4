package web_test

import (
	"context"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// However a name is spelled, and whatever else is sent, attempts at one account count
// as such.
func TestAttemptNamesTheAccount(t *testing.T) {
	var asked []string
	s := newSite(t, "/auth", []web.RouteOption{web.RateLimit(func(_ context.Context, a web.Attempt) error {
		asked = append(asked, a.Account)
		return nil
	})})
	for _, body := range []string{
		`{"email":"ada@example.com","password":"x"}`, `{"email":" ADA@example.com\t","password":"x"}`,
	} {
		s.json("POST", "/auth/login", body)
	}
	s.json("POST", "/auth/register", `{"email":"ada@example.com","password":"correct horse","username":"another","phone":"+14155550100"}`)
	for i, account := range asked {
		if account != "ada@example.com" {
			t.Errorf("attempt %d counts for %q", i, account)
		}
	}
}
