package web

import (
	"net/http"
	"net/url"
)

// PageRememberMe puts a check box on the login page. A login without it ends with the
// browser: its cookies are session cookies, and so are those of its refreshes. With it the
// session lasts as long as without this option: as long as the refresh token is good, with
// [AutoRefresh]. A second factor keeps the choice; logins in other ways, such as a mailed
// link or at a provider, last as without this option. Default: no check box.
func PageRememberMe() PageOption {
	return pageOption(func(c *routeConfig) { c.pages.remember = true })
}

// rememberField is the check box. No route knows it.
const rememberField = "remember"

// briefKind names the cookie of a login that ends with the browser. It ends with the
// browser, too.
const briefKind = "brief"

// endsWithBrowser reports whether the session of the browser that sent v is to end with it.
func (n cookieNames) endsWithBrowser(v View) bool {
	if b, ok := v.(*bodyView); ok && b.remember != nil {
		return !*b.remember
	}
	_, found, _ := cookieOf(v, n.named(briefKind))
	return found
}

// takeRemember takes the check box out of a form, and notes what it says.
func (f *pageForm) takeRemember(b *bodyView, typed url.Values) (changed bool) {
	asks := f.route == RouteLogin || f.route == RoutePasskeyLoginFinish
	if !asks || !f.pages.look.remember {
		return false
	}
	on := typed.Get(rememberField) == "on"
	b.remember = &on
	changed = typed.Has(rememberField)
	typed.Del(rememberField)
	return changed
}

// keepRemember has the browser keep the choice for the steps and refreshes that follow.
func (p *pages) keepRemember(r *Request, out *Response) {
	b, ok := r.View.(*bodyView)
	if !ok || b.remember == nil {
		return
	}
	name := p.app.cfg.cookies.named(briefKind)
	_, found, _ := cookieOf(r.View, name)
	switch {
	case !*b.remember:
		c := p.shortCookie(name, "1", 1)
		c.MaxAge = 0
		out.Cookies = append(out.Cookies, c)
	case found:
		out.Cookies = append(out.Cookies, p.shortCookie(name, "", 0))
	}
}

// forgetBrief ends the note with the session.
func (n cookieNames) forgetBrief(v View) []*http.Cookie {
	name := n.named(briefKind)
	if _, found, _ := cookieOf(v, name); !found {
		return nil
	}
	return []*http.Cookie{{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: n.secure, SameSite: http.SameSiteLaxMode}}
}
