package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// The fields for new passwords name the route of the script, and it answers in the
// language of the visitor, to this site's pages alone.
func TestPasswordStrength(t *testing.T) {
	var asked []string
	s := newSite(t, "/account", []web.RouteOption{web.WithPages(web.PagePasswordStrength(func(password string, words ...string) int {
		asked = append(asked, fmt.Sprint(len(password), words))
		return len(password)
	}))})
	s.want(s.get("/account/register"), 200, "/account/register", `data-strength="/account/password-strength"`)
	s.want(s.get("/account/reset?vtoken=0123"), 200, "/account/reset?vtoken=0123", `data-strength="/account/password-strength"`)
	s.lacks(s.get("/account/login"), "data-strength=")

	const path = "/account/password-strength"
	s.want(s.post(path, "password", "a", "email", " ada@example.com "), 200, path, `{"score":1,"text":"Weak"}`)
	s.want(s.send("POST", path, url.Values{"password": {strings.Repeat("é", 300)}}, "Accept-Language", "de"), 200, path, `"score":4`, "Sehr stark")
	s.want(s.post(path, "password", ""), 422, path, `"field":"password"`)
	s.want(s.send("POST", path, url.Values{"password": {"a"}}, "Origin", "https://evil.example"), 403, path, "cross_origin")
	if got := strings.Join(asked, ", "); got != "1 [ada@example.com], 200 []" {
		t.Errorf("the estimator got %s", got)
	}
	if _, err := web.NewApp(s.client, web.Cookies(), web.WithPages(web.PagePasswordStrength(nil))); err == nil {
		t.Error("a nil function is accepted")
	}
}

func TestNoPasswordStrengthByDefault(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.lacks(s.get("/register"), "data-strength=")
	s.want(s.post("/password-strength", "password", "a"), 404, "/password-strength")
}

// Where a hosted page is set, the login leads there for what the pages do not do.
func TestPagesLinkToTheHostedPage(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.HostedPage("https://acme.hub.loginradius.com/auth.aspx")})
	s.want(s.get("/login"), 200, "/login", `href="https://acme.hub.loginradius.com/auth.aspx">Use the login page of LoginRadius`)
	s = newSite(t, "", []web.RouteOption{web.WithPages()})
	s.lacks(s.get("/login"), "login page of LoginRadius")
}
