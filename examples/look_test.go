package examples_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A view is a way people see a page.
type view struct {
	name   string
	width  int64
	scheme string
	rules  string // that axe applies; "" for none
}

// allRules judge the structure of a page, which is the same in any view. colourRules judge
// what differs.
const (
	allRules    = `{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}`
	colourRules = `{runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block", "target-size"]}}`
)

// The last two are of the pictures alone. Every page is also looked at with 320 pixels, which
// is a page of 1280 pixels at 400 %, and with text of twice the size.
var views = []view{
	{"desktop", 1280, "light", allRules}, {"phone-dark", 360, "dark", colourRules}, {"phone", 360, "light", ""}, {"desktop-dark", 1280, "dark", ""},
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

// A gallery looks at pages: at their accessibility, at what sticks out of a narrow
// screen, and keeps pictures where SCREENSHOTS names a folder.
type gallery struct {
	axe, dir string
	language string
	only     []view // nil for all
}

// newGallery makes the folder of the pictures, one for each language.
func newGallery(t *testing.T, language string) gallery {
	t.Helper()
	g := gallery{axe: axe(t), dir: os.Getenv("SCREENSHOTS"), language: language}
	if g.dir != "" {
		g.dir = filepath.Join(g.dir, language)
		if err := os.MkdirAll(g.dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func (g gallery) emulate(t *testing.T, ctx context.Context, v view) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}
	visit(t, ctx, "view", chromedp.EmulateViewport(v.width, 844), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// list evaluates a script that returns a list of complaints.
func list(t *testing.T, ctx context.Context, script string) []string {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script, func(p *runtime.EvaluateParams) { wait := true; p.AwaitPromise = &wait }))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (g gallery) look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	complain := func(view string, found []string) {
		t.Helper()
		for _, complaint := range found {
			t.Errorf("%s, %s, %s: %s", g.language, name, view, complaint)
		}
	}
	if g.axe != "" {
		visit(t, ctx, "inject axe", chromedp.Evaluate[chromedp.Void](g.axe))
	}
	for _, v := range views {
		if v.rules == "" && g.dir == "" || g.only != nil && !slices.Contains(g.only, v) {
			continue
		}
		g.emulate(t, ctx, v)
		if g.axe != "" && v.rules != "" {
			complain(v.name, list(t, ctx, `axe.run(`+v.rules+`).then(r => r.violations.map(v => v.id + ": " + v.help + " at " + v.nodes.map(n => n.target.join(" ")).join(", ")))`))
		}
		complain(v.name, list(t, ctx, probe))
		if g.dir == "" {
			continue
		}
		// A capture beyond the viewport is shifted on a page from right to left.
		height, err := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollHeight"))
		if err != nil {
			t.Fatal(err)
		}
		visit(t, ctx, "height", chromedp.EmulateViewport(v.width, max(height, 500)))
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(g.dir, name+"-"+v.name+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g.emulate(t, ctx, view{width: 320, scheme: "light"})
	complain("320 pixels", list(t, ctx, sticksOut))
	g.emulate(t, ctx, view{width: 640, scheme: "light"})
	complain("text of twice the size", list(t, ctx, `(document.documentElement.style.fontSize = "200%", `+sticksOut+`)`))
	visit(t, ctx, "size", chromedp.Evaluate[chromedp.Void](`document.documentElement.style.fontSize = ""`))
	g.emulate(t, ctx, view{width: 1280, scheme: "light"})
}

// sticksOut names what makes a page scroll sideways.
const sticksOut = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return [];
	return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 1 || e.getBoundingClientRect().left < -1)
		.map(e => "sticks out of the screen: " + e.outerHTML.slice(0, 100)).slice(0, 3).concat("the page is " + document.documentElement.scrollWidth + " pixels wide");
})()`

// probe finds what axe does not: targets below 44 pixels (links in a sentence are exempt,
// like in WCAG 2.2), a focus that jumps back, text in images, motion where none is wanted,
// and what sticks out.
const probe = `(() => {
	const out = ` + sticksOut + `;
	const label = e => e.outerHTML.slice(0, 120).replace(/\s+/g, " ");
	const shown = e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && getComputedStyle(e).visibility !== "hidden"; };
	const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(shown);
	let before;
	for (const e of targets) {
		const box = (e.type === "checkbox" || e.type === "radio" ? e.closest("label") : e).getBoundingClientRect();
		const sentence = e.tagName === "A" && [...e.parentNode.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim());
		if (!sentence && (box.width < 43.9 || box.height < 43.9)) out.push("a target of " + box.width.toFixed() + " by " + box.height.toFixed() + " pixels: " + label(e));
		if (e.tabIndex !== 0) out.push("has a tabindex: " + label(e));
		const row = before && box.top < before.bottom - 2 && box.bottom > before.top + 2;
		const back = document.dir === "rtl" ? before?.right <= box.left + 1 : before?.left >= box.right - 1;
		if (before && (box.bottom <= before.top + 1 || row && back)) out.push("the focus jumps back to " + label(e));
		before = box;
	}
	for (const image of [...document.images].filter(shown)) if (!image.alt || !image.closest(".qr")) out.push("an image that may hold text: " + label(image));
	if (document.querySelector("svg text, svg image, canvas, picture, video")) out.push("text in an image");
	for (const e of document.querySelectorAll("*")) {
		const style = getComputedStyle(e);
		if (style.backgroundImage !== "none") out.push("a background image: " + label(e));
		if (style.transitionDuration !== "0s") out.push("a transition: " + label(e));
	}
	const still = new Set(["offset", "computedOffset", "easing", "composite", "--count", "display", "visibility"]);
	for (const a of document.getAnimations()) for (const frame of a.effect.getKeyframes())
		for (const key of Object.keys(frame)) if (!still.has(key)) out.push("an animation moves " + key);
	return out;
})()`

// failed is look for a page that says what went wrong: its title says so first, and
// the focus is on the summary.
func (g gallery) failed(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.title + "|" + document.activeElement.className`))
	if err != nil || g.language == "en" && !strings.HasPrefix(state, "Error: ") || !strings.HasSuffix(state, "|errors") {
		t.Errorf("%s: title|focus is %q, %v", name, state, err)
	}
	// Each link of the summary leads to a field that is described by its error.
	for _, broken := range list(t, ctx, `[...document.querySelectorAll(".errors li a")].filter(a => {
		const input = document.querySelector(a.getAttribute("href"));
		const about = (input?.getAttribute("aria-describedby") || "").split(" ").map(id => document.getElementById(id)?.textContent);
		return input?.getAttribute("aria-invalid") !== "true" || !about.includes(a.textContent);
	}).map(a => a.outerHTML)`) {
		t.Errorf("%s: a link of the summary without its field: %s", name, broken)
	}
	g.look(t, ctx, name)
}

// picture puts three of the pictures side by side: the one that README shows.
func (g gallery) picture(t *testing.T, ctx context.Context) {
	t.Helper()
	if g.dir == "" {
		return
	}
	html := `<div id="all" style="display:flex; gap:24px; align-items:flex-start; padding:24px; background:#c9d1de; width:1152px; height:560px; overflow:hidden">`
	for _, shown := range []struct{ name, style string }{
		{"profile-saved-phone", "width:280px"}, {"login-desktop", "width:544px; height:536px; object-fit:cover; object-position:top"}, {"register-failed-phone-dark", "width:280px"},
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
	if err := os.WriteFile(filepath.Join(filepath.Dir(g.dir), "site.png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// The example with a front end of its own is held to the same.
func TestLookOfTheSPA(t *testing.T) {
	g := newGallery(t, "spa")
	a := start(t, "spa")
	ctx := browser(t)
	visit(t, ctx, "home", chromedp.Navigate(a.url), chromedp.WaitVisible(chromedp.CSS("#login")))
	g.look(t, ctx, "home")
}
