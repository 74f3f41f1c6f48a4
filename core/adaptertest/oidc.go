package adaptertest

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A hostedPage stands in for LoginRadius' hosted page and for core/jwt, which has tests
// of its own: it logs one user in, if the attempt is the one that it was asked for.
type hostedPage struct {
	uid, token string
	attempt    core.OIDCAttempt
}

func (h *hostedPage) AuthorizeURL(_ context.Context, a core.OIDCAttempt) (string, error) {
	h.attempt = a
	return "https://hosted.example/authorize?state=" + url.QueryEscape(a.State), nil
}

func (h *hostedPage) Exchange(_ context.Context, code string, a core.OIDCAttempt) (*core.OIDCResult, error) {
	switch {
	case code == "outage":
		return nil, core.ErrUnavailable
	case code != "good" || a != h.attempt:
		return nil, core.ErrInvalidRequestToken
	}
	return &core.OIDCResult{Tokens: core.Tokens{AccessToken: h.token}, Subject: h.uid}, nil
}

func (h *hostedPage) RedirectURL() string { return "http://127.0.0.1/auth/oidc/callback" }

func (h *hostedPage) LogoutURL(returnTo string) string {
	return "https://hosted.example/logout?to=" + url.QueryEscape(returnTo)
}

// A login at the hosted page is finished by the browser that began it, and by no other.
func testOIDC(t *testing.T, app *kit) {
	for name, opts := range map[string][]web.RouteOption{"bearer": nil, "cookies": {web.InsecureCookies()}} {
		page := &hostedPage{}
		b := newBench(t, app, Site{Routes: append([]web.RouteOption{web.OIDCLogin(page)}, opts...), Guard: []web.GuardOption{web.InsecureCookies()}})
		page.uid, page.token = b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
		begin := func() (state string, browser []string) {
			t.Helper()
			r := b.want(303, "GET", "/auth/oidc/start?next=%2Fcart%3Fa%3Db", "")
			to, err := url.Parse(r.header.Get("Location"))
			if err != nil || to.Host != "hosted.example" || to.Query().Get("state") == "" || len(r.cookies) != 1 || !r.cookies[0].HttpOnly {
				t.Fatalf("%s: start leads to %s with %v", name, to, r.cookies)
			}
			return to.Query().Get("state"), jar(r.cookies)
		}
		body := func(code, state string) string { return `{"code":"` + code + `","state":"` + state + `"}` }

		state, browser := begin()
		b.refused(401, web.CodeInvalidToken, "POST", "/auth/oidc/callback", body("good", state)) // another browser
		b.refused(401, web.CodeInvalidToken, "POST", "/auth/oidc/callback", body("good", "guessed"), browser...)
		b.refused(401, web.CodeInvalidToken, "POST", "/auth/oidc/callback", body("stolen", state), browser...)
		b.refused(503, web.CodeUnavailable, "POST", "/auth/oidc/callback", body("outage", state), browser...)
		b.refused(403, web.CodeCrossOrigin, "POST", "/auth/oidc/callback", body("good", state), append([]string{"Sec-Fetch-Site", "cross-site"}, browser...)...)
		b.refused(422, web.CodeValidationFailed, "POST", "/auth/oidc/callback", `{"code":"good"}`, browser...)
		r := b.want(200, "POST", "/auth/oidc/callback", body("good", state), append([]string{"Sec-Fetch-Site", "same-origin"}, browser...)...)
		if got := b.object(r); (got["access_token"] == page.token) != (name == "bearer") {
			t.Errorf("%s: the body has the token %v", name, got["access_token"])
		}
		session := bearer(page.token)
		if name == "cookies" {
			session = jar(r.cookies)
		}
		if w := b.who("/api/whoami", session...); w.Accessor != page.uid {
			t.Errorf("%s: logged in as %+v", name, w)
		}

		state, browser = begin()
		callback := "/auth/oidc/callback?code=good&state=" + url.QueryEscape(state)
		if name == "bearer" { // tokens have no place in an address
			if r := b.ask("GET", callback, "", browser...); r.status != http.StatusNotFound && r.status != http.StatusMethodNotAllowed {
				t.Errorf("bearer: GET of the callback: %d", r.status)
			}
			continue
		}
		b.refused(401, web.CodeInvalidToken, "GET", callback, "")
		r = b.want(303, "GET", callback, "", browser...)
		if r.header.Get("Location") != "/cart?a=b" {
			t.Errorf("the callback leads to %s", r.header.Get("Location"))
		}
		if w := b.who("/api/whoami", jar(r.cookies)...); w.Accessor != page.uid {
			t.Errorf("after the callback: %+v", w)
		}
		for _, c := range r.cookies {
			if strings.HasSuffix(c.Name, "oidc") && c.MaxAge >= 0 {
				t.Errorf("the attempt lives on: %v", c)
			}
		}
	}
}
