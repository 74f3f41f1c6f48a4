package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// An Admission is what a guard decided about a request, for adapters to carry out.
type Admission struct {
	// Session is the session of the request, or nil for an anonymous one. A Refusal of a
	// user who is logged in comes with the session too, for what logs the refusal.
	Session *core.Session

	// Refusal is the answer to send instead of running the handler, or nil. It holds the
	// cookies of a refresh.
	Refusal *Response

	// Renewed has the headers and cookies of a refresh, or is nil. The adapter must write
	// them before it runs the handler, or the user is logged out when the old cookies end.
	Renewed *Response

	token  string // "" unless the application asked for it
	cookie string // the cookie that a refresh has replaced
	fresh  string // with this token
}

// Admit is [Guard.Check] for adapters: it also refreshes, if the application asked for
// that with [AutoRefresh].
func (g *Guard) Admit(v View) Admission {
	d := g.decide(v, true)
	a := Admission{Session: d.session, Refusal: d.refusal}
	if d.cookies != nil && d.refusal == nil {
		a.Renewed = new(Response).with(d.cookies)
	}
	if d.refreshed {
		a.cookie, a.fresh = g.cfg.cookies.access, d.token
	}
	if g.cfg.passToken {
		a.token = d.token
	}
	return a
}

// Context returns the context for the handler: ctx, with the session for
// [core.SessionFromContext], and the token if the application asked for it with
// [PassToken]. It may outlive the request.
func (a Admission) Context(ctx context.Context) context.Context {
	if a.fresh != "" {
		ctx = withRenewed(ctx, a.cookie, a.fresh)
	}
	switch {
	case a.Session == nil:
		return ctx
	case a.token != "":
		return core.ContextWithLogin(ctx, a.Session, strings.Clone(a.token)) // it may be in a reused buffer
	}
	return core.ContextWithSession(ctx, a.Session)
}

// Request returns a copy of r with [Admission.Context], or r itself if there is nothing
// to add. Defer [EndForm] then.
func (a Admission) Request(r *http.Request) *http.Request {
	if a.fresh != "" {
		r = r.WithContext(withRenewed(r.Context(), a.cookie, a.fresh))
	}
	if a.Session == nil {
		return r
	}
	return core.RequestWithLogin(r, a.Session, a.token)
}

// EndForm deletes the temporary files of a multipart form that a handler has parsed into
// the request it got, and gives the form back to the request that the server knows. A
// server deletes such files itself, but only those of its own request, which neither
// this package nor some routers hand to the handler. Defer it, so that it also happens
// after a panic.
func EndForm(server, handler *http.Request) {
	if server.MultipartForm != nil || handler.MultipartForm == nil {
		return
	}
	server.MultipartForm = handler.MultipartForm
	_ = handler.MultipartForm.RemoveAll() // as the server does, which has no way to report it
}

// admit is Admit for the routes: it also returns the token and the cookies.
func (g *Guard) admit(v View) (*core.Session, string, []*http.Cookie, *Response) {
	d := g.decide(v, true)
	if d.refusal != nil {
		d.session = nil
	}
	return d.session, d.token, d.cookies, d.refusal
}
