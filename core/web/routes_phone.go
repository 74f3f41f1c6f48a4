package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) phoneRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteVerifyPhone, Method: "POST", Path: "/phone/verify", MayLogin: true, Summary: "Verify a phone number with a code; without login this logs in",
			answers: append(answers(http.StatusNoContent), answers(http.StatusOK, tokenAnswer{})...),
		}, a.verifyPhone),
		route(a, Route{
			Name: RouteResendPhoneCode, Method: "POST", Path: "/phone/verify/resend", MayLogin: true, Summary: "Send that code again",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.resendPhoneCode),
		route(a, Route{
			Name: RouteChangePhone, Method: "PUT", Path: "/me/phone", NeedsLogin: true, Summary: "Change the phone number; a code verifies it",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.changePhone),
		route(a, Route{
			Name: RouteRemovePhone, Method: "DELETE", Path: "/me/phone", NeedsLogin: true, Summary: "Remove the phone number",
			answers: answers(http.StatusNoContent),
		}, a.removePhone),
	}
}

type phoneCode struct {
	Phone string `json:"phone" in:"phone"` // left out by a logged-in user
	Code  string `json:"code" in:"required,alias=otp,secret"`
}

func (a *App) verifyPhone(ctx context.Context, r *Request, in phoneCode) (*Response, error) {
	switch {
	case in.Phone == "" && r.Session == nil:
		return nil, fieldProblem("phone", "required", "This field is required.")
	case in.Phone == "":
		return done(invalidCode(a.client.Phone.VerifyByToken(ctx, core.VerifyPhoneByTokenRequest{AccessToken: r.token, OTP: in.Code})))
	}
	var res *core.LoginResult
	err := a.padFailure(ctx, func() (err error) {
		res, err = a.client.Phone.Verify(ctx, core.VerifyPhoneRequest{Phone: in.Phone, OTP: in.Code})
		return wrongLoginCode(err)
	})
	return a.loginResult(ctx, r, res, err)
}

type optionalPhone struct {
	Phone string `json:"phone" in:"phone"` // default: the number of the session
}

func (a *App) resendPhoneCode(ctx context.Context, r *Request, in optionalPhone) (*Response, error) {
	if r.Session != nil {
		// The profile does not hold a number that waits for its code.
		number := cmp.Or(in.Phone, a.enrolling.address(ctx, pendingPhone(r)), r.Session.Profile().PhoneID)
		if number == "" {
			return nil, fieldProblem("phone", "required", "This field is required.")
		}
		if _, err := a.client.Phone.ResendVerificationByToken(ctx, core.ResendPhoneVerificationByTokenRequest{AccessToken: r.token, Phone: number}); err != nil {
			return nil, err
		}
		return accepted()
	}
	if in.Phone == "" {
		return nil, fieldProblem("phone", "required", "This field is required.")
	}
	if err := a.padDuration(ctx, func() error {
		_, err := a.client.Phone.ResendVerification(ctx, core.ResendPhoneVerificationRequest{Phone: in.Phone})
		return hideAccountErrors(err)
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) changePhone(ctx context.Context, r *Request, in phoneNumber) (*Response, error) {
	if _, err := a.client.Phone.Update(ctx, core.UpdatePhoneRequest{AccessToken: r.token, Phone: in.Phone}); err != nil {
		return nil, err
	}
	a.enrolling.remember(ctx, pendingPhone(r), in.Phone)
	return accepted()
}

// pendingPhone is the name under which the number is remembered that the user changes to.
// Without a shared store another replica does not know it: there the client must name the
// number.
func pendingPhone(r *Request) string { return "pending phone of " + r.Session.UID() }

func (a *App) removePhone(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	return done(a.client.Phone.Remove(ctx, r.token))
}
