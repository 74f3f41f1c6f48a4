package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// OIDCLogin adds the login at LoginRadius' hosted page by OpenID Connect:
//
//	GET  /oidc/start?next=/path   303 to the hosted page; with prompt=login it asks again
//	GET  /oidc/callback           303 to next, with the cookies of the session
//	POST /oidc/callback           {code, state} → tokens, for single-page applications
//
// jwt.NewLogin makes the provider. Its RedirectURL is the absolute address of GET
// /oidc/callback, or of a page of a single-page application that posts what it got to
// POST /oidc/callback. State, nonce and PKCE verifier are in a sealed cookie, so that a
// login can only be finished by the browser that began it, within ten minutes; the last
// attempt of a browser counts. GET /oidc/callback needs [Cookies] or [InsecureCookies].
//
// /oidc/start with prompt=login has the hosted page ask its user although it knows the
// browser. Such a login counts as recent, see [RequireRecentAuth], from the time when the ID
// token says that the user was asked (auth_time). Lead users there for a step-up who cannot
// prove their presence at /reauth/…. Any other login does not count.
//
// With [WithPages] there is a button for it on the pages of login and registration.
func OIDCLogin(provider core.OIDCProvider) RouteOption {
	return routeOption(func(c *routeConfig) {
		if provider == nil {
			c.fail(optionError("OIDCLogin: the provider is nil"))
		}
		c.oidc = provider
	})
}

// OIDCLogout has the logout form of the pages also end the session of the hosted page, if
// the visitor logged in there. The hosted page then leads to returnTo, an absolute address
// that the site allows. Without it the next login at the hosted page asks for no password.
// POST /logout ends the session of this site alone: a single-page application then leads its
// browser to the LogoutURL of the provider.
// It needs [OIDCLogin].
func OIDCLogout(returnTo string) RouteOption {
	return routeOption(func(c *routeConfig) {
		if u, err := url.Parse(returnTo); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			c.fail(optionError("OIDCLogout: must be an absolute http(s) address"))
		}
		c.oidcLogout = returnTo
	})
}

const oidcCallbackPath = "/oidc/callback"

// oidcLife is how long a login may take at the hosted page.
const oidcLife = 10 * time.Minute

// An oidcLogin is the login by OpenID Connect of an App.
type oidcLogin struct {
	*App
	provider core.OIDCProvider
	seal     *sealer
}

// An oidcState is what the browser keeps, sealed, between start and callback.
type oidcState struct {
	State, Nonce, Verifier, Next string
	AskAgain                     bool  `json:",omitempty"`
	Until                        int64 // in seconds since 1970
}

func (a *App) oidcRoutes() []Route {
	if a.cfg.oidc == nil {
		if a.cfg.oidcLogout != "" {
			a.cfg.fail(optionError("OIDCLogout: needs OIDCLogin"))
		}
		return nil
	}
	seal, err := newSealer(a.client, "OIDC login")
	if err != nil {
		a.cfg.fail(err)
		return nil
	}
	o := &oidcLogin{a, a.cfg.oidc, seal}
	routes := []Route{
		{
			Name: RouteOIDCStart, Method: "GET", Path: "/oidc/start", Summary: "Begin a login at the hosted page",
			answers: answers(http.StatusSeeOther), app: a, handle: o.start,
		},
		route(a, Route{
			Name: RouteOIDCFinish, Method: "POST", Path: oidcCallbackPath, Summary: "Finish a login at the hosted page",
			answers: answers(http.StatusOK, tokenAnswer{}), ownPages: true, // its cookie is there in either mode
		}, o.finish),
	}
	if a.cfg.cookies.on() {
		routes = append(routes, Route{
			Name: RouteOIDCCallback, Method: "GET", Path: oidcCallbackPath, Summary: "Return from a login at the hosted page",
			answers: answers(http.StatusSeeOther), app: a, handle: o.callback,
		})
	}
	return routes
}

func (o *oidcLogin) start(ctx context.Context, r *Request) (*Response, error) {
	if err := o.admit(ctx, RouteOIDCStart, r, ""); err != nil {
		return nil, err
	}
	kept := oidcState{
		State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(),
		Next: LocalPath(query(r, "next"), ""), Until: time.Now().Add(oidcLife).Unix(), AskAgain: query(r, "prompt") == "login",
	}
	address, err := o.provider.AuthorizeURL(ctx, kept.attempt())
	if err != nil {
		return nil, err
	}
	res := Redirect(address)
	res.Cookies = []*http.Cookie{o.cookie(o.seal.seal(kept))}
	return res, nil
}

// cookie keeps the state of a login; an empty one ends it. It is needed without cookie
// mode as well, and is then as secure as the address that it comes back to.
func (o *oidcLogin) cookie(value string) *http.Cookie {
	names := o.names()
	c := names.cookie(names.named("oidc"), value, time.Now().Add(oidcLife))
	c.MaxAge = int(oidcLife.Seconds())
	if value == "" {
		c.Expires, c.MaxAge = time.Time{}, -1
	}
	return c
}

func (o *oidcLogin) names() cookieNames {
	if o.cfg.cookies.on() {
		return o.cfg.cookies
	}
	return newCookieNames(o.cfg.cookiePrefix, !strings.HasPrefix(o.provider.RedirectURL(), "http://"))
}

func (s oidcState) attempt() core.OIDCAttempt {
	return core.OIDCAttempt{State: s.State, Nonce: s.Nonce, Verifier: s.Verifier, AskAgain: s.AskAgain}
}

// exchange ends the login that the browser's cookie is about. It returns what was
// kept for it.
func (o *oidcLogin) exchange(ctx context.Context, r *Request, code, state string) (*core.OIDCResult, oidcState, error) {
	names := o.names()
	var kept oidcState
	switch err := o.seal.open(Cookie(r.View, names.named("oidc")), &kept); {
	case err != nil, kept.State == "", subtle.ConstantTimeCompare([]byte(state), []byte(kept.State)) != 1,
		time.Now().Unix() > kept.Until, code == "":
		return nil, oidcState{}, core.ErrInvalidRequestToken
	}
	result, err := o.provider.Exchange(ctx, code, kept.attempt())
	if err != nil {
		return nil, kept, err
	}
	s, err := o.client.Adopt(ctx, result.Tokens)
	if err == nil && s.UID() != result.Subject {
		err = core.ErrInvalidRequestToken // an access token of someone else
	}
	return result, kept, err
}

// returned answers with the session. It counts as a login if the hosted page was to ask its
// user, from when it did: the browser may have left the wish out.
func (o *oidcLogin) returned(ctx context.Context, r *Request, result *core.OIDCResult, kept oidcState, err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	res, err := o.begin(ctx, r, result.Tokens)
	if err == nil && kept.AskAgain && !result.AuthenticatedAt.IsZero() {
		o.client.NoteLogin(result.Tokens.AccessToken, result.AuthenticatedAt)
	}
	return res, err
}

// callback takes what the hosted page sends along, once. It answers with redirects, so
// that the code does not stay in the address.
func (o *oidcLogin) callback(ctx context.Context, r *Request) (*Response, error) {
	if err := o.admit(ctx, RouteOIDCCallback, r, ""); err != nil {
		return nil, err
	}
	result, kept, err := o.exchange(ctx, r, query(r, "code"), query(r, "state"))
	res, err := o.returned(ctx, r, result, kept, err)
	if err != nil {
		return nil, err
	}
	fallback := "/"
	if o.cfg.pages != nil {
		fallback = o.cfg.folder(r.View, oidcCallbackPath) + "profile"
	}
	out := Redirect(LocalPath(kept.Next, fallback))
	out.Cookies = slices.Concat(res.Cookies, []*http.Cookie{o.cookie("")})
	if o.cfg.oidcLogout != "" {
		out.Cookies = append(out.Cookies, o.cfg.cookies.cookie(o.cfg.cookies.named(hostedCookie), "1", time.Time{}))
	}
	return out, nil
}

type oidcCode struct {
	Code  string `json:"code" in:"required,secret"`
	State string `json:"state" in:"required"`
}

func (o *oidcLogin) finish(ctx context.Context, r *Request, in oidcCode) (*Response, error) {
	result, kept, err := o.exchange(ctx, r, in.Code, in.State)
	res, err := o.returned(ctx, r, result, kept, err)
	if err != nil {
		return nil, err
	}
	res.Cookies = append(res.Cookies, o.cookie(""))
	return res, nil
}

// hostedCookie remembers that the browser has a session of the hosted page.
const hostedCookie = "hosted"

// logoutAtHostedPage leads a logout on to the hosted page, if the visitor logged in there.
func (c *routeConfig) logoutAtHostedPage(r *Request, res *Response) {
	if name := c.cookies.named(hostedCookie); c.oidcLogout != "" && r.Cookie(name) != "" {
		res.Header.Set("Location", c.oidc.LogoutURL(c.oidcLogout))
		res.Cookies = append(res.Cookies, c.cookies.cookie(name, "", time.Time{}))
	}
}

// logoutOrigins returns the origins where the logout form leads, each after a space.
func (c *routeConfig) logoutOrigins() string {
	if c.oidcLogout == "" || c.oidc == nil {
		return ""
	}
	var origins strings.Builder
	for _, address := range []string{c.oidc.LogoutURL(c.oidcLogout), c.oidcLogout} {
		if u, err := url.Parse(address); err == nil {
			origins.WriteString(" " + u.Scheme + "://" + u.Host)
		}
	}
	return origins.String()
}

// addOIDC puts the login by OpenID Connect behind the buttons of the pages, and shows a
// failed one on the login page.
func (p *pages) addOIDC() {
	callback := p.app.route(RouteOIDCCallback)
	if callback == nil {
		return
	}
	handle := callback.handle
	callback.handle = func(ctx context.Context, r *Request) (*Response, error) {
		res, err := handle(ctx, r)
		if err == nil {
			return res, nil
		}
		failure, said := p.app.cfg.problemOf(err), "failed_social"
		p.app.cfg.log(ctx, RouteOIDCCallback, failure, err)
		if failure.Status >= http.StatusInternalServerError {
			said = "failed_service"
		}
		out := Redirect(p.app.cfg.folder(r.View, oidcCallbackPath) + "login")
		out.Cookies = []*http.Cookie{p.shortCookie(p.app.cfg.cookies.named("oidc"), "", 0), p.flash(said)}
		return out, nil
	}
}

// oidcButton leads to the hosted page, if there is a login by OpenID Connect.
func (p *pages) oidcButton(base, next string) []PageProvider {
	start := p.app.route(RouteOIDCStart)
	if start == nil || p.app.route(RouteOIDCCallback) == nil {
		return nil
	}
	link := base + start.Path[1:]
	if next = LocalPath(next, ""); next != "" {
		link += "?" + url.Values{"next": {next}}.Encode()
	}
	label := p.look.text["provider_oidc"]
	return []PageProvider{{Name: "oidc", Label: label, Text: p.look.continueWith(label), Link: link}}
}
