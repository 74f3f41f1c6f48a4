package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Browsers accept a cookie only with this prefix in its name if it came over https,
// from this very host, for all paths.
const hostPrefix = "__Host-"

// defaultCookiePrefix precedes the kind of a cookie in its name: lr_access.
const defaultCookiePrefix = "lr_"

// refreshCookieLife is how long the browser keeps the refresh token; LoginRadius
// does not say how long it lives, and 60 days is its default.
const refreshCookieLife = 60 * 24 * time.Hour

// Browsers drop a cookie of more than 4,096 bytes. A longer value, such as an encrypted
// token, is spread over several: the first begins with "!<count>!", the others are named
// with ".1" and so on. No token begins with an exclamation mark.
const (
	maxCookieValue = 3800 // leaves room for name and attributes
	maxCookieParts = 4    // more than the longest token needs
	splitMark      = "!"
)

// cookieNames are those of the mode in use; the zero value means no cookie mode.
type cookieNames struct {
	base            string // what every name begins with
	access, refresh string
	secure          bool
}

func newCookieNames(prefix string, secure bool) cookieNames {
	if secure {
		prefix = hostPrefix + prefix
	}
	return cookieNames{prefix, prefix + "access", prefix + "refresh", secure}
}

func (n cookieNames) on() bool { return n.access != "" }

// named returns the name of another cookie of the same application.
func (n cookieNames) named(kind string) string { return n.base + kind }

func (n cookieNames) cookie(name, value string, expires time.Time) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: n.secure, SameSite: http.SameSiteLaxMode, Expires: expires}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// set returns the cookies of a new session for the browser that sent v. A refresh token
// that the browser still holds may belong to another user, so that one is cleared if
// the session has none.
func (n cookieNames) set(v View, t core.Tokens, now time.Time) []*http.Cookie {
	refreshExpires := time.Time{}
	if t.RefreshToken != "" {
		refreshExpires = now.Add(refreshCookieLife)
	}
	if n.endsWithBrowser(v) {
		refreshExpires, t.ExpiresAt = time.Time{}, time.Time{}
	}
	access := n.parts(v, n.access, t.AccessToken, t.ExpiresAt) // unknown expiry: until the browser closes
	return append(access, n.parts(v, n.refresh, t.RefreshToken, refreshExpires)...)
}

// clear returns the cookies that end a session in the browser that sent v.
func (n cookieNames) clear(v View) []*http.Cookie {
	if !n.on() {
		return nil
	}
	return append(n.set(v, core.Tokens{}, time.Time{}), n.forgetBrief(v)...)
}

// parts spreads a value over as many cookies as it takes, and clears those that v came
// with and that are no longer needed.
func (n cookieNames) parts(v View, name, value string, expires time.Time) []*http.Cookie {
	values := splitValue(value)
	out := []*http.Cookie{n.cookie(name, values[0], expires)}
	for i := 1; i < max(maxCookieParts, len(values)); i++ {
		part := partName(name, i)
		if i < len(values) {
			out = append(out, n.cookie(part, values[i], expires))
		} else if _, found, _ := cookieOf(v, part); found {
			out = append(out, n.cookie(part, "", time.Time{}))
		}
	}
	return out
}

func splitValue(value string) []string {
	if len(value) <= maxCookieValue && !strings.HasPrefix(value, splitMark) {
		return []string{value}
	}
	count := (len("!1!") + len(value) + maxCookieValue - 1) / maxCookieValue
	marked := []byte(splitMark + strconv.Itoa(count) + splitMark + value)
	var parts []string
	for part := range slices.Chunk(marked, maxCookieValue) {
		parts = append(parts, string(part))
	}
	return parts
}

func partName(name string, i int) string { return name + "." + strconv.Itoa(i) }

// tokenCookie returns the token in a cookie, put together if it was split, or "". It
// reports whether the request has different cookies of one name: it is unknown which
// of them this site has set.
func tokenCookie(v View, name string) (token string, ambiguous bool) {
	value, _, ambiguous := cookieOf(v, name)
	if ambiguous || !strings.HasPrefix(value, splitMark) {
		return value, ambiguous
	}
	digits, rest, ok := strings.Cut(value[len(splitMark):], splitMark)
	count, err := strconv.Atoi(digits)
	if !ok || err != nil || count < 1 || count > maxCookieParts {
		return "", false
	}
	var b strings.Builder
	b.WriteString(rest)
	for i := 1; i < count; i++ {
		part, found, ambiguous := cookieOf(v, partName(name, i))
		if !found || ambiguous {
			return "", ambiguous
		}
		b.WriteString(part)
	}
	return b.String(), false
}

// Cookie returns the value of a cookie, or "". If there are several of that name, it is
// the first. All frameworks read cookies alike that way.
func Cookie(v View, name string) string {
	value, _, _ := cookieOf(v, name)
	return value
}

// Cookie returns the value of a cookie, put together if it was split, or "".
func (r *Request) Cookie(name string) string {
	value, _ := tokenCookie(r.View, name)
	return value
}

// cookieOf returns the first cookie of a name, and whether there is another with a
// different value.
func cookieOf(v View, name string) (value string, found, differing bool) {
	line, n := v.Header("Cookie")
	if n == 1 {
		return findCookie(line, name, "", false, false)
	}
	if n > 1 {
		for _, line := range v.Values("Cookie") {
			value, found, differing = findCookie(line, name, value, found, differing)
		}
	}
	return value, found, differing
}

func findCookie(line, name, value string, found, differing bool) (string, bool, bool) {
	for rest, more := line, true; more; {
		var pair string
		pair, rest, more = strings.Cut(rest, ";")
		key, raw, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		if strings.Trim(key, " \t") != name {
			continue
		}
		got, ok := cookieValue(raw)
		switch {
		case !ok:
		case !found:
			value, found = got, true
		default:
			differing = differing || got != value
		}
	}
	return value, found, differing
}

// cookieValue takes quotes off and refuses what a cookie cannot hold.
func cookieValue(raw string) (string, bool) {
	if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	for i := range len(raw) {
		if c := raw[i]; c < ' ' || c >= 0x7f || c == '"' || c == ';' || c == '\\' {
			return "", false
		}
	}
	return raw, true
}
