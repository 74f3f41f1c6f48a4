package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Guard decides who may pass. It is safe for concurrent use.
type Guard struct {
	client *core.Client
	cfg    *guardConfig
}

// RequireLogin returns the guard behind the adapters' function of that name: only
// requests with a valid token pass. With unusable options, or without a client, it
// answers every request with 500 and logs why: a mistake never opens a door. Ask
// [Guard.Err] to learn of it earlier.
func RequireLogin(client *core.Client, opts ...GuardOption) *Guard {
	return newGuard(client, newGuardConfig(opts))
}

// OptionalLogin returns a guard that also lets anonymous requests pass, without a
// session. An outage still is 503, since nobody can say who it is.
func OptionalLogin(client *core.Client, opts ...GuardOption) *Guard {
	return RequireLogin(client, append([]GuardOption{guardOption(func(c *guardConfig) { c.optional = true })}, opts...)...)
}

func newGuard(client *core.Client, cfg *guardConfig) *Guard {
	cfg.addCookieSource()
	if client == nil {
		cfg.fail(optionError("the client is nil"))
	}
	if cfg.returnErrors && cfg.errorResponse != nil {
		cfg.fail(optionError("ReturnErrors and ErrorResponse exclude each other"))
	}
	if cfg.autoRefresh && !cfg.cookies.on() {
		cfg.fail(optionError("AutoRefresh needs Cookies or InsecureCookies"))
	}
	if cfg.optional && len(cfg.checks) > 0 {
		cfg.fail(optionError("OptionalLogin cannot require anything of a session"))
	}
	return &Guard{client, cfg}
}

// Err returns what is wrong with the options, or nil.
func (g *Guard) Err() error { return g.cfg.err }

// SessionKey returns the key of the option of that name, or "".
func (g *Guard) SessionKey() string { return g.cfg.sessionKey }

// Check examines a request and changes nothing: it does not refresh, see
// [Guard.Admit]. It returns the session to go on with, which is nil for nobody, or
// the response to send instead.
func (g *Guard) Check(v View) (*core.Session, *Response) {
	s, _, r := g.check(v)
	return s, r
}

func (g *Guard) check(v View) (*core.Session, string, *Response) {
	if g.cfg.err != nil {
		g.cfg.logger.Error("loginradius: refusing every request", "error", g.cfg.err)
		return nil, "", g.cfg.refuse(v, problem(http.StatusInternalServerError, CodeInternal))
	}
	if g.skips(v) {
		return nil, "", nil
	}
	value, isCookie, p := token(v, g.cfg.sources)
	if p != nil {
		return nil, "", g.cfg.refuse(v, p)
	}
	if value == "" {
		if g.cfg.optional {
			return nil, "", nil
		}
		return nil, "", g.anonymous(v, unauthenticated())
	}
	if isCookie && !safeMethod(v.Method()) && !sameOrigin(v) {
		return nil, "", g.cfg.refuse(v, problem(http.StatusForbidden, CodeCrossOrigin))
	}
	s, err := g.client.Session(v.Context(), value)
	if err != nil {
		return nil, "", g.failed(v, err)
	}
	for _, check := range g.cfg.checks {
		if err := check(s); err != nil {
			return nil, "", g.cfg.refuse(v, checkProblem(err))
		}
	}
	return s, value, nil
}

func (g *Guard) skips(v View) bool { return g.cfg.skip != nil && g.cfg.skip(lasting(v)) }

func (g *Guard) failed(v View, err error) *Response {
	switch {
	case errors.Is(err, core.ErrUnavailable):
		g.cfg.logger.Warn("loginradius: cannot validate", "error", err)
		return g.cfg.refuse(v, unavailable(err))
	case g.cfg.optional && !g.cfg.refuseInvalid:
		return nil
	case errors.Is(err, core.ErrAccountBlocked):
		return g.anonymous(v, bearerProblem(http.StatusUnauthorized, CodeAccountBlocked, "invalid_token"))
	}
	return g.anonymous(v, invalidToken())
}

// anonymous answers somebody who is not logged in: a browser that opens a page goes
// to the login page, if there is one.
func (g *Guard) anonymous(v View, p *Problem) *Response {
	if g.cfg.loginPage == "" || !safeMethod(v.Method()) || !wantsHTML(v) {
		return g.cfg.refuse(v, p)
	}
	next := requestPath(v)
	if q := v.Query(); q != "" {
		next += "?" + q
	}
	separator := "?"
	if strings.Contains(g.cfg.loginPage, "?") {
		separator = "&"
	}
	return Redirect(g.cfg.loginPage + separator + "next=" + url.QueryEscape(LocalPath(next, "/")))
}

// wantsHTML reports whether a browser waits for a page.
func wantsHTML(v View) bool {
	accept, _ := v.Header("Accept")
	return strings.Contains(accept, "text/html")
}

func checkProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return forbidden(CodeForbidden)
}

func safeMethod(m string) bool { return m == "GET" || m == "HEAD" || m == "OPTIONS" }

// refuse answers with a problem, in the application's own format if it has one.
func (c *settings) refuse(v View, p *Problem) *Response {
	p = p.withDefaults()
	r := p.response(c.realm)
	if c.returnErrors {
		r.Err = p
		r.Header.Del("Content-Type") // the framework will write another body
		r.Header.Del("X-Content-Type-Options")
	}
	if c.errorResponse == nil {
		return r
	}
	given := c.errorResponse(lasting(v), p)
	if given == nil {
		return r
	}
	own := given.clone() // it may be one for all
	if own.Status == 0 {
		own.Status = r.Status
	}
	for _, name := range []string{"Www-Authenticate", "Retry-After", "Cache-Control"} {
		if own.Header.Get(name) == "" && r.Header.Get(name) != "" {
			own.Header.Set(name, r.Header.Get(name))
		}
	}
	return own
}
