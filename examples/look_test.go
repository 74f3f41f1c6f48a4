package examples_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The ways people see a page. The narrowest is a page of 1280 pixels at 400 %. To
// judge all of them would take minutes and find the same.
var views = []struct {
	name   string
	width  int64
	scheme string
	judge  bool
}{
	{"desktop", 1280, "light", true}, {"desktop-dark", 1280, "dark", false},
	{"phone", 390, "light", false}, {"phone-dark", 390, "dark", true}, {"narrow", 320, "light", false},
}

// axe is the source of axe-core, which judges a page as far as a program can. It is
// injected from outside: the pages allow no script.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("testdata/npm/node_modules/axe-core/axe.min.js")
	switch {
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "":
		t.Fatal("axe-core is not installed: run make deps")
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("SCREENSHOTS") == "":
		t.Skip("axe-core is not installed: run make deps")
	case errors.Is(err, fs.ErrNotExist):
		t.Log("axe-core is not installed: pictures only")
	case err != nil:
		t.Fatal(err)
	}
	return string(source)
}

const runAxe = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
  r.violations.map(v => v.id + ": " + v.help + " at " + v.nodes.map(n => n.target.join(" ")).join(", ")))`

// A gallery looks at pages: at their accessibility, at what sticks out of a narrow
// screen, and keeps pictures where SCREENSHOTS names a folder.
type gallery struct {
	axe, dir string
}

func (g gallery) look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if g.axe != "" {
		visit(t, ctx, "inject axe", chromedp.Evaluate[chromedp.Void](g.axe))
	}
	for _, v := range views {
		scheme := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}}
		visit(t, ctx, "view", chromedp.EmulateViewport(v.width, 844), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, scheme)
			return err
		}))
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth"))
		if err != nil || wide > v.width {
			t.Errorf("%s, %s: the page is %d pixels wide, %v", name, v.name, wide, err)
		}
		if g.axe != "" && v.judge {
			found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](runAxe, func(p *runtime.EvaluateParams) { wait := true; p.AwaitPromise = &wait }))
			if err != nil {
				t.Fatalf("%s, %s: %v", name, v.name, err)
			}
			for _, violation := range found {
				t.Errorf("%s, %s: %s", name, v.name, violation)
			}
		}
		if g.dir == "" {
			continue
		}
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(g.dir, name+"-"+v.name+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	visit(t, ctx, "view", chromedp.EmulateViewport(1280, 844))
}

// failed is look for a page that says what went wrong: its title says so first, and
// the focus is on the summary.
func (g gallery) failed(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.title + "|" + document.activeElement.className`))
	if err != nil || !strings.HasPrefix(state, "Error: ") || !strings.HasSuffix(state, "|errors") {
		t.Errorf("%s: title|focus is %q, %v", name, state, err)
	}
	// Each link of the summary leads to a field that is described by its error.
	broken, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](`[...document.querySelectorAll(".errors li a")].filter(a => {
		const input = document.querySelector(a.getAttribute("href"));
		const about = (input?.getAttribute("aria-describedby") || "").split(" ").map(id => document.getElementById(id)?.textContent);
		return input?.getAttribute("aria-invalid") !== "true" || !about.includes(a.textContent);
	}).map(a => a.outerHTML)`))
	if err != nil || string(broken) != "[]" {
		t.Errorf("%s: links of the summary without their field: %s, %v", name, broken, err)
	}
	g.look(t, ctx, name)
}

// Every page, in every state that a visitor may meet.
func TestLookOfThePages(t *testing.T) {
	g := gallery{axe(t), os.Getenv("SCREENSHOTS")}
	if g.dir != "" {
		if err := os.MkdirAll(g.dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a := start(t, "gin")
	ctx := browser(t)
	open := func(path, until string) {
		t.Helper()
		visit(t, ctx, path, chromedp.Navigate(a.url+path), chromedp.WaitVisible(chromedp.CSS(until)))
	}
	for _, page := range []string{"register", "login", "logout", "forgot", "reset", "verify", "delete", "passwordless", "phone", "passwordless?sent=1", "passwordless?vtoken=0123", "reset?vtoken=0123", "verify?vtoken=0123", "delete?vtoken=0123"} {
		open("/"+page, "main")
		g.look(t, ctx, strings.NewReplacer("?vtoken=0123", "-link", "?sent=1", "-sent").Replace(page))
	}
	open("/", "main")
	g.look(t, ctx, "home")

	open("/register", "form")
	visit(t, ctx, "register", fill("email", "ada@example.com"), fill("password", "x"), press("register", ".errors"))
	g.failed(t, ctx, "register-failed")
	visit(t, ctx, "register", fill("password", "correct horse"), fill("first_name", "Ada"), fill("last_name", "Lovelace"), press("register", ".done"))
	g.look(t, ctx, "registered")
	visit(t, ctx, "login", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", ".errors"))
	g.failed(t, ctx, "login-unverified")
	visit(t, ctx, "login", fill("password", "wrong horse"), press("login", ".errors"))
	g.failed(t, ctx, "login-failed")
	for page, done := range map[string]chromedp.Action[chromedp.Void]{
		"reset": fill("password", "second horse"), "verify": chromedp.WaitVisible(chromedp.CSS("form")), "delete": chromedp.WaitVisible(chromedp.CSS("form")),
	} {
		open("/"+page+"?vtoken=0123", "form")
		visit(t, ctx, page, done, press(page, ".errors"))
		g.failed(t, ctx, page+"-failed")
	}
	_, link := a.mailed(t, "emailverification")
	visit(t, ctx, "verify", chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("form")), press("verify", ".done"))
	visit(t, ctx, "login", fill("email", "ada@example.com"), fill("password", "correct horse"), press("login", "dl"))
	g.look(t, ctx, "profile")
	visit(t, ctx, "save", press("profile", ".done"))
	g.look(t, ctx, "profile-saved")
	visit(t, ctx, "password", fill("current_password", "wrong"), fill("new_password", "second horse"), press("password", ".errors"))
	g.failed(t, ctx, "profile-failed")
	open("/", "main")
	g.look(t, ctx, "home-logged-in")
	g.picture(t, ctx)
}

// picture puts three of the pictures side by side: the one that README shows.
func (g gallery) picture(t *testing.T, ctx context.Context) {
	t.Helper()
	if g.dir == "" {
		return
	}
	html := `<div id="all" style="display:flex; gap:24px; align-items:flex-start; padding:24px; background:#c9d1de; width:1152px; height:560px; overflow:hidden">`
	for _, shown := range []struct{ name, style string }{
		{"profile-saved-phone", "width:280px"}, {"login-desktop", "width:544px; height:536px; object-fit:cover"}, {"register-failed-phone-dark", "width:280px"},
	} {
		png, err := os.ReadFile(filepath.Join(g.dir, shown.name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		html += `<img style="border-radius:10px; ` + shown.style + `" src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(png) + `">`
	}
	visit(t, ctx, "picture", chromedp.Navigate("about:blank"), chromedp.EmulateViewport(1200, 608),
		chromedp.Evaluate[chromedp.Void](`document.body.style.margin = 0; document.body.innerHTML = `+strconv.Quote(html+"</div>")),
		chromedp.Evaluate[chromedp.Void](`Promise.all([...document.images].map(i => i.decode()))`, func(p *runtime.EvaluateParams) { wait := true; p.AwaitPromise = &wait }))
	png, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS("#all")))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.dir, "site.png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The example with a front end of its own is held to the same.
func TestLookOfTheSPA(t *testing.T) {
	g := gallery{axe(t), os.Getenv("SCREENSHOTS")}
	a := start(t, "spa")
	ctx := browser(t)
	visit(t, ctx, "home", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS("#login")))
	g.look(t, ctx, "spa")
}
