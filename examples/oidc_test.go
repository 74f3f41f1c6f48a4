package examples_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The login by OpenID Connect: to the hosted page, which the emulator plays, and back to
// where the visitor was going; then a logout that ends both sessions.
func TestOIDCLoginInBrowser(t *testing.T) {
	a := start(t, "gin")
	ctx := browser(t)
	button := chromedp.CSS(`a[href*="oidc/start"]`)
	arrived := func(step, want string) {
		t.Helper()
		if at, err := chromedp.Run(ctx, chromedp.Location()); err != nil || at != want {
			t.Errorf("%s: arrived at %s, %v, want %s", step, at, err, want)
		}
	}
	visit(t, ctx, "login page", chromedp.Navigate(a.url+"/login?next=%2Fapi%2Fme"), chromedp.WaitVisible(button))
	visit(t, ctx, "to the hosted page", chromedp.Click(button), chromedp.WaitVisible(chromedp.CSS("#password")))
	visit(t, ctx, "back", chromedp.SetValue(chromedp.CSS("#email"), "admin@example.com"), chromedp.SetValue(chromedp.CSS("#password"), "correct horse"),
		chromedp.Click(chromedp.CSS("button")), chromedp.WaitVisible(chromedp.CSS("pre")))
	arrived("back", a.url+"/api/me")
	visit(t, ctx, "profile", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS("dl")))
	says(t, ctx, "profile", "admin@example.com")

	visit(t, ctx, "log out", chromedp.Navigate(a.url+"/logout"), press("logout", ".done"))
	arrived("log out", a.url+"/")
	visit(t, ctx, "the hosted page asks again", chromedp.Navigate(a.url+"/oidc/start"), chromedp.WaitVisible(chromedp.CSS("#password")))
	visit(t, ctx, "somebody else's way back", chromedp.Navigate(a.url+"/oidc/callback?code=stolen&state=guessed"), chromedp.WaitVisible(chromedp.CSS(".errors")))
	arrived("somebody else's way back", a.url+"/login")
}
