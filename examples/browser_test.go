package examples_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser starts headless Chromium, or skips the test where there is none. With
// CI=true that is a failure: `make deps` installs it.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Chromium: run make deps")
		}
		t.Skip("there is no Chromium: run make deps")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	if err := chromedp.Do(ctx); err != nil { // starts it, without the time limit of a step
		t.Fatal(err)
	}
	return ctx
}

// visit runs actions and fails with what the page says.
func visit(t *testing.T, ctx context.Context, step string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	short, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Do(short, actions...); err != nil {
		url, _ := chromedp.Run(ctx, chromedp.Location())
		body, _ := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
		t.Fatalf("%s: %v\nat %s\n%s", step, err, url, body)
	}
}

// shoot keeps a picture when SCREENSHOTS names a folder.
func shoot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	for suffix, width := range map[string]int64{"desktop": 1280, "phone": 390} {
		visit(t, ctx, "viewport", chromedp.EmulateViewport(width, 844))
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+"-"+suffix+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, ctx, "viewport", chromedp.EmulateViewport(1280, 844))
}

func fill(name, value string) chromedp.Action[chromedp.Void] {
	return chromedp.SetValue(chromedp.CSS(`main [name="`+name+`"]`), value)
}

// press submits the form with an action and waits for the page behind it, which is
// known by the mark that it lacks.
func press(action, until string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.SetAttributeValue(chromedp.CSS("body"), "data-before", "press"),
		chromedp.Click(chromedp.CSS(`main form:is([action="./`+action+`"], [action^="./`+action+`?"]) button`)),
		chromedp.WaitVisible(chromedp.CSS("body:not([data-before]) "+until)),
	)
}

// The journey of a person: register, mail, verify, log in, profile, change, forgot,
// reset, delete; without JavaScript in the pages.
func TestJourneyInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			a := start(t, name)
			ctx := browser(t)
			contains := func(step, want string) {
				t.Helper()
				body, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
				if err != nil {
					t.Fatalf("%s: %v", step, err)
				}
				if !strings.Contains(body, want) {
					t.Fatalf("%s: the page does not say %q:\n%s", step, want, body)
				}
			}
			visit(t, ctx, "home", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS(`nav a[href$="register"]`)))
			shoot(t, ctx, "home")
			visit(t, ctx, "to register", chromedp.Click(chromedp.CSS(`nav a[href$="register"]`)), chromedp.WaitVisible(chromedp.CSS(`#password`)))
			shoot(t, ctx, "register")
			visit(t, ctx, "a short password", fill("email", "ada@example.com"), fill("password", "x"), fill("first_name", "Ada"), press("register", ".errors"))
			contains("a short password", "not acceptable")
			shoot(t, ctx, "register-error")
			visit(t, ctx, "register", fill("password", "correct horse"), press("register", ".done"))
			contains("register", "mailed you a link")
			visit(t, ctx, "login too early", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", ".errors"))
			contains("login too early", "Verify your address")

			_, link := a.mailed(t, "emailverification")
			for range 2 { // opening the link uses nothing up
				visit(t, ctx, "verification link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action="./verify"] button`)))
			}
			shoot(t, ctx, "verify")
			visit(t, ctx, "verify", press("verify", ".done"))
			contains("verify", "verified")
			visit(t, ctx, "the private page", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="./login"]`)))
			shoot(t, ctx, "login")
			visit(t, ctx, "a wrong password", fill("email", "ada@example.com"), fill("password", "wrong horse"), press("login", ".errors"))
			contains("a wrong password", "is wrong")
			visit(t, ctx, "login", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", `main form[action="./profile"]`))
			contains("login", "ada@example.com")
			shoot(t, ctx, "profile")
			visit(t, ctx, "edit", fill("last_name", "Lovelace"), press("profile", ".done"))
			contains("edit", "Ada Lovelace")
			visit(t, ctx, "change password", fill("current_password", "correct horse"), fill("new_password", "second horse"), press("password", ".done"))
			contains("change password", "changed")
			visit(t, ctx, "the API, with the cookie", chromedp.Navigate(a.url+"/api/me"), chromedp.WaitVisible(chromedp.CSS("body")))
			visit(t, ctx, "log out", chromedp.Navigate(a.url+"/logout"), press("logout", ".done"))
			visit(t, ctx, "the private page after logout", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="./login"]`)))

			visit(t, ctx, "forgot", chromedp.Navigate(a.url+"/forgot"), fill("email", "ada@example.com"), press("forgot", ".done"))
			_, link = a.mailed(t, "reset")
			visit(t, ctx, "reset link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`#password`)), fill("password", "third horse"))
			shoot(t, ctx, "reset")
			visit(t, ctx, "reset", press("reset", ".done"))
			visit(t, ctx, "login again", fill("email", "ada@example.com"), fill("password", "third horse"), press("login", `main form[action="./delete-request"]`))
			visit(t, ctx, "ask for deletion", press("delete-request", ".done"))
			_, link = a.mailed(t, "deleteuser")
			visit(t, ctx, "deletion link", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS(`main form[action="./delete"] button`)))
			shoot(t, ctx, "delete")
			visit(t, ctx, "delete", press("delete", ".done"))
			contains("delete", "deleted")
			visit(t, ctx, "the private page of nobody", chromedp.Navigate(a.url+"/profile"), chromedp.WaitVisible(chromedp.CSS(`main form[action^="./login"]`)))
			a.stop(t, os.Interrupt)
		})
	}
}
