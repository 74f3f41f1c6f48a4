package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// newOIDCSite is a site with pages that logs in at the emulator's hosted page.
func newOIDCSite(t *testing.T, opts ...web.RouteOption) *site {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	callback := srv.URL + "/account/oidc/callback"
	s := newClient(t, emulator.WithOIDCApp(emulator.OIDCApp{Name: "shop", ClientID: "shop-client", ClientSecret: "shop-secret", RedirectURIs: []string{callback}}))
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.url, s.http = srv.URL, &http.Client{Jar: jar}
	login, err := jwt.NewLogin(jwt.LoginConfig{Issuer: s.lr.URL() + "/service/oidc/shop/", ClientID: "shop-client", ClientSecret: "shop-secret", RedirectURL: callback, Clock: s.lr.Now})
	if err != nil {
		t.Fatal(err)
	}
	all := append([]web.RouteOption{web.InsecureCookies(), web.Logger(quiet()), web.OIDCLogin(login), web.OIDCLogout(s.url + "/bye"), web.WithPages()}, opts...)
	if err := nethttp.Mount(mux, "/account", s.client, all...); err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /cart", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the cart") })
	mux.HandleFunc("GET /bye", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "good bye") })
	return s
}

// hosted types the password at the hosted page and follows where that leads.
func (s *site) hosted(page shown) shown {
	s.t.Helper()
	if page.status != 200 || !strings.Contains(page.body, "Log in to shop") {
		s.t.Fatalf("not at the hosted page: %d %s %s", page.status, page.path, page.body)
	}
	res, err := s.http.PostForm(s.lr.URL()+page.path, url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	return shown{status: res.StatusCode, path: res.Request.URL.RequestURI(), header: res.Header}
}

func TestOIDCLoginInPages(t *testing.T) {
	s := newOIDCSite(t)
	s.want(s.get("/account/login?next=%2Fcart"), 200, "/account/login?next=%2Fcart",
		`href="/account/oidc/start?next=%2Fcart"><svg`, "<span>Continue with single sign-on</span>")
	if got := s.hosted(s.get("/account/oidc/start?next=%2Fcart")); got.status != 200 || got.path != "/cart" {
		t.Fatalf("the hosted page leads to %d %s", got.status, got.path)
	}
	s.want(s.get("/account/profile"), 200, "/account/profile", "ada@example.com")

	// The hosted page knows the browser, and leads to the profile by default.
	age := func() (age time.Duration, known bool) {
		for _, c := range s.http.Jar.Cookies(mustParse(t, s.url)) {
			if age, known = s.client.LoginAge(c.Value); known {
				break
			}
		}
		return age, known
	}
	s.lr.Advance(time.Hour)
	s.want(s.get("/account/oidc/start"), 200, "/account/profile", "ada@example.com")
	if got, known := age(); known {
		t.Errorf("a login that asked the user for nothing counts as a proof of presence %v ago", got)
	}
	// For a step-up it asks again.
	if got := s.hosted(s.get("/account/oidc/start?prompt=login")); got.status != 200 || got.path != "/account/profile" {
		t.Fatalf("the hosted page leads to %d %s", got.status, got.path)
	}
	if got, known := age(); !known || got > time.Minute {
		t.Errorf("a login that asked for the password: %v ago, %t", got, known)
	}
	// A browser that leaves the wish out proves nothing new.
	s.lr.Advance(time.Hour)
	s.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	address := s.get("/account/oidc/start?prompt=login").header.Get("Location")
	s.http.CheckRedirect = nil
	res, err := s.http.Get(strings.Replace(address, "&prompt=login", "", 1))
	if err != nil || res.StatusCode != http.StatusOK || res.Request.URL.Path != "/account/profile" {
		t.Fatalf("%v, %v", res, err)
	}
	_ = res.Body.Close()
	if got, _ := age(); got < time.Hour {
		t.Errorf("a login without the wish counts as one %v ago", got)
	}

	// A logout ends both sessions.
	page := s.get("/account/logout")
	policy := page.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "form-action 'self' "+s.lr.URL()+" "+s.url+";") {
		t.Errorf("the form may not lead to the hosted page: %s", policy)
	}
	s.want(s.post("/account/logout"), 200, "/bye", "good bye")
	s.want(s.get("/account/profile"), 200, "/account/login?next=%2Faccount%2Fprofile")
	if got := s.get("/account/oidc/start"); !strings.Contains(got.body, "Log in to shop") {
		t.Errorf("the hosted page still knows the browser: %s", got.body)
	}

	// A login by password has no session there to end.
	s.want(s.post("/account/login", "email", "ada@example.com", "password", "correct horse"), 200, "/account/profile")
	s.want(s.post("/account/logout"), 200, "/account/", "You are logged out.")
}

func TestOIDCLoginFailsInPages(t *testing.T) {
	s := newOIDCSite(t)
	s.want(s.get("/account/oidc/callback?code=x&state=y"), 200, "/account/login", "That login did not work.")
	s.hosted(s.get("/account/oidc/start"))
	s.want(s.post("/account/logout"), 200, "/bye")
	for name, inject := range map[string]func(){
		"outage": func() { s.lr.Inject(emulator.ServerError(503).On("oidc_token")) },
		"refused": func() {
			s.lr.Inject(emulator.Fault{Operation: "oidc_token", Status: 400, Body: `{"error":"invalid_grant"}`})
		},
	} {
		inject()
		got := s.hosted(s.get("/account/oidc/start"))
		s.lr.ClearFaults()
		if got.status != 200 || got.path != "/account/login" {
			t.Errorf("%s: leads to %d %s", name, got.status, got.path)
		}
		if s.get("/account/profile").path == "/account/profile" {
			t.Errorf("%s: logged in", name)
		}
		if _, err := s.http.Get(s.lr.URL() + "/auth.aspx?action=logout"); err != nil {
			t.Fatal(err)
		}
	}
}

// A fakeProvider is a hosted page that a test answers for.
type fakeProvider struct {
	attempt core.OIDCAttempt
	asked   time.Time // zero: it does not say
	tokens  *core.Tokens
	subject string
	err     error
}

func (f *fakeProvider) AuthorizeURL(_ context.Context, a core.OIDCAttempt) (string, error) {
	f.attempt = a
	return "https://hosted.example/authorize?state=" + a.State, f.err
}

func (f *fakeProvider) Exchange(_ context.Context, _ string, a core.OIDCAttempt) (*core.OIDCResult, error) {
	if a != f.attempt {
		return nil, fmt.Errorf("another attempt: %w", core.ErrInvalidRequestToken)
	}
	if f.err != nil {
		return nil, f.err
	}
	return &core.OIDCResult{Tokens: *f.tokens, Subject: f.subject, AuthenticatedAt: f.asked}, nil
}

func (f *fakeProvider) RedirectURL() string { return "https://app.example/oidc/callback" }

func (f *fakeProvider) LogoutURL(string) string { return "https://hosted.example/logout" }

// oidcRoutes starts a login and returns a function that finishes it as a single-page
// application does.
func oidcRoutes(t *testing.T, opts ...web.RouteOption) (*fakeProvider, *web.App, *http.Cookie, func(body string, cookie *http.Cookie, headers ...string) *web.Response) {
	t.Helper()
	lr, client := bubble(t)
	t.Cleanup(func() { _ = client.Close() })
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	access, refresh, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	provider := &fakeProvider{tokens: &core.Tokens{AccessToken: access, RefreshToken: refresh}, subject: uid}
	app, err := web.NewApp(client, append([]web.RouteOption{web.OIDCLogin(provider), web.Logger(quiet())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	finish := func(body string, cookie *http.Cookie, headers ...string) *web.Response {
		t.Helper()
		route, err := app.Route(web.RouteOIDCFinish)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/oidc/callback", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if cookie != nil {
			r.AddCookie(cookie)
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return route.Serve(web.HTTPView(r))
	}
	start, err := app.Route(web.RouteOIDCStart)
	if err != nil {
		t.Fatal(err)
	}
	res := start.Serve(web.HTTPView(httptest.NewRequest("GET", "/oidc/start?next=//evil.example", nil)))
	if res.Status != http.StatusSeeOther || res.Header.Get("Location") != "https://hosted.example/authorize?state="+provider.attempt.State || len(res.Cookies) != 1 {
		t.Fatalf("start: %+v", res)
	}
	return provider, app, res.Cookies[0], finish
}

func TestOIDCStart(t *testing.T) {
	provider, _, cookie, _ := oidcRoutes(t)
	if cookie.Name != "__Host-lr_oidc" || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.MaxAge != 600 {
		t.Errorf("the cookie is %+v", cookie)
	}
	a := provider.attempt
	if len(a.State) < 20 || len(a.Nonce) < 20 || len(a.Verifier) < 43 || a.State == a.Nonce {
		t.Errorf("the attempt is %+v with %d, %d and %d characters", a, len(a.State), len(a.Nonce), len(a.Verifier))
	}
	for _, secret := range []string{a.State, a.Nonce, a.Verifier} {
		if strings.Contains(cookie.Value, secret) {
			t.Error("the cookie can be read")
		}
	}
}

// A single-page application gets tokens, in the body or as cookies.
func TestOIDCFinish(t *testing.T) {
	for name, opts := range map[string][]web.RouteOption{"bearer": nil, "cookies": {web.Cookies()}} {
		provider, _, cookie, finish := oidcRoutes(t, opts...)
		res := finish(`{"code":"c","state":"`+provider.attempt.State+`"}`, cookie, "Origin", "http://example.com", "Sec-Fetch-Site", "same-origin")
		var answer struct {
			AccessToken string `json:"access_token"`
			User        struct{ UID string }
		}
		if err := json.Unmarshal(res.Body, &answer); err != nil || res.Status != 200 || answer.User.UID != provider.subject {
			t.Fatalf("%s: %d %s, %v", name, res.Status, res.Body, err)
		}
		if (answer.AccessToken != "") != (name == "bearer") {
			t.Errorf("%s: the body has the token %q", name, answer.AccessToken)
		}
		cleared := false
		for _, c := range res.Cookies {
			cleared = cleared || c.Name == "__Host-lr_oidc" && c.MaxAge < 0
		}
		if !cleared {
			t.Errorf("%s: the attempt lives on: %v", name, res.Cookies)
		}
	}
}

func TestOIDCFinishRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fakeProvider, *http.Cookie) (state string, sent *http.Cookie, headers []string)
		status int
		code   string
	}{
		"another state": {func(_ *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) { return "guessed", k, nil }, 401, web.CodeInvalidToken},
		"another browser": {func(p *fakeProvider, _ *http.Cookie) (string, *http.Cookie, []string) {
			return p.attempt.State, nil, nil
		}, 401, web.CodeInvalidToken},
		"forged cookie": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			first := "A" // a bit of it differs, whatever it was
			if k.Value[0] == 'A' {
				first = "B"
			}
			k.Value = first + k.Value[1:]
			return p.attempt.State, k, nil
		}, 401, web.CodeInvalidToken},
		"another site": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			return p.attempt.State, k, []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}
		}, 403, web.CodeCrossOrigin},
		"somebody else's token": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			p.subject = "another"
			return p.attempt.State, k, nil
		}, 401, web.CodeInvalidToken},
		"dead token": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			p.tokens = &core.Tokens{AccessToken: "0f9a3c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b"}
			return p.attempt.State, k, nil
		}, 401, web.CodeInvalidToken},
		"refused code": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			p.err = core.ErrInvalidRequestToken
			return p.attempt.State, k, nil
		}, 401, web.CodeInvalidToken},
		"outage": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			p.err = core.ErrUnavailable
			return p.attempt.State, k, nil
		}, 503, web.CodeUnavailable},
		"our own credentials": {func(p *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) {
			p.err = errors.Join(core.ErrAPICredentials, core.ErrUnavailable)
			return p.attempt.State, k, nil
		}, 503, web.CodeUnavailable},
		"no state": {func(_ *fakeProvider, k *http.Cookie) (string, *http.Cookie, []string) { return "", k, nil }, 422, web.CodeValidationFailed},
	} {
		provider, _, cookie, finish := oidcRoutes(t)
		state, sent, headers := c.change(provider, cookie)
		res := finish(`{"code":"c","state":"`+state+`"}`, sent, headers...)
		if res.Status != c.status || !strings.Contains(string(res.Body), `"`+c.code+`"`) {
			t.Errorf("%s: %d %s", name, res.Status, res.Body)
		}
	}
}

// An attempt ends after ten minutes, whatever the browser does with its cookie.
func TestOIDCAttemptExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider, _, cookie, finish := oidcRoutes(t)
		time.Sleep(10*time.Minute + time.Second)
		if res := finish(`{"code":"c","state":"`+provider.attempt.State+`"}`, cookie); res.Status != 401 {
			t.Errorf("%d %s", res.Status, res.Body)
		}
	})
}

func TestOIDCCallback(t *testing.T) {
	provider, app, cookie, _ := oidcRoutes(t, web.Cookies())
	route, err := app.Route(web.RouteOIDCCallback)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/oidc/callback?code=c&state="+provider.attempt.State, nil)
	r.AddCookie(cookie)
	res := route.Serve(web.HTTPView(r))
	if res.Status != http.StatusSeeOther || res.Header.Get("Location") != "/" || len(res.Cookies) < 3 {
		t.Errorf("%+v", res)
	}
	// Without pages a failure is a problem.
	if res := route.Serve(web.HTTPView(httptest.NewRequest("GET", "/oidc/callback?error=access_denied&state=x", nil))); res.Status != 401 {
		t.Errorf("%d %s", res.Status, res.Body)
	}

	_, app, _, _ = oidcRoutes(t) //nolint:dogsled // only what is mounted matters here
	if _, err := app.Route(web.RouteOIDCCallback); err == nil {
		t.Error("a callback that could only put tokens into an address")
	}
}

func TestOIDCOptions(t *testing.T) {
	client := offline(t)
	for what, opts := range map[string][]web.RouteOption{
		"OIDCLogin: the provider":   {web.OIDCLogin(nil)},
		"OIDCLogout: must":          {web.OIDCLogin(&fakeProvider{}), web.OIDCLogout("/bye")},
		"OIDCLogout: needs":         {web.OIDCLogout("https://app.example/")},
		"oidc_start\" needs an opt": nil,
	} {
		app, err := web.NewApp(client, opts...)
		if err == nil {
			_, err = app.Route(web.RouteOIDCStart)
		}
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
