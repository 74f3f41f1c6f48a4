package web_test

import (
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A login on a site that demands a PIN has it chosen, and goes on where the visitor was
// going. A mailed link sets a new one.
func TestPagesAskForThePIN(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithPIN(emulator.PINAtLogin))
	s.want(s.get("/pin"), 200, "/login")
	s.want(s.post("/pin", "pin", "4711"), 200, "/login")
	page := s.want(s.post("/login?next=%2Fsecurity", "email", "ada@example.com", "password", "correct horse"), 200, "/pin?next=%2Fsecurity",
		"Choose a PIN", `name="pin" type="password"`, `inputmode="numeric"`, `action="/pin?next=%2Fsecurity"`)
	s.lacks(page, "token", "Your profile")
	s.want(s.get("/profile"), 200, "/login?next=%2Fprofile") // there is no session before the last step
	page = s.want(s.post("/pin?next=%2Fsecurity", "pin", "x"), 422, "/pin?next=%2Fsecurity", "This PIN is not acceptable")
	s.lacks(page, `value="x"`)
	s.want(s.post("/pin?next=%2Fsecurity", "pin", "4711"), 200, "/security", "Two-step login")
	s.want(s.get("/pin"), 200, "/login") // the step is over
	s.post("/logout")
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile")
	s.post("/logout")

	if err := s.client.PIN.ForgotByEmail(t.Context(), core.ForgotPINByEmailRequest{Email: "ada@example.com"}); err != nil {
		t.Fatal(err)
	}
	mail, _ := s.lr.LastMail("pinreset", "ada@example.com")
	s.want(s.get("/reset-pin"), 200, "/reset-pin", "This page works with a link")
	s.want(s.get("/reset-pin?vtoken="+mail.Token), 200, "/reset-pin?vtoken="+mail.Token, `name="pin"`)
	s.want(s.post("/reset-pin", "token", mail.Token, "pin", "2580"), 200, "/login", "Your new PIN is set.")
	s.want(s.post("/reset-pin", "token", mail.Token, "pin", "2580"), 422, "/reset-pin", "wrong, used or too old")
}
