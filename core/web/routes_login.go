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
		res, err = a.passwordLogin(ctx, in)
		if _, challenged := errors.AsType[*core.MFAChallenge](err); errors.Is(err, core.ErrMFARequired) && !challenged {
			// Some sites refuse this operation to users with a second factor.
			res, err = a.mfaLogin(ctx, in)
		}
		return err
	})
	if errors.Is(err, core.ErrUserNotFound) || errors.Is(err, core.ErrInvalidCredentials) {
		return nil, problem(http.StatusUnauthorized, CodeInvalidCredentials)
	}
	return a.loginResult(ctx, r, res, err)
}

func (a *App) passwordLogin(ctx context.Context, in passwordLogin) (*core.LoginResult, error) {
	switch {
	case in.Email != "":
		return a.client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: in.Email, Password: in.Password, VerificationURL: a.cfg.links.Verify})
	case in.Username != "":
		return a.client.Authentication.LoginByUsername(ctx, core.LoginByUsernameRequest{Username: in.Username, Password: in.Password, VerificationURL: a.cfg.links.Verify})
	default:
		return a.client.Authentication.LoginByPhone(ctx, core.LoginByPhoneRequest{Phone: in.Phone, Password: in.Password})
	}
}

// mfaLogin is passwordLogin by the operations that answer with the challenge.
func (a *App) mfaLogin(ctx context.Context, in passwordLogin) (*core.LoginResult, error) {
	options := core.MFALoginOptions{VerificationURL: a.cfg.links.Verify}
	switch {
	case in.Email != "":
		return a.client.MFA.LoginByEmail(ctx, core.MFALoginByEmailRequest{Email: in.Email, Password: in.Password, MFALoginOptions: options})
	case in.Username != "":
		return a.client.MFA.LoginByUsername(ctx, core.MFALoginByUsernameRequest{Username: in.Username, Password: in.Password, MFALoginOptions: options})
	default:
		return a.client.MFA.LoginByPhone(ctx, core.MFALoginByPhoneRequest{Phone: in.Phone, Password: in.Password, MFALoginOptions: options})
	}
}
