package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// With the profile, a session has roles, and a blocked account is refused.
func TestVerifierWithProfile(t *testing.T) {
	srv, client := federated(t)
	v := &testVerifier{expires: srv.Now().Add(time.Hour)}
	v.iat.Store(srv.Now().Unix())
	uid, err := srv.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true, Roles: []string{"admin"}})
	if err != nil {
		t.Fatal(err)
	}
	full := client.VerifierWithProfile(v)
	for range 3 {
		s, err := client.VerifiedSession(t.Context(), "jwt."+uid+".1", full)
		if err != nil || !s.HasRole("admin") || s.Email() != "grace@example.com" || !s.HasScope("read") || s.UID() != uid {
			t.Fatalf("%v, %v", s, err)
		}
	}
	if n := len(srv.Requests()); n != 1 {
		t.Errorf("%d calls", n)
	}
	if _, err := client.VerifiedSession(t.Context(), "jwt.nobody.1", full); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("an account that is gone: %v", err)
	}
	srv.Inject(emulator.ServerError(http.StatusInternalServerError).On("get_account_profile_by_uid"))
	if _, err := client.VerifiedSession(t.Context(), "jwt."+uid+".2", full); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("outage: %v", err)
	}
	srv.ClearFaults()
	if _, err := client.Account.Update(t.Context(), core.UpdateAccountRequest{UID: uid, Extra: map[string]any{"IsActive": false}}); err != nil {
		t.Fatal(err)
	}
	v.iat.Store(srv.Now().Unix() + 1) // issued after the change, so that the account decides
	if _, err := client.VerifiedSession(t.Context(), "jwt."+uid+".3", full); !errors.Is(err, core.ErrAccountBlocked) {
		t.Errorf("a blocked account: %v", err)
	}
}

func TestAnyVerifier(t *testing.T) {
	srv, client := federated(t)
	good := &testVerifier{expires: srv.Now().Add(time.Hour)}
	good.iat.Store(srv.Now().Unix())
	refuses, down := &stubVerifier{fmt.Errorf("not mine: %w", core.ErrInvalidToken)}, &stubVerifier{core.ErrUnavailable}
	for name, c := range map[string]struct {
		any  core.TokenVerifier
		want error
	}{
		"the second":                        {core.AnyVerifier(refuses, good), nil},
		"the second, with the first down":   {core.AnyVerifier(down, good), nil},
		"none":                              {core.AnyVerifier(refuses, refuses), core.ErrInvalidToken},
		"none, and one that could not tell": {core.AnyVerifier(down, refuses), core.ErrUnavailable},
		"one":                               {core.AnyVerifier(good), nil},
		"no verifier":                       {core.AnyVerifier(), core.ErrInvalidToken},
	} {
		if c.any.Accepts("opaque") || name != "no verifier" && !c.any.Accepts("jwt.a.1") {
			t.Errorf("%s accepts the wrong tokens", name)
		}
		if _, err := client.VerifiedSession(t.Context(), "jwt.ada.1", c.any); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A stubVerifier says the same of every token like "jwt.…".
type stubVerifier struct{ err error }

func (v *stubVerifier) Accepts(token string) bool { return len(token) > 4 && token[:4] == "jwt." }

func (v *stubVerifier) Verify(context.Context, string) (*core.VerifiedToken, error) {
	return nil, v.err
}
