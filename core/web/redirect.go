package web

import (
	"net/url"
	"strings"
)

// LocalPath returns target if it is a path of this site, else fallback. A browser
// takes //host, /\host and the like for another site, so nothing but one slash may
// lead, and nothing that is dropped or decoded on the way may be in it.
func LocalPath(target, fallback string) string {
	decoded := target
	for range 3 { // proxies and frameworks may decode more than once
		if !localPath(decoded) {
			return fallback
		}
		next, err := url.PathUnescape(decoded)
		if err != nil {
			return fallback
		}
		if next == decoded {
			return target
		}
		decoded = next
	}
	return fallback
}

func localPath(s string) bool {
	if len(s) == 0 || len(s) > 2048 || s[0] != '/' || len(s) > 1 && (s[1] == '/' || s[1] == '\\') {
		return false
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' || r == 0xfffd }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && !strings.HasPrefix(u.Path, "//")
}
