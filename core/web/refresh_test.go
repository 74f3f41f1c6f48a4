package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

const refreshOperation = "refresh_access_token_by_refresh_token"

// newRefreshing is a site with routes under /auth and a file behind a guard, both of
// which refresh.
func newRefreshing(t *testing.T, opts ...web.Option) *site {
	t.Helper()
	s := newClient(t)
	opts = append(opts, web.InsecureCookies(), web.AutoRefresh(), web.Logger(quiet()))
	routes, guards := []web.RouteOption{web.ResponseFloor(0)}, []web.GuardOption{}
	for _, o := range opts {
		routes, guards = append(routes, o), append(guards, o)
	}
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", s.client, routes...); err != nil {
		t.Fatal(err)
	}
	mux.Handle("/file", nethttp.RequireLogin(s.client, guards...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "file.txt", time.Unix(1e9, 0), strings.NewReader("read by "+nethttp.Session(r).Email()))
	})))
	s.listen(mux)
	return s
}

// json sends a request as a script of the site does.
func (s *site) json(method, path, body string) shown {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := s.http.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return shown{res.StatusCode, path, string(got), res.Header}
}

func (s *site) jsonLogin() {
	s.t.Helper()
	s.want(s.json("POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`), 200, "/auth/login")
}

// cookie returns the browser's cookie of a name, or "".
func (s *site) cookie(name string) string {
	for _, c := range s.http.Jar.Cookies(mustParse(s.t, s.url)) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// holding makes a browser with nothing but these cookies: name, value.
func (s *site) holding(cookies ...string) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(cookies); i += 2 {
		jar.SetCookies(mustParse(s.t, s.url), []*http.Cookie{{Name: cookies[i], Value: cookies[i+1]}})
	}
	s.http = &http.Client{Jar: jar}
}

// A login that brings no refresh token must not leave the one of whoever used this
// browser before: the next refresh would log that person in again.
func TestALoginEndsTheRefreshOfAnother(t *testing.T) {
	s := newSocialSite(t, web.AutoRefresh())
	uid, err := s.lr.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	_, refresh, err := s.lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	s.holding("lr_refresh", refresh)
	to := s.begin("provider=google")
	s.want(s.back(to, s.token()), 200, "/account/profile", "ada@example.com")
	s.lr.Advance(time.Hour)
	if page := s.get("/account/profile"); strings.Contains(page.body, "grace@example.com") {
		t.Errorf("Ada's browser shows Grace's profile: %s", page.path)
	}
}

// A refresh token that LoginRadius does not replace stays.
func TestARefreshWithoutANewRefreshToken(t *testing.T) {
	s := newRefreshing(t)
	for _, ask := range [][2]string{{"GET", "/file"}, {"POST", "/auth/token/refresh"}} {
		s.jsonLogin()
		kept := s.cookie("lr_refresh")
		s.lr.Advance(time.Hour)
		s.lr.Inject(emulator.Fault{Status: 200, ContentType: "application/json", Body: `{"access_token":"` + s.token() + `"}`}.On(refreshOperation))
		s.want(s.json(ask[0], ask[1], ""), 200, ask[1], "ada@example.com")
		s.lr.ClearFaults()
		if got := s.cookie("lr_refresh"); got != kept {
			t.Errorf("%s: the browser holds the refresh token %q", ask[1], got)
		}
	}
}

// A logout ends what a refresh has made of the refresh token meanwhile: another tab
// sent it, and the browser has not had the answer yet.
func TestLogoutEndsWhatARefreshHasMade(t *testing.T) {
	for name, send := range map[string]func(access, refresh string) []string{
		"both cookies":       func(access, refresh string) []string { return []string{"lr_access", access, "lr_refresh", refresh} },
		"the refresh cookie": func(_, refresh string) []string { return []string{"lr_refresh", refresh} },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRefreshing(t)
			s.jsonLogin()
			access, refresh := s.cookie("lr_access"), s.cookie("lr_refresh")
			s.lr.Advance(time.Hour)
			for range 2 { // the tab goes on for two lives of the token
				s.holding("lr_refresh", refresh)
				s.want(s.json("GET", "/file", ""), 200, "/file", "ada@example.com")
			}
			tab := []string{"lr_access", s.cookie("lr_access"), "lr_refresh", s.cookie("lr_refresh")}
			s.holding(send(access, refresh)...)
			s.want(s.json("POST", "/auth/logout", ""), 204, "/auth/logout")
			s.holding(tab...)
			s.want(s.json("GET", "/file", ""), 401, "/file")
			s.holding(tab[2:]...)
			s.want(s.json("GET", "/file", ""), 401, "/file")
			s.holding("lr_refresh", refresh)
			s.want(s.json("GET", "/file", ""), 401, "/file")
		})
	}
}

// A refresh uses the refresh token up. If LoginRadius then cannot name the account of the
// new token, the session must survive.
func TestARefreshSurvivesAnOutageBehindIt(t *testing.T) {
	s := newRefreshing(t)
	s.jsonLogin()
	s.lr.Advance(time.Hour)
	s.lr.Inject(emulator.ServerError(503).On("get_profile_by_access_token"))
	s.want(s.json("POST", "/auth/token/refresh", ""), 503, "/auth/token/refresh")
	s.lr.ClearFaults()
	s.lr.Advance(time.Minute)
	s.want(s.json("GET", "/file", ""), 200, "/file", "ada@example.com")

	res, err := s.client.Authentication.LoginByEmail(t.Context(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"refresh_token":"` + res.RefreshToken + `"}`
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", s.client, web.Logger(quiet())); err != nil {
		t.Fatal(err)
	}
	s.listen(mux)
	s.lr.Inject(emulator.ServerError(503).On("get_profile_by_access_token"))
	s.want(s.json("POST", "/auth/token/refresh", body), 503, "/auth/token/refresh")
	s.lr.ClearFaults()
	s.want(s.json("POST", "/auth/token/refresh", body), 200, "/auth/token/refresh", "ada@example.com")
	s.want(s.json("POST", "/auth/token/refresh", body), 401, "/auth/token/refresh") // it had its answer
}

// Too many refreshes, or our own secret refused, say nothing about the session.
func TestARefreshThatIsRefusedForAnotherReason(t *testing.T) {
	s := newRefreshing(t)
	s.jsonLogin()
	s.lr.Advance(time.Hour)
	for _, code := range []core.ErrorCode{core.CodeTokenLimitReached, core.CodeAPISecretInvalid} {
		s.lr.Inject(emulator.ErrorWith200(code).On(refreshOperation))
		s.want(s.json("GET", "/file", ""), 503, "/file")
		s.lr.ClearFaults()
	}
	s.want(s.json("GET", "/file", ""), 200, "/file", "ada@example.com")
}

// No cache may store new tokens, whatever the handler says about its answer.
func TestNewTokensAreNotStored(t *testing.T) {
	s := newRefreshing(t)
	s.jsonLogin()
	if got := s.want(s.json("GET", "/file", ""), 200, "/file"); got.header.Get("Cache-Control") != "" {
		t.Errorf("an answer without cookies has %v", got.header)
	}
	s.lr.Advance(time.Hour)
	if got := s.want(s.json("GET", "/file", ""), 200, "/file"); len(got.header.Values("Set-Cookie")) != 2 || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("an answer with new tokens may be stored: %v", got.header)
	}
}

// A logout ends everything that it takes from the browser, also where the request
// has another token in its header.
func TestLogoutEndsTheCookiesItClears(t *testing.T) {
	s := newRefreshing(t)
	s.jsonLogin()
	cookies := []string{"lr_access", s.cookie("lr_access"), "lr_refresh", s.cookie("lr_refresh")}
	for _, sent := range [][]string{cookies, cookies[2:]} {
		s.holding(sent...)
		bearer := s.token()
		s.want(s.send("POST", "/auth/logout", nil, "Authorization", "Bearer "+bearer), 204, "/auth/logout")
		s.holding(sent...)
		s.want(s.json("GET", "/file", ""), 401, "/file")
		s.want(s.send("GET", "/file", nil, "Authorization", "Bearer "+bearer), 401, "/file")
		s.holding()
		s.jsonLogin()
		cookies[1], cookies[3] = s.cookie("lr_access"), s.cookie("lr_refresh")
	}
}
