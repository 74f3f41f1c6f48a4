package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"
)

// allRoutes declares every ready-made route. What is mounted, how bodies are read and
// the OpenAPI document follow from it.
func (a *App) allRoutes() []Route {
	return slices.Concat(
		a.registerRoutes(),
		a.loginRoutes(),
		a.profileRoutes(),
		a.passwordRoutes(),
		a.emailRoutes(),
		a.deletionRoutes(),
		a.socialRoutes(),
		a.sessionRoutes(),
		a.sessionListRoutes(),
		a.passkeyRoutes(),
		a.oidcRoutes(),
		a.webhookRoutes(),
		a.nativeRoutes(),
		a.identifierRoutes(),
		a.consentRoutes(),
		a.passwordlessRoutes(),
		a.phoneRoutes(),
		a.mfaRoutes(),
		a.factorRoutes(),
		a.reauthRoutes(),
		a.pinRoutes(),
		a.recoveryRoutes(),
		a.openAPIRoutes(),
	)
}

// pending is the answer of a route that leaves a step to the user, such as opening a
// link in a mail.
type pending struct {
	Status string `json:"status"`
}

// accepted is the one answer of routes that must not reveal whether an account exists.
func accepted() (*Response, error) { return JSON(http.StatusAccepted, pending{"accepted"}), nil }

// nothing is the input of a route without a body.
type nothing struct{}

// route completes the declaration of a route: its input is read, checked and counted
// by the rate limit before handle runs.
func route[In any](a *App, r Route, handle func(context.Context, *Request, In) (*Response, error)) Route {
	shape, err := shapeOf(reflect.TypeFor[In](), r.extra, a.cfg.customFields)
	if err != nil {
		a.cfg.fail(optionError("the route " + string(r.Name) + ": " + err.Error()))
		shape = &inputShape{extra: -1}
	}
	r.input, r.app = shape, a
	name, path := r.Name, r.Path
	r.handle = func(ctx context.Context, req *Request) (*Response, error) {
		var in In
		v := reflect.ValueOf(&in).Elem()
		p := readInput(req.View, shape, path, inputRules{a.cfg.phone, a.cfg.passwordPolicy}, v)
		if p = a.cfg.checkInput(in, p); p != nil {
			return nil, p
		}
		account := shape.account(v)
		if in, ok := any(in).(mfaInput); ok {
			pending, _ := a.open(in.pendingToken()) // what is wrong with it, its handler says
			account = pending.Name
		}
		if err := a.admit(ctx, name, req, account); err != nil {
			return nil, err
		}
		res, err := handle(ctx, req, in)
		if err != nil {
			err = a.nextStep(err, account)
		}
		return res, err
	}
	return r
}

// admit asks the rate limit, and for a recent proof of presence if the application wants
// one for the route. account is the identifier that the request names, or "".
func (a *App) admit(ctx context.Context, name RouteName, r *Request, account string) error {
	if err := a.limit(ctx, name, r, account); err != nil {
		return err
	}
	if maxAge := a.cfg.recent[name]; maxAge > 0 && !a.reauth.recent(r.View, a.cfg.cookies, r.Session, r.token, maxAge) {
		return reauthenticate(maxAge)
	}
	return nil
}

// An answer is a successful answer of a route.
type answer struct {
	status int
	body   any // a value of the type that is encoded, or nil for no body
}

func answers(status int, bodies ...any) []answer {
	if bodies == nil {
		return []answer{{status, nil}}
	}
	var out []answer
	for _, b := range bodies {
		out = append(out, answer{status, b})
	}
	return out
}
