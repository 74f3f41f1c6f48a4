package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// oneUser is an emulator, a client of it, and a user with the role editor.
func oneUser(t *testing.T, u emulator.User) (*emulator.Emulator, *core.Client, string) {
	t.Helper()
	lr, client := bubble(t)
	t.Cleanup(func() { _ = client.Close() })
	uid, err := lr.AddUser(u)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	return lr, client, token
}

func get(target string, headers ...string) *http.Request {
	r := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestRequirements(t *testing.T) {
	_, client, token := oneUser(t, emulator.User{Email: "ada@example.com", EmailVerified: true, Roles: []string{"editor", "reader"}})
	own := &web.Problem{Status: 402, Code: "pay", Title: "Pay first"}
	for _, tt := range []struct {
		name    string
		options []web.GuardOption
		status  int
		code    string
	}{
		{"nothing", nil, 0, ""},
		{"one of two roles", []web.GuardOption{web.RequireRole("admin", "editor")}, 0, ""},
		{"none of two roles", []web.GuardOption{web.RequireRole("admin", "owner")}, 403, web.CodeMissingRole},
		{"case counts", []web.GuardOption{web.RequireRole("Editor")}, 403, web.CodeMissingRole},
		{"all of two roles", []web.GuardOption{web.RequireAllRoles("reader", "editor")}, 0, ""},
		{"all of three roles", []web.GuardOption{web.RequireAllRoles("reader", "editor", "admin")}, 403, web.CodeMissingRole},
		{"twice", []web.GuardOption{web.RequireRole("reader"), web.RequireRole("admin")}, 403, web.CodeMissingRole},
		{"verified", []web.GuardOption{web.RequireVerifiedEmail()}, 0, ""},
		{"a function", []web.GuardOption{web.Require(func(s *core.Session) error { return errors.New(s.Email()) })}, 403, web.CodeForbidden},
		{"a problem of one's own", []web.GuardOption{web.Require(func(*core.Session) error { return own })}, 402, "pay"},
	} {
		s, res := web.RequireLogin(client, tt.options...).Check(web.HTTPView(get("/", "Authorization", "Bearer "+token)))
		switch {
		case tt.status == 0 && (res != nil || s.Email() != "ada@example.com"):
			t.Errorf("%s: refused: %v", tt.name, res)
		case tt.status != 0 && (res == nil || s != nil || res.Status != tt.status || !strings.Contains(string(res.Body), `"code":"`+tt.code+`"`)):
			t.Errorf("%s: %v %v, want %d %s", tt.name, s, res, tt.status, tt.code)
		}
		if res != nil && bytes.Contains(res.Body, []byte("ada@")) {
			t.Errorf("%s: the answer tells too much: %s", tt.name, res.Body)
		}
	}
	if own.Type != "" {
		t.Error("the guard changed a problem of the application")
	}
}

// A browser that opens a page is sent to the login page and back; other clients are not.
func TestLoginPage(t *testing.T) {
	g := web.RequireLogin(offline(t), web.LoginPage("/login"))
	for _, tt := range []struct {
		request *http.Request
		want    string // "" for 401
	}{
		{get("/a/b?c=d&e=f", "Accept", "text/html,*/*"), "/login?next=%2Fa%2Fb%3Fc%3Dd%26e%3Df"},
		{get("/", "Accept", "text/html"), "/login?next=%2F"},
		{get("//evil.example/x", "Accept", "text/html"), "/login?next=%2F"},
		{get("/a", "Accept", "application/json"), ""},
		{get("/a"), ""},
		{httptest.NewRequest("POST", "/a", nil), ""},
	} {
		_, res := g.Check(web.HTTPView(tt.request))
		if tt.want == "" && res.Status != 401 || tt.want != "" && (res.Status != 303 || res.Header.Get("Location") != tt.want) {
			t.Errorf("%s: %d %s, want %q", tt.request.URL, res.Status, res.Header.Get("Location"), tt.want)
		}
	}
	g = web.RequireLogin(offline(t), web.LoginPage("/login?lang=de"))
	if _, res := g.Check(web.HTTPView(get("/a", "Accept", "text/html"))); res.Header.Get("Location") != "/login?lang=de&next=%2Fa" {
		t.Errorf("a login page with a query: %s", res.Header.Get("Location"))
	}
}

// What an application returns for all requests is never changed for one of them.
func TestSharedErrorResponse(t *testing.T) {
	shared := &web.Response{Status: 418, Header: http.Header{"X-Mine": {"1"}}, Body: []byte("no")}
	g := web.RequireLogin(offline(t), web.ErrorResponse(func(web.View, *web.Problem) *web.Response { return shared }))
	_, res := g.Check(web.HTTPView(get("/")))
	if res == shared || res.Status != 418 || res.Header.Get("Www-Authenticate") == "" || res.Header.Get("X-Mine") != "1" {
		t.Errorf("%+v", res)
	}
	if len(shared.Header) != 1 || shared.Cookies != nil {
		t.Errorf("the application's response has become %+v", shared)
	}
}

// Nor is what it returns for all requests to a route: the cookies of one visitor
// would reach the next.
func TestSharedResponseGetsNoCookies(t *testing.T) {
	lr, client, _ := oneUser(t, emulator.User{Email: "ada@example.com", EmailVerified: true})
	uid, err := lr.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	_, refresh, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	shared := web.JSON(http.StatusOK, "the same for all")
	route := single(t, client, "sessions", web.Cookies(), web.AutoRefresh(), web.Replace("sessions", func(context.Context, *web.Request) (*web.Response, error) {
		return shared, nil
	}))
	res := route.Serve(web.HTTPView(get("/", "Cookie", "__Host-lr_refresh="+refresh)))
	if res.Status != http.StatusOK || len(res.Cookies) != 2 {
		t.Errorf("the refreshed request: %d %v", res.Status, res.Cookies)
	}
	if len(shared.Cookies) != 0 {
		t.Errorf("the cookies went into the response for all: %v", shared.Cookies)
	}
}

// Tokens and addresses stay out of the log.
func TestLogIsDiscreet(t *testing.T) {
	var out bytes.Buffer
	lr, client, token := oneUser(t, emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	lr.Inject(emulator.ServerError(500))
	logger := web.Logger(slog.New(slog.NewTextHandler(&out, nil)))
	if _, res := web.RequireLogin(client, logger).Check(web.HTTPView(get("/", "Authorization", "Bearer "+token))); res.Status != 503 {
		t.Errorf("in an outage: %d", res.Status)
	}
	for route, body := range map[web.RouteName]string{"login": `{"email":"ada@example.com","password":"correct horse"}`, "logout": "", "reset_password": `{"token":"mailed-secret","password":"correct horse"}`} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		if res := single(t, client, route, logger, web.ResponseFloor(0)).Serve(web.HTTPView(r)); res.Status != 503 {
			t.Errorf("%s in an outage: %d", route, res.Status)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 4 {
		t.Errorf("%d lines about four failures: %s", n, out.String())
	}
	for _, secret := range []string{token, "correct horse", "mailed-secret", "ada@example.com", "emulator-secret"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log holds %s: %s", secret, out.String())
		}
	}
}

// A refresh changes nothing else about a request.
func TestAdmitSetsTheCookieLife(t *testing.T) {
	lr, client, _ := oneUser(t, emulator.User{Email: "ada@example.com", EmailVerified: true})
	uid, err := lr.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	_, refresh, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	g := web.RequireLogin(client, web.Cookies(), web.AutoRefresh())
	view := web.HTTPView(get("/", "Cookie", "__Host-lr_refresh="+refresh))
	if s, res := g.Check(view); s != nil || res == nil || len(lr.Requests("refresh_access_token_by_refresh_token")) != 0 {
		t.Error("Check refreshed, and would lose the cookies")
	}
	a := g.Admit(view)
	renewed := a.Renewed
	if a.Refusal != nil || a.Session.UID() != uid || renewed == nil || len(renewed.Cookies) != 2 || renewed.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("Admit: %+v", a)
	}
	for _, c := range renewed.Cookies {
		if !strings.HasPrefix(c.Name, "__Host-lr_") || !c.Secure || !c.HttpOnly || !c.Expires.After(time.Now()) {
			t.Errorf("cookie %+v", c)
		}
	}
}

// Who has just verified the address is not held back by what was remembered before.
func TestVerifiedAtOnce(t *testing.T) {
	s := newClient(t, emulator.WithEmailWorkflow(emulator.Optional))
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", s.client, web.Logger(quiet())); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/verified", nethttp.RequireLogin(s.client, web.RequireVerifiedEmail())(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	s.listen(mux)
	s.want(s.send("POST", "/auth/register", url.Values{"email": {"new@example.com"}, "password": {"correct horse"}}), 201, "/auth/register")
	login, err := s.client.Authentication.LoginByEmail(t.Context(), core.LoginByEmailRequest{Email: "new@example.com", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	mine := []string{"Authorization", "Bearer " + login.AccessToken}
	s.want(s.send("GET", "/verified", nil, mine...), 403, "/verified")
	mails := s.lr.Mailbox()
	if res := s.send("POST", "/auth/email/verify", url.Values{"token": {mails[len(mails)-1].Token}}, mine...); res.status > 204 {
		t.Fatalf("verify: %+v", res)
	}
	s.want(s.send("GET", "/verified", nil, mine...), 200, "/verified")
}
