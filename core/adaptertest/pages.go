package adaptertest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// browser is what a browser sends with a form.
func browser(more ...string) []string {
	return append([]string{"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html,*/*;q=0.8", "Sec-Fetch-Site", "same-origin"}, more...)
}

// A visitor goes from page to page and keeps cookies, as a browser does.
type visitor struct {
	*bench
	cookies map[string]string
	at      string // the path that was asked last
}

func (v *visitor) keep(r reply) reply {
	for _, c := range r.cookies {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return r
}

func (v *visitor) cookie() []string {
	var all []string
	for name, value := range v.cookies {
		all = append(all, name+"="+value)
	}
	if all == nil {
		return nil
	}
	return []string{"Cookie", strings.Join(all, "; ")}
}

func (v *visitor) open(status int, path string) reply {
	v.t.Helper()
	v.at = path
	return v.keep(v.want(status, "GET", path, "", append(v.cookie(), "Accept", "text/html")...))
}

// post sends a form and returns where it leads, or "" without a redirect.
func (v *visitor) post(status int, path string, fields ...string) (reply, string) {
	v.t.Helper()
	values := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	v.at = path
	r := v.keep(v.want(status, "POST", path, values.Encode(), browser(v.cookie()...)...))
	return r, v.resolve(r)
}

func (v *visitor) resolve(r reply) string {
	v.t.Helper()
	location := r.header.Get("Location")
	if location == "" {
		return ""
	}
	from, err := url.Parse(v.url + v.at)
	if err != nil {
		v.t.Fatal(err)
	}
	to, err := from.Parse(location)
	if err != nil {
		v.t.Fatal(err)
	}
	return strings.TrimPrefix(to.String(), v.url)
}

func testPages(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Routes: []web.RouteOption{web.InsecureCookies(), web.WithPages()}})
	uid, _ := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true, FirstName: "<Ada>"})
	for _, page := range []string{"", "register", "login", "logout", "forgot", "reset", "verify", "delete"} {
		r := b.want(200, "GET", "/auth/"+page+"?vtoken=0123", "")
		if !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") || !strings.Contains(r.header.Get("Content-Security-Policy"), "default-src 'none'") ||
			strings.Contains(r.header.Get("Content-Security-Policy"), "unsafe") ||
			r.header.Get("Referrer-Policy") != "strict-origin" || r.header.Get("Cache-Control") != "no-store" || !strings.Contains(r.body, "<h1>") ||
			strings.Contains(strings.Replace(r.body, `<script src="/auth/pages.js" defer></script>`, "", 1), "<script") { // ours, once, and none inline
			t.Errorf("%s: %v %s", page, r.header, r.body)
		}
	}
	if n := len(b.lr.Requests()); n != 0 {
		t.Errorf("%d calls were made by looking at pages", n)
	}
	b.want(200, "GET", "/auth/pages.css", "")
	b.want(200, "GET", "/auth/pages.js", "")

	v := &visitor{bench: b, cookies: map[string]string{}}
	for next, want := range map[string]string{
		"/api/me?a=1": "/api/me?a=1", "//evil.example": "/auth/profile", "https://evil.example": "/auth/profile", `/\evil.example`: "/auth/profile", "": "/auth/profile",
	} {
		if _, to := v.post(303, "/auth/login?next="+url.QueryEscape(next), "email", "ada@example.com", "password", "correct horse"); to != want {
			t.Errorf("next=%s leads to %q, want %q", next, to, want)
		}
	}
	if r := v.open(200, "/auth/profile"); !strings.Contains(r.body, uid) || strings.Contains(r.body, "<Ada>") {
		t.Errorf("profile: %s", r.body)
	}
	_, to := v.post(303, "/auth/profile", "first_name", "Ada", "last_name", "Lovelace")
	if r := v.open(200, to); !strings.Contains(r.body, "Saved.") || !strings.Contains(r.body, "Ada Lovelace") {
		t.Errorf("a change leads to %s: %s", to, r.body)
	}
	if r := v.open(200, to); strings.Contains(r.body, "Saved.") {
		t.Error("it is said twice")
	}
	_, to = v.post(303, "/auth/logout")
	if r := v.open(200, to); to != "/auth/" || len(v.cookies) > 0 || !strings.Contains(r.body, "You are logged out.") {
		t.Errorf("logout leads to %s: %v %s", to, v.cookies, r.body)
	}
	r := v.open(303, "/auth/profile")
	if to = v.resolve(r); to != "/auth/login?next=%2Fauth%2Fprofile" {
		t.Errorf("an anonymous visitor goes to %q", to)
	}
	r, _ = v.post(401, "/auth/login", "email", "ada@example.com", "password", "wrong horse")
	if !strings.Contains(r.body, `role="alert"`) || !strings.Contains(r.body, `value="ada@example.com"`) || strings.Contains(r.body, "wrong horse") {
		t.Errorf("a wrong password: %s", r.body)
	}
	// The JSON routes know a browser's form too, whatever their path.
	if _, to = v.post(303, "/auth/password/forgot", "email", "ada@example.com"); to != "/auth/login" {
		t.Errorf("forgot leads to %q", to)
	}
	b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
	b.want(200, "POST", "/auth/login", `email=ada%40example.com&password=correct+horse`, "Content-Type", "application/x-www-form-urlencoded")
	r = b.want(403, "POST", "/auth/login", "email=ada%40example.com&password=correct+horse",
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html", "Sec-Fetch-Site", "cross-site")
	if len(r.cookies) > 0 || !strings.Contains(r.body, "another site") {
		t.Errorf("a form of another site: %v %s", r.cookies, r.body)
	}
	testPageLinks(t, v)
	testLoginPage(t, app)
}

// testPageLinks follows every link and form of the pages, from the home page with
// and without a slash at its end. Some frameworks redirect from one to the other.
func testPageLinks(t *testing.T, v *visitor) {
	t.Helper()
	for _, home := range []string{"/auth/", "/auth"} {
		v.at = home
		r := v.ask("GET", home, "", "Accept", "text/html")
		if r.status/100 == 3 {
			v.at = v.resolve(r)
			r = v.want(http.StatusOK, "GET", v.at, "", "Accept", "text/html")
		}
		if r.status != http.StatusOK {
			t.Errorf("GET %s: %d, want the pages' home, or a redirect to it: Mount serves the route at / with and without the slash", home, r.status)
			continue
		}
		links := attributes(r.body, "href", "action")
		if len(links) < 4 {
			t.Errorf("the page at %s has %d links", home, len(links))
		}
		for _, link := range links {
			if link == "data:," { // the icon, which asks for nothing
				continue
			}
			r.header = http.Header{"Location": {link}}
			if to := v.resolve(r); !strings.HasPrefix(to, "/auth/") {
				t.Errorf("at %s, %s leads to %s", home, link, to)
			} else {
				v.want(http.StatusOK, "GET", to, "", "Accept", "text/html")
			}
		}
	}
}

// attributes returns the values of attributes, as far as the pages write them.
func attributes(html string, names ...string) []string {
	var out []string
	for _, name := range names {
		for _, part := range strings.Split(html, " "+name+`="`)[1:] {
			value, _, _ := strings.Cut(part, `"`)
			out = append(out, value)
		}
	}
	return out
}

// testLoginPage: behind RequireLogin a browser is sent to the login page and comes
// back, and a program gets 401.
func testLoginPage(t *testing.T, app *kit) {
	t.Helper()
	b := newBench(t, app, Site{
		Guard:  []web.GuardOption{web.InsecureCookies(), web.LoginPage("/auth/login")},
		Routes: []web.RouteOption{web.InsecureCookies(), web.WithPages()},
	})
	b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "", "Accept", "application/json")
	b.refused(401, web.CodeUnauthenticated, "GET", "/api/whoami", "")
	v := &visitor{bench: b, cookies: map[string]string{}}
	r := v.open(303, "/api/whoami?q=a+b%2Fc")
	login := v.resolve(r)
	if !strings.HasPrefix(login, "/auth/login?next=") {
		t.Fatalf("an anonymous browser goes to %q", login)
	}
	r = v.open(200, login)
	form := ""
	for _, action := range attributes(r.body, "action") {
		if strings.Contains(action, "login?") {
			form = action
		}
	}
	r.header = http.Header{"Location": {strings.ReplaceAll(form, "&amp;", "&")}}
	if _, to := v.post(303, v.resolve(r), "email", "ada@example.com", "password", "correct horse"); to != "/api/whoami?q=a+b%2Fc" {
		t.Errorf("it comes back to %q", to)
	}
	v.open(200, "/api/whoami?q=a+b%2Fc")
}
