package examples_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Logins without a password: by a mailed link and by a code in a text message, without
// scripts.
func TestPasswordlessInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := start(t, name)
			v := newVisitor(t, a)
			withoutScripts(t, v.ctx)

			v.registered("ada@example.com", "correct horse")
			v.open("/login?next=%2Fapi%2Fme", `main a[href^="/passwordless"]`)
			v.follow(`main a[href^="/passwordless"]`, `main form[action^="/passwordless"] [name="email"]`)
			v.does("ask for a link", fill("email", "ada@example.com"), press("passwordless", ".done"))
			v.says("ask for a link", "ada@example.com")
			_, link := a.mailed(t, "passwordless")
			for range 2 { // opening the link uses nothing up
				v.does("open the link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/passwordless/verify"] button`)))
			}
			v.does("log in by link", press("passwordless/verify", "pre"))
			v.at("log in by link", "/api/me")
			v.in("log in by link", "ada@example.com")
			v.logout()
			v.does("a used link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/passwordless/verify"] button`)),
				press("passwordless/verify", ".errors"))
			v.out("after a used link")

			// In another browser than the one that asked, the page says so first.
			v.open("/passwordless", `main form[action^="/passwordless"] [name="email"]`)
			v.does("ask for another link", fill("email", "ada@example.com"), press("passwordless", ".done"))
			_, link = a.mailed(t, "passwordless")
			other := newVisitor(t, a)
			other.does("open the link elsewhere", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action^="/passwordless/verify"] button`)))
			other.says("open the link elsewhere", "another browser")

			// A phone account, from its registration.
			v.open("/register", `main [name="phone"]`)
			v.does("register by phone", fill("phone", "+1 415 555 2671"), fill("password", "correct horse"), press("register", `main form[action^="/phone/verify"]`))
			v.does("a wrong code", fill("code", "000000"), press("phone/verify", ".errors"))
			v.does("verify the number", fill("code", v.code("phoneverification")), press("phone/verify", "dl"))
			v.logout()
			v.open("/passwordless", `main form[action^="/passwordless"] [name="email"]`)
			v.does("ask for a code", fill("email", "+1 415 555 2671"), press("passwordless", `main [name="code"]`))
			v.does("a wrong code", fill("code", "000000"), press("passwordless/verify", ".errors"))
			v.out("after a wrong code")
			v.open("/passwordless?sent=1", `main [name="code"]`)
			v.does("log in by phone", fill("code", v.code("passwordless")), press("passwordless/verify", "dl"))
			v.logout()

			v.open("/login", "#password")
			v.does("log in by phone and password", fill("email", "+1 415 555 2671"), fill("password", "correct horse"), press("login", "dl"))
		})
	}
}

// On a site that mails codes, each page asks for the code where others wait for a link.
func TestMailedCodesInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVisitor(t, start(t, name, "-codes"))
			withoutScripts(t, v.ctx)
			v.open("/register", "#password")
			v.does("register", fill("email", "ada@example.com"), fill("password", "correct horse"), press("register", `main [name="code"]`))
			v.does("verify", fill("code", v.code("emailverification")), press("verify", "main"))

			v.open("/passwordless", `main [name="email"]`)
			v.does("ask for a code", fill("email", "ada@example.com"), press("passwordless", `main [name="code"]`))
			v.does("a wrong code", fill("code", "000000"), press("passwordless/verify", ".errors"))
			v.does("log in", fill("code", v.code("passwordless")), press("passwordless/verify", "dl"))
			v.in("log in", "ada@example.com")
			v.logout()

			v.open("/forgot", `main [name="email"]`)
			v.does("forgot", fill("email", "ada@example.com"), press("forgot", `main [name="code"]`))
			v.does("reset", fill("code", v.code("reset")), fill("password", "second horse"), press("reset", ".done"))
			v.password("ada@example.com", "second horse", "dl")
		})
	}
}
