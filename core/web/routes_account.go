package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) me(_ context.Context, r *Request) (*Response, error) {
	return JSON(http.StatusOK, UserOf(r.Session.Profile())), nil
}

func (a *App) updateMe(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := a.allowCustom(f); err != nil {
		return nil, err
	}
	changes := map[string]any{}
	for name, value := range f.texts {
		changes[writableFields[name]] = value
	}
	if custom := f.maps["custom_fields"]; len(custom) > 0 {
		changes["CustomFields"] = custom
	}
	if len(changes) == 0 {
		nothing := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
		nothing.Detail = "Send at least one field."
		return nil, nothing
	}
	p, err := a.client.Authentication.UpdateProfile(ctx, core.UpdateProfileRequest{AccessToken: r.token, Extra: changes})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, UserOf(p)), nil
}

func (a *App) verifyEmail(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	var login *core.LoginResult
	if f.has("token") {
		login, err = a.client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: f.texts["token"]})
	} else {
		err = a.levelFailure(ctx, func() (err error) {
			login, err = a.client.Authentication.VerifyEmailByOTP(ctx, core.VerifyEmailByOTPRequest{Email: f.texts["email"], OTP: f.texts["otp"]})
			return unknownIsWrongCode(err)
		})
	}
	if err == nil && r.token != "" { // it may be of the account that was unverified until now
		a.client.Forget(r.token)
	}
	switch {
	case err != nil:
		return nil, err
	case login != nil:
		return a.loggedIn(ctx, r, login.Tokens())
	}
	return Empty(http.StatusNoContent), nil
}

func (a *App) resendVerification(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := a.level(ctx, func() error {
		return quietly(a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: f.texts["email"], VerificationURL: a.cfg.links.Verify}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) deleteAccount(ctx context.Context, r *Request) (*Response, error) {
	if err := a.client.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{AccessToken: r.token, DeleteURL: a.cfg.links.Delete}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) confirmDeleteAccount(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	var visitor *core.Session // perhaps of the account, perhaps of another
	if a.cfg.hooks.OnDelete != nil && r.token != "" {
		visitor, _ = a.client.Session(ctx, r.token)
	}
	if err := a.client.Authentication.ConfirmDeleteAccount(ctx, f.texts["token"]); err != nil {
		return nil, err
	}
	if a.cfg.hooks.OnDelete != nil {
		if visitor != nil {
			a.client.Forget(r.token)
			if _, err := a.client.Session(ctx, r.token); errors.Is(err, core.ErrInvalidToken) {
				r.Session = visitor
			}
		}
		a.cfg.hooks.OnDelete(ctx, r)
	}
	res := Empty(http.StatusNoContent)
	res.Cookies = a.cfg.cookies.clear()
	return res, nil
}
