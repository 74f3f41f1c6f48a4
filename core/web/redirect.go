package web

import (
	"net/url"
	"strings"
)

// maxTarget bounds a redirect target, in bytes.
const maxTarget = 2048

// LocalPath returns target if it is a path of this site, else fallback. A browser
// takes //host and /\host for another site, so exactly one slash may lead,
// and the path must not hold anything that is dropped or changes its meaning when it is
// decoded on the way. Query and fragment name no host and may hold what they like, as
// long as no byte of them is dropped by a browser.
func LocalPath(target, fallback string) string {
	if len(target) > maxTarget || strings.ContainsFunc(target, dropped) {
		return fallback
	}
	path := target
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if _, err := url.PathUnescape(path); err != nil {
		return fallback
	}
	for range 8 { // proxies and frameworks may decode more than once
		if !localPath(path) {
			return fallback
		}
		decoded := unescape(path)
		if decoded == path {
			return target
		}
		path = decoded
	}
	return fallback
}

// dropped reports whether a browser drops the character from an address, or reads the
// bytes as another one.
func dropped(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }

func localPath(s string) bool {
	if len(s) == 0 || s[0] != '/' || len(s) > 1 && s[1] == '/' || strings.ContainsRune(s, '\\') {
		return false
	}
	return !strings.ContainsFunc(s, dropped)
}

// unescape decodes what can be decoded and leaves the rest, as lenient servers do.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// PublicPath is the path under which a proxy publishes the application if the proxy
// takes that path off before it forwards, as "/shop". It is put before the login page,
// the way back to where the visitor was, and the links between the pages. Default: none,
// the application sees the paths that browsers ask for.
func PublicPath(prefix string) Option {
	return option(func(c *settings) {
		if LocalPath(prefix, "") == "" || strings.HasSuffix(prefix, "/") || strings.ContainsAny(prefix, "?#") {
			c.fail(optionError("PublicPath: must be a path with a leading and no trailing slash"))
			return
		}
		c.publicPath = prefix
	})
}

// wayBack returns the public path and query of what the client asked for, or "" if they
// are no way back to this site.
func (c *settings) wayBack(v View) string {
	path := LocalPath(targetPath(v), "")
	if path == "" {
		return ""
	}
	if _, q, ok := strings.Cut(v.Target(), "?"); ok && q != "" {
		path += "?" + q
	}
	return LocalPath(c.publicPath+path, "")
}

// folder returns the public path that a route is mounted under, with a trailing slash:
// what was asked for, without the route's own path. Links begin with it. They are not
// relative to the address of the page, since a middleware may have taken a trailing
// slash off that address.
func (c *settings) folder(v View, route string) string {
	param := parameterOf(route)
	route = strings.TrimSuffix(strings.TrimSuffix(route, param), "/")
	escaped := url.URL{Path: v.Path()}
	for _, asked := range []string{targetPath(v), escaped.EscapedPath()} { // either may have been rewritten
		asked = strings.TrimSuffix(asked, "/")
		if param != "" {
			asked = strings.TrimSuffix(asked[:strings.LastIndexByte(asked, '/')+1], "/")
		}
		end := len(asked) - len(route)
		if end < 0 || !strings.EqualFold(asked[end:], route) {
			continue
		}
		if folder := LocalPath(c.publicPath+asked[:end]+"/", ""); folder != "" {
			return folder
		}
	}
	return c.publicPath + "/"
}
