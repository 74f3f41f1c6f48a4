package examples_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests. Each test gets a profile of its own in it.
var chromium struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// errNoChromium says that no browser is installed.
var errNoChromium = errors.New("there is no Chromium: run make deps")

func startChromium() error {
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		return errNoChromium
	}
	profile, err := os.MkdirTemp("", "chromium")
	if err != nil {
		return err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("host-resolver-rules", "MAP site.test 127.0.0.1"),
		chromedp.UserDataDir(profile))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, _ := chromedp.NewContext(allocator)
	chromium.ctx = ctx //nolint:fatcontext // one browser for all tests
	chromium.stop = func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		_ = os.RemoveAll(profile)
	}
	return chromedp.Do(ctx) // starts it, without the time limit of a step
}

// browser returns a tab with a profile of its own in headless Chromium, or skips the test
// where there is none. With CI=true that is a failure: `make deps` installs it.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromium.Do(func() { chromium.err = startChromium() })
	switch {
	case errors.Is(chromium.err, errNoChromium) && os.Getenv("CI") == "":
		t.Skip(chromium.err)
	case chromium.err != nil:
		t.Fatal(chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// withoutScripts turns JavaScript off, for pages that are to work without.
func withoutScripts(t *testing.T, ctx context.Context) {
	t.Helper()
	visit(t, ctx, "turn scripts off", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
}

// visit runs actions and fails with what the page says.
func visit(t *testing.T, ctx context.Context, step string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	short, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	if err := chromedp.Do(short, actions...); err != nil {
		look, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		url, _ := chromedp.Run(look, chromedp.Location())
		body, _ := chromedp.Run(look, chromedp.Text(chromedp.CSS("body")))
		t.Fatalf("%s: %v\nat %s\n%s", step, err, url, body)
	}
}

// says fails unless the page's main part has a text.
func says(t *testing.T, ctx context.Context, step, want string) {
	t.Helper()
	look, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	body, err := chromedp.Run(look, chromedp.Text(chromedp.CSS("main")))
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	if !strings.Contains(body, want) {
		t.Fatalf("%s: the page does not say %q:\n%s", step, want, body)
	}
}

func fill(name, value string) chromedp.Action[chromedp.Void] {
	return chromedp.SetValue(chromedp.CSS(`main [name="`+name+`"]`), value)
}

// press submits the form with an action and waits for the page behind it, which is
// known by the mark that it lacks.
func press(action, until string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.SetAttributeValue(chromedp.CSS("body"), "data-before", "press"),
		chromedp.Click(chromedp.CSS(`main form:is([action="/`+action+`"], [action^="/`+action+`?"]) button`)),
		chromedp.WaitVisible(chromedp.CSS("body:not([data-before]) "+until)),
	)
}
