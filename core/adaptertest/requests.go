package adaptertest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// An address counts as far as trusted proxies vouch for it, in guard and routes alike.
func testProxies(t *testing.T, app *kit) {
	var seen journal
	note := web.RateLimit(func(_ context.Context, a web.Attempt) error {
		seen.add(a.ClientIP)
		return nil
	})
	b := newBench(t, app, both(note, web.TrustedProxies("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")))
	seen.take()
	for i, tt := range []struct {
		want  string
		lines []string
	}{
		{"127.0.0.1", nil},
		{"203.0.113.7", []string{"203.0.113.7"}},
		{"203.0.113.7", []string{"6.6.6.6, 203.0.113.7"}},
		{"203.0.113.7", []string{"6.6.6.6", "203.0.113.7"}},
		{"203.0.113.7", []string{"6.6.6.6, 203.0.113.7", "10.1.2.3", "10.0.0.1 , [2001:db8::1]:443"}},
		{"203.0.113.7", []string{"203.0.113.7:4711"}},
		{"2001:dba::1", []string{"6.6.6.6, 2001:dba::1, 2001:db8::2"}},
		{"203.0.113.7", []string{"::ffff:203.0.113.7, ::ffff:10.0.0.1"}},
		{"10.0.0.1", []string{"203.0.113.7, unknown, 10.0.0.1"}},
		{"127.0.0.1", []string{"203.0.113.7, "}},
		{"127.0.0.1", []string{"203.0.113.7", "999.1.1.1"}},
		{"10.0.0.2", []string{"10.0.0.2, 10.0.0.1"}},
	} {
		var headers []string
		for _, line := range tt.lines {
			headers = append(headers, "X-Forwarded-For", line)
		}
		b.ask("POST", "/auth/login", `{"email":"a@example.com","password":"x"}`, headers...)
		b.ask("GET", "/api/whoami", "", slices.Concat(headers, bearer(fmt.Sprintf("8a1b0c5e-0000-4000-8000-%012d", i)))...)
		if got := seen.take(); !slices.Equal(got, []string{tt.want, tt.want}) {
			t.Errorf("X-Forwarded-For: %q: %v, want %s by route and guard", tt.lines, got, tt.want)
		}
	}
	outside := newBench(t, app, both(note, web.TrustedProxies("10.0.0.0/8")))
	seen.take()
	outside.ask("POST", "/auth/login", `{"email":"a@example.com","password":"x"}`, "X-Forwarded-For", "203.0.113.7")
	if got := seen.take(); !slices.Equal(got, []string{"127.0.0.1"}) {
		t.Errorf("an untrusted peer is believed: %v", got)
	}
}

// A guard asks the rate limit about unknown tokens only, and before LoginRadius.
func testGuardLimit(t *testing.T, app *kit) {
	refuse := errors.New("internal words")
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.RateLimit(func(_ context.Context, a web.Attempt) error {
		if a.Route != web.GuardAttempt || a.ClientIP != "127.0.0.1" || a.Account != "" {
			t.Errorf("asked about %+v", a)
		}
		return refuse
	})}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	before := len(b.lr.Requests())
	for i := range 5 {
		for _, path := range []string{"/api/whoami", "/optional"} {
			r := b.refused(429, web.CodeThrottled, "GET", path, "", bearer(fmt.Sprintf("8a1b0c5e-0000-4000-8000-%012d", i))...)
			if strings.Contains(r.body, "internal words") {
				t.Errorf("the limit's words are shown: %s", r.body)
			}
		}
	}
	if n := len(b.lr.Requests()) - before; n != 0 {
		t.Errorf("%d calls were made for refused tokens", n)
	}
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "") // nothing to ask about
	if _, err := b.client.Session(context.Background(), token); err != nil {
		t.Fatal(err)
	}
	if w := b.who("/api/whoami", bearer(token)...); w.Accessor != uid { // remembered: nothing to ask either
		t.Errorf("a known user: %+v", w)
	}
}

// The access token reaches handlers that asked for it, in its newest form, and others
// never.
func testPassedToken(t *testing.T, app *kit) {
	s := both(web.InsecureCookies(), web.AutoRefresh())
	s.Guard = append(s.Guard, web.PassToken())
	b := newBench(t, app, s)
	_, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	for _, path := range []string{"/api/whoami", "/optional", "/api/stacked"} {
		if w := b.who(path, bearer(token)...); w.Token != token {
			t.Errorf("%s: the handler has the token %q", path, w.Token)
		}
	}
	cookies := b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	b.lr.Advance(16 * time.Minute)
	r := b.want(200, "GET", "/api/whoami", "", jar(cookies)...)
	if got := b.object(r); len(r.cookies) != 2 || got["token"] != r.cookies[0].Value || got["token"] == cookies[0].Value {
		t.Errorf("after a refresh the handler has %v, the browser %v", got["token"], r.cookies)
	}
	unasked := newBench(t, app, Site{})
	_, token = unasked.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if w := unasked.who("/api/whoami", bearer(token)...); w.Token != "" {
		t.Errorf("the handler has a token that it did not ask for")
	}
}

// Two guards before one handler: what the first has refreshed, the second knows.
func testStacked(t *testing.T, app *kit) {
	b := newBench(t, app, both(web.InsecureCookies(), web.AutoRefresh()))
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if w := b.who("/api/stacked", bearer(token)...); w.Accessor != uid || w.Context != uid {
		t.Errorf("behind two guards: %+v", w)
	}
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/stacked", "")
	cookies := b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	for _, from := range []int{0, 1} { // with the expired access cookie, and after the browser has dropped it
		sent := cookies[from:]
		b.lr.Advance(16 * time.Minute)
		before := len(b.lr.Requests(refreshOperation))
		r := b.want(200, "GET", "/api/stacked", "", jar(sent)...)
		if n := len(b.lr.Requests(refreshOperation)) - before; n > 1 || len(r.cookies) != 2 || !strings.Contains(r.body, uid) {
			t.Errorf("%d refreshes, cookies %v, %s", n, r.cookies, r.body)
		}
		cookies = r.cookies
	}
}

// Losing the answer of a refresh logs no one out.
func testLostRefresh(t *testing.T, app *kit) {
	b := newBench(t, app, both(web.InsecureCookies(), web.AutoRefresh()))
	b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	old := b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies
	b.lr.Advance(16 * time.Minute)
	lost := b.want(200, "GET", "/api/whoami", "", jar(old[1:])...).cookies
	if len(lost) != 2 {
		t.Fatalf("cookies %v", lost)
	}
	for _, later := range []time.Duration{time.Minute, time.Hour} { // the second time the new access token has expired as well
		b.lr.Advance(later)
		lost = b.want(200, "GET", "/api/whoami", "", jar(old[1:])...).cookies
		if len(lost) != 2 {
			t.Fatalf("%v later: cookies %v", later, lost)
		}
	}
	b.want(200, "GET", "/api/whoami", "", jar(lost)...) // they have arrived
	b.lr.Advance(time.Minute)
	r := b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", jar(old[1:])...)
	for _, c := range r.cookies {
		if c.MaxAge >= 0 {
			t.Errorf("a refresh token that is over leaves %v", c)
		}
	}
	b.want(200, "GET", "/api/whoami", "", jar(lost)...)

	// The answer to an upgrade is not ours to add cookies to.
	b.lr.Advance(16 * time.Minute)
	before := len(b.lr.Requests(refreshOperation))
	b.refused(401, web.CodeInvalidToken, "GET", "/api/socket", "", slices.Concat(upgrade, jar(lost))...)
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/socket", "", slices.Concat(upgrade, jar(lost[1:]))...)
	if n := len(b.lr.Requests(refreshOperation)) - before; n != 0 {
		t.Errorf("%d refreshes for an upgrade", n)
	}
	// A service that hangs or answers oddly says nothing about the token.
	for _, fault := range []emulator.Fault{
		emulator.ServerError(500), {Status: 403, ContentType: "application/json", Body: `{"error":"access_denied"}`}, {Status: 400, ContentType: "application/json", Body: `{"ErrorCode":1234567}`},
	} {
		b.lr.Inject(fault.On(refreshOperation))
		if r := b.refused(503, web.CodeUnavailable, "GET", "/api/whoami", "", jar(lost[1:])...); len(r.cookies) != 0 {
			t.Errorf("%d: cookies %v", fault.Status, r.cookies)
		}
		if r := b.refused(503, web.CodeUnavailable, "POST", "/auth/token/refresh", "", jar(lost[1:])...); len(r.cookies) != 0 {
			t.Errorf("%d: the route sets %v", fault.Status, r.cookies)
		}
		b.lr.ClearFaults()
	}
	// A session that cannot be checked is not refreshed: a request waits once only.
	b.lr.Inject(emulator.ServerError(500))
	before = len(b.lr.Requests(refreshOperation))
	b.refused(503, web.CodeUnavailable, "GET", "/api/whoami", "", "Cookie", "lr_access=9b1b0c5e-0000-4000-8000-000000000000; lr_refresh="+lost[1].Value)
	if n := len(b.lr.Requests(refreshOperation)) - before; n != 0 {
		t.Errorf("%d refreshes of a session that could not be checked", n)
	}
	b.lr.ClearFaults()
	b.want(200, "GET", "/api/whoami", "", jar(lost[1:])...)
	for _, c := range b.refused(401, web.CodeInvalidToken, "POST", "/auth/token/refresh", "", "Cookie", "lr_refresh=8a1b0c5e-0000-4000-8000-000000000000").cookies {
		if c.MaxAge >= 0 {
			t.Errorf("the route leaves %v", c)
		}
	}
}

// A script in a browser can send a WebSocket's token in one place only.
func testSubprotocol(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.TokensFrom(web.BearerHeader(), web.TokenSubprotocol("lr.bearer."))}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	offer := "lr.bearer." + base64.RawURLEncoding.EncodeToString([]byte(token))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, res, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(b.url, "http")+"/api/socket", &websocket.DialOptions{HTTPClient: b.http, Subprotocols: []string{"chat", offer}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	if chosen := res.Header.Get("Sec-WebSocket-Protocol"); strings.Contains(chosen, "bearer") {
		t.Errorf("the answer repeats the token: %s", chosen)
	}
	if _, first, err := conn.Read(ctx); err != nil || !strings.Contains(string(first), uid) {
		t.Errorf("the socket belongs to %s: %v", first, err)
	}
	for line, status := range map[string]int{"chat": 401, "lr.bearer.": 400, "lr.bearer.a=": 400, offer + ", " + offer: 400, strings.ToUpper(offer): 401} {
		if r := b.ask("GET", "/api/whoami", "", "Sec-WebSocket-Protocol", line); r.status != status {
			t.Errorf("Sec-WebSocket-Protocol: %s: %d, want %d", line, r.status, status)
		}
	}
}

// What an application keeps of a request is a copy, and what cannot be one fails after
// the request: it never belongs to another.
func testAfterTheRequest(t *testing.T, app *kit) {
	kept := make(chan *web.Request, 1)
	b := newBench(t, app, Site{Routes: []web.RouteOption{web.WithHooks(web.Hooks{OnLogin: func(_ context.Context, r *web.Request, _ *core.Session) { kept <- r }})}})
	b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	const body = `{"email":"ada@example.com","password":"correct horse"}`
	b.want(200, "POST", "/auth/login?mine", body, "User-Agent", "mine", "X-Mine", "a", "X-Mine", "b")
	r := <-kept
	b.doc = nil    // it describes no body for a logout
	for range 20 { // through the same buffers
		b.ask("POST", "/auth/logout?theirs", `{"another":"user's secret, as long as the first body was"}`, "User-Agent", "theirs", "Authorization", "Bearer theirs", "X-Mine", "theirs")
	}
	agent, n := r.Header("user-agent")
	authorization, m := r.Header("Authorization")
	if agent != "mine" || n != 1 || authorization != "" || m != 0 || r.Query() != "mine" || r.Path() != "/auth/login" || r.Target() != "/auth/login?mine" || r.Method() != "POST" ||
		!slices.Equal(r.Values("X-Mine"), []string{"a", "b"}) || r.Headers().Get("User-Agent") != "mine" {
		t.Errorf("the request has become %q %q %q %q %v", agent, authorization, r.Target(), r.Values("X-Mine"), r.Headers())
	}
	if got, err := io.ReadAll(r.Body()); strings.Contains(string(got), "another") {
		t.Errorf("the body has become %q, %v", got, err)
	}
}

// What the application answers and asks is taken as it is, on refusals too.
func testRefusalsOfOnesOwn(t *testing.T, app *kit) {
	var who journal
	b := newBench(t, app, Site{Guard: []web.GuardOption{
		web.ErrorResponse(func(v web.View, p *web.Problem) *web.Response {
			who.add(fmt.Sprint(p.Status), core.SessionFromContext(v.Context()).UID())
			return &web.Response{Header: http.Header{"Www-Authenticate": {`Bearer realm="a"`, `DPoP algs="ES256"`}}}
		}),
		web.SkipPreflight(),
		web.Skip(func(v web.View) bool { return v.Query() == "health" }),
		web.Skip(func(v web.View) bool { return v.Query() == "ready" }),
	}})
	uid, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	who.take()
	if r := b.ask("GET", "/api/whoami", ""); len(r.header["Www-Authenticate"]) != 2 {
		t.Errorf("WWW-Authenticate: %q", r.header["Www-Authenticate"])
	}
	b.want(403, "GET", "/api/admin", "", bearer(token)...)
	if got := who.take(); !slices.Equal(got, []string{"401 ", "403 " + uid}) {
		t.Errorf("the refusals were of %q, want an anonymous one and one of %s", got, uid)
	}
	b.want(200, "GET", "/api/whoami?health", "")
	b.want(200, "GET", "/api/whoami?ready", "")
	b.want(200, "OPTIONS", "/api/whoami", "", "Access-Control-Request-Method", "POST")
	b.want(401, "OPTIONS", "/api/whoami", "")
}

// A handler's multipart form leaves no file behind.
func testUploads(t *testing.T, app *kit) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp)
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	f, err := w.CreateFormFile("file", "a.bin")
	if err == nil {
		_, err = f.Write(make([]byte, 200_000))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if r := b.want(200, "POST", "/api/upload", form.String(), slices.Concat(bearer(token), []string{"Content-Type", w.FormDataContentType()})...); r.body != "1" {
		t.Errorf("the handler found %s files", r.body)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) { // the server may delete them after it has answered
		left, err := filepath.Glob(filepath.Join(tmp, "multipart-*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d temporary files are left in %s", len(left), os.TempDir())
		}
	}
}

// A confirmed deletion forgets the session that came with it, whoever asked for it.
func testDeletedElsewhere(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	b.who("/api/whoami", bearer(token)...)
	other, err := core.New(b.lr.Config()) // another replica
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	if err := other.Authentication.DeleteAccount(context.Background(), core.DeleteAccountRequest{AccessToken: token}); err != nil {
		t.Fatal(err)
	}
	b.want(204, "POST", "/auth/account/delete", `{"token":"`+b.mailed("deleteuser")+`"}`, bearer(token)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(token)...)
}
