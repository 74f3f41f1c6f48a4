package examples_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// An authenticator is a device of a visitor, which says yes to everything while its owner is
// present.
type authenticator struct {
	visitor *visitor
	id      webauthn.AuthenticatorID
}

// command sends a command of the DevTools protocol to the visitor's tab.
func command[P, R any](v *visitor, step string, c cdp.Command[P, R], params P) (result R) {
	v.t.Helper()
	v.does(step, chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		result, err = cdp.Call(ctx, target, c, params)
		return err
	}))
	return result
}

// authenticator connects a device: the screen lock of this computer, or a key by USB.
func (v *visitor) authenticator(transport webauthn.AuthenticatorTransport) *authenticator {
	v.t.Helper()
	command(v, "passkeys", webauthn.Enable, webauthn.EnableParams{})
	added := command(v, "connect a device", webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: transport, HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return &authenticator{v, added.AuthenticatorID}
}

// present says whether the owner of the device answers it.
func (a *authenticator) present(yes bool) {
	a.visitor.t.Helper()
	command(a.visitor, "presence", webauthn.SetAutomaticPresenceSimulation, webauthn.SetAutomaticPresenceSimulationParams{AuthenticatorID: a.id, Enabled: yes})
}

func (a *authenticator) disconnect() {
	a.visitor.t.Helper()
	command(a.visitor, "disconnect a device", webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: a.id})
}

// only returns the one passkey of the device.
func (a *authenticator) only() *webauthn.Credential {
	a.visitor.t.Helper()
	list := command(a.visitor, "list passkeys", webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: a.id}).Credentials
	if len(list) != 1 {
		a.visitor.t.Fatalf("the device has %d passkeys, want 1", len(list))
	}
	return list[0]
}

// addCredential is the command of the same name without the newest parameters, which Chromium
// refuses for a device that lacks them.
var addCredential = cdp.Command[addCredentialParams, cdp.Empty]{Method: webauthn.CommandAddCredential}

type addCredentialParams struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      map[string]any           `json:"credential"`
}

// replace has the device hold this passkey alone.
func (a *authenticator) replace(with *webauthn.Credential) {
	a.visitor.t.Helper()
	command(a.visitor, "clear a device", webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: a.id})
	command(a.visitor, "put a passkey", addCredential, addCredentialParams{a.id, map[string]any{
		"credentialId": with.CredentialID, "isResidentCredential": true, "rpId": with.RpID, "privateKey": with.PrivateKey, "userHandle": with.UserHandle, "signCount": with.SignCount,
	}})
}

const (
	loginByPasskey = `form[data-passkey="login"]:not([hidden]) button`
	removePasskey  = `form[action^="/passkeys/remove/"]`
)

// An account's life with passkeys: registered with one, logged in by autofill and by the
// button, a second one added, the first removed, the second lost, and a new one set up.
func TestPasskeysInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := start(t, name)
			v := newVisitor(t, a).byName()
			lock := v.authenticator("internal")
			v.open("/register", `form[data-passkey="register"]:not([hidden]) button`)
			v.does("register", fill("email", "ada@example.com"), chromedp.Click(chromedp.CSS(`form[data-passkey="register"] button`)),
				chromedp.WaitVisible(chromedp.CSS(`#login`))) // where the device logs in at once, in vain
			token, _ := a.mailed(t, "emailverification")
			a.want(t, http.StatusNoContent, "POST", "/auth/email/verify", "", `{"token":"`+token+`"}`)

			v.open("/login", "dl") // the device picks the passkey that the browser offers by autofill
			v.in("log in by autofill", "ada@example.com")
			v.logoutAlone(lock)
			lock.present(false) // the autofill waits
			v.open("/login", loginByPasskey)
			v.does("the button", fill("email", "ada@example.com"), chromedp.Click(chromedp.CSS(loginByPasskey)))
			lock.present(true)
			v.does("log in by button", chromedp.WaitVisible(chromedp.CSS("dl")))

			key := v.authenticator("usb")
			lock.present(false)
			v.open("/passkeys", `form[data-passkey="add"]:not([hidden]) button`)
			v.does("add a second", chromedp.Click(chromedp.CSS(`form[data-passkey="add"] button`)), chromedp.WaitVisible(chromedp.CSS(".done")))
			v.says("add a second", "The passkey is added.")
			v.does("two passkeys", chromedp.WaitVisible(chromedp.CSS(`li:nth-child(2) `+removePasskey)))
			v.logoutAlone(lock, key)
			lock.present(false)
			v.open("/login", "dl")
			v.in("log in with the second", "ada@example.com")
			v.open("/passkeys", removePasskey)
			v.does("remove the first", chromedp.SetAttributeValue(chromedp.CSS("body"), "data-before", "remove"), chromedp.Click(chromedp.CSS(`li:first-child `+removePasskey+" button")),
				chromedp.WaitVisible(chromedp.CSS("body:not([data-before]) .done")))
			v.says("remove the first", "The passkey is removed.")
			v.logoutAlone(lock, key)
			key.disconnect()
			v.open("/login", ".errors") // a passkey that the site does not know any more
			v.says("a removed passkey", "is wrong")
			lock.disconnect()
			v.out("a removed passkey")

			v.open("/forgot-passkey", `main [name="email"]`)
			v.does("forgot", fill("email", "ada@example.com"), press("forgot-passkey", ".done"))
			_, link := a.mailed(t, "passkeyreset")
			v.authenticator("internal")
			v.does("reset", chromedp.Navigate(link), chromedp.Click(chromedp.CSS(`form[data-passkey="reset"]:not([hidden]) button`)), chromedp.WaitVisible(chromedp.CSS("dl")))
			v.in("log in with the new one", "ada@example.com")

			other := newVisitor(t, a)
			other.open("/login", "#password")
			if other.asks(`!document.querySelector("form[data-passkey]").hidden`) {
				t.Error("there is a button for passkeys on an IP address")
			}
		})
	}
}

// A user who has logged in with a password is offered a passkey once.
func TestPasskeyOfferInBrowser(t *testing.T) {
	v := newVisitor(t, start(t, "gin")).byName()
	v.password("admin@example.com", "correct horse", "dl")
	v.authenticator("internal")
	v.does("take the offer", chromedp.Click(chromedp.CSS(`[data-offer] button`)), chromedp.WaitVisible(chromedp.CSS(removePasskey)))
	v.says("take the offer", "The passkey is added.")
	v.open("/profile", "dl")
	if v.asks(`document.querySelector("[data-offer]") !== null`) {
		t.Error("the offer is made again")
	}
}

// A passkey is the second step of a login: set up on the way, then used. Backup codes can be
// copied and printed where scripts run.
func TestPasskeyFactorInBrowser(t *testing.T) {
	a := start(t, "gin", "-mfa", "required")
	v := newVisitor(t, a).byName()
	device := v.authenticator("internal")
	v.registered("ada@example.com", "correct horse")
	v.password("ada@example.com", "correct horse", `main a[href*="method=passkey"]`)
	v.follow(`main a[href*="method=passkey"]`, `form[data-passkey="set-up"]:not([hidden]) button`)
	v.does("set up", chromedp.Click(chromedp.CSS(`form[data-passkey="set-up"] button`)), chromedp.WaitVisible(chromedp.CSS("dl")))

	v.open("/security", `main form[action="/security/backup-codes"]`)
	v.does("make backup codes", press("security/backup-codes", ".codes li"), chromedp.WaitVisible(chromedp.CSS("button[data-print]")))
	v.does("watch", chromedp.Evaluate[chromedp.Void](`window.print = () => { window.printed = true; }; navigator.clipboard.writeText = async (text) => { window.written = text; }; undefined`),
		chromedp.Click(chromedp.CSS("button[data-print]")), chromedp.Click(chromedp.CSS("button[data-copy]")), chromedp.Poll[chromedp.Void](`document.querySelector("[data-copied]").textContent !== ""`))
	if !v.asks(`window.printed && window.written.trim().split("\n").length === document.querySelectorAll(".codes li").length`) {
		t.Error("the buttons print or copy nothing")
	}

	other := newVisitor(t, a) // without this device, and without passkeys
	other.password("ada@example.com", "correct horse", `main a[href*="method=backup_code"]`)
	other.says("without passkeys", "cannot use passkeys here")

	device.present(false) // or it would log in by itself
	v.logout()
	v.password("ada@example.com", "correct horse", `form[data-passkey="factor"]:not([hidden]) button`)
	v.out("before the second step")
	v.open("/second-factor", `form[data-passkey="factor"]:not([hidden]) button`)
	device.present(true)
	v.does("log in", chromedp.Click(chromedp.CSS(`form[data-passkey="factor"] button`)), chromedp.WaitVisible(chromedp.CSS("dl")))
	v.in("log in", "ada@example.com")
}

// assertion has the browser answer the options of a login for the page that is open.
const assertion = `(async () => {
  const answer = await fetch("/passkey/login/begin", {method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"});
  return encoded(await navigator.credentials.get({publicKey: decoded((await answer.json()).publicKey)}));
})()`

// signed returns a credential for a login, as JSON.
func (v *visitor) signed(step, expression string) string {
	v.t.Helper()
	credential, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v", step, err)
	}
	return credential
}

// finish sends a credential to the site, and wants a status.
func (v *visitor) finish(step, fields, credential string, want int) {
	v.t.Helper()
	if got, answer := v.app.call(v.t, "POST", "/auth/passkey/login/finish", "", `{`+fields+`"credential":`+credential+`}`); got != want {
		v.t.Errorf("%s: %d %v, want %d", step, got, answer, want)
	}
}

// What a relying party must refuse, made by a browser: a page of another origin, an answer
// that was used, a passkey of somebody else, and a counter that has gone back.
func TestForgedPasskeysInBrowser(t *testing.T) {
	v := newVisitor(t, start(t, "gin")).byName()
	lock := v.authenticator("internal")
	v.password("admin@example.com", "correct horse", "dl")
	v.does("add", chromedp.Click(chromedp.CSS(`[data-offer] button`)), chromedp.WaitVisible(chromedp.CSS(removePasskey)))
	mine := lock.only()
	lock.present(false)
	v.logoutAlone(lock)
	v.open("/register", "#register")

	used := v.signed("a login", assertion)
	v.finish("a login", "", used, http.StatusOK)
	v.finish("a replayed answer", "", used, http.StatusUnauthorized)

	// Browsers bind a passkey to a host, on all of its ports: another site may ask for it.
	evil := newVisitor(t, start(t, "nethttp")).byName()
	device := evil.authenticator("internal")
	evil.open("/register", "#register")
	mine.SignCount = 1000
	device.replace(mine)
	options, err := json.Marshal(v.app.want(t, http.StatusOK, "POST", "/auth/passkey/login/begin", "", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	v.finish("another origin", "", evil.signed("another origin", `navigator.credentials.get({publicKey: decoded(JSON.parse(`+strconv.Quote(string(options))+`).publicKey)}).then(encoded)`), http.StatusForbidden)

	// The passkey of another account, for the name of this one.
	v.registered("eve@example.com", "correct horse")
	eve := newVisitor(t, v.app).byName()
	eve.password("eve@example.com", "correct horse", "dl")
	hers := eve.authenticator("internal")
	eve.does("add", chromedp.Click(chromedp.CSS(`[data-offer] button`)), chromedp.WaitVisible(chromedp.CSS(removePasskey)))
	v.finish("a foreign passkey", `"identifier":"admin@example.com",`, eve.signed("a foreign passkey", assertion), http.StatusUnauthorized)
	v.finish("her own login", "", eve.signed("her own login", assertion), http.StatusOK)
	hers.disconnect()

	// A copy of the passkey, which has not counted the logins of the other.
	mine.SignCount = 500
	lock.replace(mine)
	v.finish("a later counter", "", v.signed("a later counter", assertion), http.StatusOK)
	mine.SignCount = 100
	lock.replace(mine)
	v.finish("an earlier counter", "", v.signed("an earlier counter", assertion), http.StatusUnauthorized)
	v.open("/login", ".errors") // the page says so, too
	v.out("an earlier counter")
}
