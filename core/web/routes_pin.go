package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) pinRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteChangePIN, Method: "PUT", Path: "/me/pin", NeedsLogin: true, Summary: "Change the PIN",
			answers: answers(http.StatusNoContent),
		}, a.changePIN),
		route(a, Route{
			Name: RouteSetPIN, Method: "POST", Path: "/pin/set", Summary: "Choose the first PIN in a login that demands one",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.setPIN),
		route(a, Route{
			Name: RoutePINLogin, Method: "POST", Path: "/pin/login", Summary: "Log in again with the PIN and the session token of a login",
			answers: answers(http.StatusOK, tokenAnswer{}),
		}, a.pinLogin),
		route(a, Route{
			Name: RouteForgotPIN, Method: "POST", Path: "/pin/forgot", Summary: "Send a link or code to reset the PIN",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.forgotPIN),
		route(a, Route{
			Name: RouteResetPIN, Method: "POST", Path: "/pin/reset", Summary: "Set a new PIN with a mailed token, a code or security answers",
			answers: answers(http.StatusNoContent),
		}, a.resetPIN),
	}
}

type pinChange struct {
	Current string `json:"current_pin" in:"required,secret"`
	New     string `json:"new_pin" in:"required,secret"`
}

func (a *App) changePIN(ctx context.Context, r *Request, in pinChange) (*Response, error) {
	err := a.client.PIN.Change(ctx, core.ChangePINRequest{AccessToken: r.token, OldPIN: in.Current, NewPIN: in.New})
	if errors.Is(err, core.ErrInvalidCredentials) {
		return nil, fieldProblem("current_pin", "wrong", "This is not the current PIN.")
	}
	return done(refusedPIN(err, "new_pin"))
}

type firstPIN struct {
	Token string `json:"pin_token" in:"required"`
	PIN   string `json:"pin" in:"required,secret"`
}

func (a *App) setPIN(ctx context.Context, r *Request, in firstPIN) (*Response, error) {
	res, err := a.client.PIN.Set(ctx, core.SetPINRequest{PINAuthToken: in.Token, PIN: in.PIN})
	return a.loginResult(ctx, r, res, refusedPIN(err, "pin"))
}

// refusedPIN names the field of a new PIN that the site does not accept.
func refusedPIN(err error, field string) error {
	if errors.Is(err, core.ErrValidation) {
		return fieldProblem(field, "not_acceptable", "The site does not accept this PIN.")
	}
	return err
}

type pinLogin struct {
	SessionToken string `json:"session_token" in:"required,secret"`
	PIN          string `json:"pin" in:"required,secret"`
}

func (a *App) pinLogin(ctx context.Context, r *Request, in pinLogin) (*Response, error) {
	res, err := a.client.PIN.Login(ctx, core.PINLoginRequest{SessionToken: in.SessionToken, PIN: in.PIN})
	return a.loginResult(ctx, r, res, invalidCode(err))
}

// An accountName names an account by one of its identifiers.
type accountName struct {
	_        struct{} `choices:"email | username | phone"`
	Email    string   `json:"email"`
	Username string   `json:"username"`
	Phone    string   `json:"phone" in:"phone"`
}

func (a *App) forgotPIN(ctx context.Context, _ *Request, in accountName) (*Response, error) {
	if err := a.padDuration(ctx, func() (err error) {
		switch {
		case in.Email != "":
			err = a.client.PIN.ForgotByEmail(ctx, core.ForgotPINByEmailRequest{Email: in.Email, ResetPINURL: a.cfg.links.ResetPIN})
		case in.Username != "":
			err = a.client.PIN.ForgotByUsername(ctx, core.ForgotPINByUsernameRequest{Username: in.Username, ResetPINURL: a.cfg.links.ResetPIN})
		default:
			_, err = a.client.PIN.ForgotByPhone(ctx, core.ForgotPINByPhoneRequest{Phone: in.Phone})
		}
		return hideAccountErrors(err)
	}); err != nil {
		return nil, err
	}
	return accepted()
}

type pinReset struct {
	_        struct{}         `choices:"token | email code | username code | phone code | email answers | username answers | phone answers"`
	Token    string           `json:"token"`
	Email    string           `json:"email"`
	Username string           `json:"username"`
	Phone    string           `json:"phone" in:"phone"`
	Code     string           `json:"code" in:"alias=otp,secret"`
	Answers  []securityAnswer `json:"answers"`
	PIN      string           `json:"pin" in:"required,secret"`
}

func (a *App) resetPIN(ctx context.Context, _ *Request, in pinReset) (*Response, error) {
	if in.Token != "" {
		return done(refusedPIN(a.client.PIN.Reset(ctx, core.ResetPINRequest{ResetToken: in.Token, PIN: in.PIN}), "pin"))
	}
	return done(a.padFailure(ctx, func() error {
		return wrongCode(a.resetPINOf(ctx, in))
	}))
}

func (a *App) resetPINOf(ctx context.Context, in pinReset) error {
	pin, code, answers := a.client.PIN, core.ResetPINOptions{OTP: in.Code, PIN: in.PIN}, answersByID(in.Answers)
	switch {
	case in.Code != "" && in.Email != "":
		return pin.ResetByEmailOTP(ctx, core.ResetPINByEmailOTPRequest{Email: in.Email, ResetPINOptions: code})
	case in.Code != "" && in.Username != "":
		return pin.ResetByUsernameOTP(ctx, core.ResetPINByUsernameOTPRequest{Username: in.Username, ResetPINOptions: code})
	case in.Code != "":
		return pin.ResetByPhoneOTP(ctx, core.ResetPINByPhoneOTPRequest{Phone: in.Phone, ResetPINOptions: code})
	case in.Email != "":
		return pin.ResetByEmailAnswer(ctx, core.ResetPINByEmailAnswerRequest{Email: in.Email, SecurityAnswer: answers, PIN: in.PIN})
	case in.Username != "":
		return pin.ResetByUsernameAnswer(ctx, core.ResetPINByUsernameAnswerRequest{Username: in.Username, SecurityAnswer: answers, PIN: in.PIN})
	default:
		return pin.ResetByPhoneAnswer(ctx, core.ResetPINByPhoneAnswerRequest{Phone: in.Phone, SecurityAnswer: answers, PIN: in.PIN})
	}
}
