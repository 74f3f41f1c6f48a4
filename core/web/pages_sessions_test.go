package web_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A user ends one session, then all others, and stays logged in. The pages work below a
// prefix.
func TestPagesEndSessions(t *testing.T) {
	s := newSite(t, "/account", []web.RouteOption{web.WithPages()})
	s.want(s.post("/account/login", "email", "ada@example.com", "password", "correct horse"), 200, "/account/profile")
	first, second, third := s.token(), s.token(), s.token()
	page := s.want(s.get("/account/profile"), 200, "/account/profile", "Log out everywhere else", "This one")
	ids := regexp.MustCompile(`action="/account/sessions/end/([^"]+)"`).FindAllStringSubmatch(page.body, -1)
	if len(ids) != 3 {
		t.Fatalf("there are %d sessions to end, not 3:\n%s", len(ids), page.body)
	}
	live := func() (n int) {
		for _, token := range []string{first, second, third} {
			s.client.Forget(token)
			if _, err := s.client.Session(t.Context(), token); err == nil {
				n++
			}
		}
		return n
	}
	s.want(s.post("/account/sessions/end/"+ids[0][1]), 200, "/account/profile", "That session is logged out.")
	if n := live(); n != 2 {
		t.Errorf("%d of 3 sessions live after one was ended", n)
	}
	s.want(s.post("/account/sessions/end/"+ids[0][1]), 404, "/account/sessions/end/"+ids[0][1], `role="alert"`)
	s.want(s.post("/account/sessions/end-others"), 200, "/account/profile", "All other sessions are logged out.")
	if n := live(); n != 0 {
		t.Errorf("%d sessions live after all others were ended", n)
	}
}

// A locked account is told for how long.
func TestPagesTellHowLongAnAccountIsLocked(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithLockout(2, 10*60e9))
	for range 3 {
		s.post("/login", "email", "ada@example.com", "password", "wrong")
	}
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 403, "/login", "Try again in 10 minutes.")
	s.lr.Advance(9*time.Minute + 40*time.Second)
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 403, "/login", "Try again in a minute.")
}

// Without a token the pages of links say where one comes from.
func TestPagesExplainThemselvesWithoutAToken(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.want(s.get("/delete"), 200, "/delete", "begin on your profile", `href="/profile"`)
	s.want(s.get("/verify"), 200, "/verify", "works with a link that we have mailed you")
	s.login()
	s.want(s.post("/delete-request"), 200, "/profile", "link to confirm the deletion", "<strong><bdi>ada@example.com</bdi></strong>")
	m := s.mail("deleteuser", "ada@example.com")
	s.want(s.get("/delete?vtoken="+m.Token), 200, "/delete?vtoken="+m.Token, "<strong><bdi>ada@example.com</bdi></strong>")
	if _, err := s.client.Session(t.Context(), s.token()); err != nil {
		t.Errorf("looking at the page ended the account: %v", err)
	}
}

// The pages speak the browser's language, or the one that the visitor chose.
func TestPagesInLanguages(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.want(s.get("/login"), 200, "/login", `<html lang="en"`, `href="/login?lang=de"`)
	s.want(s.send("GET", "/login", nil, "Accept-Language", "de-AT,de;q=0.9,en;q=0.8"), 200, "/login", `<html lang="de"`, "<h1>Anmelden</h1>")
	s.want(s.get("/verify?vtoken=0123&lang=de"), 200, "/verify?vtoken=0123&lang=de", "Adresse bestätigen", `lang=en&amp;vtoken=0123`)
	s.want(s.get("/login"), 200, "/login", "<h1>Anmelden</h1>")
	s.want(s.post("/login", "email", "", "password", ""), 422, "/login", "Geben Sie ein Passwort ein.", "<title>Fehler: Anmelden</title>")
	s.want(s.get("/login?lang=en"), 200, "/login?lang=en", "<h1>Log in</h1>")
	s.want(s.send("GET", "/login", nil, "Accept-Language", "de"), 200, "/login", "<h1>Log in</h1>")
	s.want(s.get("/login?lang=xx"), 200, "/login?lang=xx", "<h1>Log in</h1>")

	s = newSite(t, "", []web.RouteOption{web.WithPages(web.PageText(map[string]string{"lang": "nl", "login": "Inloggen"}))})
	s.want(s.send("GET", "/login", nil, "Accept-Language", "de"), 200, "/login", `<html lang="nl"`, "Inloggen")
}
