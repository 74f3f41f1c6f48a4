package emulator_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The hosted page plays the provider and goes back with a token that can be
// exchanged once; looking at it changes nothing.
func TestHostedLogin(t *testing.T) {
	e := emulator.New()
	ask := func(method string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/auth.aspx?"+form.Encode(), nil)
		if method == http.MethodPost {
			r = httptest.NewRequest(method, "/auth.aspx", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return w
	}
	form := url.Values{"action": {"login"}, "provider": {"google"}, "return_url": {"http://app.example.com/back?state=s"}, "email": {"ada@example.com"}}
	if w := ask("GET", form); w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self' http://app.example.com") {
		t.Errorf("the page: %d %v", w.Code, w.Header())
	}
	w := ask("POST", form)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || to.Host != "app.example.com" || to.Query().Get("state") != "s" || to.Query().Get("token") == "" {
		t.Fatalf("it leads to %v: %d %v", to, w.Code, err)
	}
	srv := httptest.NewServer(e)
	defer srv.Close()
	client, err := core.New(core.Config{APIKey: e.APIKey(), APISecret: e.APISecret(), BaseURL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	tokens, err := client.Social.ExchangeToken(t.Context(), to.Query().Get("token"))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := client.Session(t.Context(), tokens.AccessToken); err != nil || s.Email() != "ada@example.com" {
		t.Errorf("the session is of %s, %v", s.Email(), err)
	}
	for _, broken := range []url.Values{{"return_url": {"/back"}}, {"return_url": {"javascript:alert(1)"}}, {"provider": {""}}} {
		bad := url.Values{}
		maps.Copy(bad, form)
		maps.Copy(bad, broken)
		if w := ask("POST", bad); w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
			t.Errorf("%v: %d to %q", broken, w.Code, w.Header().Get("Location"))
		}
	}
}
