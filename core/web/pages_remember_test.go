package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// keptCookies posts a form without following where it leads, and returns which of the
// session's cookies outlive the browser.
func (s *site) keptCookies(path string, form url.Values) (kept, brief []string) {
	s.t.Helper()
	s.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer func() { s.http.CheckRedirect = nil }()
	res := s.send("POST", path, form)
	for _, line := range res.header.Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		switch {
		case err != nil:
			s.t.Fatal(err)
		case c.MaxAge < 0 || c.Name == "lr_flash":
		case c.Expires.IsZero() && c.MaxAge == 0:
			brief = append(brief, c.Name)
		default:
			kept = append(kept, c.Name)
		}
	}
	return kept, brief
}

func (s *site) wantCookies(path string, form url.Values, kept, brief string) {
	s.t.Helper()
	k, b := s.keptCookies(path, form)
	if strings.Join(k, " ") != kept || strings.Join(b, " ") != brief {
		s.t.Errorf("%s %v keeps %v, and until the browser closes %v; want %q and %q", path, form, k, b, kept, brief)
	}
}

// Without the check box ticked the session ends with the browser, through refreshes and
// second factors, until the next login says otherwise.
func TestRememberMe(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageRememberMe()), web.AutoRefresh()})
	page := s.want(s.get("/login"), 200, "/login", `name="remember" type="checkbox" value="on"> Keep me logged in`)
	s.lacks(page, "checked")
	login := url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}
	s.wantCookies("/login", login, "", "lr_access lr_refresh lr_brief")
	s.lr.Advance(time.Hour)
	s.wantCookies("/profile", url.Values{"first_name": {"Ada"}}, "", "lr_access lr_refresh") // a refresh

	login.Set("remember", "on")
	s.wantCookies("/login", login, "lr_access lr_refresh", "")
	for _, c := range s.http.Jar.Cookies(mustParse(t, s.url)) {
		if c.Name == "lr_brief" {
			t.Error("the note of the login before is still there")
		}
	}
	login.Del("remember")
	s.wantCookies("/login", login, "", "lr_access lr_refresh lr_brief")
	s.post("/logout")
	if left := s.http.Jar.Cookies(mustParse(t, s.url)); len(left) > 0 {
		t.Errorf("a logout leaves %v", left)
	}
	s.want(s.post("/login", "email", "ada@example.com", "password", "wrong", "remember", "on"), 401, "/login", "checked")
}

func TestRememberMeHoldsForTheStepsOfALogin(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageRememberMe())}, emulator.WithPrivacyPolicy("2", emulator.PrivacyStrict))
	login := url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}
	s.wantCookies("/login", login, "lr_step", "lr_brief")
	s.wantCookies("/privacy", nil, "", "lr_access") // LoginRadius gives no refresh token here
}

// The pages without the option, and the JSON routes, do not know the field.
func TestRememberMeIsOffByDefault(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.lacks(s.get("/login"), "remember")
	s.wantCookies("/login", url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}, "lr_access lr_refresh", "")
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse", "remember", "on"), 400, "/login")
}
