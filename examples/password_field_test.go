package examples_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Where scripts run, a new password can be shown, and its strength is told while it is
// typed. A password that holds the address is weak.
func TestPasswordFieldInBrowser(t *testing.T) {
	a := start(t, "nethttp")
	ctx := browser(t)
	told := func(text string) chromedp.Action[chromedp.Void] {
		return chromedp.Poll[chromedp.Void](`document.querySelector("[data-strength] [role=status]").textContent === "` + text + `"`)
	}
	visit(t, ctx, "register", chromedp.Navigate(a.url+"/register"), chromedp.WaitVisible(chromedp.CSS("[data-show]")))
	visit(t, ctx, "a common password", chromedp.SendKeys(chromedp.CSS("#password"), "password"), told("Very weak"))
	visit(t, ctx, "a long password", chromedp.SendKeys(chromedp.CSS("#password"), " of twelve purple donkeys"), told("Very strong"))
	visit(t, ctx, "show it", chromedp.Click(chromedp.CSS("[data-show]")), chromedp.Poll[chromedp.Void](`document.getElementById("password").type === "text"`))
	visit(t, ctx, "nothing typed", chromedp.Evaluate[chromedp.Void](`document.getElementById("password").value = ""; document.getElementById("password").dispatchEvent(new Event("input"))`), told(""))
}
