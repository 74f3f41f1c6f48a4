package web

import (
	"cmp"
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
	Email               string            `json:"email" in:"required,or=phone,email"`
	Password            string            `json:"password" in:"required,policy"`
	FirstName           string            `json:"first_name"`
	LastName            string            `json:"last_name"`
	Username            string            `json:"username"`
	Phone               string            `json:"phone" in:"phone"`
	Extra               map[string]string `extra:"true"`
	CustomFields        map[string]string `json:"custom_fields"`
	Consents            []consentChoice   `json:"consents"` // see [RegistrationConsents]
	AcceptPrivacyPolicy bool              `json:"accept_privacy_policy"`
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
	addAgreements(extra, in.Consents, in.AcceptPrivacyPolicy)
	name := cmp.Or(in.Email, in.Phone)
	var login *core.LoginResult
	err := a.padDuration(ctx, func() (err error) {
		// LoginRadius looks at the address first. A taken username must be refused for
		// a known address too.
		if in.Username != "" {
			if taken, err := a.client.Authentication.UsernameExists(ctx, in.Username); err == nil && taken {
				return core.ErrUsernameTaken
			}
		}
		login, err = a.create(ctx, in, extra)
		if (errors.Is(err, core.ErrEmailTaken) || errors.Is(err, core.ErrPhoneTaken)) && !a.cfg.tellTaken {
			a.taken(ctx, r, in, extra, err)
			return nil
		}
		if err == nil && login == nil {
			a.registered(ctx, r, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.registrationResult(ctx, r, name, login)
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

// create makes the account.
func (a *App) create(ctx context.Context, in registration, extra map[string]any) (*core.LoginResult, error) {
	profile := core.Profile{FirstName: in.FirstName, LastName: in.LastName, Username: in.Username, CustomFields: in.CustomFields}
	if in.Email == "" {
		return a.client.Phone.Register(ctx, core.RegisterByPhoneRequest{Phone: in.Phone, Password: in.Password, Profile: profile, Extra: extra})
	}
	profile.PhoneID = in.Phone
	return a.client.Authentication.Register(ctx, core.RegisterRequest{
		Email: in.Email, Password: in.Password, VerificationURL: a.cfg.links.Verify, Profile: profile, Extra: extra,
	})
}

// taken does, after the answer, what makes the answer true: an address or number that is
// registered already gets the message that a new one would get. An account with a number that
// belongs to another one is created without it. A call before the answer would take
// longer than for a new account, and show.
func (a *App) taken(ctx context.Context, r *Request, in registration, extra map[string]any, why error) {
	switch {
	case errors.Is(why, core.ErrEmailTaken):
		a.resendLater(ctx, in.Email)
	case in.Email == "":
		a.later(ctx, func(ctx context.Context) {
			_, _ = a.client.Phone.ResendVerification(ctx, core.ResendPhoneVerificationRequest{Phone: in.Phone})
		})
	default:
		in.Phone = ""
		a.later(ctx, func(ctx context.Context) {
			login, err := a.create(ctx, in, extra)
			if err == nil && login == nil {
				a.registered(ctx, r, in.Email)
			}
		})
	}
}

// resendLater mails the verification link again, after the answer.
func (a *App) resendLater(ctx context.Context, email string) {
	a.later(ctx, func(ctx context.Context) {
		_ = a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: email, VerificationURL: a.cfg.links.Verify})
	})
}

// later runs work after the answer and reports if there is too much of it.
func (a *App) later(ctx context.Context, work func(context.Context)) {
	if !a.client.Later(ctx, work) {
		a.cfg.logger.WarnContext(ctx, "loginradius: too much background work, a registration is not followed up")
	}
}

func (a *App) registered(ctx context.Context, r *Request, email string) {
	if a.cfg.hooks.OnRegister != nil {
		a.cfg.hooks.OnRegister(ctx, r, email)
	}
}
