package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) passwordRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteForgotPassword, Method: "POST", Path: "/password/forgot", Summary: "Mail a link or code to reset the password",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.forgotPassword),
		route(a, Route{
			Name: RouteResetPassword, Method: "POST", Path: "/password/reset", Summary: "Set a new password with a mailed token or code",
			answers: answers(http.StatusNoContent),
		}, a.resetPassword),
		route(a, Route{
			Name: RouteChangePassword, Method: "POST", Path: "/password/change", NeedsLogin: true, Summary: "Set a new password with the current one",
			answers: answers(http.StatusNoContent),
		}, a.changePassword),
	}
}

func (a *App) forgotPassword(ctx context.Context, _ *Request, in accountName) (*Response, error) {
	if err := a.padDuration(ctx, func() error {
		if in.Phone != "" {
			_, err := a.client.Phone.ForgotPassword(ctx, core.ForgotPasswordByPhoneRequest{Phone: in.Phone})
			return hideAccountErrors(err)
		}
		return hideAccountErrors(a.client.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{
			Email: in.Email, Username: in.Username, ResetPasswordURL: a.cfg.links.Reset,
		}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

type passwordReset struct {
	_        struct{}         `choices:"token | email code | phone code | email answers | username answers | phone answers"`
	Token    string           `json:"token"`
	Email    string           `json:"email"`
	Username string           `json:"username"`
	Phone    string           `json:"phone" in:"phone"`
	Code     string           `json:"code" in:"alias=otp,secret"`
	Answers  []securityAnswer `json:"answers"`
	Password string           `json:"password" in:"required,policy"`
}

func (a *App) resetPassword(ctx context.Context, _ *Request, in passwordReset) (*Response, error) {
	if in.Token != "" {
		return done(a.client.Authentication.ResetPassword(ctx, core.ResetPasswordRequest{ResetToken: in.Token, Password: in.Password}))
	}
	return done(a.padFailure(ctx, func() error {
		if in.Answers != nil {
			return wrongCode(a.client.Authentication.ResetPasswordByAnswer(ctx, core.ResetPasswordByAnswerRequest{
				Email: in.Email, Username: in.Username, Phone: in.Phone, SecurityAnswer: answersByID(in.Answers), Password: in.Password,
			}))
		}
		if in.Phone != "" {
			return wrongCode(a.client.Phone.ResetPassword(ctx, core.ResetPasswordByPhoneRequest{Phone: in.Phone, OTP: in.Code, Password: in.Password}))
		}
		return wrongCode(a.client.Authentication.ResetPasswordByOTP(ctx, core.ResetPasswordByOTPRequest{
			Email: in.Email, OTP: in.Code, Password: in.Password,
		}))
	}))
}

type passwordChange struct {
	Current string `json:"current_password" in:"required,secret"`
	New     string `json:"new_password" in:"required,policy"`
}

func (a *App) changePassword(ctx context.Context, r *Request, in passwordChange) (*Response, error) {
	err := a.client.Authentication.ChangePassword(ctx, core.ChangePasswordRequest{
		AccessToken: r.token, OldPassword: in.Current, NewPassword: in.New,
	})
	switch {
	case errors.Is(err, core.ErrInvalidCredentials):
		return nil, fieldProblem("current_password", "wrong", "This is not the current password.")
	case errors.Is(err, core.ErrPasswordRejected), errors.Is(err, core.ErrValidation):
		p := ProblemOf(err)
		for i := range p.Errors {
			if p.Errors[i].Field == "password" {
				p.Errors[i].Field = "new_password"
			}
		}
		return nil, p
	case err != nil:
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}
