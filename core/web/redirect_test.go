package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

func TestLocalPath(t *testing.T) {
	for _, target := range []string{
		"/", "/api/me", "/api/me?a=1&b=2#c", "/a//b", "/a%20b", "/%C3%A4", "/ä", "/?next=%2Fa", "/@user", "/a:b", "/.well-known/x",
		"/search?q=100%25", "/100%25.txt", "/x?q=a%0Ab", "/x?path=C%3A%5Ctemp", `/x?path=C:\temp`, "/x?u=https%3A%2F%2Fa.example%2F%3Fv%3D%252541", "/x?to=//a.example", "/x?%zz", "/x#//a.example",
	} {
		if got := web.LocalPath(target, "fallback"); got != target {
			t.Errorf("LocalPath(%q) = %q, want it as it is", target, got)
		}
	}
	for _, target := range []string{
		"", "a", "api/me", "./a", "../a", "?a=1", "#a",
		"//evil.example", "///evil.example", "////evil.example", "//evil.example/%2e%2e", `/\evil.example`, `\\evil.example`, `\/evil.example`, `/a\b`,
		"/%2Fevil.example", "/%2fevil.example", "/%5Cevil.example", "/%5cevil.example", "/%252Fevil.example", "/%25252Fevil.example", "/%2525252Fevil.example",
		"%2F%2Fevil.example", "https://evil.example", "https:evil.example", "https:/evil.example", "HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.c",
		"/\t/evil.example", "/%09/evil.example", "\t//evil.example", " //evil.example", "/\n/evil.example", "/%0a/evil.example", "/%0d%0aSet-Cookie:a=b", "/\r\nLocation: x", "/a\x00", "/a%00", "/a\x7f",
		"/%", "/%zz", "/a%2", "/\xff", "/%ff", "//user@evil.example", "/" + strings.Repeat("a", 3000),
		"/?q=\n", "/?q=\t", "/?q=\x00", "/?\xff", "/%252525252525252525252Fevil.example", "/%25%32%46evil.example",
	} {
		if got := web.LocalPath(target, "fallback"); got != "fallback" {
			t.Errorf("LocalPath(%q) = %q, want the fallback", target, got)
		}
	}
}

// However often it is decoded on the way, a browser must stay on this site.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "/a?b#c", "//evil.example", `/\evil.example`, "/%2Fevil.example", "/%255Cevil.example", "/%09/evil.example", "/\t/evil.example", "https://evil.example", "/%zz", "/ä%C3%A4"} {
		f.Add(seed)
	}
	site, err := url.Parse("https://site.example/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, target string) {
		got := web.LocalPath(target, "")
		if got == "" {
			return
		}
		if got != target {
			t.Fatalf("LocalPath(%q) made %q of it", target, got)
		}
		if i := strings.IndexAny(got, "?#"); i >= 0 { // names no host, however often it is decoded
			got = got[:i]
		}
		for range 4 {
			// As browsers read it: tabs and line ends go, a backslash is a slash.
			seen := strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(got)
			to, err := url.Parse(strings.ReplaceAll(seen, "%", "%25")) // a browser takes a stray one
			if !strings.HasPrefix(seen, "/") || strings.HasPrefix(seen, "//") || err != nil {
				t.Fatalf("LocalPath lets %q pass: %q, %v", target, seen, err)
			}
			if host := site.ResolveReference(to).Host; host != "site.example" {
				t.Fatalf("LocalPath lets %q pass: it leads to %q", target, host)
			}
			got = leniently(got)
		}
	})
}

// leniently decodes what can be decoded, as some servers do.
func leniently(s string) string {
	return regexp.MustCompile("%[0-9a-fA-F]{2}").ReplaceAllStringFunc(s, func(escape string) string {
		c, err := url.PathUnescape(escape)
		if err != nil {
			return escape
		}
		return c
	})
}
