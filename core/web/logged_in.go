package web

import (
	"context"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// loggedIn answers a login with its session.
func (a *App) loggedIn(ctx context.Context, r *Request, t core.Tokens) (*Response, error) {
	res, err := a.begin(ctx, r, t)
	if err != nil {
		return nil, err
	}
	a.client.NoteLogin(t.AccessToken, time.Time{})
	return res, nil
}

// loggedInBy answers with the tokens of an operation.
func (a *App) loggedInBy(ctx context.Context, r *Request, t *core.Tokens, err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, r, *t)
}

// loginResult answers with the result of a login.
func (a *App) loginResult(ctx context.Context, r *Request, login *core.LoginResult, err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	r.pinSession = login.SessionToken
	return a.loggedIn(ctx, r, login.Tokens())
}

// begin answers with new tokens, of a login or a refresh.
func (a *App) begin(ctx context.Context, r *Request, t core.Tokens) (*Response, error) {
	s, err := a.client.Adopt(ctx, t)
	if err != nil {
		return nil, err
	}
	if a.cfg.hooks.OnLogin != nil {
		a.cfg.hooks.OnLogin(ctx, r, s)
	}
	if t.ExpiresAt.IsZero() {
		t.ExpiresAt = s.ExpiresAt()
	}
	answer := tokenAnswer{AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresAt: timestamp(t.ExpiresAt), SessionToken: r.pinSession, User: UserOf(s.Profile())}
	if !a.cfg.cookies.on() {
		return JSON(http.StatusOK, answer), nil
	}
	answer.AccessToken, answer.RefreshToken = "", ""
	res := JSON(http.StatusOK, answer)
	res.Cookies = a.cfg.cookies.set(r.View, t, time.Now())
	return res, nil
}
