package adaptertest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A journal collects what hooks saw, from other goroutines.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (l *journal) add(words ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, strings.Join(words, " "))
}

func (l *journal) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := l.lines
	l.lines = nil
	return lines
}

func testHooks(t *testing.T, app *kit) {
	var seen journal
	agent := func(r *web.Request) string { a, _ := r.Header("User-Agent"); return a }
	b := newBench(t, app, Site{Routes: []web.RouteOption{web.WithHooks(web.Hooks{
		OnRegister: func(_ context.Context, r *web.Request, email string) {
			seen.add("register", email, r.Session.UID(), agent(r))
		},
		OnLogin:  func(_ context.Context, r *web.Request, s *core.Session) { seen.add("login", s.UID(), agent(r)) },
		OnLogout: func(_ context.Context, r *web.Request) { seen.add("logout", r.Session.UID(), agent(r)) },
		OnDelete: func(_ context.Context, r *web.Request) { seen.add("delete", r.Session.UID(), agent(r)) },
	})}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	expect := func(what string, want ...string) {
		t.Helper()
		if got := seen.take(); !slices.Equal(got, want) {
			t.Errorf("%s: the hooks saw %q, want %q", what, got, want)
		}
	}
	from := []string{"User-Agent", "kit"}
	b.want(201, "POST", "/auth/register", `{"email":"new@example.com","password":"correct horse"}`, from...)
	expect("register", "register new@example.com  kit")
	b.want(201, "POST", "/auth/register", `{"email":"ada@example.com","password":"correct horse"}`, from...)
	expect("register with an address that is taken")
	b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`, from...)
	expect("login", "login "+uid+" kit")
	b.want(401, "POST", "/auth/login", `{"email":"ada@example.com","password":"wrong"}`, from...)
	expect("a login that failed")
	b.want(204, "POST", "/auth/logout", "", slices.Concat(from, bearer(token))...)
	expect("logout", "logout "+uid+" kit")
	b.want(204, "POST", "/auth/logout", "", slices.Concat(from, bearer(token))...)
	expect("logout with a dead token", "logout  kit")

	_, bystander := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	for _, visitor := range []string{"", bystander, "own"} {
		uid, token := b.user(emulator.User{Email: "gone@example.com", EmailVerified: true})
		b.want(202, "DELETE", "/auth/account", "", bearer(token)...)
		headers, want := from, "delete  kit"
		switch visitor {
		case "own":
			headers, want = slices.Concat(from, bearer(token)), "delete "+uid+" kit"
		case bystander:
			headers = slices.Concat(from, bearer(bystander))
		}
		b.want(204, "POST", "/auth/account/delete", `{"token":"`+b.mailed("deleteuser")+`"}`, headers...)
		expect("a deletion confirmed by "+visitor, want)
	}

	testKept(t, app)

	free := newBench(t, app, Site{Routes: []web.RouteOption{web.WithHooks(web.Hooks{
		OnRegister: func(_ context.Context, r *web.Request, email string) { seen.add("register", email, r.Session.Email()) },
	})}}, emulator.WithEmailWorkflow(emulator.Optional))
	free.want(201, "POST", "/auth/register", `{"email":"new@example.com","password":"correct horse"}`)
	expect("register on a site that logs in at once", "register new@example.com new@example.com")
}

// What code of the application keeps of a request is not another request's later.
func testKept(t *testing.T, app *kit) {
	var mu sync.Mutex
	kept := map[string][]string{}
	keep := func(who string, v web.View) {
		mu.Lock()
		defer mu.Unlock()
		agent, _ := v.Header("User-Agent")
		kept[who] = append(kept[who], agent, web.Cookie(v, "visit"), v.Path(), v.Query(), v.Method(), v.Host())
	}
	refusal := web.ErrorResponse(func(v web.View, _ *web.Problem) *web.Response { keep("ErrorResponse", v); return nil })
	skip := web.Skip(func(v web.View) bool { keep("Skip", v); return false })
	b := newBench(t, app, Site{Guard: []web.GuardOption{refusal, skip}, Routes: []web.RouteOption{
		web.WithHooks(web.Hooks{OnLogout: func(_ context.Context, r *web.Request) { keep("OnLogout", r) }}),
		web.Replace("login", func(_ context.Context, r *web.Request) (*web.Response, error) {
			keep("Replace", r)
			return web.Empty(204), nil
		}),
		web.ClientIP(func(v web.View) string { keep("ClientIP", v); return v.RemoteAddr() }),
	}})
	b.doc = nil                  // the application's own answers are not in it
	kept = map[string][]string{} // of what was asked to get it
	want := map[string][]string{}
	for _, visit := range []string{"first", "other", "third"} {
		for who, path := range map[string]string{"OnLogout": "/auth/logout", "Replace": "/auth/login", "Skip": "/api/whoami"} {
			b.ask("POST", path+"?"+visit, "", "User-Agent", visit, "Cookie", "visit="+visit, "Authorization", "Bearer "+visit)
			saw := []string{visit, visit, path, visit, "POST", strings.TrimPrefix(b.url, "http://")}
			want[who] = append(want[who], saw...)
			if who == "Skip" {
				want["ErrorResponse"] = append(want["ErrorResponse"], saw...)
			} else {
				want["ClientIP"] = append(want["ClientIP"], saw...)
			}
		}
	}
	for who, saw := range want {
		if !slices.Equal(kept[who], saw) {
			t.Errorf("what %s kept is now %q, want %q", who, kept[who], saw)
		}
	}
}

func testRateLimit(t *testing.T, app *kit) {
	var seen journal
	allow := func(_ context.Context, a web.Attempt) error {
		seen.add(string(a.Route), a.ClientIP, a.Account)
		switch {
		case strings.HasPrefix(a.Account, "often"):
			return errors.New("internal words")
		case strings.HasPrefix(a.Account, "banned"):
			return &web.Problem{Status: 403, Code: "banned", Title: "Go away", RetryAfter: time.Hour}
		}
		return nil
	}
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.RateLimit(allow)}, Routes: []web.RouteOption{web.RateLimit(allow)}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	seen.take()
	for _, tt := range []struct{ method, path, body, want string }{
		{"POST", "/auth/login", `{"email":"Ada@Example.com","password":"correct horse"}`, "login 127.0.0.1 ada@example.com"},
		{"POST", "/auth/login", `{"username":"Ada","password":"x"}`, "login 127.0.0.1 ada"},
		{"POST", "/auth/login", `{"phone":"+14155550100","password":"x"}`, "login 127.0.0.1 +14155550100"},
		{"POST", "/auth/register", `{"email":"new@example.com","password":"correct horse"}`, "register 127.0.0.1 new@example.com"},
		{"POST", "/auth/password/forgot", `{"email":"Ada@example.com"}`, "forgot_password 127.0.0.1 ada@example.com"},
		{"POST", "/auth/email/verify/resend", `{"email":"ada@example.com"}`, "resend_verification 127.0.0.1 ada@example.com"},
		{"POST", "/auth/email/verify", `{"token":"x"}`, "verify_email 127.0.0.1 "},
		{"GET", "/auth/me", "", "guard 127.0.0.1 |me 127.0.0.1 " + uid}, // LoginRadius is asked about the token
		{"GET", "/auth/me", "", "me 127.0.0.1 " + uid},
		{"GET", "/api/whoami", "", ""}, // a known user costs no question
		{"DELETE", "/auth/account", "", "delete_account 127.0.0.1 " + uid},
		{"POST", "/auth/logout", "", "logout 127.0.0.1 "},
	} {
		b.ask(tt.method, tt.path, tt.body, bearer(token)...)
		if got := seen.take(); strings.Join(got, "|") != tt.want {
			t.Errorf("%s %s: the limit was asked about %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
	before := len(b.lr.Requests())
	if r := b.refused(429, web.CodeThrottled, "POST", "/auth/login", `{"email":"often@example.com","password":"x"}`); strings.Contains(r.body, "internal words") {
		t.Errorf("the limit's words are shown: %s", r.body)
	}
	b.doc = nil // the application's own problem is not in it
	r := b.want(403, "POST", "/auth/login", `{"email":"banned@example.com","password":"x"}`)
	if got := b.object(r); got["code"] != "banned" || got["type"] != "about:blank" || r.header.Get("Retry-After") != "3600" {
		t.Errorf("the limit's own problem: %s %v", r.body, r.header)
	}
	if n := len(b.lr.Requests()) - before; n != 0 {
		t.Errorf("%d calls were made for refused attempts", n)
	}
}

func testCustom(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Routes: []web.RouteOption{
		web.Only("register", "login", "me", "sessions", "openapi"), web.At("login", "/enter"), web.At("me", "/who/am/i"),
		web.RegistrationFields("company"), web.CustomFields("plan"),
		web.Replace("sessions", func(_ context.Context, r *web.Request) (*web.Response, error) {
			return web.JSON(http.StatusOK, map[string]string{"mine": r.Session.Email()}), nil
		}),
		web.MapErrors(func(err error) *web.Problem {
			if errors.Is(err, core.ErrEmailNotVerified) {
				return &web.Problem{Status: 409, Code: "look_into_your_mail", Title: "Look into your mail"}
			}
			return nil
		}),
	}}, emulator.WithEmailWorkflow(emulator.Mandatory))
	_, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if keys := b.doc.Paths.Keys(); len(keys) != 5 {
		t.Errorf("the document has %v", keys)
	}
	b.want(200, "POST", "/auth/enter", `{"email":"ada@example.com","password":"correct horse"}`)
	b.want(200, "GET", "/auth/who/am/i", "", bearer(token)...)
	b.refused(401, web.CodeUnauthenticated, "GET", "/auth/who/am/i", "")
	for _, path := range []string{"/auth/login", "/auth/logout", "/auth/password/forgot"} {
		if r := b.ask("POST", path, "{}"); r.status != 404 && r.status != 405 {
			t.Errorf("%s is mounted: %d", path, r.status)
		}
	}
	if got := b.object(b.want(200, "GET", "/auth/sessions", "", bearer(token)...)); got["mine"] != "ada@example.com" {
		t.Errorf("the replaced route: %v", got)
	}
	b.refused(401, web.CodeUnauthenticated, "GET", "/auth/sessions", "") // the guard in front stays

	b.want(201, "POST", "/auth/register", `{"email":"new@example.com","password":"correct horse","company":"ACME","custom_fields":{"plan":"free"}}`)
	b.refused(400, web.CodeInvalidBody, "POST", "/auth/register", `{"email":"x@example.com","password":"correct horse","website":"x"}`)
	b.refused(400, web.CodeInvalidBody, "POST", "/auth/register", `{"email":"x@example.com","password":"correct horse","custom_fields":{"role":"admin"}}`)
	b.want(201, "POST", "/auth/register", `email=form%40example.com&password=correct+horse&company=ACME&custom_fields.plan=free`, "Content-Type", "application/x-www-form-urlencoded")
	b.doc = nil // the application's own problem is not in it
	if got := b.object(b.want(409, "POST", "/auth/enter", `{"email":"new@example.com","password":"correct horse"}`)); got["code"] != "look_into_your_mail" {
		t.Errorf("a mapped error: %v", got)
	}
	b.want(401, "POST", "/auth/enter", `{"email":"ada@example.com","password":"wrong"}`)
}
