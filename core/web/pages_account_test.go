package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

func (s *site) mail(kind, to string) emulator.Mail {
	s.t.Helper()
	m, ok := s.lr.LastMail(kind, to)
	if !ok {
		s.t.Fatalf("there is no message %s to %s in %v", kind, to, s.lr.Mailbox())
	}
	return m
}

func (s *site) lacks(page shown, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if strings.Contains(page.body, text) {
			s.t.Errorf("%s says %q:\n%s", page.path, text, page.body)
		}
	}
}

// A mailed link logs in where the visitor was going. Looking at its page uses nothing up.
func TestPagesLogInByLink(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.want(s.get("/login?next=%2Fsecurity"), 200, "/login?next=%2Fsecurity", `href="/passwordless?next=%2Fsecurity">Mail me a link`)
	s.want(s.get("/passwordless?next=%2Fsecurity"), 200, "/passwordless?next=%2Fsecurity", `name="next" value="/security"`)
	sent := s.want(s.post("/passwordless?next=%2Fsecurity", "email", "ada@example.com", "next", "/security"), 200, "/passwordless?sent=1", "<strong><bdi>ada@example.com</bdi></strong>", `class="quiet wait waited-0"`)
	s.lacks(sent, `name="code"`)
	token := s.mail("passwordless", "ada@example.com").Token
	for range 2 {
		page := s.want(s.get("/passwordless?vtype=passwordless&vtoken="+token), 200, "/passwordless?vtype=passwordless&vtoken="+token, "One click to log in")
		s.lacks(page, "another browser")
	}
	s.want(s.post("/passwordless/verify", "token", token), 200, "/security", "Two-step login")
	dead := s.want(s.post("/passwordless/verify", "token", token), 422, "/passwordless/verify", "wrong, used or too old")
	s.lacks(dead, token)
	s.want(s.get("/passwordless/verify"), 200, "/passwordless")
}

// The page of a link says that it was asked for elsewhere; the link works all the same.
func TestPagesExplainALinkFromElsewhere(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()})
	s.post("/passwordless", "email", "ada@example.com")
	token := s.mail("passwordless", "ada@example.com").Token
	s.forgetCookies()
	s.want(s.get("/passwordless?vtoken="+token), 200, "/passwordless?vtoken="+token, "asked for in another browser")
	s.want(s.post("/passwordless/verify", "token", token), 200, "/profile", "ada@example.com")
}

func (s *site) forgetCookies() {
	s.t.Helper()
	for _, c := range s.http.Jar.Cookies(mustParse(s.t, s.url)) {
		c.MaxAge, c.Path = -1, "/"
		s.http.Jar.SetCookies(mustParse(s.t, s.url), append(s.http.Jar.Cookies(mustParse(s.t, s.url))[:0], c))
	}
}

// On a site that mails codes, each page that a link would have led to takes one.
func TestPagesTakeMailedCodes(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageMailedCodes())}, emulator.WithEmailOTP())
	s.want(s.post("/register", "email", "grace@example.com", "password", "correct horse"), 200, "/verify", "we have mailed you a code", `value="grace@example.com"`, `name="code" type="text" autocomplete="one-time-code" dir="ltr" inputmode="numeric"`)
	s.want(s.post("/login", "email", "grace@example.com", "password", "correct horse"), 403, "/login", "we have mailed you a new code", `<a href="/verify">Verify address</a>`)
	s.want(s.post("/verify", "email", "grace@example.com", "code", "000000"), 422, "/verify", `value="grace@example.com"`, `name="code"`)
	s.want(s.post("/verify", "email", "grace@example.com", "code", s.mail("emailverification", "grace@example.com").OTP), 200, "/login", "Your address is verified.", `value="grace@example.com"`)

	s.want(s.post("/forgot", "email", "grace@example.com"), 200, "/reset", "If there is an account", `value="grace@example.com"`, `name="code"`)
	s.want(s.post("/reset", "email", "grace@example.com", "code", s.mail("reset", "grace@example.com").OTP, "password", "second horse"), 200, "/login", "Log in with it")
	s.want(s.post("/login", "email", "grace@example.com", "password", "second horse"), 200, "/profile")
	s.post("/logout")

	s.want(s.get("/login"), 200, "/login", "Send me a code")
	s.want(s.post("/passwordless", "email", "grace@example.com"), 200, "/passwordless?sent=1", `name="code"`, `value="grace@example.com"`)
	s.want(s.post("/passwordless/verify", "email", "grace@example.com", "code", "000000"), 401, "/passwordless/verify", "This code is wrong", `name="code"`)
	s.want(s.post("/passwordless/verify", "email", "grace@example.com", "code", s.mail("passwordless", "grace@example.com").OTP), 200, "/profile", "grace@example.com")
}

// Unknown addresses see what known ones see.
func TestPagesTellStrangersNothing(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageMailedCodes())}, emulator.WithEmailOTP())
	for _, path := range []string{"/passwordless", "/forgot"} {
		known := s.post(path, "email", "ada@example.com")
		unknown := s.post(path, "email", "eve@example.com")
		if strings.ReplaceAll(unknown.body, "eve@", "ada@") != known.body || known.path != unknown.path || known.status != unknown.status {
			t.Errorf("%s tells an unknown address from a known one:\n%s\n%s", path, known.body, unknown.body)
		}
	}
}

// One field takes every name that the site's users have, and an account may live on a
// phone number alone.
func TestPagesByPhoneAndUsername(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(web.PageLoginNames("email", "username", "phone"))})
	s.want(s.get("/login"), 200, "/login", "E-mail address, username or phone number", `name="email" type="text"`)
	page := s.want(s.post("/register", "email", "", "phone", "+442079460958", "password", "correct horse"), 200, "/phone", `value="&#43;442079460958"`, `name="code"`)
	s.want(page, 200, "/phone", "Send it again")
	s.lacks(s.get("/verify"), "442079460958") // the field there takes addresses alone
	s.want(s.post("/login", "email", "+442079460958", "password", "correct horse"), 403, "/login", "Verify your phone number first.", `href="/phone"`, `value="&#43;442079460958"`)
	s.want(s.post("/phone/resend", "phone", "+442079460958"), 200, "/phone", "A code is on its way.")
	s.want(s.post("/phone/verify", "phone", "+442079460958", "code", "000000"), 401, "/phone/verify", "This code is wrong")
	s.want(s.post("/phone/verify", "phone", "+442079460958", "code", s.mail("phoneverification", "+442079460958").OTP), 200, "/profile")
	s.post("/logout")
	s.want(s.post("/login", "email", "+44 20 7946 0958", "password", "correct horse"), 200, "/profile")
	s.post("/logout")
	s.want(s.post("/passwordless", "email", "+442079460958"), 200, "/passwordless?sent=1", "sent to your phone", `name="code"`)
	s.want(s.post("/passwordless/verify", "email", "+442079460958", "code", s.mail("passwordless", "+442079460958").OTP), 200, "/profile")
	s.post("/logout")
	s.want(s.post("/forgot", "email", "+442079460958"), 200, "/reset", "sent to your phone", `value="&#43;442079460958"`)
	s.want(s.post("/reset", "email", "+442079460958", "code", s.mail("resetphone", "+442079460958").OTP, "password", "second horse"), 200, "/login")
	s.want(s.post("/login", "email", "+442079460958", "password", "second horse"), 200, "/profile")
	s.post("/logout")
	s.want(s.post("/login", "email", "ada", "password", "wrong"), 401, "/login", "wrong", `value="ada"`)
	s.want(s.post("/login", "email", "+1", "password", "wrong"), 422, "/login", `<a href="#email">This is not a phone number`, `id="email-error"`)
}

// The name of an account is filled in for some minutes, and another message may be asked
// for after half a minute.
func TestPagesWaitBeforeTheyOfferAnotherMessage(t *testing.T) {
	v := web.PageView{Account: &web.PageAccount{At: time.Now().Unix() - 12}}
	if got := v.Waited(); got != "wait waited-10" {
		t.Errorf("after 12 seconds: %q", got)
	}
	v.Account.At -= 20
	if got := v.Waited(); got != "" {
		t.Errorf("after 32 seconds: %q", got)
	}
}
