package adaptertest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

const refreshOperation = "refresh_access_token_by_refresh_token"

// jar is what a browser sends back.
func jar(cookies []*http.Cookie) []string {
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return []string{"Cookie", strings.Join(pairs, "; ")}
}

// A guard that was asked to refresh uses a refresh token once, however many requests
// come with it, and loses no new one.
func testRefresh(t *testing.T, app *kit) {
	cookies := []web.Option{web.InsecureCookies(), web.AutoRefresh()}
	s := Site{}
	for _, o := range cookies {
		s.Guard, s.Routes = append(s.Guard, o), append(s.Routes, o)
	}
	b := newBench(t, app, s)
	uid, _ := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	login := func() []*http.Cookie {
		return b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	}
	refreshes := func() int { return len(b.lr.Requests(refreshOperation)) }
	old := login()
	r := b.want(200, "GET", "/api/whoami", "", jar(old)...)
	if len(r.cookies) != 0 || refreshes() != 0 {
		t.Errorf("a good token was refreshed: %v", r.cookies)
	}

	// The token expires; a page with many parts is loaded. Some requests still have
	// the access cookie, from others the browser has dropped it.
	b.lr.Advance(16 * time.Minute)
	var wg sync.WaitGroup
	answers := make(chan reply, 24)
	for i := range cap(answers) {
		path := []string{"/api/whoami", "/auth/me", "/optional"}[i%3]
		sent := old
		if i%2 == 0 {
			sent = old[1:]
		}
		wg.Go(func() { answers <- b.want(200, "GET", path, "", jar(sent)...) })
	}
	wg.Wait()
	close(answers)
	var fresh []*http.Cookie
	for r := range answers {
		if len(r.cookies) != 2 || !strings.Contains(r.body, uid) || r.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("a refreshed request: %v %v %s", r.cookies, r.header, r.body)
		}
		if fresh == nil {
			fresh = r.cookies
		}
		if !slices.Equal(jar(r.cookies), jar(fresh)) {
			t.Errorf("two requests got different tokens: %v and %v", r.cookies, fresh)
		}
	}
	if n := refreshes(); n != 1 {
		t.Errorf("%d refreshes for one refresh token", n)
	}
	for _, c := range fresh {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %+v", c)
		}
	}
	if r := b.want(200, "POST", "/auth/token/refresh", "", jar(old[1:])...); !slices.Equal(jar(r.cookies), jar(fresh)) {
		t.Error("a tab that was late got other tokens than the first")
	}
	b.lr.Advance(time.Minute)
	if r := b.want(200, "GET", "/api/whoami", "", jar(fresh)...); len(r.cookies) != 0 {
		t.Errorf("the new token was refreshed at once: %v", r.cookies)
	}
	b.lr.Advance(time.Minute) // the grace that began when the new tokens were used is over
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", jar(old[1:])...)

	// Unsafe methods, from here and from elsewhere.
	b.lr.Advance(16 * time.Minute)
	before := refreshes()
	for _, foreign := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		b.refused(401, web.CodeUnauthenticated, "POST", "/api/whoami", "", slices.Concat(jar(fresh[1:]), foreign)...)
		b.refused(403, web.CodeCrossOrigin, "POST", "/api/whoami", "", slices.Concat(jar(fresh), foreign)...)
	}
	if refreshes() != before {
		t.Error("a page of another site used the refresh token up")
	}
	b.lr.Inject(emulator.ServerError(500).On(refreshOperation))
	if r := b.refused(503, web.CodeUnavailable, "POST", "/api/whoami", "", jar(fresh[1:])...); len(r.cookies) != 0 {
		t.Errorf("an outage cost the cookies: %v", r.cookies)
	}
	b.refused(503, web.CodeUnavailable, "GET", "/optional", "", jar(fresh[1:])...)
	b.lr.ClearFaults()
	newest := b.want(200, "POST", "/api/whoami", "", jar(fresh[1:])...).cookies
	if len(newest) != 2 {
		t.Fatalf("a POST that was refreshed sets %v", newest)
	}

	// A refusal brings the new cookies, too.
	b.lr.Advance(16 * time.Minute)
	if r := b.refused(403, web.CodeMissingRole, "GET", "/api/admin", "", jar(newest)...); len(r.cookies) != 2 {
		t.Errorf("a refused request that was refreshed sets %v", r.cookies)
	}
	// Not for tokens that came otherwise.
	b.lr.Advance(16 * time.Minute)
	before = refreshes()
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", slices.Concat(bearer(newest[0].Value), jar(newest[1:]))...)
	if refreshes() != before {
		t.Error("a bearer token was refreshed")
	}
	// Logging out ends the refresh token also when the access cookie has expired.
	last := login()
	b.lr.Advance(16 * time.Minute)
	b.want(204, "POST", "/auth/logout", "", jar(last[1:])...)
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", jar(last[1:])...)
	last = login()
	b.lr.Advance(16 * time.Minute)
	b.want(204, "POST", "/auth/logout", "", jar(last)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", jar(last)...)
	// Pages go on, too.
	paged := newBench(t, app, Site{Routes: append(s.Routes, web.WithPages())})
	paged.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	sent := paged.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	paged.lr.Advance(16 * time.Minute)
	if r := paged.want(200, "GET", "/auth/profile", "", jar(sent[1:])...); len(r.cookies) != 2 || !strings.Contains(r.body, "ada@example.com") {
		t.Errorf("a page that was refreshed: %v %s", r.cookies, r.body)
	}
	paged.lr.Advance(16 * time.Minute)
	sent = paged.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	paged.lr.Advance(16 * time.Minute)
	r = paged.want(303, "POST", "/auth/profile", "first_name=Ada", slices.Concat(jar(sent[1:]), []string{"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html"})...)
	if !strings.HasSuffix(r.header.Get("Location"), "profile") || len(r.cookies) < 2 || r.cookies[0].Name != "lr_access" {
		t.Errorf("a form that was refreshed: %v %v", r.header.Get("Location"), r.cookies)
	}

	unasked := newBench(t, app, Site{Guard: []web.GuardOption{web.InsecureCookies()}, Routes: []web.RouteOption{web.InsecureCookies()}})
	unasked.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	got := unasked.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	unasked.lr.Advance(16 * time.Minute)
	unasked.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", jar(got)...)
	unasked.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", jar(got[1:])...)
	if n := len(unasked.lr.Requests(refreshOperation)); n != 0 {
		t.Errorf("%d refreshes that no request asked for", n)
	}
}
