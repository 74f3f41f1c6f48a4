package web

import (
	"context"
	"strings"
)

// PagePasskeys shows passkeys on the pages: a button and autofill on the login page,
// a button on the registration, and the user's passkeys to add and to remove. The site
// must have passkeys on; LoginRadius does not tell. Buttons are hidden where scripts do
// not run or the browser has no WebAuthn, as on an IP address. Default: none.
func PagePasskeys() PageOption {
	return pageOption(func(c *routeConfig) { c.pages.passkeys = true })
}

// passkeyPages are the pages that only [PagePasskeys] shows.
var passkeyPages = []string{"passkeys", "forgot_passkey", "reset_passkey", "add_passkey_factor"}

// A PagePasskey is a passkey of the user.
type PagePasskey struct {
	ID, Name  string
	CreatedAt *PageTime // nil if LoginRadius does not tell
}

func (v *PageView) fillPasskeys(ctx context.Context, p *pages, r *Request) *Response {
	list, err := p.passkeys(ctx, r)
	if err != nil && v.Problem == nil {
		p.look.explain(v, p.app.cfg.problemOf(err))
	}
	v.Passkeys = list
	return nil
}

func (p *pages) passkeys(ctx context.Context, r *Request) ([]PagePasskey, error) {
	list, err := p.app.client.Passkey.List(ctx, r.token)
	out := make([]PagePasskey, 0, len(list))
	for _, k := range list {
		a := passkeyAnswerOf(k, "")
		out = append(out, PagePasskey{a.ID, a.Name, p.look.day(k.CreatedAt.Time)})
	}
	return out, err
}

// offerLife is how long a browser remembers that it was offered a passkey, in seconds.
const offerLife = 365 * 24 * 60 * 60

func (p *pages) offerName() string { return p.app.cfg.cookies.named("offer") }

// offerNext has the profile offer a passkey after a login with a password, if this
// browser has not seen the offer before.
func (p *pages) offerNext(r *Request, f *pageForm, out *Response) {
	if f.route == RouteLogin && p.look.passkeys && r.Cookie(p.offerName()) == "" {
		out.Cookies = append(out.Cookies, p.shortCookie(p.offerName(), "now", accountLife))
	}
}

// fillProfile offers a passkey once, to a user without one.
func (v *PageView) fillProfile(ctx context.Context, p *pages, r *Request) *Response {
	if !p.look.passkeys || r.Cookie(p.offerName()) != "now" || v.Problem != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sessionsWait)
	defer cancel()
	list, err := p.passkeys(ctx, r)
	v.OfferPasskey = err == nil && len(list) == 0
	if err == nil {
		v.cookies = append(v.cookies, p.shortCookie(p.offerName(), "done", offerLife))
	}
	return nil
}

// paths are the addresses of the routes that the script asks.
func (p *pages) paths(base string) map[string]string {
	out := map[string]string{}
	for _, name := range []RouteName{RoutePasskeyLoginBegin, RoutePasskeyRegisterBegin, RouteAddPasskeyBegin, RoutePasskeyResetBegin, RouteMFASend, RouteMFAEnroll, RouteAddPasskeyFactor} {
		if route := p.app.route(name); route != nil {
			out[string(name)] = base + strings.TrimPrefix(route.Path, "/")
		}
	}
	return out
}
