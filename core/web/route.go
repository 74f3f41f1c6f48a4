package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Request is what a route handles: the view, and who sent it.
type Request struct {
	View
	Session *core.Session // nil unless the route needs login
	token   string        // the access token that came with it, checked or not
	route   Route         // that handles it
}

// A Handler handles a route. ctx is the request's, and tells LoginRadius about the
// end user. An error is answered as [ProblemOf] says.
type Handler func(ctx context.Context, r *Request) (*Response, error)

// A Route is one of the ready-made routes, ready to be mounted.
type Route struct {
	Name       string // e.g. "login"
	Method     string
	Path       string // below where the routes are mounted, e.g. "/login"
	NeedsLogin bool
	TakesToken bool // works without login, but on the token that comes with the request
	Page       bool // made for browsers by [WithPages], and no part of the API
	Summary    string

	fields  []field
	choices [][]string // sets of fields of which exactly one must be there
	answers []answer
	local   bool // answers without asking LoginRadius
	handle  Handler
	app     *App
	form    *pageForm // what a form of the pages gets instead of JSON; nil without pages
}

// Hooks are called after something happened, with the request and whose it is.
// They may be nil. They run before the answer is sent: start a goroutine for what
// takes time, with a context of its own. A hook cannot change the answer.
type Hooks struct {
	// OnRegister gets the address of a new account. r.Session is nil where the site
	// wants it verified before the first login.
	OnRegister func(ctx context.Context, r *Request, email string)

	// OnLogin is called for every new session that a route or page answers with, however
	// it began: also for POST /token/refresh, but not for what [AutoRefresh] does.
	OnLogin func(ctx context.Context, r *Request, s *core.Session)

	// OnLogout is called for a request with a token. r.Session is whose session it
	// ended, or nil for a token that was dead already.
	OnLogout func(ctx context.Context, r *Request)

	// OnDelete is called when a deletion was confirmed. LoginRadius does not say
	// whose account it was: r.Session is set if the request came with a session that
	// the deletion ended, else nil. Those who need it for certain remember who asked
	// (delete_account), or subscribe to LoginRadius' webhook.
	OnDelete func(ctx context.Context, r *Request)
}

// WithHooks sets the hooks.
func WithHooks(h Hooks) RouteOption { return routeOption(func(c *routeConfig) { c.hooks = h }) }

// An Attempt is what a rate limit knows of a request.
type Attempt struct {
	Route    string // the route's name
	ClientIP string
	// Account is the address, username or phone that it is about, in lower case and
	// without spaces around it; else the UID of who is logged in, or "".
	Account string
}

// RateLimit is asked before any route works, once its body has been read. An error
// refuses the attempt with 429; a [*Problem] is answered as it is.
func RateLimit(allow func(ctx context.Context, a Attempt) error) RouteOption {
	return routeOption(func(c *routeConfig) { c.rateLimit = allow })
}

// MapErrors has the routes answer an error with a problem of the application's: f
// gets what the core returned, or a [*Problem] of ours. What it returns nil for is
// answered as ever.
func MapErrors(f func(err error) *Problem) RouteOption {
	return routeOption(func(c *routeConfig) { c.mapErrors = f })
}

func (c *routeConfig) problemOf(err error) *Problem {
	if c.mapErrors != nil {
		if p := c.mapErrors(err); p != nil {
			return p
		}
	}
	return ProblemOf(err)
}

// An App holds the ready-made routes. It is safe for concurrent use.
type App struct {
	client *core.Client
	cfg    *routeConfig
	guard  *Guard
	routes []Route

	declared map[string]bool // the names of all, mounted or not
}

// NewApp returns the routes, or the error of an unusable option.
func NewApp(client *core.Client, opts ...RouteOption) (*App, error) {
	cfg := newRouteConfig(opts)
	guard := newGuard(client, &guardConfig{settings: cfg.settings})
	if guard.Err() != nil {
		return nil, guard.Err()
	}
	cfg.settings = guard.cfg.settings // with the access cookie among the sources
	a := &App{client: client, cfg: cfg, guard: guard, declared: map[string]bool{}}
	for _, r := range a.allRoutes() {
		a.declared[r.Name] = true
		if cfg.only != nil && !slices.Contains(cfg.only, r.Name) {
			continue
		}
		if p := cfg.paths[r.Name]; p != "" {
			r.Path = p
		}
		if h := cfg.handlers[r.Name]; h != nil {
			r.handle = h
		}
		r.app = a
		a.routes = append(a.routes, r)
	}
	if cfg.pages != nil {
		if err := a.addPages(); err != nil {
			return nil, err
		}
	}
	if err := distinct(a.routes); err != nil {
		return nil, err
	}
	return a, nil
}

// distinct refuses two routes at one place, at which some frameworks panic.
func distinct(routes []Route) error {
	seen := map[string]string{}
	for _, r := range routes {
		at := r.Method + " " + r.Path
		if other, ok := seen[at]; ok {
			return optionError(fmt.Sprintf("%q and %q are both at %s", other, r.Name, at))
		}
		seen[at] = r.Name
	}
	return nil
}

// SingleRoute returns one route for those who mount by hand. With unusable options
// it answers every request with 500 and logs why.
func SingleRoute(client *core.Client, name string, opts ...RouteOption) Route {
	a, err := NewApp(client, opts...)
	if err == nil {
		if r, ok := a.Route(name); ok {
			return r
		}
		err = optionError("there is no route " + name + " among those to be mounted")
	}
	return Route{Name: name, app: &App{cfg: newRouteConfig(nil)}, handle: func(context.Context, *Request) (*Response, error) { return nil, err }}
}

// Routes returns what is to be mounted.
func (a *App) Routes() []Route { return slices.Clone(a.routes) }

// Route returns one route by its name.
func (a *App) Route(name string) (Route, bool) {
	i := slices.IndexFunc(a.routes, func(r Route) bool { return r.Name == name })
	if i < 0 {
		return Route{}, false
	}
	return a.routes[i], true
}

// RouteNames lists the names of all ready-made routes.
func RouteNames() []string {
	var names []string
	for _, r := range new(App).allRoutes() {
		names = append(names, r.Name)
	}
	return names
}

// Serve answers a request to the route. It never returns nil.
func (r Route) Serve(v View) *Response {
	v = lasting(v) // the client's questions may outlive the request
	if r.form != nil && isPageForm(v) {
		return r.form.serve(r, v)
	}
	req := &Request{View: v}
	ctx := core.ContextWithEndUser(v.Context(), endUser(v, r.app.cfg))
	var cookies []*http.Cookie
	if r.NeedsLogin {
		s, value, renewed, refusal := r.app.guard.admit(v)
		if refusal != nil {
			return refusal
		}
		req.Session, req.token, cookies = s, value, renewed
		ctx = core.ContextWithSession(ctx, s)
	} else {
		value, _, p := token(v, r.app.cfg.sources)
		if p != nil {
			return r.app.cfg.refuse(v, p)
		}
		req.token = value
	}
	return r.serve(ctx, req).with(cookies)
}

func (r Route) serve(ctx context.Context, req *Request) *Response {
	v, cfg := req.View, r.app.cfg
	// Also where no token came: a page of another site must not log its visitor in
	// or out here.
	if cfg.cookies.on() && !safeMethod(v.Method()) && !sameOrigin(v) {
		return cfg.refuse(v, problem(http.StatusForbidden, CodeCrossOrigin))
	}
	res, err := r.work(ctx, req)
	if err == nil && res != nil {
		return res
	}
	p := problem(http.StatusInternalServerError, CodeInternal)
	if err != nil {
		p = cfg.problemOf(err)
	}
	cfg.log(ctx, r.Name, p, err)
	return cfg.refuse(v, p)
}

// work asks the rate limit and has the route handled: for its own clients and for the
// forms of the pages.
func (r Route) work(ctx context.Context, req *Request) (*Response, error) {
	req.route = r
	if err := r.limit(ctx, req); err != nil {
		return nil, err
	}
	return r.handle(ctx, req)
}

// log tells of failures that are not the client's.
func (c *routeConfig) log(ctx context.Context, route string, p *Problem, err error) {
	switch {
	case p.Status >= http.StatusInternalServerError:
		c.logger.ErrorContext(ctx, "loginradius: route failed", "route", route, "error", err)
	case p.Code == CodeNotAllowed: // mostly a setting of the site
		c.logger.WarnContext(ctx, "loginradius: refused by the site", "route", route, "error", err)
	}
}

// endUser tells LoginRadius who is asking. The Referer is left out: it may hold a
// mailed token.
func endUser(v View, cfg *routeConfig) core.EndUser {
	agent, _ := v.Header("User-Agent")
	language, _ := v.Header("Accept-Language")
	return core.EndUser{IP: cfg.clientIP(v), UserAgent: agent, AcceptLanguage: language}
}

// read reads the fields that the request's route declares, and asks the rate limit.
func (a *App) read(ctx context.Context, r *Request) (form, error) {
	f, p := readForm(r.View, r.route.fields, r.route.choices)
	if p != nil {
		return f, p
	}
	return f, a.limit(ctx, r.route.Name, r, cmp.Or(f.texts["email"], f.texts["username"], f.texts["phone"]))
}

// limit asks the rate limit for routes that read no body, or not with [App.read].
func (r Route) limit(ctx context.Context, req *Request) error {
	if !r.app.declared[r.Name] || len(r.fields) > 0 && r.app.cfg.handlers[r.Name] == nil {
		return nil
	}
	return r.app.limit(ctx, r.Name, req, "")
}

func (a *App) limit(ctx context.Context, route string, r *Request, account string) error {
	if a.cfg.rateLimit == nil {
		return nil
	}
	if account == "" {
		account = r.Session.UID()
	}
	err := a.cfg.rateLimit(ctx, Attempt{Route: route, ClientIP: a.cfg.clientIP(r.View), Account: strings.ToLower(strings.TrimSpace(account))})
	var own *Problem
	if err == nil || errors.As(err, &own) {
		return err
	}
	return problem(http.StatusTooManyRequests, CodeThrottled)
}

// level makes work take a whole number of the configured spans, and at least one,
// so that its time does not tell whether an account exists.
func (a *App) level(ctx context.Context, work func() error) error {
	start := time.Now()
	err := work()
	if a.cfg.floor == 0 {
		return err
	}
	t := time.NewTimer(a.cfg.floor - time.Since(start)%a.cfg.floor)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return err
}

// loggedIn answers with a new session.
func (a *App) loggedIn(ctx context.Context, r *Request, t core.Tokens) (*Response, error) {
	s, err := a.client.Session(ctx, t.AccessToken)
	if err != nil {
		return nil, err
	}
	if a.cfg.hooks.OnLogin != nil {
		a.cfg.hooks.OnLogin(ctx, r, s)
	}
	if t.ExpiresAt.IsZero() {
		t.ExpiresAt = s.ExpiresAt()
	}
	answer := tokenAnswer{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresAt: timestamp(t.ExpiresAt), User: UserOf(s.Profile())}
	if !a.cfg.cookies.on() {
		return JSON(http.StatusOK, answer), nil
	}
	answer.AccessToken, answer.RefreshToken = "", ""
	res := JSON(http.StatusOK, answer)
	res.Cookies = a.cfg.cookies.set(t, time.Now())
	return res, nil
}
