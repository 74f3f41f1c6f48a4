package adaptertest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

func testGuard(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true, Roles: []string{"reader"}})
	admin, adminToken := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true, Roles: []string{"admin"}})
	_, blocked := b.user(emulator.User{Email: "eve@example.com", EmailVerified: true, Blocked: true})

	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER "} {
		if w := b.who("/api/whoami", "Authorization", scheme+token); w != (Who{Accessor: uid, Context: uid}) {
			t.Errorf("with %q: %+v, want %s twice", scheme, w, uid)
		}
	}
	if w := b.who("/api/admin", bearer(adminToken)...); w != (Who{Accessor: admin, Context: admin}) {
		t.Errorf("admin: %+v", w)
	}
	r := b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "")
	if have := r.header.Get("Www-Authenticate"); have != `Bearer realm="loginradius"` {
		t.Errorf("WWW-Authenticate without a token = %q", have)
	}
	for name, value := range map[string]string{
		"unknown": "Bearer 8a1b0c5e-0000-4000-8000-000000000000", "zero": "Bearer 00000000-0000-0000-0000-000000000000",
		"spaces": "Bearer a b c", "long": "Bearer " + strings.Repeat("a", 3000), "prefix of a good one": "Bearer " + token[:35], "more than a good one": "Bearer " + token + "x",
	} {
		r := b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", "Authorization", value)
		if have := r.header.Get("Www-Authenticate"); have != `Bearer realm="loginradius", error="invalid_token"` {
			t.Errorf("%s: WWW-Authenticate = %q", name, have)
		}
	}
	for _, value := range []string{"Basic " + token, token, "Bearer", "Bearer ", "Bearer" + token} {
		b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", "Authorization", value)
	}
	b.refused(400, web.CodeInvalidRequest, "GET", "/api/whoami", "", "Authorization", "Bearer "+token, "Authorization", "Bearer "+adminToken)
	b.refused(401, web.CodeAccountBlocked, "GET", "/api/whoami", "", bearer(blocked)...)
	cookieFirst := newBench(t, app, Site{Guard: []web.GuardOption{web.TokensFrom(web.TokenCookie("c"), web.BearerHeader())}})
	_, mine := cookieFirst.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	cookieFirst.who("/api/whoami", "Cookie", "c="+mine)
	cookieFirst.refused(400, web.CodeInvalidRequest, "GET", "/api/whoami", "", "Cookie", "c="+mine, "Authorization", "Bearer a", "Authorization", "Bearer b")
	r = b.refused(403, web.CodeMissingRole, "GET", "/api/admin", "", bearer(token)...)
	if have := r.header.Get("Www-Authenticate"); !strings.Contains(have, `error="insufficient_scope"`) {
		t.Errorf("WWW-Authenticate without the role = %q", have)
	}
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami?access_token="+token, "") // not asked for
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", "Cookie", "lr_access="+token)
	if n := len(b.lr.Requests("get_profile_by_access_token")); n > 12 {
		t.Errorf("%d profile calls for four tokens and some junk", n)
	}
}

func testOptional(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if w := b.who("/optional"); w != (Who{}) {
		t.Errorf("anonymous: %+v", w)
	}
	if w := b.who("/optional", bearer(token)...); w != (Who{Accessor: uid, Context: uid}) {
		t.Errorf("logged in: %+v", w)
	}
	if w := b.who("/optional", bearer("8a1b0c5e-0000-4000-8000-000000000000")...); w != (Who{}) {
		t.Errorf("with a bad token: %+v", w)
	}
	b.lr.Inject(emulator.ServerError(500))
	b.refused(503, web.CodeUnavailable, "GET", "/optional", "", bearer("9b1b0c5e-0000-4000-8000-000000000000")...)
	if w := b.who("/optional"); w != (Who{}) {
		t.Errorf("anonymous in an outage: %+v", w)
	}

	strict := newBench(t, app, Site{Guard: []web.GuardOption{web.RefuseInvalid()}})
	strict.refused(401, web.CodeInvalidToken, "GET", "/optional", "", bearer("8a1b0c5e-0000-4000-8000-000000000000")...)
}

// Frameworks reuse their buffers: a session must be that of this request's token,
// whatever came over the same connection before.
func testMixing(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.TokensFrom(web.BearerHeader(), web.TokenCookie("c"), web.TokenHeader("X-Token"), web.TokenQuery("t"))}})
	served := func(i int, token string) Who {
		switch i % 4 {
		case 0:
			return b.who("/api/whoami?t="+token, "User-Agent", "query")
		case 1:
			return b.who("/api/whoami", "Cookie", "other=1; c="+token)
		case 2:
			return b.who("/optional", "X-Token", token)
		}
		return b.who("/api/whoami", bearer(token)...)
	}
	const users = 40
	uids, tokens := make([]string, users), make([]string, users)
	for i := range users {
		uids[i], tokens[i] = b.user(emulator.User{Email: fmt.Sprintf("user%d@example.com", i), EmailVerified: true})
	}
	for i := range 2000 {
		n := i * 7 % users
		if w := served(i, tokens[n]); w != (Who{Accessor: uids[n], Context: uids[n]}) {
			t.Fatalf("request %d of user %s was served as %+v", i, uids[n], w)
		}
	}
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 250 {
				n := (i*11 + worker*13) % users
				if w := served(i, tokens[n]); w != (Who{Accessor: uids[n], Context: uids[n]}) {
					t.Errorf("user %s was served as %+v", uids[n], w)
					return
				}
			}
		})
	}
	wg.Wait()
}

func testOutage(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	_, stranger := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	b.who("/api/whoami", bearer(token)...)
	for name, fault := range map[string]emulator.Fault{
		"500": emulator.ServerError(500), "429": emulator.TooManyRequests(), "HTML 403": emulator.HTML(403), "truncated": emulator.TruncatedJSON(),
		"200 with error": emulator.ErrorWith200(950), "our key": emulator.ErrorWith200(901), "reset": emulator.Reset(),
	} {
		b.lr.Inject(fault)
		r := b.refused(503, web.CodeUnavailable, "GET", "/api/whoami", "", bearer(stranger)...)
		if r.header.Get("Retry-After") == "" || r.header.Get("Www-Authenticate") != "" {
			t.Errorf("%s: Retry-After %q, WWW-Authenticate %q", name, r.header.Get("Retry-After"), r.header.Get("Www-Authenticate"))
		}
		if w := b.who("/api/whoami", bearer(token)...); w.Accessor != uid {
			t.Errorf("%s: a known session is served as %+v", name, w)
		}
		b.refused(503, web.CodeUnavailable, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
		b.refused(503, web.CodeUnavailable, "POST", "/auth/password/forgot", `{"email":"ada@example.com"}`)
		r = b.refused(503, web.CodeUnavailable, "POST", "/auth/logout", "", bearer(stranger)...)
		if strings.Contains(r.body, "127.0.0.1") || strings.Contains(r.body, stranger) {
			t.Errorf("%s: the answer tells too much: %s", name, r.body)
		}
		b.lr.ClearFaults()
	}
	b.who("/api/whoami", bearer(stranger)...)
}

func testPanic(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	for range 20 {
		b.want(http.StatusInternalServerError, "GET", "/api/panic", "", bearer(token)...)
		b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "")
		if w := b.who("/optional"); w != (Who{}) {
			t.Fatalf("after a panic, an anonymous request is served as %+v", w)
		}
	}
}

func testOptions(t *testing.T, app *kit) {
	b := newBench(t, app, Site{
		Guard: []web.GuardOption{
			web.TokensFrom(web.TokenHeader("X-Token"), web.TokenQuery("t")), web.Realm("my site"), web.RequireVerifiedEmail(),
			web.ErrorResponse(func(_ web.View, p *web.Problem) *web.Response {
				return &web.Response{Header: http.Header{"Content-Type": {"text/plain"}}, Body: []byte("no: " + p.Code)}
			}),
		},
		Routes: []web.RouteOption{web.Only("login", "me"), web.At("me", "/self")},
	})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	_, unverified := b.user(emulator.User{Email: "grace@example.com"})
	b.want(200, "GET", "/api/whoami", "", "X-Token", token)
	b.want(200, "GET", "/api/whoami?t="+token, "")
	if r := b.want(401, "GET", "/api/whoami", "", bearer(token)...); r.body != "no: unauthenticated" || r.header.Get("Www-Authenticate") != `Bearer realm="my site"` {
		t.Errorf("own error format: %q %v", r.body, r.header)
	}
	if r := b.want(403, "GET", "/api/whoami", "", "X-Token", unverified); r.body != "no: email_not_verified" {
		t.Errorf("unverified: %q", r.body)
	}
	b.want(400, "GET", "/api/whoami?t=a&t=b", "")
	b.want(401, "GET", "/auth/self", "")
	for _, path := range []string{"/auth/me", "/auth/sessions"} {
		if r := b.ask("GET", path, ""); r.status != 404 {
			t.Errorf("%s answers %d", path, r.status)
		}
	}

	broken := newBench(t, app, Site{Guard: []web.GuardOption{web.RequireRole()}})
	_, token = broken.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	broken.refused(500, web.CodeInternal, "GET", "/api/whoami", "", bearer(token)...) // closed, not open

	custom := newBench(t, app, Site{Guard: []web.GuardOption{web.Require(func(s *core.Session) error {
		if s.Email() == "ada@example.com" {
			return nil
		}
		return fmt.Errorf("internal words about %s", s.Email())
	})}})
	_, ada := custom.user(emulator.User{Email: "ada@example.com"})
	_, grace := custom.user(emulator.User{Email: "grace@example.com"})
	custom.who("/api/whoami", bearer(ada)...)
	if r := custom.refused(403, web.CodeForbidden, "GET", "/api/whoami", "", bearer(grace)...); strings.Contains(r.body, "internal words") {
		t.Errorf("the guard's words are shown: %s", r.body)
	}
}
