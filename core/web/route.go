package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Request is a request to a route, with the session of its sender.
type Request struct {
	View
	Session *core.Session // nil unless the route needs login or may use one
	token   string        // the access token of the request, checked or not

	pinSession string // of the login that this request made
}

// A Handler handles a route. ctx is the request's context and carries the end user's
// address, agent and language for LoginRadius. An error is answered as [ProblemOf] says.
type Handler func(ctx context.Context, r *Request) (*Response, error)

// A Route is a ready-made route, for adapters to mount.
type Route struct {
	Name       RouteName
	Method     string
	Path       string // relative to where the routes are mounted, e.g. "/login" or "/sessions/{id}"
	NeedsLogin bool
	TakesToken bool // works without login, on the token that comes with the request
	MayLogin   bool // works without login; a token that comes with the request must be valid
	Page       bool // a page of [WithPages], not part of the JSON API
	Summary    string

	input     *inputShape
	extra     []string // fields that options add to the input
	answers   []answer
	local     bool // answers without asking LoginRadius
	byPasskey bool // takes a credential of a browser and checks its origin
	ownPages  bool // refuses other sites' pages without cookie mode, too
	signed    bool // takes a signed JSON body of LoginRadius
	replaced  bool // by the application's own handler
	handle    Handler
	app       *App
	form      func(r Route, v View) *Response // answers a form of the pages; nil without pages
}

// PathWith returns the path with its parameters written as the framework's router
// expects them: PathWith(":", "") turns /sessions/{id} into /sessions/:id.
func (r Route) PathWith(before, after string) string {
	return strings.NewReplacer("{", before, "}", after).Replace(r.Path)
}

// MapErrors sets a function that converts the routes' errors to problems. It gets an
// error of package core or a [*Problem]. If it returns nil, [ProblemOf] applies.
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

// problemOf hides from strangers that there is no such user.
func (r Route) problemOf(err error) *Problem {
	p := r.app.cfg.problemOf(err)
	if !r.NeedsLogin && p.Code == CodeNotFound && errors.Is(err, core.ErrUserNotFound) {
		return problem(http.StatusUnauthorized, CodeInvalidCredentials)
	}
	return p
}

// Serve answers a request to the route. It never returns nil.
func (r Route) Serve(v View) *Response {
	v, end := own(v)
	defer end()
	if pooled(v.Context()) {
		return r.app.cfg.refusePooled(v)
	}
	if r.form != nil && isPageForm(v) {
		return r.form(r, v)
	}
	req := &Request{View: v}
	ctx := core.ContextWithEndUser(v.Context(), endUser(v, &r.app.cfg.settings))
	var cookies []*http.Cookie
	value, from, p := token(v, r.app.cfg.sources)
	if p != nil {
		return r.app.cfg.refuse(v, p)
	}
	// This includes requests without a token: another site's page must not log its visitor
	// in or out here. Such a page cannot send a header that holds a token.
	mayBeForged := r.ownPages || r.app.cfg.cookies.on() && (value == "" || !from.byHeader()) || value != "" && from.ambient()
	req.token = value
	if r.NeedsLogin || r.MayLogin && value != "" {
		s, value, renewed, refusal := r.app.guard.admit(v)
		switch {
		case refusal == nil:
			req.Session, req.token, cookies = s, value, renewed
			ctx = core.ContextWithSession(ctx, s)
		case r.NeedsLogin || from != fromCookie || refusal.Status != http.StatusUnauthorized:
			return refusal
		default: // a browser sends an old cookie along without meaning anything by it
			req.token = ""
		}
	}
	if mayBeForged && r.app.cfg.forged(v) {
		return r.app.cfg.refuse(v, problem(http.StatusForbidden, CodeCrossOrigin)).with(cookies)
	}
	return r.serve(ctx, req).with(cookies)
}

func (r Route) serve(ctx context.Context, req *Request) *Response {
	v, cfg := req.View, r.app.cfg
	res, err := r.handle(ctx, req)
	if err == nil && res != nil {
		return res
	}
	p := problem(http.StatusInternalServerError, CodeInternal)
	if err != nil {
		p = r.problemOf(err)
	}
	cfg.log(ctx, r.Name, p, err)
	return cfg.refuse(v, p)
}

// log reports failures that are not the client's.
func (c *routeConfig) log(ctx context.Context, route RouteName, p *Problem, err error) {
	switch {
	case errors.Is(err, core.ErrOverloaded): // the client tells once a minute
	case p.Status >= http.StatusInternalServerError:
		c.logger.ErrorContext(ctx, "loginradius: route failed", "route", route, "error", err)
	case p.Code == CodeNotAllowed: // mostly a setting of the site
		c.logger.WarnContext(ctx, "loginradius: refused by the site", "route", route, "error", err)
	}
}

// endUser describes the client to LoginRadius. The Referer is left out: it may hold a
// mailed token.
func endUser(v View, cfg *settings) core.EndUser {
	agent, _ := v.Header("User-Agent")
	language, _ := v.Header("Accept-Language")
	id, _ := v.Header("X-Request-Id")
	return core.EndUser{IP: cfg.clientIP(v), UserAgent: agent, AcceptLanguage: language, RequestID: id}
}
