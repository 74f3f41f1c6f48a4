package core_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

func TestTokenFromContext(t *testing.T) {
	s := &core.Session{}
	ctx := core.ContextWithLogin(context.Background(), s, "secret-token")
	if core.SessionFromContext(ctx) != s || core.TokenFromContext(ctx) != "secret-token" {
		t.Error("the context lost its session or its token")
	}
	r := core.RequestWithLogin(httptest.NewRequest("GET", "/", nil), s, "secret-token")
	if core.SessionFromContext(r.Context()) != s || core.TokenFromContext(r.Context()) != "secret-token" {
		t.Error("the request lost its session or its token")
	}
	for name, none := range map[string]context.Context{
		"no session":      context.Background(),
		"session alone":   core.ContextWithSession(context.Background(), s),
		"another session": core.ContextWithSession(ctx, s), // its token is not known
	} {
		if got := core.TokenFromContext(none); got != "" {
			t.Errorf("%s: a token", name)
		}
	}
	type key struct{}
	type holder struct {
		Shown  context.Context
		hidden context.Context
	}
	for _, printed := range []any{ctx, context.WithValue(ctx, key{}, 1), r.Context(), r, *r, holder{ctx, ctx}, &holder{ctx, ctx}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
			if text := fmt.Sprintf(verb, printed); strings.Contains(text, "secret-token") {
				t.Errorf("%s prints the token: %s", verb, text)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { _ = core.TokenFromContext(ctx) }); n != 0 {
		t.Errorf("TokenFromContext allocates %v times", n)
	}
}
