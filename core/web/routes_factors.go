package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) factorRoutes() []Route {
	done, sent := answers(http.StatusNoContent), answers(http.StatusAccepted, pending{})
	declare := func(name RouteName, method, path, summary string, answers []answer) Route {
		return Route{Name: name, Method: method, Path: path, Summary: summary, NeedsLogin: true, answers: answers}
	}
	return []Route{
		route(a, declare(RouteFactors, "GET", "/me/mfa", "The user's second factors", answers(http.StatusOK, factorsAnswer{})), a.factors),
		route(a, declare(RouteAddTOTP, "POST", "/me/mfa/totp", "Begin to set up an authenticator app", answers(http.StatusOK, totpAnswer{})), a.addTOTP),
		route(a, declare(RouteConfirmTOTP, "POST", "/me/mfa/totp/confirm", "Confirm the authenticator app with a code", done), a.confirmTOTP),
		route(a, declare(RouteAddSMSFactor, "POST", "/me/mfa/sms", "Send a code to a number that is to be a second factor", sent), a.addSMSFactor),
		route(a, declare(RouteConfirmSMSFactor, "POST", "/me/mfa/sms/confirm", "Confirm the number with the code", done), a.confirmSMSFactor),
		route(a, declare(RouteAddEmailFactor, "POST", "/me/mfa/email", "Mail a code to an address that is to be a second factor", sent), a.addEmailFactor),
		route(a, declare(RouteConfirmEmailFactor, "POST", "/me/mfa/email/confirm", "Confirm the address with the code", done), a.confirmEmailFactor),
		route(a, declare(RouteAddPasskeyFactor, "POST", "/me/mfa/passkey", "Begin to set up a passkey as a second factor", answers(http.StatusOK, passkeyOptions{})), a.addPasskeyFactor),
		route(a, Route{
			Name: RouteConfirmPasskeyFactor, Method: "POST", Path: "/me/mfa/passkey/confirm", byPasskey: true, NeedsLogin: true, Summary: "Set the passkey up as a second factor",
			answers: done,
		}, a.confirmPasskeyFactor),
		route(a, declare(RouteRemoveFactor, "DELETE", "/me/mfa/{method}", "Remove a second factor", done), a.removeFactor),
		route(a, declare(RouteBackupCodes, "POST", "/me/mfa/backup-codes", "Make new backup codes, which replace the old ones", answers(http.StatusOK, backupCodes{})), a.backupCodes),
	}
}

// factorsAnswer lists what the user has set up, and what the user can set up or use here.
type factorsAnswer struct {
	Methods  []string `json:"methods"`
	Enrolled []string `json:"enrolled"`
}

func (a *App) factors(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	settings, err := a.client.MFA.Settings(ctx, core.MFASettingsRequest{AccessToken: r.token})
	if err != nil {
		return nil, err
	}
	out := factorsAnswer{Methods: a.cfg.settable(), Enrolled: []string{}}
	for _, f := range settings.Enrolled() {
		out.Enrolled = append(out.Enrolled, string(f))
	}
	return JSON(http.StatusOK, out), nil
}

func (a *App) addTOTP(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	settings, err := a.client.MFA.Settings(ctx, core.MFASettingsRequest{AccessToken: r.token})
	switch {
	case err != nil:
		return nil, err
	case settings.ManualEntryCode == "": // it is set up already
		return nil, problem(http.StatusConflict, CodeConflict)
	}
	p := r.Session.Profile()
	totp, err := newTOTP(settings.ManualEntryCode, cmp.Or(r.Session.Email(), p.Username, p.PhoneID, p.UID), issuerOf(settings.QRCode))
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, totp), nil
}

type oneTimeCode struct {
	Code string `json:"code" in:"required,alias=otp,secret"`
}

// done answers a change that has no answer.
func done(err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}

func (a *App) confirmTOTP(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	_, err := a.client.MFA.ConfirmAuthenticator(ctx, core.ConfirmAuthenticatorRequest{AccessToken: r.token, Code: in.Code})
	return done(invalidCode(err))
}

type phoneNumber struct {
	Phone string `json:"phone" in:"required,phone"`
}

func (a *App) addSMSFactor(ctx context.Context, r *Request, in phoneNumber) (*Response, error) {
	if _, err := a.client.MFA.ChangePhone(ctx, core.ChangeMFAPhoneRequest{AccessToken: r.token, Phone: in.Phone}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) confirmSMSFactor(ctx context.Context, r *Request, in oneTimeCode) (*Response, error) {
	_, err := a.client.MFA.ConfirmSMS(ctx, core.ConfirmSMSRequest{AccessToken: r.token, OTP: in.Code})
	return done(invalidCode(err))
}

type factorAddress struct {
	Email string `json:"email"` // default: the address of the session
}

// addressFor returns the address of a request, or that of the session.
func addressFor(r *Request, email string) (string, error) {
	if email = cmp.Or(email, r.Session.Email()); email == "" {
		return "", fieldProblem("email", "required", "This field is required.")
	}
	return email, nil
}

// foreignAddress says what is wrong with the address of a factor: LoginRadius takes those
// of the account only.
func foreignAddress(err error) error {
	if errors.Is(err, core.ErrUserNotFound) {
		return fieldProblem("email", "not_acceptable", "This is not an address of the account.")
	}
	return err
}

func (a *App) addEmailFactor(ctx context.Context, r *Request, in factorAddress) (*Response, error) {
	email, err := addressFor(r, in.Email)
	if err != nil {
		return nil, err
	}
	if err := a.client.MFA.SendConfirmationEmail(ctx, core.SendMFAConfirmationRequest{AccessToken: r.token, Email: email}); err != nil {
		return nil, foreignAddress(err)
	}
	return accepted()
}

type factorAddressCode struct {
	Email string `json:"email"`
	Code  string `json:"code" in:"required,alias=otp,secret"`
}

func (a *App) confirmEmailFactor(ctx context.Context, r *Request, in factorAddressCode) (*Response, error) {
	email, err := addressFor(r, in.Email)
	if err != nil {
		return nil, err
	}
	_, err = a.client.MFA.ConfirmEmail(ctx, core.ConfirmMFAEmailRequest{AccessToken: r.token, Email: email, OTP: in.Code})
	return done(invalidCode(err))
}

func (a *App) addPasskeyFactor(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	return passkeyBegun(a.client.MFA.AddPasskeyBegin(ctx, r.token))
}

type passkeyFactor struct {
	Credential json.RawMessage `json:"credential" in:"required"` // as the browser made it
}

func (a *App) confirmPasskeyFactor(ctx context.Context, r *Request, in passkeyFactor) (*Response, error) {
	if err := a.checkPasskeyOrigin(in.Credential); err != nil {
		return nil, err
	}
	err := a.client.MFA.AddPasskeyFinish(ctx, core.AddMFAPasskeyRequest{AccessToken: r.token, Credential: in.Credential})
	return done(refusedCredential(err))
}

type namedFactor struct {
	Method string `path:"method" in:"enum=totp|sms|email|security_question|passkey"`
}

func (a *App) removeFactor(ctx context.Context, r *Request, in namedFactor) (*Response, error) {
	remove := map[string]func(context.Context, string) error{
		"totp": a.client.MFA.RemoveAuthenticator, "sms": a.client.MFA.RemoveSMS,
		"email": a.client.MFA.RemoveEmail, "security_question": a.client.MFA.RemoveSecurityAnswers,
		"passkey": a.client.MFA.RemovePasskey,
	}[in.Method]
	return done(remove(ctx, r.token))
}

type backupCodes struct {
	Codes []string `json:"codes"`
}

// backupCodes replaces the codes if the user has some: they are shown once only.
func (a *App) backupCodes(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	codes, err := a.client.MFA.BackupCodes(ctx, r.token)
	if errors.Is(err, core.ErrAlreadyUsed) {
		codes, err = a.client.MFA.ResetBackupCodes(ctx, r.token)
	}
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, backupCodes{codes.Codes}), nil
}
