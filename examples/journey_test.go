package examples_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The journey of a person: register, mail, verify, log in, profile, change, forgot,
// reset, delete; with JavaScript turned off.
func TestJourneyInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := start(t, name)
			ctx := browser(t)
			withoutScripts(t, ctx)
			contains := func(step, want string) { t.Helper(); says(t, ctx, step, want) }
			visit(t, ctx, "home", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS(`nav a[href$="register"]`)))
			visit(t, ctx, "to register", chromedp.Click(chromedp.CSS(`nav a[href$="register"]`)), chromedp.WaitVisible(chromedp.CSS(`#password`)))
			visit(t, ctx, "a short password", fill("email", "ada@example.com"), fill("password", "x"), fill("first_name", "Ada"), press("register", ".errors"))
			contains("a short password", "not acceptable")
			visit(t, ctx, "register", fill("password", "correct horse"), press("register", ".done"))
			contains("register", "mailed you a link")
			visit(t, ctx, "login too early", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", ".errors"))
			contains("login too early", "Verify your address")

			for range 2 { // opening the link uses nothing up
				visit(t, ctx, "verification link", chromedp.Navigate(a.url+"/mailbox"), chromedp.Click(chromedp.CSS("article a")),
					chromedp.WaitVisible(chromedp.CSS(`main form[action="/verify"] button`)))
			}
			visit(t, ctx, "verify", press("verify", ".done"))
			contains("verify", "verified")
			visit(t, ctx, "the private page", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/login"]`)))
			visit(t, ctx, "a wrong password", fill("email", "ada@example.com"), fill("password", "wrong horse"), press("login", ".errors"))
			contains("a wrong password", "is wrong")
			visit(t, ctx, "login", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", `main form[action="/profile"]`))
			contains("login", "ada@example.com")
			visit(t, ctx, "edit", fill("last_name", "Lovelace"), press("profile", ".done"))
			contains("edit", "Ada Lovelace")
			visit(t, ctx, "change password", fill("current_password", "correct horse"), fill("new_password", "second horse"), press("password", ".done"))
			contains("change password", "changed")
			visit(t, ctx, "the API, with the cookie", chromedp.Navigate(a.url+"/api/me"), chromedp.WaitVisible(chromedp.CSS("pre")))
			if me, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("pre"))); err != nil || !strings.Contains(me, `"last_name":"Lovelace"`) {
				t.Errorf("the API answers %s, %v", me, err)
			}
			visit(t, ctx, "log out", chromedp.Navigate(a.url+"/logout"), press("logout", ".done"))
			visit(t, ctx, "the private page after logout", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/login"]`)))

			visit(t, ctx, "forgot", chromedp.Navigate(a.url+"/forgot"), fill("email", "ada@example.com"), press("forgot", ".done"))
			_, link := a.mailed(t, "reset")
			visit(t, ctx, "reset link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`#password`)), fill("password", "third horse"))
			visit(t, ctx, "reset", press("reset", ".done"))
			visit(t, ctx, "login again", fill("email", "ada@example.com"), fill("password", "third horse"), press("login", `main form[action="/delete-request"]`))
			visit(t, ctx, "ask for deletion", press("delete-request", ".done"))
			_, link = a.mailed(t, "deleteuser")
			visit(t, ctx, "deletion link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action="/delete"] button`)))
			visit(t, ctx, "delete", press("delete", ".done"))
			contains("delete", "deleted")
			visit(t, ctx, "the private page without login", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/login"]`)))
			a.stop(t, os.Interrupt)
		})
	}
}

// On a plain http host other than loopback browsers do not say Sec-Fetch-Site: what
// is left to tell own forms from others' is Origin.
func TestPlainHostInBrowser(t *testing.T) {
	a := start(t, "nethttp")
	ctx := browser(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(a.url, "http://"), ":")
	site := "http://site.test:" + port
	visit(t, ctx, "login", chromedp.Navigate(site+"/login"), chromedp.WaitVisible(chromedp.CSS("#password")),
		fill("email", "admin@example.com"), fill("password", "correct horse"), press("login", "dl"))
	visit(t, ctx, "a form of another site", chromedp.Navigate("about:blank"), chromedp.Evaluate[chromedp.Void](
		`document.body.innerHTML = '<form method="post" action="`+site+`/logout"></form>'; document.forms[0].submit()`), chromedp.WaitVisible(chromedp.CSS(".errors")))
	says(t, ctx, "a form of another site", "another site")
	visit(t, ctx, "still there", chromedp.Navigate(site+"/profile"), chromedp.WaitVisible(chromedp.CSS("dl")))
}

// A social login: to the hosted page, which the emulator plays, and back to where
// the visitor was going.
func TestSocialLoginInBrowser(t *testing.T) {
	a := start(t, "gin")
	ctx := browser(t)
	visit(t, ctx, "login page", chromedp.Navigate(a.url+"/login?next=%2Fapi%2Fme"), chromedp.WaitVisible(chromedp.CSS(`a[href*="provider=google"]`)))
	visit(t, ctx, "to the provider", chromedp.Click(chromedp.CSS(`a[href*="provider=google"]`)), chromedp.WaitVisible(chromedp.CSS(`#email`)))
	visit(t, ctx, "back", chromedp.SetValue(chromedp.CSS("#email"), "grace@example.com"), chromedp.Click(chromedp.CSS("button")),
		chromedp.WaitVisible(chromedp.CSS("pre")))
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil || at != a.url+"/api/me" {
		t.Errorf("arrived at %s, %v", at, err)
	}
	visit(t, ctx, "profile", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS("dl")))
	says(t, ctx, "profile", "grace@example.com")
}

// The front end of examples/spa, from registration to deletion.
func TestSPAInBrowser(t *testing.T) {
	a := start(t, "spa")
	ctx := browser(t)
	submit := func(action string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(chromedp.CSS(`form[data-form="` + action + `"] button`))
	}
	in := func(action, name, value string) chromedp.Action[chromedp.Void] {
		return chromedp.SetValue(chromedp.CSS(`form[data-form="`+action+`"] [name="`+name+`"]`), value)
	}
	// choose follows a link to another form, and waits until that form alone is shown.
	choose := func(form string) chromedp.Action[chromedp.Void] {
		return chromedp.Steps(chromedp.Click(chromedp.CSS(`section:not([hidden]) a[href="#`+form+`"]`)),
			chromedp.Poll[chromedp.Void](`[...document.querySelectorAll("section")].filter((s) => !s.hidden).map((s) => s.id).join() === "`+form+`"`))
	}
	said := func(step, want string) {
		t.Helper()
		visit(t, ctx, step, chromedp.Poll[chromedp.Void](`document.getElementById("said").textContent.includes(`+strconv.Quote(want)+`)`))
	}
	login := func(password string) chromedp.Action[chromedp.Void] {
		return chromedp.Steps(in("login", "name", "ada@example.com"), in("login", "password", password), submit("login"))
	}
	visit(t, ctx, "home", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS("#login")))
	visit(t, ctx, "register", choose("register"), in("register", "name", "ada@example.com"), in("register", "password", "correct horse"), submit("register"))
	said("register", "mailed you a link")
	_, link := a.mailed(t, "emailverification")
	visit(t, ctx, "verify", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#verify")), submit("verify"))
	said("verify", "verified")
	visit(t, ctx, "a wrong password", login("wrong horse"))
	said("a wrong password", "wrong")
	visit(t, ctx, "login", login("correct horse"), chromedp.WaitVisible(chromedp.CSS("#in li")))
	says(t, ctx, "login", "A note that only ada@example.com can read.")
	cookies, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.cookie"))
	if err != nil || cookies != "" {
		t.Errorf("scripts see %q, %v", cookies, err)
	}
	visit(t, ctx, "log out", submit("logout"), chromedp.WaitVisible(chromedp.CSS("#login")))
	visit(t, ctx, "and that took", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS("#login")))
	visit(t, ctx, "forgot", choose("forgot"), in("forgot", "email", "ada@example.com"), submit("forgot"))
	said("forgot", "on its way")
	_, link = a.mailed(t, "reset")
	visit(t, ctx, "reset", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#reset")), in("reset", "password", "second horse"), submit("reset"))
	said("reset", "Your password is set")
	visit(t, ctx, "login again", login("second horse"), chromedp.WaitVisible(chromedp.CSS("#in li")), submit("account"))
	said("ask for deletion", "on its way")
	_, link = a.mailed(t, "deleteuser")
	visit(t, ctx, "delete", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#delete")), submit("delete"))
	said("delete", "Goodbye")
	visit(t, ctx, "nobody", login("second horse"))
	said("nobody", "wrong")
}
