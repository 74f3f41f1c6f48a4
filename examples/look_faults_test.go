package examples_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The probe finds each fault that it is there for, and none in a page without them.
func TestProbeFindsFaults(t *testing.T) {
	ctx := browser(t)
	const good = `<a href="#x" style="display:inline-block; min-width:44px; min-height:44px">a</a><p>Text with <a href="#y">a link</a>.</p><button style="width:99px; height:44px">b</button>`
	for want, html := range map[string]string{
		"":                          good,
		"a target of":               good + `<button style="width:99px; height:30px">b</button>`,
		"has a tabindex":            good + `<button tabindex="1" style="width:99px; height:44px">b</button>`,
		"the focus jumps back":      `<div style="display:flex; flex-direction:column-reverse">` + strings.Repeat(`<button style="width:99px; height:44px">b</button>`, 2) + `</div>`,
		"an image that may hold":    `<img alt="Welcome" width="99" height="44" src="data:,">`,
		"text in an image":          `<svg><text>Hello</text></svg>`,
		"a background image":        `<p style="background-image: url(data:,)">x</p>`,
		"a transition":              `<p style="transition: opacity 1s">x</p>`,
		"an animation moves":        `<style>@keyframes a { from { transform: none } to { transform: rotate(9deg) } } p { animation: a 9s }</style><p>x</p>`,
		"sticks out of the screen":  `<p style="width: 9999px">x</p>`,
		"a target of 44 by 20 pixe": `<a href="#x" style="display:inline-block; width:44px; height:20px">a</a>`,
	} {
		page := "data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte(`<!doctype html><html lang="en" dir="ltr"><body><main>`+html+`</main>`))
		visit(t, ctx, want, chromedp.Navigate(page), chromedp.WaitReady(chromedp.CSS("main")))
		found := strings.Join(list(t, ctx, probe), "\n")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("want %q, have %q", want, found)
		}
	}
}
