package web_test

import (
	"context"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
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

// A site is the pages on a real socket, and a browser without JavaScript.
type site struct {
	t      *testing.T
	lr     *emulator.Server
	client *core.Client
	url    string
	http   *http.Client
	uid    string // of ada@example.com
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func newSite(t *testing.T, prefix string, opts []web.RouteOption, emulated ...emulator.Option) *site {
	t.Helper()
	s := newClient(t, emulated...)
	mux := http.NewServeMux()
	opts = append([]web.RouteOption{web.InsecureCookies(), web.ResponseFloor(0), web.Logger(quiet())}, opts...)
	if err := nethttp.Mount(mux, prefix, s.client, opts...); err != nil {
		t.Fatal(err)
	}
	s.listen(mux)
	return s
}

func newClient(t *testing.T, emulated ...emulator.Option) *site {
	t.Helper()
	lr, err := emulator.Start(append([]emulator.Option{emulator.WithLogger(quiet())}, emulated...)...)
	if err != nil {
		t.Fatal(err)
	}
	cfg := lr.Config()
	cfg.Retry.MaxAttempts = 1
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true, FirstName: "Ada", LastName: "Byron"})
	if err != nil {
		t.Fatal(err)
	}
	return &site{t: t, lr: lr, client: client, uid: uid}
}

func (s *site) listen(h http.Handler) {
	srv := httptest.NewServer(h)
	s.t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.url, s.http = srv.URL, &http.Client{Jar: jar}
}

// A shown page, and the path that the browser has arrived at.
type shown struct {
	status int
	path   string
	body   string
	header http.Header
}

func (s *site) send(method, path string, form url.Values, headers ...string) shown {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", s.url)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	at := res.Request.URL.Path
	if q := res.Request.URL.RawQuery; q != "" {
		at += "?" + q
	}
	return shown{res.StatusCode, at, string(body), res.Header}
}

func (s *site) get(path string) shown { s.t.Helper(); return s.send("GET", path, nil) }

// post sends a form of name, value pairs and follows where it leads.
func (s *site) post(path string, fields ...string) shown {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return s.send("POST", path, form)
}

// want compares where the browser has arrived, and looks for texts there.
func (s *site) want(got shown, status int, path string, texts ...string) shown {
	s.t.Helper()
	if got.status != status || got.path != path {
		s.t.Fatalf("arrived at %s with %d, want %s with %d\n%s", got.path, got.status, path, status, got.body)
	}
	for _, text := range texts {
		if !strings.Contains(got.body, text) {
			s.t.Errorf("%s does not say %q:\n%s", path, text, got.body)
		}
	}
	return got
}

func (s *site) login() {
	s.t.Helper()
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile", "ada@example.com")
}

func TestPagesSayWhatFailedBesideTheField(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.TellTaken()})
	page := s.want(s.post("/register", "email", "", "password", "", "first_name", "<b>Ada"), 422, "/register",
		"<title>Error: Create account</title>", `role="alert" tabindex="-1" autofocus`,
		`<a href="#email">Enter your e-mail address.</a>`, `id="email-error">Enter your e-mail address.`, `aria-invalid="true" aria-describedby="email-error"`,
		`aria-describedby="password-error password-hint"`, `value="&lt;b&gt;Ada"`)
	if strings.Contains(page.body, "<b>Ada") {
		t.Error("what was typed is not escaped")
	}
	page = s.want(s.post("/register", "email", "ada@example.com", "password", "secret words"), 422, "/register", "There already is an account", `value="ada@example.com"`)
	if strings.Contains(page.body, "secret words") {
		t.Error("a password is shown again")
	}
	s.want(s.post("/login", "email", "ada@example.com", "password", "wrong"), 401, "/login", "The address or the password is wrong.")
	dead := s.want(s.post("/reset", "token", "no-such-token", "password", "second horse"), 422, "/reset", "wrong, used or too old", `class="button first" href="/forgot"`)
	if strings.Contains(dead.body, "no-such-token") {
		t.Error("a dead link keeps its form")
	}
	page = s.want(s.post("/login", "surprise", "1"), 400, "/login", "could not be read", "a field that is not known here")
	if strings.Contains(page.body, "cannot be stored") {
		t.Error("an unknown field is told to hold something")
	}
	s.want(s.post("/register", "email", "notmail", "password", "correct horse"), 422, "/register", `<a href="#email">This is not an e-mail address.</a>`, `id="email-error"`)
	s.login()
	s.want(s.post("/password", "current_password", "wrong", "new_password", "second horse"), 422, "/password",
		`<a href="#current_password">This is not your current password.</a>`, `value="Byron"`)
	s.want(s.get("/password"), 200, "/profile") // reloaded by its address
}

func TestProfileCanBeEmptied(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.login()
	s.want(s.post("/profile", "first_name", "Augusta", "last_name", ""), 200, "/profile", "Saved.", `value="Augusta"`)
	if page := s.get("/profile"); strings.Contains(page.body, "Byron") || strings.Contains(page.body, "Saved.") {
		t.Errorf("the last name or what was said stays:\n%s", page.body)
	}
}

// What an earlier form did is not said beside what has happened since.
func TestPagesSayOnlyTheLatest(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	unread := func(flash string) {
		s.http.Jar.SetCookies(mustParse(t, s.url), []*http.Cookie{{Name: "lr_flash", Value: flash, Path: "/"}})
	}
	unread("done_verified")
	if page := s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile"); strings.Contains(page.body, `class="done"`) {
		t.Errorf("the profile says what was done before the login:\n%s", page.body)
	}
	unread("done_saved")
	page := s.want(s.post("/password", "current_password", "wrong", "new_password", "second horse"), 422, "/password", `role="alert"`)
	if strings.Contains(page.body, "Saved.") || strings.Count(page.body, "autofocus") != 1 {
		t.Errorf("a failure is not all that is said:\n%s", page.body)
	}
	if page = s.get("/profile"); strings.Contains(page.body, "Saved.") {
		t.Errorf("it is said afterwards:\n%s", page.body)
	}
}

func TestLogoutByAPageTakesABrowserOut(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.login()
	s.want(s.get("/logout"), 200, "/logout", `action="/logout"`)
	s.want(s.get("/profile"), 200, "/profile") // looking at the page did nothing
	s.want(s.post("/logout"), 200, "/", "You are logged out.")
	s.want(s.get("/profile"), 200, "/login?next=%2Fprofile")

	s.login()
	s.lr.Inject(emulator.ServerError(503))
	s.want(s.post("/logout"), 503, "/logout", "cannot reach the login service")
	s.want(s.get("/profile"), 200, "/login?next=%2Fprofile") // the cookies are gone all the same
}

func TestASessionThatEndedLeadsToTheLoginPage(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.login()
	for _, session := range s.http.Jar.Cookies(mustParse(t, s.url)) {
		if session.Name == "lr_access" {
			s.client.Forget(session.Value)
			if err := s.client.Authentication.InvalidateToken(t.Context(), core.InvalidateTokenRequest{AccessToken: session.Value}); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.want(s.post("/profile", "first_name", "Augusta"), 200, "/login", "Your session has ended.", "<title>Error:")
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile", `value="Ada"`)
}

func TestAnOutageIsNoLogout(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	token := s.token()
	s.http.Jar.SetCookies(mustParse(t, s.url), []*http.Cookie{{Name: "lr_access", Value: token}})
	s.lr.Inject(emulator.ServerError(503))
	s.want(s.get("/profile"), 503, "/profile", "cannot reach the login service")
	s.want(s.post("/profile", "first_name", "Augusta"), 503, "/profile", "cannot reach the login service")
	s.lr.ClearFaults()
	s.want(s.get("/profile"), 200, "/profile", "ada@example.com")
}

// With AutoRefresh a visitor stays logged in when the access token is over.
func TestPagesRefresh(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.AutoRefresh()})
	s.login()
	s.lr.Advance(time.Hour)
	s.want(s.get("/"), 200, "/", "ada@example.com") // and the menu knows
	s.lr.Advance(time.Hour)
	s.want(s.post("/profile", "first_name", "Augusta"), 200, "/profile", "Saved.", `value="Augusta"`)
	s.lr.Advance(time.Hour)
	s.lr.Inject(emulator.ServerError(503))
	s.want(s.get("/profile"), 503, "/profile", "cannot reach the login service")
	s.lr.ClearFaults()
	s.want(s.post("/logout"), 200, "/", "You are logged out.")
	s.want(s.get("/profile"), 200, "/login?next=%2Fprofile")
}

// The rate limit counts forms as it counts JSON, under the same names.
func TestPagesAskTheRateLimit(t *testing.T) {
	var asked []string
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.RateLimit(func(_ context.Context, a web.Attempt) error {
		if asked = append(asked, string(a.Route)); a.Route == "delete_account" || a.Route == "forgot_password" {
			return errors.New("too often")
		}
		return nil
	})})
	s.login()
	s.want(s.post("/delete-request"), 429, "/delete-request", "Too many tries")
	s.want(s.post("/forgot", "email", "ada@example.com"), 429, "/forgot", "Too many tries")
	if len(s.lr.Mailbox()) != 0 || strings.Join(asked, " ") != "login me delete_account forgot_password" {
		t.Errorf("asked %v, sent %v", asked, s.lr.Mailbox())
	}
}

func TestPagesAreNotInTheAPI(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	doc := s.want(s.get("/openapi.json"), 200, "/openapi.json", `"/password/forgot"`, `"/login"`)
	for _, page := range []string{`"/forgot"`, `"/profile"`, `"/delete-request"`, `"/pages.css"`} {
		if strings.Contains(doc.body, page) {
			t.Errorf("the description of the API holds %s", page)
		}
	}
}

// token begins a session past the pages.
func (s *site) token() string {
	s.t.Helper()
	res, err := s.client.Authentication.LoginByEmail(s.t.Context(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.client.Forget(res.AccessToken)
	return res.AccessToken
}

func mustParse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// A form of another site changes nothing, with and without Sec-Fetch-Site.
func TestFormsOfOtherSites(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.login()
	for _, header := range [][]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		for path, form := range map[string]url.Values{
			"/logout": nil, "/profile": {"first_name": {"Eve"}}, "/login": {"email": {"ada@example.com"}, "password": {"correct horse"}}, "/delete-request": nil,
		} {
			s.want(s.send("POST", path, form, header...), 403, path, "another site")
		}
	}
	s.want(s.get("/profile"), 200, "/profile", `value="Ada"`)
	if n := len(s.lr.Mailbox()); n != 0 {
		t.Errorf("%d mails", n)
	}
}

func TestPagesUnderAPrefixThatIsStripped(t *testing.T) {
	s := newClient(t)
	h, err := nethttp.Handler(s.client, web.InsecureCookies(), web.WithPages())
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/account/", http.StripPrefix("/account", h))
	s.listen(mux)
	s.want(s.get("/account/"), 200, "/account/", `href="/account/pages.css"`)
	s.want(s.get("/account/profile"), 200, "/account/login?next=%2Faccount%2Fprofile")
	s.want(s.post("/account/login?next=%2Faccount%2Fprofile", "email", "ada@example.com", "password", "correct horse"), 200, "/account/profile")
}

// A browser's form to the routes' own paths is answered as the pages do, with links
// that hold there.
func TestFormsToTheRoutesThemselves(t *testing.T) {
	s := newSite(t, "/account", []web.RouteOption{web.WithPages()})
	s.want(s.post("/account/password/forgot", "email", "ada@example.com"), 200, "/account/login", "a mail is on its way")
	s.want(s.post("/account/password/forgot", "email", ""), 422, "/account/password/forgot", `action="/account/forgot"`, `href="/account/pages.css"`)
	s.want(s.post("/account/email/verify/resend", "email", ""), 422, "/account/email/verify/resend", `href="/account/pages.css"`)
	s.want(s.post("/account/password/change", "current_password", "x", "new_password", "y"), 200, "/account/login")
}

func TestPagesShowOnlyWhatIsMounted(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.Only("login", "logout", "me"), web.WithPages(), web.At("login", "/session")})
	page := s.want(s.get("/"), 200, "/")
	if strings.Contains(page.body, "register") {
		t.Errorf("there is a link to a page that is not there:\n%s", page.body)
	}
	s.want(s.get("/register"), 404, "/register")
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile")
	if page := s.get("/profile"); strings.Contains(page.body, "password") || strings.Contains(page.body, "delete-request") {
		t.Errorf("there are forms of routes that are not there:\n%s", page.body)
	}
}

func TestPagesUseReplacedHandlers(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.Replace("login", func(context.Context, *web.Request) (*web.Response, error) {
		return web.Redirect("/elsewhere"), nil
	})})
	s.want(s.post("/login"), 404, "/elsewhere")
}

func TestLook(t *testing.T) {
	own := template.Must(template.New("").Parse(`{{define "bottom"}}</main><footer>Ours</footer></body></html>{{end}}`))
	s := newSite(t, "", []web.RouteOption{web.WithPages(
		web.PageText(map[string]string{"lang": "de", "login": "Anmelden", "error_prefix": "Fehler:", "error_email_required": "Bitte die Adresse angeben.", web.CodeValidationFailed: "So geht es nicht."}),
		web.PageTemplates(own), web.PageStyle(":root { --accent: #b00; }"),
	)})
	s.want(s.post("/login", "password", "x"), 422, "/login", `<html lang="de"`, "<title>Fehler: Anmelden</title>", "Bitte die Adresse angeben.", "So geht es nicht.", "<footer>Ours</footer>")
	css := s.want(s.get("/pages.css"), 200, "/pages.css", "--accent: #b00")
	if strings.LastIndex(css.body, "--accent:") < strings.Index(css.body, "--accent: #1d4ed8") {
		t.Error("the own style does not come last")
	}
	for key, text := range web.PageTexts() {
		if text == "" {
			t.Errorf("the text %s is empty", key)
		}
	}
}

func TestUnusablePageOptions(t *testing.T) {
	s := newClient(t)
	hosted := web.HostedLogin{Page: "https://acme.hub.loginradius.com/auth.aspx", Callback: "https://app.example.com/social/callback", Providers: []string{"google"}}
	with := func(change func(*web.HostedLogin)) web.RouteOption {
		h := hosted
		change(&h)
		return web.WithPages(web.PageSocialLogin(h))
	}
	broken := template.Must(template.New("").Parse(`{{define "home"}}{{.NoSuchField}}{{end}}`))
	for want, opts := range map[string][]web.RouteOption{
		"Cookies or InsecureCookies": {web.WithPages()},
		"no text no_such_text":       {web.Cookies(), web.WithPages(web.PageText(map[string]string{"no_such_text": "x"}))},
		"NoSuchField":                {web.Cookies(), web.WithPages(web.PageTemplates(broken))},
		"at GET /profile":            {web.Cookies(), web.WithPages(), web.At("me", "/profile")},
		"Page must be":               {web.Cookies(), with(func(h *web.HostedLogin) { h.Page = "/auth.aspx" })},
		"Callback must be":           {web.Cookies(), with(func(h *web.HostedLogin) { h.Callback += "?a=b" })},
		"Providers names none":       {web.Cookies(), with(func(h *web.HostedLogin) { h.Providers = nil })},
		"not a provider's name":      {web.Cookies(), with(func(h *web.HostedLogin) { h.Providers = []string{"Google Plus"} })},
	} {
		if _, err := web.NewApp(s.client, opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
	}
}
