package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Guard decides who may pass. It is safe for concurrent use.
type Guard struct {
	client *core.Client
	cfg    *guardConfig
	reauth *reauth   // with RequireRecentAuth
	looped sync.Once // tells once that the login page is behind its own guard
}

// RequireLogin returns the guard behind the adapters' function of that name: only
// requests with a valid token pass. With unusable options, or without a client, it
// answers every request with 500 and logs why: a mistake never opens a door. Ask
// [Guard.Err] to learn of it earlier.
func RequireLogin(client *core.Client, opts ...GuardOption) *Guard {
	return newGuard(client, newGuardConfig(opts))
}

// OptionalLogin returns a guard that also lets anonymous requests pass, without a
// session. It still answers 503 in an outage, when it cannot tell who sent a token.
func OptionalLogin(client *core.Client, opts ...GuardOption) *Guard {
	return RequireLogin(client, append([]GuardOption{guardOption(func(c *guardConfig) { c.optional = true })}, opts...)...)
}

func newGuard(client *core.Client, cfg *guardConfig) *Guard {
	cfg.addCookieSource()
	if client == nil {
		cfg.fail(optionError("the client is nil"))
	}
	if client != nil && cfg.needsPermissions && !client.ResolvesPermissions() {
		cfg.fail(optionError("RequirePermission: the client does not resolve permissions, see core.SessionConfig.Permissions"))
	}
	if client != nil && cfg.needsContexts && !client.ResolvesRoleContexts() {
		cfg.fail(optionError("RequirePermissionIn: the client does not resolve role contexts, see core.SessionConfig.RoleContexts"))
	}
	if cfg.returnErrors && cfg.errorResponse != nil {
		cfg.fail(optionError("ReturnErrors and ErrorResponse exclude each other"))
	}
	if cfg.autoRefresh && !cfg.cookies.on() {
		cfg.fail(optionError("AutoRefresh needs Cookies or InsecureCookies"))
	}
	if cfg.optional && (len(cfg.checks) > 0 || len(cfg.scopes) > 0 || cfg.recent > 0) {
		cfg.fail(optionError("OptionalLogin cannot require anything of a session"))
	}
	if client != nil && cfg.verifier != nil {
		client.CachedVerifiedSession("", cfg.verifier) // from now on revocations are kept for such tokens
	}
	g := &Guard{client: client, cfg: cfg}
	if cfg.recent > 0 {
		var err error
		if g.reauth, err = newReauth(client); err != nil {
			cfg.fail(err)
		}
	}
	return g
}

// Err returns what is wrong with the options, or nil.
func (g *Guard) Err() error { return g.cfg.err }

// SessionKey returns the key of the option of that name, or "".
func (g *Guard) SessionKey() string { return g.cfg.sessionKey }

// Check examines a request and changes nothing: it does not refresh, see
// [Guard.Admit]. It returns the session, which is nil for an anonymous request, or the
// response to send instead.
func (g *Guard) Check(v View) (*core.Session, *Response) {
	d := g.decide(v, false)
	if d.refusal != nil {
		return nil, d.refusal
	}
	return d.session, nil
}

// A decision is what a guard makes of a request.
type decision struct {
	session   *core.Session // also beside a refusal of a user who is logged in
	token     string        // of the session
	refreshed bool
	cookies   []*http.Cookie // of a refresh
	refusal   *Response
}

func (d decision) refuse(r *Response) decision {
	d.refusal = r.with(d.cookies)
	return d
}

// decide examines a request, and refreshes if that is due and allowed.
func (g *Guard) decide(v View, mayRefresh bool) decision {
	var d decision
	if g.cfg.err != nil {
		g.cfg.logger.ErrorContext(v.Context(), "loginradius: refusing every request", "error", g.cfg.err)
		return d.refuse(g.cfg.refuse(v, problem(http.StatusInternalServerError, CodeInternal)))
	}
	if pooled(v.Context()) {
		return d.refuse(g.cfg.refusePooled(v))
	}
	if g.skips(v) {
		return d
	}
	value, from, p := token(v, g.cfg.sources)
	switch {
	case p != nil:
		return d.refuse(g.cfg.refuse(v, p))
	case value != "" && from.ambient() && g.cfg.forged(v):
		return d.refuse(g.cfg.refuse(v, problem(http.StatusForbidden, CodeCrossOrigin)))
	}
	err := errAnonymous
	if value != "" {
		d.token = value
		d.session, err = g.session(v, value)
		if err == nil && from == fromCookie {
			g.client.ConfirmRotation(value)
		}
	}
	if err != nil && mayRefresh && g.canRefresh(v, value, from, err) {
		d, err = g.refresh(v, err)
	}
	if err != nil {
		d.session = nil
		refusal := g.failed(v, err)
		if refusal == nil {
			return d
		}
		return d.refuse(refusal)
	}
	if g.cfg.lacksScope(d.session) {
		return d.refuse(g.forbid(v, d, missingScope(g.cfg.scopes)))
	}
	for _, check := range g.cfg.checks {
		if err := check(d.session); err != nil {
			return d.refuse(g.forbid(v, d, err))
		}
	}
	if g.cfg.recent > 0 && !g.reauth.recent(v, g.cfg.cookies, d.session, d.token, g.cfg.recent) {
		return d.refuse(g.forbid(v, d, reauthenticate(g.cfg.recent)))
	}
	return d
}

// errAnonymous says that no token came with a request.
var errAnonymous = errors.New("no token")

// session validates a token. What only a question to LoginRadius needs is left out while
// the answer is in memory.
func (g *Guard) session(v View, token string) (*core.Session, error) {
	s, known := g.cfg.cachedSession(g.client, token)
	if s != nil {
		return s, nil
	}
	v, end := own(v)
	defer end()
	ctx := core.ContextWithEndUser(v.Context(), endUser(v, &g.cfg.settings))
	if !known {
		if err := g.cfg.limit(ctx, v, GuardAttempt, ""); err != nil {
			return nil, err
		}
	}
	return g.cfg.validate(ctx, g.client, token)
}

func (g *Guard) skips(v View) bool {
	if g.cfg.skipPreflight && isPreflight(v) {
		return true
	}
	if len(g.cfg.skips) == 0 {
		return false
	}
	v, end := own(v)
	defer end()
	for _, skip := range g.cfg.skips {
		if skip(v) {
			return true
		}
	}
	return false
}

// failed answers a request without a session, or returns nil to let it pass.
func (g *Guard) failed(v View, err error) *Response {
	p, limited := errors.AsType[*Problem](err)
	switch {
	case limited:
		return g.cfg.refuse(v, p)
	case errors.Is(err, errAnonymous):
		if g.cfg.optional {
			return nil
		}
		return g.anonymous(v, unauthenticated())
	case errors.Is(err, core.ErrUnavailable):
		g.cfg.undecided.tell(v.Context(), g.cfg.logger, "cannot validate", err)
		return g.cfg.refuse(v, unavailable(err))
	case g.cfg.optional && !g.cfg.refuseInvalid:
		return nil
	case errors.Is(err, core.ErrAccountBlocked):
		return g.anonymous(v, bearerProblem(http.StatusUnauthorized, CodeAccountBlocked, "invalid_token"))
	case !errors.Is(err, core.ErrInvalidToken): // about the account, and not about this token
		return g.cfg.refuse(v, ProblemOf(err))
	}
	return g.anonymous(v, invalidToken())
}

// forbid refuses a user who is logged in. The session is in the context of what logs it
// and of what the application answers, so that it can tell who it was.
func (g *Guard) forbid(v View, d decision, err error) *Response {
	p := checkProblem(err)
	ctx := core.ContextWithSession(v.Context(), d.session)
	g.cfg.logger.InfoContext(ctx, "loginradius: refused", "uid", d.session.UID(), "code", p.Code)
	return g.cfg.refuse(contextView{v, ctx}, p)
}

// A contextView has another context.
type contextView struct {
	View
	ctx context.Context
}

func (v contextView) Context() context.Context { return v.ctx }

// anonymous answers a request without a valid session: a browser that waits for a page
// is sent to the login page, if there is one.
func (g *Guard) anonymous(v View, p *Problem) *Response {
	page := g.cfg.loginPage
	if page == "" || isUpgrade(v) || !wantsHTML(v) {
		return g.cfg.refuse(v, p)
	}
	path, _, _ := strings.Cut(page, "?")
	if path == v.Path() || path == targetPath(v) {
		g.looped.Do(func() {
			g.cfg.logger.ErrorContext(v.Context(), "loginradius: the login page is behind the guard that leads to it: mount it outside, or use Skip", "page", page)
		})
		return g.cfg.refuse(v, p)
	}
	next := cmp.Or(g.cfg.wayBack(v), g.cfg.publicPath+"/")
	if !safeMethod(v.Method()) { // a form: the way back is the page that it was on
		next = g.cfg.formPage(v)
	}
	to := g.cfg.publicPath + page
	if next != "" {
		separator := "?"
		if strings.Contains(page, "?") {
			separator = "&"
		}
		to += separator + "next=" + url.QueryEscape(next)
	}
	return Redirect(to)
}

// formPage returns the path of the page that a form was sent from, or "".
func (c *settings) formPage(v View) string {
	referer, n := v.Header("Referer")
	u, err := url.Parse(referer)
	if n != 1 || err != nil || u.Host != v.Host() {
		return ""
	}
	return LocalPath(u.RequestURI(), "")
}

func checkProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return forbidden(CodeForbidden)
}

// refuse answers with a problem, in the application's own format if it has one.
func (c *settings) refuse(v View, p *Problem) *Response {
	p = p.withDefaults()
	r := p.response(c.realm)
	if challenge := r.Header.Get("Www-Authenticate"); challenge != "" && c.resourceMetadata != "" {
		r.Header.Set("Www-Authenticate", challenge+`, resource_metadata="`+c.resourceMetadata+`"`)
	}
	if c.returnErrors {
		r.Err = p
		r.Header.Del("Content-Type") // the framework will write another body
		r.Header.Del("X-Content-Type-Options")
	}
	if c.errorResponse == nil {
		return r
	}
	kept, end := own(v)
	defer end()
	given := c.errorResponse(kept, p)
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
