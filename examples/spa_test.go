package examples_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// send fills fields of a form of the spa in, as name, value pairs, and sends it.
func (v *visitor) send(form string, fields ...string) {
	v.t.Helper()
	at := `section:not([hidden]) form[data-form="` + form + `"]:not([hidden]) `
	for i := 0; i < len(fields); i += 2 {
		v.does(form, chromedp.SetValue(chromedp.CSS(at+`[name="`+fields[i]+`"]`), fields[i+1]))
	}
	v.does(form, chromedp.Click(chromedp.CSS(at+"button")))
}

// section waits for a section of the spa.
func (v *visitor) section(id string) {
	v.t.Helper()
	v.does(id, chromedp.WaitVisible(chromedp.CSS("#"+id)))
}

// The spa sets a second factor up in a login that demands one, and asks for it in the next.
func TestSPAFactorsInBrowser(t *testing.T) {
	v := newVisitor(t, start(t, "spa", "-mfa", "required"))
	v.open("/", "#login")
	v.send("login", "name", "admin@example.com", "password", "correct horse")
	v.section("factor")
	v.does("choose an app", chromedp.SetValue(chromedp.CSS("#factor select"), "totp"), chromedp.Evaluate[chromedp.Void](`document.querySelector("#factor select").dispatchEvent(new Event("change"))`))
	v.send("factor-send")
	v.does("the secret", chromedp.WaitVisible(chromedp.CSS("#factor figure code")))
	phone := authenticatorApp{secret: v.text("#factor figure code")}
	v.send("factor", "code", "000000")
	v.does("a wrong code", chromedp.WaitVisible(chromedp.CSS("#said")))
	v.send("factor", "code", phone.code(t))
	v.section("in")
	v.says("set up", "admin@example.com")
	v.send("logout")
	v.section("login")
	v.send("login", "name", "admin@example.com", "password", "correct horse")
	v.section("factor")
	v.send("factor", "code", phone.code(t))
	v.section("in")
}

// An account of the spa may live on a phone number, and log in with a passkey.
func TestSPAPhoneAndPasskeyInBrowser(t *testing.T) {
	v := newVisitor(t, start(t, "spa")).byName()
	v.authenticator("internal")
	v.open("/#register", "#register")
	v.send("register", "name", "+442079460958", "password", "correct horse")
	v.section("phone")
	v.send("phone", "code", v.code("phoneverification"))
	v.section("in")
	v.says("verified", "+442079460958")
	v.send("logout")
	v.section("login")
	v.send("login", "name", "+44 20 7946 0958", "password", "correct horse")
	v.section("in")
	v.send("logout")
	v.section("login")
	v.send("login", "name", "admin@example.com", "password", "correct horse")
	v.section("in")
	v.send("add-passkey")
	v.does("add", chromedp.Poll[chromedp.Void](`document.getElementById("said").textContent.includes("passkey is added")`))
	v.send("logout")
	v.section("login")
	v.send("passkey")
	v.section("in")
	v.says("passkey", "admin@example.com")
}
