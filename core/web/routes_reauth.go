package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) reauthRoutes() []Route {
	declare := func(name RouteName, path, summary string) Route {
		return Route{Name: name, Method: "POST", Path: "/reauth/" + path, Summary: summary, NeedsLogin: true, answers: answers(http.StatusOK, reauthAnswer{})}
	}
	sent := func(name RouteName, path, summary string) Route {
		r := declare(name, path, summary)
		r.answers = answers(http.StatusAccepted, pending{})
		return r
	}
	return []Route{
		route(a, declare(RouteReauthPassword, "password", "Prove your presence with the password"), a.reauthPassword),
		route(a, declare(RouteReauthTOTP, "totp", "Prove your presence with an authenticator app"), a.reauthTOTP),
		route(a, declare(RouteReauthSMS, "sms", "Prove your presence with a code from a text message"), a.reauthSMS),
		route(a, sent(RouteReauthSendSMS, "sms/send", "Send that code"), a.reauthSendSMS),
		route(a, declare(RouteReauthEmail, "email", "Prove your presence with a mailed code"), a.reauthEmail),
		route(a, sent(RouteReauthSendEmail, "email/send", "Mail that code"), a.reauthSendEmail),
		route(a, declare(RouteReauthBackupCode, "backup-code", "Prove your presence with a backup code"), a.reauthBackupCode),
		route(a, declare(RouteReauthPIN, "pin", "Prove your presence with the PIN"), a.reauthPIN),
	}
}

// reauthAnswer is a proof of presence, see [ReauthHeader].
type reauthAnswer struct {
	ReauthToken string `json:"reauth_token"`
	ExpiresAt   string `json:"expires_at"`
	Method      string `json:"method"`
}

// proven has LoginRadius confirm its proof, with the UID of the session and never with
// one of the request, and answers with ours.
func (a *App) proven(ctx context.Context, r *Request, method string, proof *core.ReauthenticationProof, err error, validate func(context.Context, core.ValidateProofRequest) error) (*Response, error) {
	if err == nil {
		err = validate(ctx, core.ValidateProofRequest{UID: r.Session.UID(), Token: proof.Token})
	}
	switch {
	case errors.Is(err, core.ErrFeatureDisabled):
		return nil, problem(http.StatusForbidden, CodeReauthUnavailable)
	case errors.Is(err, core.ErrStepUpInvalid):
		return nil, problem(http.StatusUnauthorized, CodeInvalidCode)
	case err != nil:
		return nil, err
	}
	sealed, expires := a.reauth.prove(r.Session, r.token, method)
	res := JSON(http.StatusOK, reauthAnswer{sealed, timestamp(expires), method})
	if a.cfg.cookies.on() {
		res.Cookies = append(res.Cookies, a.cfg.cookies.reauthCookie(sealed, expires))
	}
	return res, nil
}

type currentPassword struct {
	Password string `json:"password" in:"required,secret"`
}

func (a *App) reauthPassword(ctx context.Context, r *Request, in currentPassword) (*Response, error) {
	proof, err := a.client.Reauthentication.ByPassword(ctx, core.ReauthenticateByPasswordRequest{AccessToken: r.token, Password: in.Password})
	return a.proven(ctx, r, "password", proof, err, a.client.Reauthentication.ValidatePassword)
}

func (a *App) reauthTOTP(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	proof, err := a.client.Reauthentication.ByAuthenticator(ctx, core.ReauthenticateByAuthenticatorRequest{AccessToken: r.token, Code: in.Code})
	return a.proven(ctx, r, "totp", proof, invalidCode(err), a.client.Reauthentication.ValidateFactor)
}

func (a *App) reauthSMS(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	proof, err := a.client.Reauthentication.BySMS(ctx, core.ReauthenticateBySMSRequest{AccessToken: r.token, OTP: in.Code})
	return a.proven(ctx, r, "sms", proof, invalidCode(err), a.client.Reauthentication.ValidateFactor)
}

func (a *App) reauthSendSMS(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	_, err := a.client.Reauthentication.Begin(ctx, core.ReauthenticateRequest{AccessToken: r.token})
	return reauthSent(err)
}

func (a *App) reauthSendEmail(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	email, err := addressFor(r, "")
	if err != nil {
		return nil, problem(http.StatusForbidden, CodeNotEnrolled)
	}
	return reauthSent(a.client.Reauthentication.SendEmail(ctx, core.SendReauthenticationEmailRequest{AccessToken: r.token, Email: email}))
}

func reauthSent(err error) (*Response, error) {
	switch {
	case errors.Is(err, core.ErrFeatureDisabled):
		return nil, problem(http.StatusForbidden, CodeReauthUnavailable)
	case err != nil:
		return nil, err
	}
	return accepted()
}

func (a *App) reauthEmail(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	email, err := addressFor(r, "")
	if err != nil {
		return nil, problem(http.StatusForbidden, CodeNotEnrolled)
	}
	proof, err := a.client.Reauthentication.ByEmail(ctx, core.ReauthenticateByEmailRequest{AccessToken: r.token, Email: email, OTP: in.Code})
	return a.proven(ctx, r, "email", proof, invalidCode(err), a.client.Reauthentication.ValidateFactor)
}

func (a *App) reauthBackupCode(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	proof, err := a.client.Reauthentication.ByBackupCode(ctx, core.ReauthenticateByBackupCodeRequest{AccessToken: r.token, BackupCode: in.Code})
	return a.proven(ctx, r, "backup_code", proof, invalidCode(err), a.client.Reauthentication.ValidateFactor)
}

type currentPIN struct {
	PIN string `json:"pin" in:"required,secret"`
}

func (a *App) reauthPIN(ctx context.Context, r *Request, in currentPIN) (*Response, error) {
	proof, err := a.client.Reauthentication.ByPIN(ctx, core.ReauthenticateByPINRequest{AccessToken: r.token, PIN: in.PIN})
	return a.proven(ctx, r, "pin", proof, invalidCode(err), a.client.Reauthentication.ValidatePIN)
}
