package web_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// An unusable option is named, and closes the door.
func TestUnusableOptions(t *testing.T) {
	client := offline(t)
	for what, option := range map[string]web.GuardOption{
		"TokensFrom: a source": web.TokensFrom(web.Source{}), "TokensFrom: there is no": web.TokensFrom(),
		"TokensFrom: a source has no name": web.TokensFrom(web.TokenHeader("")),
		"Realm":                            web.Realm(`a"b`), "Logger": web.Logger(nil), "RequireRole": web.RequireRole(), "RequireAllRoles": web.RequireAllRoles(),
		"Require": web.Require(nil), "LoginPage": web.LoginPage("//evil.example"), "AutoRefresh": web.AutoRefresh(),
		"TokensFrom: a source has no name, or no function": web.TokensFrom(web.TokenFunc("mine", nil)), "Skip: the function is nil": web.Skip(nil),
		"TrustedOrigins: names no": web.TrustedOrigins(), "TrustedOrigins: app.example.com": web.TrustedOrigins("app.example.com"), "TrustedOrigins: https://a.example/x": web.TrustedOrigins("https://a.example/x"),
		"TrustedProxies: names no": web.TrustedProxies(), "TrustedProxies: 10.0.0.0/33": web.TrustedProxies("10.0.0.1", "10.0.0.0/33"), "TrustedProxies: proxy": web.TrustedProxies("proxy"),
		"PublicPath": web.PublicPath("shop"), "PublicPath: must": web.PublicPath("/shop/"), "PublicPath: must be": web.PublicPath("//evil.example"),
		"CookiePrefix": web.CookiePrefix(""), "CookiePrefix: must": web.CookiePrefix("__Host-x"), "CookiePrefix: must be": web.CookiePrefix("a b"),
	} {
		g := web.RequireLogin(client, option)
		if err := g.Err(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
		if s, res := g.Check(web.HTTPView(httptest.NewRequest("GET", "/", nil))); s != nil || res == nil || res.Status != 500 {
			t.Errorf("%s: the door is open: %v", what, res)
		}
	}
	for what, option := range map[string]web.RouteOption{
		"Links: Verify": web.Links(web.MailLinks{Verify: "/relative"}), "Links: Reset": web.Links(web.MailLinks{Reset: "https://a.example/?x=1"}), "Links: Delete": web.Links(web.MailLinks{Delete: "ftp://a.example"}),
		"ClientIP": web.ClientIP(nil), "ProfileFields: roles": web.ProfileFields("roles"), "RegistrationFields: uid": web.RegistrationFields("uid"), "RegistrationFields: first_name": web.RegistrationFields("first_name"),
		"ResponseFloor": web.ResponseFloor(-1), "Only: there is no route nothing": web.Only("nothing"),
		"At": web.At("login", "no-slash"), "At: the path of login": web.At("login", "/{id}"), "At: needs": web.At("login", "/{id}/x"), "At: needs a route": web.At("nothing", "/x"),
		"Replace": web.Replace("login", nil), "Replace: needs a route": web.Replace("nothing", func(context.Context, *web.Request) (*web.Response, error) { return nil, nil }),
	} {
		if _, err := web.NewApp(client, option); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := web.RequireLogin(nil).Err(); err == nil {
		t.Error("a guard without a client")
	}
	if _, err := web.NewApp(nil); err == nil {
		t.Error("routes without a client")
	}
	if err := web.OptionalLogin(client, web.RequireRole("admin")).Err(); err == nil {
		t.Error("OptionalLogin accepts a required role")
	}
	if err := web.RequireLogin(client, web.ReturnErrors(), web.ErrorResponse(func(web.View, *web.Problem) *web.Response { return nil })).Err(); err == nil {
		t.Error("two forms for failures")
	}
	if err := web.RequireLogin(client, web.Cookies(), web.AutoRefresh(), web.Realm("a b")).Err(); err != nil {
		t.Error(err)
	}
	if _, err := web.NewApp(client, web.At("login", "/logout")); err == nil || !strings.Contains(err.Error(), `"login" and "logout" are both at POST /logout`) {
		t.Errorf("two routes at one place: %v", err)
	}
	app, err := web.NewApp(client, web.Only(web.RouteMe))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[web.RouteName]string{web.RouteLogin: "leaves \"login\" out", "nothing": "no route \"nothing\""} {
		if _, err := app.Route(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the route %s: %v", name, err)
		}
	}
	var none *web.App
	if _, err := none.Route(web.RouteLogin); err == nil {
		t.Error("a route of no App")
	}
	if _, err := web.AppOf(none); err == nil {
		t.Error("no App is mounted")
	}
	if _, err := web.AppOf(app, web.Realm("other")); err == nil || !strings.Contains(err.Error(), "NewApp") {
		t.Errorf("options for a finished App: %v", err)
	}
	if same, err := web.AppOf(app); err != nil || same != app {
		t.Errorf("an App is not mounted as it is: %v", err)
	}
}

// Options keep nothing of the caller's that may change later.
func TestOptionsCopy(t *testing.T) {
	names := []web.RouteName{"login", "openapi"}
	only := web.Only(names...)
	names[0] = "register"
	app, err := web.NewApp(offline(t), only)
	if err != nil {
		t.Fatal(err)
	}
	var mounted []web.RouteName
	for _, r := range app.Routes() {
		mounted = append(mounted, r.Name)
	}
	if !slices.Equal(mounted, []web.RouteName{"login", "openapi"}) {
		t.Errorf("mounted: %v", mounted)
	}
	app.Routes()[0].Path = "/elsewhere"
	if r, _ := app.Route("login"); r.Path != "/login" {
		t.Errorf("a caller moved the route to %s", r.Path)
	}
	if _, err := app.Route("register"); err == nil {
		t.Error("register is there")
	}
}

// Fields that identify or authorize a user cannot be opened to users.
func TestUsersCannotAuthorizeThemselves(t *testing.T) {
	for _, field := range []string{"uid", "email", "email_verified", "phone", "phone_verified", "roles", "is_active", "custom_fields", "Roles", "password", "username"} {
		if _, err := web.NewApp(offline(t), web.ProfileFields(field)); err == nil {
			t.Errorf("%s can be opened to users", field)
		}
	}
}

// The cookies that the routes set are those that the guard reads, in whatever order
// the options come, and no others.
func TestCookieSourceFollowsTheMode(t *testing.T) {
	_, client, token := oneUser(t, emulator.User{Email: "ada@example.com", EmailVerified: true})
	for name, opts := range map[string][]web.GuardOption{
		"cookies first":           {web.Cookies(), web.TokensFrom(web.TokenHeader("X-Token"))},
		"cookies last":            {web.TokensFrom(web.TokenHeader("X-Token")), web.Cookies()},
		"named among the sources": {web.TokensFrom(web.TokenCookie("__Host-lr_access")), web.Cookies()},
		"another mode before":     {web.InsecureCookies(), web.Cookies()},
	} {
		g := web.RequireLogin(client, opts...)
		if _, res := g.Check(web.HTTPView(get("/", "Cookie", "__Host-lr_access="+token))); res != nil {
			t.Errorf("%s: the cookie is refused with %d", name, res.Status)
		}
		// Without the prefix a neighbouring host could have set it.
		if _, res := g.Check(web.HTTPView(get("/", "Cookie", "lr_access="+token))); res == nil {
			t.Errorf("%s: a cookie of the insecure mode is taken", name)
		}
	}
}
