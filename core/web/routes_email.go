package web

import (
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) emailRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteVerifyEmail, Method: "POST", Path: "/email/verify", Summary: "Verify the address with a mailed token or code",
			answers: append(answers(http.StatusNoContent), answers(http.StatusOK, tokenAnswer{})...),
		}, a.verifyEmail),
		route(a, Route{
			Name: RouteResendVerification, Method: "POST", Path: "/email/verify/resend", Summary: "Mail the verification link again",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.resendVerification),
	}
}

type emailVerification struct {
	_     struct{} `choices:"token | email code"`
	Token string   `json:"token"`
	Email string   `json:"email"`
	Code  string   `json:"code" in:"alias=otp"`
}

func (a *App) verifyEmail(ctx context.Context, r *Request, in emailVerification) (*Response, error) {
	var login *core.LoginResult
	var err error
	if in.Token != "" {
		login, err = a.client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: in.Token})
	} else {
		err = a.padFailure(ctx, func() (err error) {
			login, err = a.client.Authentication.VerifyEmailByOTP(ctx, core.VerifyEmailByOTPRequest{Email: in.Email, OTP: in.Code})
			return wrongCode(err)
		})
	}
	if err == nil && r.token != "" { // its cached session may still say that the address is unverified
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

type emailAddress struct {
	Email string `json:"email" in:"required"`
}

func (a *App) resendVerification(ctx context.Context, _ *Request, in emailAddress) (*Response, error) {
	if err := a.padDuration(ctx, func() error {
		return hideAccountErrors(a.client.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{Email: in.Email, VerificationURL: a.cfg.links.Verify}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}
