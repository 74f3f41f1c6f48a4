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
			Name: RouteRegister, Method: "POST", Path: "/register", Summary: "Create an account and mail a verification link",
			extra: a.cfg.registrationFields, answers: answers(http.StatusCreated, pending{}, tokenAnswer{}),
		}, a.register),
		route(a, Route{
			Name: RouteLogin, Method: "POST", Path: "/login", Summary: "Log in with email, username or phone, and password",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.login),
	}
}

// pending is the answer of a route that leaves a step to the user, such as opening a
// link in a mail.
type pending struct {
	Status string `json:"status"`
}

type registration struct {
	Email        string            `json:"email" in:"required"`
	Password     string            `json:"password" in:"required,secret"`
	FirstName    string            `json:"first_name"`
	LastName     string            `json:"last_name"`
	Username     string            `json:"username"`
	Phone        string            `json:"phone" in:"phone"`
	Extra        map[string]string `extra:"true"`
	CustomFields map[string]string `json:"custom_fields"`
}

func (a *App) register(ctx context.Context, r *Request, in registration) (*Response, error) {
	extra := map[string]any{}
	for name, value := range in.Extra {
		if value != "" {
			extra[writableFields[name]] = value
		}
	}
	var login *core.LoginResult
	err := a.padDuration(ctx, func() (err error) {
		login, err = a.client.Authentication.Register(ctx, core.RegisterRequest{
			Email: in.Email, Password: in.Password, VerificationURL: a.cfg.links.Verify,
			Profile: core.Profile{
				FirstName: in.FirstName, LastName: in.LastName, Username: in.Username, PhoneID: in.Phone,
				CustomFields: in.CustomFields,
			},
			Extra: extra,
		})
		if errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken {
			// A new account would get a mail, so this one gets one too, if one is due.
			// The result must not show.
			_ = a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: in.Email, VerificationURL: a.cfg.links.Verify})
			return nil
		}
		if err == nil && login == nil {
			a.registered(ctx, r, in.Email)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if login == nil {
		return JSON(http.StatusCreated, pending{"verification_pending"}), nil
	}
	if r.Session, err = a.client.Adopt(ctx, login.Tokens()); err != nil {
		return nil, err
	}
	a.registered(ctx, r, in.Email)
	res, err := a.loggedIn(ctx, r, login.Tokens())
	if res != nil {
		res.Status = http.StatusCreated
	}
	return res, err
}

func (a *App) registered(ctx context.Context, r *Request, email string) {
	if a.cfg.hooks.OnRegister != nil {
		a.cfg.hooks.OnRegister(ctx, r, email)
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
	case err != nil:
		return nil, err
	}
	return a.loggedIn(ctx, r, res.Tokens())
}
