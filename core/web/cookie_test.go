package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// withCookies is a request that a browser sends after it got the given cookies.
func withCookies(t *testing.T, sets ...[]*http.Cookie) View {
	t.Helper()
	held := map[string]string{}
	for _, set := range sets {
		for _, c := range set {
			if len(c.String()) > 4096 {
				t.Errorf("the cookie %s has %d bytes, which browsers drop", c.Name, len(c.String()))
			}
			if held[c.Name] = c.Value; c.MaxAge < 0 {
				delete(held, c.Name)
			}
		}
	}
	r, err := http.NewRequest("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range held {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return HTTPView(r)
}

// A token of any length comes back whole, and leaves nothing behind.
func TestLongTokens(t *testing.T) {
	names := newCookieNames("lr_", true)
	none := withCookies(t)
	for _, length := range []int{1, 36, maxCookieValue - 3, maxCookieValue - 2, maxCookieValue, maxCookieValue + 1, 2*maxCookieValue - 3, 2*maxCookieValue - 2, 8 << 10} {
		token := strings.Repeat("abcdefghij", length/10+1)[:length]
		set := names.set(none, core.Tokens{AccessToken: token, RefreshToken: "r" + token}, time.Now())
		v := withCookies(t, set)
		for name, want := range map[string]string{names.access: token, names.refresh: "r" + token} {
			if got, ambiguous := tokenCookie(v, name); got != want || ambiguous {
				t.Errorf("%d bytes in %s: %d come back", len(want), name, len(got))
			}
		}
		v = withCookies(t, set, names.clear(v))
		if cookies, n := v.Header("Cookie"); n != 0 {
			t.Errorf("%d bytes: after a logout the browser holds %.100s", length, cookies)
		}
		short := core.Tokens{AccessToken: "short", RefreshToken: "short"}
		v = withCookies(t, set, names.set(withCookies(t, set), short, time.Now()))
		if cookies, _ := v.Header("Cookie"); len(cookies) > 100 {
			t.Errorf("%d bytes: after a login with short tokens the browser holds %.100s", length, cookies)
		}
	}
	if v := withCookies(t, names.set(none, core.Tokens{AccessToken: "!2!odd"}, time.Now())); Cookie(v, names.access) == "!2!odd" {
		t.Error("a token that looks like a part is not marked")
	} else if got, _ := tokenCookie(v, names.access); got != "!2!odd" {
		t.Errorf("a token that looks like a part comes back as %q", got)
	}
}

// Whatever a Cookie header holds, a value is one that net/http reads as well.
func FuzzCookie(f *testing.F) {
	for _, line := range []string{"a=b", "a=b; a=c", `a="b"`, "a = b ;c", "a=b;;a", "a=\x7f; a=c", "a=;a=b", `a="`, "=b", "a=b=c"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			return // no server passes it on
		}
		r := &http.Request{Header: http.Header{"Cookie": {line}}}
		value, found, differing := cookieOf(HTTPView(r), "a")
		theirs := r.CookiesNamed("a")
		if !found {
			if len(theirs) > 0 && len(theirs[0].Value) > 0 {
				t.Fatalf("%q: net/http finds %q", line, theirs[0].Value)
			}
			return
		}
		if len(theirs) == 0 || theirs[0].Value != value {
			t.Fatalf("%q: %q, net/http finds %v", line, value, theirs)
		}
		for _, other := range theirs {
			if other.Value != value && !differing {
				t.Fatalf("%q: %q and %q are taken for one", line, value, other.Value)
			}
		}
	})
}
