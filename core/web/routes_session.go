package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) sessionRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteLogout, Method: "POST", Path: "/logout", TakesToken: true, Summary: "End the session",
			answers: answers(http.StatusNoContent),
		}, a.logout),
		route(a, Route{
			Name: RouteRefreshToken, Method: "POST", Path: "/token/refresh", TakesToken: true, Summary: "Exchange the refresh token for new tokens",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.refreshToken),
	}
}

// logout accepts dead tokens too, so no guard runs before it. It forgets the session
// and clears the cookies whatever LoginRadius answers. 503 means that LoginRadius could
// not be asked: the tokens may still work elsewhere, so the client should try again.
func (a *App) logout(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	access, refresh := r.token, ""
	if a.cfg.cookies.on() {
		access, refresh = r.Cookie(a.cfg.cookies.access), r.Cookie(a.cfg.cookies.refresh)
	}
	if r.token == "" && !a.cfg.cookies.on() {
		return nil, unauthenticated()
	}
	if r.token != "" && a.cfg.hooks.OnLogout != nil {
		r.Session, _ = a.cfg.validate(ctx, a.client, r.token) // nil for a dead token
	}
	err := a.endSession(ctx, access, refresh)
	if r.token != access { // it came in a header
		err = errors.Join(err, a.endSession(ctx, r.token, ""))
	}
	if r.token != "" && a.cfg.hooks.OnLogout != nil {
		a.cfg.hooks.OnLogout(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	if err != nil {
		a.cfg.logger.WarnContext(ctx, "loginradius: logged out here only", "error", err)
		res = a.cfg.refuse(r.View, unavailable(err))
	}
	res.Cookies = append(res.Cookies, a.cfg.cookies.clear(r.View)...)
	return res, nil
}

// endSession ends an access token and its refresh token, and then the tokens for which
// another request of the browser may just have exchanged that refresh token. It returns
// nil if all of them are dead.
func (a *App) endSession(ctx context.Context, access, refresh string) error {
	for {
		if err := a.endTokens(ctx, access, refresh); err != nil || refresh == "" {
			return err
		}
		// Ask only now: no further request can use the refresh token any more.
		newer, err := a.client.ForgetRotation(ctx, refresh)
		switch {
		case err != nil || newer == nil:
			return err
		case newer.RefreshToken == refresh: // it was not replaced
			return a.endTokens(ctx, newer.AccessToken, refresh)
		}
		access, refresh = newer.AccessToken, newer.RefreshToken
	}
}

// endTokens ends an access token and its refresh token. If the access token is dead or
// missing, as in a browser that dropped its cookie, the refresh token would live on, so
// it is revoked by itself.
func (a *App) endTokens(ctx context.Context, access, refresh string) error {
	if access != "" {
		err := a.client.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: access, PreventRefresh: true})
		if err == nil || !isDead(err) {
			return err
		}
	}
	if refresh == "" {
		return nil
	}
	if err := a.client.Account.RevokeRefreshToken(ctx, refresh); !isDead(err) {
		return err
	}
	return nil
}

// isDead reports whether an error says that a token was not valid any more.
func isDead(err error) bool {
	for _, is := range []error{core.ErrInvalidToken, core.ErrInvalidRefreshToken, core.ErrUserNotFound, core.ErrAccountBlocked, core.ErrInvalidArgument} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

type tokenRefresh struct {
	RefreshToken string `json:"refresh_token"`
}

// refreshToken uses the refresh token up. The new tokens must therefore reach the client
// even if LoginRadius cannot return their profile: as cookies of the 503, or when the
// client asks again.
func (a *App) refreshToken(ctx context.Context, r *Request, in tokenRefresh) (*Response, error) {
	old := in.RefreshToken
	fromCookie := old == "" && a.cfg.cookies.on()
	if fromCookie {
		old = r.Cookie(a.cfg.cookies.refresh)
	}
	if old == "" {
		return nil, fieldProblem("refresh_token", "required", "This field is required.")
	}
	t, err := a.client.Rotate(ctx, old)
	if r.token != "" { // it is dead, or must be checked again
		a.client.Forget(r.token)
	}
	if err != nil {
		return a.refreshFailed(ctx, r, err, fromCookie)
	}
	if r.token == "" { // the replaced access token is unknown: forget all of the user's
		if s, err := a.client.Session(ctx, t.AccessToken); err == nil {
			a.client.UncacheUser(s.UID())
		}
	}
	if t.RefreshToken == "" && a.cfg.cookies.on() { // it was not replaced
		t.RefreshToken = old
	}
	res, err := a.begin(ctx, r, *t)
	switch {
	case err == nil && !fromCookie: // a browser has several tabs with the same cookie, a program has its answer
		_, _ = a.client.ForgetRotation(ctx, old)
	case errors.Is(err, core.ErrUnavailable) && a.cfg.cookies.on():
		p := a.cfg.problemOf(err)
		a.cfg.log(ctx, RouteRefreshToken, p, err)
		res, err = a.cfg.refuse(r.View, p).with(a.cfg.cookies.set(r.View, *t, time.Now())), nil
	}
	return res, err
}

// refreshFailed answers 401 or 403, and ends the cookies, only if LoginRadius has refused
// the refresh token or the account. Anything else leaves open what became of the token.
func (a *App) refreshFailed(ctx context.Context, r *Request, err error, fromCookie bool) (*Response, error) {
	over := errors.Is(err, core.ErrInvalidRefreshToken) || errors.Is(err, core.ErrAccountBlocked)
	switch {
	case !over && errors.Is(err, core.ErrUnavailable), over && !fromCookie:
		return nil, err
	case !over:
		a.cfg.undecided.tell(ctx, a.cfg.logger, "cannot refresh", err)
		return nil, unavailable(err)
	}
	return a.cfg.refuse(r.View, a.cfg.problemOf(err)).with(a.cfg.cookies.clear(r.View)), nil
}
