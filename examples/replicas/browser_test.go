package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// browser starts headless Chromium, or skips the test where there is none. With CI=true
// that is a failure: `make deps` installs it.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"google-chrome", "chromium-browser", "chromium"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
		}
	}
	switch {
	case path == "" && os.Getenv("CI") != "":
		t.Fatal("there is no Chromium: run make deps")
	case path == "":
		t.Skip("there is no Chromium: run make deps")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	if err := chromedp.Do(ctx); err != nil { // starts it, without the time limit of a step
		t.Fatal(err)
	}
	return ctx
}

// A tab is the page that a person looks at.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
}

func (b *tab) do(step string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	short, cancel := context.WithTimeout(b.ctx, 40*time.Second)
	defer cancel()
	if err := chromedp.Do(short, actions...); err != nil {
		b.t.Fatalf("%s: %v\n%s", step, err, b.text("body"))
	}
}

func (b *tab) text(selector string) string {
	text, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS(selector)))
	if err != nil {
		b.t.Errorf("%s: %v", selector, err)
	}
	return text
}

// What a page says of its reader. A replica that has just lost Redis may be unsure whether
// another one uses the refresh token; it then asks the reader to try again.
const (
	loggedIn  = "logged in"
	loggedOut = "logged out"
	unsure    = "unsure"
)

// profile loads the page of the user, and returns which replica made it and what it says.
func (b *tab) profile() (replica, state string) {
	b.t.Helper()
	b.do("the profile", chromedp.Navigate(b.base+"/profile"), chromedp.WaitVisible(chromedp.CSS("main")))
	_, replica, found := strings.Cut(b.text("body"), "Replica ")
	if !found || replica == "" {
		b.t.Fatalf("the page does not say which replica made it:\n%s", b.text("body"))
	}
	at, err := chromedp.Run(b.ctx, chromedp.Location())
	if err != nil {
		b.t.Fatal(err)
	}
	switch {
	case strings.Contains(b.text("main"), "admin@example.com"):
		return replica[:1], loggedIn
	case strings.HasPrefix(at, b.base+"/login"):
		return replica[:1], loggedOut
	}
	return replica[:1], unsure
}

// all loads the profile on every replica that answers, and fails unless the user is
// logged in on each.
func (b *tab) all(step string) (replicas map[string]bool) {
	b.t.Helper()
	replicas = map[string]bool{}
	for range 6 {
		replica, state := b.profile()
		if replicas[replica] = true; state != loggedIn {
			b.t.Errorf("%s: replica %s says %s", step, replica, state)
		}
	}
	return replicas
}

// What a person sees: each page comes from another replica, and the login is on all; a
// killed replica and a stopped Redis change nothing; a logout holds on all of them.
func TestReplicasInBrowser(t *testing.T) {
	redis, err := redisserver.Start()
	if errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	example := start(t, "-redis", redis.Addr())
	defer example.stop()
	b := &tab{t, browser(t), example.base}

	b.do("login", chromedp.Navigate(b.base+"/login"), chromedp.WaitVisible(chromedp.CSS("#password")),
		chromedp.SetValue(chromedp.CSS(`main [name="email"]`), "admin@example.com"), chromedp.SetValue(chromedp.CSS("#password"), "correct horse"),
		chromedp.Click(chromedp.CSS(`main form[action^="/login"] button`)), chromedp.WaitVisible(chromedp.CSS(`main form[action="/profile"]`)))
	if replicas := b.all("after the login"); len(replicas) != 3 {
		t.Errorf("pages come from the replicas %v, want all three", replicas)
	}

	if err := syscall.Kill(example.process(t, "2"), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if replicas := b.all("with one replica killed"); !replicas["1"] || !replicas["3"] {
		t.Errorf("pages come from the replicas %v, want those that live", replicas)
	}
	redis.Kill()
	b.all("without Redis")
	if err := redis.Restart(); err != nil {
		t.Fatal(err)
	}

	cookies, err := chromedp.Run(b.ctx, chromedp.Action[network.GetCookiesResult](func(ctx context.Context, target *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, target, network.GetCookies, network.GetCookiesParams{})
	}))
	if err != nil || len(cookies.Cookies) == 0 {
		t.Fatalf("cookies: %v, %v", cookies, err)
	}
	b.do("logout", chromedp.Navigate(b.base+"/logout"), chromedp.Click(chromedp.CSS(`main form[action="/logout"] button`)), chromedp.WaitVisible(chromedp.CSS(".done")))
	// The cookies of before the logout are worth nothing, on whichever replica.
	refused := map[string]bool{}
	for end := time.Now().Add(30 * time.Second); len(refused) < 3; {
		b.do("bring the cookies back", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			var old []*network.CookieParam
			for _, c := range cookies.Cookies {
				old = append(old, &network.CookieParam{Name: c.Name, Value: c.Value, URL: b.base, HTTPOnly: true})
			}
			_, err := cdp.Call(ctx, target, network.SetCookies, network.SetCookiesParams{Cookies: old})
			return err
		}))
		if replica, state := b.profile(); state == loggedOut {
			refused[replica] = true
		}
		if time.Now().After(end) {
			t.Fatalf("only the replicas %v refuse the cookies of before the logout", refused)
		}
	}
}
