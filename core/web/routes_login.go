package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) loginRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteLogin, Method: "POST", Path: "/login", Summary: "Log in with email, username or phone, and password",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.login),
	}
}

type passwordLogin struct {
	_        struct{} `choices:"email | username | phone"`
	Email    string   `json:"email"`
	Username string   `json:"username"`
	Phone    string   `json:"phone" in:"phone"`
	Password string   `json:"password" in:"required,secret"`
}

// login takes as long for an unknown name as for a wrong password.
func (a *App) login(ctx context.Context, r *Request, in passwordLogin) (*Response, error) {
	var res *core.LoginResult
	err := a.padFailure(ctx, func() (err error) {
		switch {
		case in.Email != "":
			res, err = a.client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: in.Email, Password: in.Password, VerificationURL: a.cfg.links.Verify})
		case in.Username != "":
			res, err = a.client.Authentication.LoginByUsername(ctx, core.LoginByUsernameRequest{Username: in.Username, Password: in.Password, VerificationURL: a.cfg.links.Verify})
		default:
			res, err = a.client.Authentication.LoginByPhone(ctx, core.LoginByPhoneRequest{Phone: in.Phone, Password: in.Password})
		}
		return err
	})
	switch {
	case errors.Is(err, core.ErrUserNotFound), errors.Is(err, core.ErrInvalidCredentials):
		return nil, problem(http.StatusUnauthorized, CodeInvalidCredentials)
	}
	return a.loginResult(ctx, r, res, err)
}
