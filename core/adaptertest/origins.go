package adaptertest

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

var upgrade = []string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}

// both makes options those of guard and routes.
func both(opts ...web.Option) Site {
	var s Site
	for _, o := range opts {
		s.Guard, s.Routes = append(s.Guard, o), append(s.Routes, o)
	}
	return s
}

// A cookie counts only in requests of this site's pages, or of origins that it trusts. A
// token in a header is no cookie, so it counts wherever the request comes from.
func testOrigins(t *testing.T, app *kit) {
	b := newBench(t, app, both(web.InsecureCookies(), web.TrustedOrigins("https://app.example.com")))
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	cookie := []string{"Cookie", "lr_access=" + token}
	foreign := []string{"Origin", "https://forum.example.com", "Sec-Fetch-Site", "same-site"}
	trusted := []string{"Origin", "https://app.example.com", "Sec-Fetch-Site", "same-site"}

	b.refused(403, web.CodeCrossOrigin, "POST", "/api/whoami", "{}", slices.Concat(cookie, foreign)...)
	b.want(200, "POST", "/api/whoami", "{}", slices.Concat(cookie, trusted)...)
	b.want(200, "PATCH", "/auth/me", `{"first_name":"Ada"}`, slices.Concat(cookie, trusted)...)
	for name, lines := range map[string][]string{
		"two Origin lines":         {"Origin", b.url, "Origin", "https://forum.example.com"},
		"two Sec-Fetch-Site lines": {"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Site", "cross-site"},
	} {
		if r := b.ask("POST", "/api/whoami", "{}", slices.Concat(cookie, lines)...); r.status != 403 {
			t.Errorf("%s: %d, want 403", name, r.status)
		}
	}

	// A WebSocket is a GET that the same-origin policy does not cover.
	b.refused(403, web.CodeCrossOrigin, "GET", "/api/socket", "", slices.Concat(upgrade, cookie, foreign)...)
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/socket", "", slices.Concat(upgrade, foreign)...)
	b.want(200, "GET", "/api/whoami", "", slices.Concat(cookie, foreign)...) // the browser keeps its answer from the other page

	// Own handlers and ready-made routes agree on tokens in a header.
	mine := slices.Concat(bearer(token), foreign)
	if w := b.object(b.want(200, "POST", "/api/whoami", "{}", mine...)); w["accessor"] != uid {
		t.Errorf("a bearer token of another origin: %v", w)
	}
	b.want(200, "PATCH", "/auth/me", `{"first_name":"Ada"}`, mine...)
	b.refused(403, web.CodeCrossOrigin, "POST", "/auth/login", `{"email":"ada@example.com","password":"x"}`, foreign...)
	b.refused(403, web.CodeCrossOrigin, "POST", "/auth/logout", "", slices.Concat(cookie, foreign)...)

	// The same without cookie mode, where the application sets a cookie itself.
	own := newBench(t, app, both(web.TokensFrom(web.TokenCookie("session"))))
	_, token = own.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	session := []string{"Cookie", "session=" + token}
	for _, r := range []struct{ method, path, body string }{{"PATCH", "/auth/me", `{"first_name":"x"}`}, {"POST", "/auth/logout", ""}, {"POST", "/api/whoami", ""}} {
		own.refused(403, web.CodeCrossOrigin, r.method, r.path, r.body, slices.Concat(session, foreign)...)
	}
	own.who("/api/whoami", session...)
	own.want(204, "POST", "/auth/logout", "", session...)

	// What a function of the application finds may have been in a cookie.
	found := newBench(t, app, both(web.TokensFrom(web.TokenFunc("session", func(v web.View) string { return web.Cookie(v, "session") }))))
	_, token = found.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	session = []string{"Cookie", "session=" + token}
	found.who("/api/whoami", session...)
	found.refused(403, web.CodeCrossOrigin, "POST", "/api/whoami", "{}", slices.Concat(session, foreign)...)
	found.refused(403, web.CodeCrossOrigin, "POST", "/auth/logout", "", slices.Concat(session, foreign)...)
}

// Different cookies of one name are refused, since it is unknown which one this site
// has set. A token that was split is put together.
func testCookieNames(t *testing.T, app *kit) {
	b := newBench(t, app, both(web.InsecureCookies(), web.CookiePrefix("shop_")))
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	_, other := b.user(emulator.User{Email: "eve@example.com", EmailVerified: true})
	for _, line := range []string{"shop_access=" + token, `shop_access="` + token + `"`, "a=b;shop_access=" + token + " ; c", "shop_access=" + token + "; shop_access=" + token} {
		if w := b.who("/api/whoami", "Cookie", line); w.Accessor != uid {
			t.Errorf("Cookie: %s: %+v", line, w)
		}
	}
	if w := b.who("/api/whoami", "Cookie", "a=b", "Cookie", "shop_access="+token); w.Accessor != uid {
		t.Errorf("in the second line: %+v", w)
	}
	for _, line := range []string{"shop_access=" + token + "; shop_access=" + other, "shop_access=" + other + "; shop_access=" + token} {
		b.refused(400, web.CodeInvalidRequest, "GET", "/api/whoami", "", "Cookie", line)
		b.refused(400, web.CodeInvalidRequest, "GET", "/auth/me", "", "Cookie", line)
	}
	b.refused(400, web.CodeInvalidRequest, "GET", "/api/whoami", "", "Cookie", "shop_access="+token, "Cookie", "shop_access="+other)
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", "Cookie", "lr_access="+token)

	split := "shop_access=!3!" + token[:10] + "; shop_access.1=" + token[10:20] + "; shop_access.2=" + token[20:]
	if w := b.who("/api/whoami", "Cookie", split); w.Accessor != uid {
		t.Errorf("a token in three cookies: %+v", w)
	}
	for _, line := range []string{"shop_access=!3!" + token[:10] + "; shop_access.2=" + token[20:], "shop_access=!9!" + token, "shop_access=!x!" + token, "shop_access=!" + token} {
		b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", "Cookie", line)
	}
	names := func(cookies []*http.Cookie) (set, cleared []string) {
		for _, c := range cookies {
			if c.MaxAge < 0 {
				cleared = append(cleared, c.Name)
			} else {
				set = append(set, c.Name)
			}
		}
		return set, cleared
	}
	// A new session leaves nothing of a longer one behind, and a logout nothing at all.
	r := b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`, "Cookie", "shop_access.1=old; shop_refresh.2=old")
	if set, cleared := names(r.cookies); !slices.Equal(set, []string{"shop_access", "shop_refresh"}) || !slices.Equal(cleared, []string{"shop_access.1", "shop_refresh.2"}) {
		t.Errorf("a login sets %v and clears %v", set, cleared)
	}
	r = b.want(204, "POST", "/auth/logout", "", "Cookie", split)
	if set, cleared := names(r.cookies); set != nil || !slices.Equal(cleared, []string{"shop_access", "shop_access.1", "shop_access.2", "shop_refresh"}) {
		t.Errorf("a logout sets %v and clears %v", set, cleared)
	}
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(token)...)
}

// A browser without a session is sent to the login page and back; other clients are not.
func testLedToLogin(t *testing.T, app *kit) {
	s := both(web.InsecureCookies(), web.PublicPath("/shop"))
	s.Guard = append(s.Guard, web.LoginPage("/auth/login"))
	b := newBench(t, app, s)
	to := func(r reply) *url.URL {
		u, err := url.Parse(r.header.Get("Location"))
		if err != nil || r.status != 303 || u.Path != "/shop/auth/login" {
			t.Errorf("%d, Location %q: %v", r.status, r.header.Get("Location"), err)
			return &url.URL{}
		}
		return u
	}
	for _, asked := range []string{"/api/whoami", "/api/whoami?q=100%25", "/api/whoami?q=a%0Ab", "/api/whoami?path=C%3A%5Ctemp", "/api/whoami?u=https%3A%2F%2Fa.example%2F%3Fv%3D%252541", "/api/whoami?a=1&b=2"} {
		if next := to(b.ask("GET", asked, "", "Accept", "text/html")).Query().Get("next"); next != "/shop"+asked {
			t.Errorf("%s leads back to %q", asked, next)
		}
	}
	for accept, html := range map[string]bool{
		"text/html": true, "Text/HTML": true, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": true, "text/html, application/json": true, "application/json;q=0.5, text/html": true,
		"": false, "*/*": false, "application/json": false, "text/htmlx": false, "application/json, text/html": false, "application/json, text/html;q=0.1": false,
		"application/json, text/html;q=0": false, "text/html;q=0": false, "text/html;q=x": false, "text/html;q=NaN": false,
	} {
		r := b.ask("GET", "/api/whoami", "", "Accept", accept)
		if got := r.status == 303; got != html || !html && r.status != 401 {
			t.Errorf("Accept: %s: %d, want a page: %v", accept, r.status, html)
		}
	}
	// A form with an expired session: a page, with the way back to the form.
	form := []string{"Accept", "text/html", "Content-Type", "application/x-www-form-urlencoded", "Cookie", "lr_access=8a1b0c5e-0000-4000-8000-000000000000"}
	if next := to(b.ask("POST", "/api/whoami", "a=b", slices.Concat(form, []string{"Referer", b.url + "/shop/form?x=1"})...)).Query(); next.Get("next") != "/shop/form?x=1" {
		t.Errorf("a form leads back to %v", next)
	}
	if next := to(b.ask("POST", "/api/whoami", "a=b", slices.Concat(form, []string{"Referer", "https://evil.example/form"})...)).Query(); next.Has("next") {
		t.Errorf("a form leads back to %v", next)
	}
	b.refused(401, web.CodeInvalidToken, "POST", "/api/whoami", "{}", "Cookie", "lr_access=8a1b0c5e-0000-4000-8000-000000000000")

	// A login page behind its own guard would be led to for ever.
	looped := newBench(t, app, Site{Guard: []web.GuardOption{web.LoginPage("/api/whoami?from=app")}})
	looped.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami?next=%2F", "", "Accept", "text/html")
	if r := looped.ask("GET", "/api/stacked", "", "Accept", "text/html"); r.header.Get("Location") != "/api/whoami?from=app&next=%2Fapi%2Fstacked" {
		t.Errorf("%d %s", r.status, r.header.Get("Location"))
	}
}
