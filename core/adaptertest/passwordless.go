package adaptertest

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Logins by a mailed link, a mailed code and a code in a text message.
func testPasswordless(t *testing.T, app *kit) {
	ada := emulator.User{Email: "ada@example.com", Username: "ada", Phone: "+14155550100", Password: "correct horse", EmailVerified: true, PhoneVerified: true}
	links := newBench(t, app, Site{})
	links.user(ada)
	links.want(202, "POST", "/auth/passwordless/start", `{"email":"ada@example.com","method":"link"}`)
	link := links.mailed("passwordless")
	if r := links.ask("GET", "/auth/passwordless/verify?vtoken="+link, ""); r.status != 404 && r.status != 405 {
		t.Errorf("opening a link answers %d: it must not use anything up", r.status)
	}
	links.loggedIn("/auth/passwordless/verify", `{"token":"`+link+`"}`)
	for _, dead := range []string{link, "nothing"} {
		links.refused(422, web.CodeInvalidLink, "POST", "/auth/passwordless/verify", `{"token":"`+dead+`"}`)
	}
	links.want(202, "POST", "/auth/passwordless/start", `{"username":"ada"}`)
	links.lr.Advance(24 * time.Hour)
	links.refused(422, web.CodeInvalidLink, "POST", "/auth/passwordless/verify", `{"token":"`+links.mailed("passwordless")+`"}`)
	links.refused(422, web.CodeValidationFailed, "POST", "/auth/passwordless/start", `{"email":"ada@example.com","method":"pigeon"}`)
	links.refused(422, web.CodeValidationFailed, "POST", "/auth/passwordless/start", `{"phone":"+14155550100","method":"link"}`)

	codes := newBench(t, app, Site{}, emulator.WithEmailOTP())
	codes.user(ada)
	for name, kind := range map[string]string{`"email":"ada@example.com"`: "passwordless", `"username":"ada"`: "passwordless", `"phone":"+1 415 555 0100"`: "passwordless"} {
		codes.want(202, "POST", "/auth/passwordless/start", `{`+name+`,"method":"code"}`)
		codes.refused(401, web.CodeInvalidCode, "POST", "/auth/passwordless/verify", `{`+name+`,"code":"000000"}`)
		code := codes.code(kind)
		codes.loggedIn("/auth/passwordless/verify", `{`+name+`,"code":"`+code+`"}`)
		codes.refused(401, web.CodeInvalidCode, "POST", "/auth/passwordless/verify", `{`+name+`,"code":"`+code+`"}`)
	}

	mfa := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), allFactors)
	if _, err := mfa.lr.AddUser(ada); err != nil {
		t.Fatal(err)
	}
	mfa.want(202, "POST", "/auth/passwordless/start", `{"email":"ada@example.com"}`)
	if r := mfa.refused(401, web.CodeMFARequired, "POST", "/auth/passwordless/verify", `{"token":"`+mfa.mailed("passwordless")+`"}`); strings.Contains(r.body, "access_token") || mfa.object(r)["mfa_token"] == nil {
		t.Errorf("a link on a site with a second factor: %s", r.body)
	}

	bound := newBench(t, app, Site{Routes: []web.RouteOption{web.InsecureCookies(), web.SameBrowser()}})
	bound.user(ada)
	asked := bound.want(202, "POST", "/auth/passwordless/start", `{"email":"Ada@example.com","next":"/profile"}`)
	link = bound.mailed("passwordless")
	bound.refused(422, web.CodeOtherBrowser, "POST", "/auth/passwordless/verify", `{"token":"`+link+`"}`)
	bound.user(emulator.User{Email: "eve@example.com", EmailVerified: true})
	eve := bound.want(202, "POST", "/auth/passwordless/start", `{"email":"eve@example.com"}`)
	other := bound.mailed("passwordless")
	bound.refused(422, web.CodeOtherBrowser, "POST", "/auth/passwordless/verify", `{"token":"`+other+`"}`, jar(asked.cookies)...)
	bound.want(200, "POST", "/auth/passwordless/verify", `{"token":"`+link+`"}`, jar(asked.cookies)...)
	_ = eve
}

// A phone account: made, verified, logged in to, its password reset, its number changed
// and removed.
func testPhone(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	const number, other = "+14155550100", "+14155550101"
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/register", `{"phone":"0170 123","password":"correct horse"}`)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/register", `{"password":"correct horse"}`)
	b.want(201, "POST", "/auth/register", `{"phone":"+1 (415) 555-0100","password":"correct horse"}`)
	b.refused(403, web.CodePhoneNotVerified, "POST", "/auth/login", `{"phone":"`+number+`","password":"correct horse"}`)
	b.want(202, "POST", "/auth/phone/verify/resend", `{"phone":"`+number+`"}`)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/phone/verify", `{"phone":"`+number+`","code":"000000"}`)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/phone/verify", `{"code":"000000"}`)
	b.loggedIn("/auth/phone/verify", `{"phone":"`+number+`","code":"`+b.code("phoneverification")+`"}`)
	token := b.loggedIn("/auth/login", `{"phone":"`+number+`","password":"correct horse"}`)
	me := bearer(token)

	b.want(202, "POST", "/auth/password/forgot", `{"phone":"`+number+`"}`)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/password/reset", `{"phone":"`+number+`","code":"000000","password":"second horse"}`)
	b.want(204, "POST", "/auth/password/reset", `{"phone":"`+number+`","code":"`+b.code("resetphone")+`","password":"second horse"}`)
	b.loggedIn("/auth/login", `{"phone":"`+number+`","password":"second horse"}`)

	b.want(202, "PUT", "/auth/me/phone", `{"phone":"`+other+`"}`, me...)
	b.want(202, "POST", "/auth/phone/verify/resend", "{}", me...) // to the number that waits for its code
	b.want(202, "POST", "/auth/phone/verify/resend", `{"phone":"`+other+`"}`, me...)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/phone/verify", `{"code":"000000"}`, me...)
	b.want(204, "POST", "/auth/phone/verify", `{"code":"`+b.code("phoneverification")+`"}`, me...)
	if got := b.object(b.want(200, "GET", "/auth/me", "", me...)); got["phone"] != other || got["phone_verified"] != true {
		t.Errorf("after the change: %v", got)
	}
	b.refused(401, web.CodeInvalidToken, "POST", "/auth/phone/verify", `{"code":"000000"}`, bearer("8a1b0c5e-0000-4000-8000-000000000000")...)

	_, token = b.user(emulator.User{Email: "ada@example.com", Phone: "+14155550102", Password: "correct horse", EmailVerified: true, PhoneVerified: true})
	b.want(204, "DELETE", "/auth/me/phone", "", bearer(token)...)
	if got := b.object(b.want(200, "GET", "/auth/me", "", bearer(token)...)); got["phone"] != nil {
		t.Errorf("after the removal: %v", got)
	}

	// A number that is taken does not show, and does not cost the new user the account.
	b.want(201, "POST", "/auth/register", `{"phone":"`+other+`","password":"correct horse"}`)
	b.want(201, "POST", "/auth/register", `{"email":"new@example.com","phone":"`+other+`","password":"correct horse"}`)
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if _, ok := b.lr.LastMail("emailverification", "new@example.com"); ok {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no mail for a registration with a number that is taken")
		}
	}
}
