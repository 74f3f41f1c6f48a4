package web

import (
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The cookies of cookie mode. The __Host- prefix makes browsers refuse them from
// other hosts and from plain http.
const (
	accessCookie  = "__Host-lr_access"
	refreshCookie = "__Host-lr_refresh"
)

// refreshCookieLife is how long the browser keeps the refresh token; LoginRadius
// does not say how long it lives, and 60 days is its default.
const refreshCookieLife = 60 * 24 * time.Hour

// cookieNames are those of the mode in use; the zero value means no cookie mode.
type cookieNames struct {
	access, refresh string
	secure          bool
}

func (n cookieNames) on() bool { return n.access != "" }

func (n cookieNames) cookie(name, value string, expires time.Time) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: n.secure, SameSite: http.SameSiteLaxMode, Expires: expires}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// set returns the cookies of a new session. Where it has no refresh token, the one
// that the browser may still hold is somebody else's and goes.
func (n cookieNames) set(t core.Tokens, now time.Time) []*http.Cookie {
	refresh := n.cookie(n.refresh, "", time.Time{})
	if t.RefreshToken != "" {
		refresh = n.cookie(n.refresh, t.RefreshToken, now.Add(refreshCookieLife))
	}
	return []*http.Cookie{n.cookie(n.access, t.AccessToken, t.ExpiresAt), refresh} // unknown expiry: until the browser closes
}

// clear returns the cookies that end a session in the browser.
func (n cookieNames) clear() []*http.Cookie {
	if !n.on() {
		return nil
	}
	return []*http.Cookie{n.cookie(n.access, "", time.Time{}), n.cookie(n.refresh, "", time.Time{})}
}
