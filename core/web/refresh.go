package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// AutoRefresh has the guard keep visitors of pages logged in: a request whose access cookie
// has expired, or is gone, but which has a good refresh cookie, gets new tokens and
// goes on; the new cookies come with its answer. Requests that a browser sends at
// the same time share one refresh, see [core.Client.Rotate]. It needs [Cookies] or
// [InsecureCookies]. Default: such a request is 401, and POST /token/refresh is
// there for scripts.
//
// Answers with new cookies get Cache-Control: no-store. A handler that sets another
// Cache-Control lets caches keep what is one user's: public is for what nobody needs
// to log in for.
//
// Replicas do not share refreshes: keep a browser on one of them, or a refresh token
// that two of them use at once may log its user out.
func AutoRefresh() Option { return option(func(c *settings) { c.autoRefresh = true }) }

// Admit is [Guard.Check] for adapters: it also refreshes, if the application asked
// for that with [AutoRefresh]. renewed then has the headers and cookies that the
// adapter sets before the handler runs, or the user is logged out when the old cookies
// are over; nil for nothing. A refusal carries them itself.
func (g *Guard) Admit(v View) (s *core.Session, renewed, refusal *Response) {
	s, _, cookies, refusal := g.admit(v)
	if cookies != nil && refusal == nil {
		renewed = new(Response).with(cookies)
	}
	return s, renewed, refusal
}

func (g *Guard) admit(v View) (*core.Session, string, []*http.Cookie, *Response) {
	v, cookies, err := g.renew(v)
	if err != nil {
		g.cfg.logger.Warn("loginradius: cannot refresh", "error", err)
		return nil, "", nil, g.cfg.refuse(v, unavailable(err))
	}
	s, value, refusal := g.check(v)
	if refusal != nil {
		refusal = refusal.with(cookies)
	}
	return s, value, cookies, refusal
}

// renew refreshes if that was asked for and is due. It returns the request as if it
// had come with the new token, and the cookies to set. An error means that nobody
// knows: LoginRadius could not be asked.
func (g *Guard) renew(v View) (View, []*http.Cookie, error) {
	if !g.cfg.autoRefresh || !g.wantsRefresh(v) {
		return v, nil, nil
	}
	old := strings.Clone(v.Cookie(g.cfg.cookies.refresh)) // it is remembered, and v may be a bare one here
	t, err := g.client.Rotate(v.Context(), old)
	switch {
	case errors.Is(err, core.ErrUnavailable), errors.Is(err, core.ErrAPICredentials), errors.Is(err, core.ErrRateLimited):
		return v, nil, err
	case err != nil: // it is over
		return v, nil, nil //nolint:nilerr // the visitor is nobody then
	}
	if t.ExpiresAt.IsZero() {
		s, _ := g.client.Session(v.Context(), t.AccessToken)
		t.ExpiresAt = s.ExpiresAt()
	}
	if t.RefreshToken == "" { // it was not replaced
		t.RefreshToken = old
	}
	return refreshedView{v, g.cfg.cookies.access, t.AccessToken}, g.cfg.cookies.set(*t, time.Now()), nil
}

// wantsRefresh reports whether nothing but a refresh cookie can say who it is.
func (g *Guard) wantsRefresh(v View) bool {
	if g.cfg.err != nil || v.Cookie(g.cfg.cookies.refresh) == "" || g.skips(v) {
		return false
	}
	value, isCookie, p := token(v, g.cfg.sources)
	if p != nil || value != "" && !isCookie || !safeMethod(v.Method()) && !sameOrigin(v) {
		return false
	}
	if value == "" {
		return true
	}
	_, err := g.client.Session(v.Context(), value) // remembered either way
	return errors.Is(err, core.ErrInvalidToken) && !errors.Is(err, core.ErrUserNotFound)
}

// A refreshedView has the new access token in its cookie.
type refreshedView struct {
	View
	name, value string
}

func (v refreshedView) Cookie(name string) string {
	if name == v.name {
		return v.value
	}
	return v.View.Cookie(name)
}
