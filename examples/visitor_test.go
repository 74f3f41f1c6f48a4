package examples_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A visitor uses a site with a browser profile of their own.
type visitor struct {
	t    *testing.T
	ctx  context.Context
	app  *app
	site string // its address, without a slash at the end
}

func newVisitor(t *testing.T, a *app) *visitor {
	t.Helper()
	return &visitor{t, browser(t), a, a.url}
}

// byName has the visitor open the site as localhost: browsers know passkeys there, and on no
// other address of this computer.
func (v *visitor) byName() *visitor {
	v.site = strings.Replace(v.app.url, "127.0.0.1", "localhost", 1)
	return v
}

// does runs actions in the browser.
func (v *visitor) does(step string, actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	visit(v.t, v.ctx, step, actions...)
}

func (v *visitor) says(step, want string) {
	v.t.Helper()
	says(v.t, v.ctx, step, want)
}

// at fails unless the visitor is at a path of the site.
func (v *visitor) at(step, want string) {
	v.t.Helper()
	if at, err := chromedp.Run(v.ctx, chromedp.Location()); err != nil || at != v.site+want {
		v.t.Fatalf("%s: arrived at %s, %v, want %s", step, at, err, want)
	}
}

// open goes to a path and waits for an element.
func (v *visitor) open(path, until string) {
	v.t.Helper()
	v.does("open "+path, chromedp.Navigate(v.site+path), chromedp.WaitVisible(chromedp.CSS(until)))
}

// follow clicks a link and waits for an element.
func (v *visitor) follow(link, until string) {
	v.t.Helper()
	v.does("follow "+link, chromedp.Click(chromedp.CSS(link)), chromedp.WaitVisible(chromedp.CSS(until)))
}

// registered makes an account with a verified address.
func (v *visitor) registered(email, password string) {
	v.t.Helper()
	v.app.want(v.t, http.StatusCreated, "POST", "/auth/register", "", `{"email":"`+email+`","password":"`+password+`"}`)
	m := v.app.message(v.t, "emailverification")
	proof := `{"token":"` + m["token"].(string) + `"}`
	if m["token"] == "" { // the site mails codes
		proof = `{"email":"` + email + `","code":"` + m["otp"].(string) + `"}`
	}
	v.app.want(v.t, http.StatusNoContent, "POST", "/auth/email/verify", "", proof)
}

// password fills the login form in and waits for an element of the page behind it.
func (v *visitor) password(email, password, until string) {
	v.t.Helper()
	v.open("/login", "#password")
	v.does("log in", fill("email", email), fill("password", password), press("login", until))
}

// in fails unless the visitor is logged in with an account.
func (v *visitor) in(step, email string) {
	v.t.Helper()
	v.open("/profile", "dl")
	v.says(step, email)
}

// out fails if the visitor has a session.
func (v *visitor) out(step string) {
	v.t.Helper()
	v.does(step, chromedp.Navigate(v.site+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/login"]`)))
}

func (v *visitor) logout() {
	v.t.Helper()
	v.open("/logout", "main form")
	v.does("log out", press("logout", ".done"))
	v.out("after the logout")
}

// logoutAlone is logout while the owner of some devices does not answer them: on the login
// page the browser offers passkeys by itself.
func (v *visitor) logoutAlone(devices ...*authenticator) {
	v.t.Helper()
	for _, d := range devices {
		d.present(false)
	}
	v.logout()
	for _, d := range devices {
		d.present(true)
	}
}

// text returns the text of an element.
func (v *visitor) text(css string) string {
	v.t.Helper()
	text, err := chromedp.Run(v.ctx, chromedp.Text(chromedp.CSS(css)))
	if err != nil {
		v.t.Fatalf("%s: %v", css, err)
	}
	return strings.TrimSpace(text)
}

// asks evaluates an expression in the page.
func (v *visitor) asks(expression string) bool {
	v.t.Helper()
	yes, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v", expression, err)
	}
	return yes
}

// code returns the code of the newest message of a kind.
func (v *visitor) code(kind string) string {
	v.t.Helper()
	code, _ := v.app.message(v.t, kind)["otp"].(string)
	if code == "" {
		v.t.Fatalf("the newest message of kind %s has no code", kind)
	}
	return code
}
