package adaptertest

import (
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

const profileOperation = "get_profile_by_access_token"

// profiles counts what was asked about sessions so far.
func (b *bench) profiles() int { return len(b.lr.Requests(profileOperation)) }

// A logout is a logout here whatever the service says, and claims no more than it did.
func testLogout(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	_, other := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	b.who("/api/whoami", bearer(token)...)
	b.who("/api/whoami", bearer(other)...)
	b.lr.Inject(emulator.Reset())
	b.refused(503, web.CodeUnavailable, "POST", "/auth/logout", "", bearer(token)...)
	b.refused(503, web.CodeUnavailable, "GET", "/api/whoami", "", bearer(token)...) // forgotten: not even served stale
	b.who("/api/whoami", bearer(other)...)                                          // other sessions are not
	b.lr.ClearFaults()
	b.who("/api/whoami", bearer(token)...) // the service never heard of it, as 503 said
	b.want(204, "POST", "/auth/logout", "", bearer(token)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(token)...)
	for _, dead := range []string{token, "8a1b0c5e-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "a b c", strings.Repeat("a", 3000)} {
		b.want(204, "POST", "/auth/logout", "", bearer(dead)...)
	}
	b.refused(401, web.CodeUnauthenticated, "POST", "/auth/logout", "")

	cookies := newBench(t, app, Site{Guard: []web.GuardOption{web.InsecureCookies()}, Routes: []web.RouteOption{web.InsecureCookies()}})
	cookies.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	sent := cookies.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	for name, fault := range map[string]emulator.Fault{"an outage": emulator.ServerError(500), "nothing": {}} {
		want := 503
		if name == "nothing" {
			want = 204
		} else {
			cookies.lr.Inject(fault)
		}
		r := cookies.want(want, "POST", "/auth/logout", "", jar(sent)...)
		if len(r.cookies) != 2 || r.cookies[0].MaxAge >= 0 || r.cookies[1].MaxAge >= 0 {
			t.Errorf("in %s the browser keeps %v", name, r.cookies)
		}
		cookies.lr.ClearFaults()
	}
	cookies.refused(401, web.CodeInvalidToken, "POST", "/auth/token/refresh", "", jar(sent[1:])...)
	cookies.want(204, "POST", "/auth/logout", "") // without a session
}

// What happens to an account reaches all of its sessions that are remembered here.
func testOtherSessions(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, first := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	login := func() string {
		got := b.object(b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`))
		return got["access_token"].(string)
	}
	second := login()
	for _, token := range []string{first, second, first, second} {
		b.who("/api/whoami", bearer(token)...)
	}
	// A changed password: each session is asked for again.
	b.want(204, "POST", "/auth/password/change", `{"current_password":"correct horse","new_password":"second horse"}`, bearer(first)...)
	before := b.profiles()
	b.who("/api/whoami", bearer(second)...)
	b.who("/api/whoami", bearer(first)...)
	if n := b.profiles() - before; n != 2 {
		t.Errorf("after a change of the password %d of 2 sessions were asked for again", n)
	}
	// A changed profile shows.
	b.want(200, "PATCH", "/auth/me", `{"first_name":"Ada"}`, bearer(first)...)
	if me := b.object(b.want(200, "GET", "/auth/me", "", bearer(second)...)); me["first_name"] != "Ada" {
		t.Errorf("another session still shows %v", me)
	}
	// A deletion that was asked for: from now on every request is.
	b.want(202, "DELETE", "/auth/account", "", bearer(first)...)
	before = b.profiles()
	for range 3 {
		b.who("/api/whoami", bearer(second)...)
	}
	if n := b.profiles() - before; n != 3 {
		t.Errorf("after a deletion was asked for, %d of 3 requests were asked upstream", n)
	}

	// A refresh that does not say which access token it replaces ends it all the same.
	_, fresh := b.user(emulator.User{Email: "grace@example.com", Password: "correct horse", EmailVerified: true})
	b.who("/api/whoami", bearer(fresh)...)
	got := b.object(b.want(200, "POST", "/auth/login", `{"email":"grace@example.com","password":"correct horse"}`))
	old := got["access_token"].(string)
	b.who("/api/whoami", bearer(old)...)
	got = b.object(b.want(200, "POST", "/auth/token/refresh", `{"refresh_token":"`+got["refresh_token"].(string)+`"}`))
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(old)...)
	b.who("/api/whoami", bearer(got["access_token"].(string))...)
	b.who("/api/whoami", bearer(fresh)...)

	strict := newBench(t, app, Site{}, emulator.WithForceLogout())
	uid, mine := strict.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	theirs, _, err := strict.lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	strict.who("/api/whoami", bearer(theirs)...)
	strict.want(204, "POST", "/auth/password/change", `{"current_password":"correct horse","new_password":"second horse"}`, bearer(mine)...)
	strict.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(theirs)...)
}
