package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// accepted is the one answer of routes that must not tell whether an account exists.
func accepted() (*Response, error) { return JSON(http.StatusAccepted, pending{"accepted"}), nil }

// quietly drops the errors that depend on the account.
func quietly(err error) error {
	if errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrAPICredentials) {
		return err
	}
	return nil
}

func (a *App) forgotPassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := a.level(ctx, func() error {
		return quietly(a.client.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{
			Email: f.texts["email"], Username: f.texts["username"], ResetPasswordURL: a.cfg.links.Reset,
		}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) resetPassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	if f.has("token") {
		err = a.client.Authentication.ResetPassword(ctx, core.ResetPasswordRequest{ResetToken: f.texts["token"], Password: f.texts["password"]})
	} else {
		err = a.levelFailure(ctx, func() error {
			return unknownIsWrongCode(a.client.Authentication.ResetPasswordByOTP(ctx, core.ResetPasswordByOTPRequest{
				Email: f.texts["email"], OTP: f.texts["otp"], Password: f.texts["password"],
			}))
		})
	}
	if err != nil {
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}

// unknownIsWrongCode hides whether the account of a wrong code exists.
func unknownIsWrongCode(err error) error {
	if errors.Is(err, core.ErrUserNotFound) {
		return problem(http.StatusUnprocessableEntity, CodeInvalidLink)
	}
	return err
}

func (a *App) changePassword(ctx context.Context, r *Request) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	err = a.client.Authentication.ChangePassword(ctx, core.ChangePasswordRequest{
		AccessToken: r.token, OldPassword: f.texts["current_password"], NewPassword: f.texts["new_password"],
	})
	switch {
	case errors.Is(err, core.ErrInvalidCredentials):
		return nil, fieldProblem("current_password", "wrong", "This is not the current password.")
	case errors.Is(err, core.ErrPasswordRejected):
		p := ProblemOf(err)
		p.Errors[0].Field = "new_password"
		return nil, p
	case err != nil:
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}
