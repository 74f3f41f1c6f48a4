package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Where a login at the hosted page begins and ends, below where the pages are.
const (
	socialLoginPath    = "/social/login"
	socialCallbackPath = "/social/callback"
)

// HostedLogin describes a login at LoginRadius' hosted page, where the social
// providers are. A button for each provider leads there and back.
type HostedLogin struct {
	// Page is the hosted page: https://<site>.hub.loginradius.com/auth.aspx, or the
	// same on a custom domain.
	Page string

	// Callback is the absolute address of /social/callback below the pages. The site
	// must allow it. It is never made from a request.
	Callback string

	// Providers names the buttons, e.g. "google". The name goes to the hosted page
	// as the parameter provider, beside action and return_url.
	Providers []string
}

var providerName = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)

// PageSocialLogin adds the login at LoginRadius' hosted page to the pages. The way there
// sets a random state in a cookie, and the way back must bring the same one.
func PageSocialLogin(h HostedLogin) PageOption {
	return pageOption(func(c *routeConfig) {
		for name, address := range map[string]string{"Page": h.Page, "Callback": h.Callback} {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
				c.fail(optionError("PageSocialLogin: " + name + " must be an absolute http(s) address without query or fragment"))
			}
		}
		if len(h.Providers) == 0 {
			c.fail(optionError("PageSocialLogin: Providers names none"))
		}
		for _, name := range h.Providers {
			if !providerName.MatchString(name) {
				c.fail(optionError("PageSocialLogin: " + name + " is not a provider's name in small letters"))
			}
		}
		h.Providers = slices.Clone(h.Providers)
		c.pages.social = &h
	})
}

// stateLife is how long someone may take at the provider.
const stateLife = 10 * 60 // seconds

func (p *pages) stateName() string {
	return p.app.cfg.cookies.named("state")
}

// startSocial leads to the hosted page. The cookie holds the state and where the
// visitor is going afterwards.
func (p *pages) startSocial(_ context.Context, r *Request) (*Response, error) {
	provider := query(r, "provider")
	if !slices.Contains(p.social.Providers, provider) {
		return Redirect(p.app.cfg.folder(r.View, socialLoginPath) + "login"), nil
	}
	state := rand.Text()
	q := url.Values{"action": {"login"}, "provider": {provider}, "return_url": {p.social.Callback + "?state=" + state}}
	res := Redirect(p.social.Page + "?" + q.Encode())
	res.Cookies = []*http.Cookie{p.shortCookie(p.stateName(), state+"."+url.QueryEscape(LocalPath(query(r, "next"), "")), stateLife)}
	return res, nil
}

// endSocial takes the token that the hosted page sends along, once: the state goes
// with it. It answers with redirects only, so that the token does not stay in the
// address.
func (p *pages) endSocial(ctx context.Context, r *Request) (*Response, error) {
	base := p.app.cfg.folder(r.View, socialCallbackPath)
	// LoginRadius does not promise to append with & to an address that has a query.
	values, _ := url.ParseQuery(strings.ReplaceAll(r.Query(), "?", "&"))
	expected, next, _ := strings.Cut(r.Cookie(p.stateName()), ".")
	spent := p.shortCookie(p.stateName(), "", 0)
	back := func(flash string) (*Response, error) {
		res := Redirect(base + "login")
		res.Cookies = []*http.Cookie{spent, p.flash(flash)}
		return res, nil
	}
	if expected == "" || subtle.ConstantTimeCompare([]byte(values.Get("state")), []byte(expected)) != 1 {
		return back("failed_social")
	}
	res, err := p.socialSession(ctx, r, values.Get("token"))
	switch {
	case errors.Is(err, core.ErrUnavailable), errors.Is(err, core.ErrAPICredentials):
		p.app.cfg.logger.ErrorContext(ctx, "loginradius: route failed", "route", "page "+socialCallbackPath, "error", err)
		return back("failed_service")
	}
	next, _ = url.QueryUnescape(next)
	if err != nil {
		step := p.loginStep(p.app.cfg.problemOf(p.app.nextStep(err, "")), base, next)
		if step == nil {
			return back("failed_social")
		}
		step.Cookies = append(step.Cookies, spent)
		return step, nil
	}
	out := Redirect(LocalPath(next, base+"profile"))
	out.Cookies = append(slices.Clone(res.Cookies), spent)
	return out, nil
}

// socialSession trades the token for a session. What the hosted page hands over is a
// request token; sites may be set up to send the access token itself.
func (p *pages) socialSession(ctx context.Context, r *Request, token string) (*Response, error) {
	if token == "" {
		return nil, core.ErrInvalidRequestToken
	}
	if err := p.app.limit(ctx, RouteSocialExchange, r, ""); err != nil {
		return nil, err
	}
	tokens, err := p.app.client.Social.ExchangeToken(ctx, token)
	if errors.Is(err, core.ErrInvalidRequestToken) {
		// An access token in the address may be an old one: it does not prove a login.
		return p.app.begin(ctx, r, core.Tokens{AccessToken: token})
	}
	return p.app.loggedInBy(ctx, r, tokens, err)
}

// providers makes the buttons.
func (l *pageLook) providers(names []string, base, next string) []PageProvider {
	out := make([]PageProvider, 0, len(names))
	for _, name := range names {
		label := l.text["provider_"+name]
		if label == "" {
			label = strings.ToUpper(name[:1]) + name[1:]
		}
		q := url.Values{"provider": {name}}
		if next = LocalPath(next, ""); next != "" {
			q.Set("next", next)
		}
		out = append(out, PageProvider{Name: name, Label: label, Text: l.continueWith(label), Link: base + strings.TrimPrefix(socialLoginPath, "/") + "?" + q.Encode()})
	}
	return out
}
