package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) registerRoutes() []Route {
	return []Route{route(a, Route{
		Name: RouteRegister, Method: "POST", Path: "/register", Summary: "Create an account and mail a verification link",
		extra: a.cfg.registrationFields, answers: answers(http.StatusCreated, pending{}, tokenAnswer{}),
	}, a.register)}
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

// register answers a known address like a new one, unless TellTaken is on. Sites that log
// new users in without verification cannot hide the difference.
func (a *App) register(ctx context.Context, r *Request, in registration) (*Response, error) {
	extra := map[string]any{}
	for name, value := range in.Extra {
		if value != "" {
			extra[writableFields[name]] = value
		}
	}
	if err := a.acceptPassword("password", in.Password); err != nil {
		return nil, err
	}
	var login *core.LoginResult
	err := a.padDuration(ctx, func() (err error) {
		// LoginRadius looks at the address first. A taken username must be refused for
		// a known address too.
		if in.Username != "" {
			if taken, err := a.client.Authentication.UsernameExists(ctx, in.Username); err == nil && taken {
				return core.ErrUsernameTaken
			}
		}
		login, err = a.client.Authentication.Register(ctx, core.RegisterRequest{
			Email: in.Email, Password: in.Password, VerificationURL: a.cfg.links.Verify,
			Profile: core.Profile{
				FirstName: in.FirstName, LastName: in.LastName, Username: in.Username, PhoneID: in.Phone,
				CustomFields: in.CustomFields,
			},
			Extra: extra,
		})
		if errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken {
			a.resendLater(ctx, in.Email)
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
	return a.registrationResult(ctx, r, in.Email, login)
}

// registrationResult answers a registration, with a session if it logged the user in.
func (a *App) registrationResult(ctx context.Context, r *Request, email string, login *core.LoginResult) (*Response, error) {
	if login == nil {
		return JSON(http.StatusCreated, pending{"verification_pending"}), nil
	}
	var err error
	if r.Session, err = a.client.Adopt(ctx, login.Tokens()); err != nil {
		return nil, err
	}
	a.registered(ctx, r, email)
	res, err := a.loggedIn(ctx, r, login.Tokens())
	if res != nil {
		res.Status = http.StatusCreated
	}
	return res, err
}

// resendLater mails the verification link to an address that is registered already: a new
// account would get a mail too. The call runs after the answer, which would otherwise
// take longer than for a new address.
func (a *App) resendLater(ctx context.Context, email string) {
	if !a.client.Later(ctx, func(ctx context.Context) {
		_ = a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: email, VerificationURL: a.cfg.links.Verify})
	}) {
		a.cfg.logger.WarnContext(ctx, "loginradius: too much background work, a verification mail is not sent again")
	}
}

func (a *App) registered(ctx context.Context, r *Request, email string) {
	if a.cfg.hooks.OnRegister != nil {
		a.cfg.hooks.OnRegister(ctx, r, email)
	}
}
