package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// newSocialSite is a site with buttons that lead to the emulator's hosted page.
func newSocialSite(t *testing.T, opts ...web.RouteOption) *site {
	t.Helper()
	s := newClient(t)
	mux := http.NewServeMux()
	s.listen(mux)
	if err := nethttp.Mount(mux, "/account", s.client, append(opts, web.InsecureCookies(), web.Logger(quiet()), web.WithPages(web.PageSocialLogin(web.HostedLogin{
		Page: s.lr.URL() + "/auth.aspx", Callback: s.url + "/account/social/callback", Providers: []string{"google", "acme"},
	})))...); err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /cart", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("the cart")) })
	return s
}

// begin follows the button and returns where the hosted page is to come back to.
func (s *site) begin(query string) *url.URL {
	s.t.Helper()
	page := s.get("/account/social/login?" + query)
	if page.status != 200 || !strings.Contains(page.body, "LoginRadius emulator") {
		s.t.Fatalf("not at the hosted page: %d %s", page.status, page.body)
	}
	asked := mustParse(s.t, page.path).Query()
	if asked.Get("action") != "login" || asked.Get("provider") == "" {
		s.t.Errorf("the hosted page is asked for %v", asked)
	}
	return mustParse(s.t, asked.Get("return_url"))
}

// back is the hosted page's redirect.
func (s *site) back(to *url.URL, token string) shown {
	s.t.Helper()
	q := to.Query()
	if token != "" {
		q.Set("token", token)
	}
	return s.get(to.Path + "?" + q.Encode())
}

func (s *site) requestToken() string {
	s.t.Helper()
	uid, err := s.lr.AddUser(emulator.User{Email: "grace@example.com", EmailVerified: true})
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := s.lr.RequestToken(uid)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func TestSocialLogin(t *testing.T) {
	s := newSocialSite(t)
	s.want(s.get("/account/login?next=%2Fcart"), 200, "/account/login?next=%2Fcart",
		`href="/account/social/login?next=%2Fcart&amp;provider=google"><svg class="mark" viewBox="0 0 24 24"`, "<span>Continue with Google</span></a>", "<span>Continue with Acme</span></a>")
	to, token := s.begin("provider=google&next=%2Fcart"), s.requestToken()
	s.want(s.back(to, token), 200, "/cart", "the cart")
	s.want(s.get("/account/profile"), 200, "/account/profile", "grace@example.com")

	// The same once more: the state has been used.
	s.want(s.post("/account/logout"), 200, "/account/")
	s.want(s.back(to, token), 200, "/account/login", "That login did not work.")
}

// A login at a provider that waits for another step goes on with it, as others do.
func TestSocialLoginTakesTheNextStep(t *testing.T) {
	s := newSocialSite(t)
	to, token := s.begin("provider=google&next=%2Fcart"), s.requestToken()
	s.lr.Inject(emulator.Fault{Status: 403, ContentType: "application/json", Body: `{"ErrorCode":1194,"Message":"m","Data":{"access_token":"0123","expires_in":"2099-01-01T00:00:00Z"}}`}.Next(1))
	page := s.want(s.back(to, token), 200, "/account/privacy?next=%2Fcart", "Accept the privacy policy to go on.")
	s.lacks(page, "0123")
	s.want(s.get("/account/profile"), 200, "/account/login?next=%2Faccount%2Fprofile")
}

func TestSocialLoginTakesAnAccessTokenToo(t *testing.T) {
	s := newSocialSite(t)
	to := s.begin("provider=google")
	// And an address to which LoginRadius appends without looking.
	page := s.get(to.Path + "?" + to.RawQuery + "?token=" + url.QueryEscape(s.token()))
	s.want(page, 200, "/account/profile", "ada@example.com")
}

func TestSocialLoginRefuses(t *testing.T) {
	s := newSocialSite(t)
	token := s.requestToken()
	callback := mustParse(t, s.url+"/account/social/callback")
	failed := func(page shown, texts ...string) {
		t.Helper()
		s.want(page, 200, "/account/login", append(texts, "<title>Error:")...) // and the token is no longer in the address
		if s.get("/account/profile").path == "/account/profile" {
			t.Fatal("somebody is logged in")
		}
	}
	failed(s.back(callback, token), "did not work") // it did not begin here
	to := s.begin("provider=google")
	wrong := *to
	wrong.RawQuery = "state=ANOTHER"
	failed(s.back(&wrong, token), "did not work")
	failed(s.back(to, token), "did not work") // the wrong state has used the right one up
	failed(s.back(s.begin("provider=google"), ""), "did not work")
	failed(s.back(s.begin("provider=google"), "no-such-token"), "did not work")
	to = s.begin("provider=google&next=%2F%2Fevil.example")
	s.lr.Inject(emulator.ServerError(503))
	failed(s.back(to, token), "cannot reach the login service")
	s.lr.ClearFaults()
	s.want(s.get("/account/social/login?provider=nobody"), 200, "/account/login")
	s.want(s.back(s.begin("provider=google&next=%2F%2Fevil.example"), token), 200, "/account/profile")
}

func TestSocialLoginAsksTheRateLimit(t *testing.T) {
	s := newSocialSite(t, web.RateLimit(func(_ context.Context, a web.Attempt) error {
		if a.Route == "social_exchange" {
			return errors.New("too often")
		}
		return nil
	}))
	token := s.requestToken()
	s.want(s.back(s.begin("provider=google"), token), 200, "/account/login", "did not work")
}

// The state is in a cookie that scripts cannot read and that does not stay.
func TestSocialStateCookie(t *testing.T) {
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	h, err := nethttp.Handler(client, web.Cookies(), web.WithPages(web.PageSocialLogin(web.HostedLogin{
		Page: "https://acme.hub.loginradius.com/auth.aspx", Callback: "https://app.example.com/social/callback", Providers: []string{"google"},
	})))
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]bool{}
	for range 2 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/social/login?provider=google", nil))
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%d cookies", len(cookies))
		}
		c := cookies[0]
		if c.Name != "__Host-lr_state" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 600 {
			t.Errorf("cookie %+v", c)
		}
		state := strings.TrimSuffix(c.Value, ".")
		to := mustParse(t, w.Header().Get("Location"))
		if w.Code != 303 || to.Host != "acme.hub.loginradius.com" || to.Query().Get("return_url") != "https://app.example.com/social/callback?state="+state || len(state) < 26 {
			t.Errorf("leads to %s with %s", to, c.Value)
		}
		states[state] = true
	}
	if len(states) != 2 {
		t.Error("two logins share a state")
	}
}
