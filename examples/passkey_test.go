package examples_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// withAuthenticator gives the browser a virtual authenticator with passkeys, which says
// yes to everything.
func withAuthenticator(t *testing.T, ctx context.Context) {
	t.Helper()
	visit(t, ctx, "add an authenticator", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return err
	}))
}

// A user adds a passkey that the profile offers, logs in with it, and removes it. Browsers know passkeys on localhost, and on no other address of this computer.
func TestPasskeysInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			a := start(t, name)
			ctx := browser(t)
			site := strings.Replace(a.url, "127.0.0.1", "localhost", 1)
			visit(t, ctx, "log in", chromedp.Navigate(site+"/login"), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey="login"] button`)),
				fill("email", "admin@example.com"), fill("password", "correct horse"), press("login", "dl"))
			withAuthenticator(t, ctx)
			visit(t, ctx, "take the offer", chromedp.Click(chromedp.CSS(`[data-offer] button`)), chromedp.WaitVisible(chromedp.CSS(`form[action^="/passkeys/remove/"]`)))
			says(t, ctx, "take the offer", "The passkey is added.")
			visit(t, ctx, "the offer is made once", chromedp.Navigate(site+"/profile"), chromedp.WaitVisible(chromedp.CSS("dl")))
			if offered, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("[data-offer]") !== null`)); err != nil || offered {
				t.Errorf("the offer is made again: %v, %v", offered, err)
			}
			visit(t, ctx, "log out", chromedp.Navigate(site+"/logout"), press("logout", ".done"))
			// The virtual authenticator picks the passkey that the browser offers by autofill.
			visit(t, ctx, "log in by passkey", chromedp.Navigate(site+"/login"), chromedp.WaitVisible(chromedp.CSS("dl")))
			says(t, ctx, "log in by passkey", "admin@example.com")
			visit(t, ctx, "remove", chromedp.Navigate(site+"/passkeys"), chromedp.WaitVisible(chromedp.CSS(`form[action^="/passkeys/remove/"]`)),
				chromedp.Click(chromedp.CSS(`form[action^="/passkeys/remove/"] button`)), chromedp.WaitVisible(chromedp.CSS(".done")))
			says(t, ctx, "remove", "The passkey is removed.")
			visit(t, ctx, "log out", chromedp.Navigate(site+"/logout"), press("logout", ".done"))

			visit(t, ctx, "a passkey that the site does not know", chromedp.Navigate(site+"/login"), chromedp.WaitVisible(chromedp.CSS(".errors")))
			says(t, ctx, "a passkey that the site does not know", "is wrong")

			visit(t, ctx, "an address without passkeys", chromedp.Navigate(a.url+"/login"), chromedp.WaitVisible(chromedp.CSS("#password")))
			if hidden, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector("form[data-passkey]").hidden`)); err != nil || !hidden {
				t.Errorf("there is a button for passkeys on an IP address: %v", err)
			}
		})
	}
}
