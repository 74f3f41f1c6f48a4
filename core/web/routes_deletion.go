package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) deletionRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteDeleteAccount, Method: "DELETE", Path: "/account", NeedsLogin: true, Summary: "Mail a link that deletes the account",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.deleteAccount),
		route(a, Route{
			Name: RouteConfirmDeleteAccount, Method: "POST", Path: "/account/delete", Summary: "Delete the account with a mailed token",
			answers: answers(http.StatusNoContent),
		}, a.confirmDeleteAccount),
	}
}

func (a *App) deleteAccount(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	if err := a.client.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{AccessToken: r.token, DeleteURL: a.cfg.links.Delete}); err != nil {
		return nil, err
	}
	return accepted()
}

type mailedToken struct {
	Token string `json:"token" in:"required"`
}

// confirmDeleteAccount forgets the session of the request in any case: the answer does
// not say which account was deleted.
func (a *App) confirmDeleteAccount(ctx context.Context, r *Request, in mailedToken) (*Response, error) {
	if r.token != "" {
		defer a.client.Forget(r.token) // even if the answer was lost
	}
	var visitor *core.Session // of the deleted account or of another one
	if a.cfg.hooks.OnDelete != nil && r.token != "" {
		visitor, _ = a.cfg.validate(ctx, a.client, r.token)
	}
	if err := a.client.Authentication.ConfirmDeleteAccount(ctx, in.Token); err != nil {
		return nil, err
	}
	if r.token != "" {
		a.client.Forget(r.token)
	}
	if a.cfg.hooks.OnDelete != nil {
		if visitor != nil {
			if _, err := a.cfg.validate(ctx, a.client, r.token); errors.Is(err, core.ErrInvalidToken) {
				r.Session = visitor
			}
		}
		a.cfg.hooks.OnDelete(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	res.Cookies = a.cfg.cookies.clear(r.View)
	return res, nil
}
