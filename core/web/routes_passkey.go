package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// passkeyRoutes are the ceremonies of WebAuthn in two steps: begin answers with the
// options for navigator.credentials, finish takes the credential as the browser made it.
func (a *App) passkeyRoutes() []Route {
	options, tokens := answers(http.StatusOK, passkeyOptions{}), answers(http.StatusOK, tokenAnswer{})
	return []Route{
		route(a, Route{
			Name: RoutePasskeyLoginBegin, Method: "POST", Path: "/passkey/login/begin", answers: options,
			Summary: "Begin a login by passkey; without an identifier the browser offers the passkeys it has",
		}, a.passkeyLoginBegin),
		route(a, Route{
			Name: RoutePasskeyLoginFinish, Method: "POST", Path: "/passkey/login/finish", byPasskey: true, answers: tokens,
			Summary: "Log in with the passkey",
		}, a.passkeyLoginFinish),
		route(a, Route{
			Name: RoutePasskeyRegisterBegin, Method: "POST", Path: "/passkey/register/begin", answers: options,
			Summary: "Begin to create an account with a passkey", extra: a.cfg.registrationFields,
		}, a.passkeyRegisterBegin),
		route(a, Route{
			Name: RoutePasskeyRegisterFinish, Method: "POST", Path: "/passkey/register/finish", byPasskey: true, Summary: "Create the account",
			extra: a.cfg.registrationFields, answers: answers(http.StatusCreated, pending{}, tokenAnswer{}),
		}, a.passkeyRegisterFinish),
		route(a, Route{
			Name: RoutePasskeyForgot, Method: "POST", Path: "/passkey/forgot", Summary: "Mail a link to set up a new passkey",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.passkeyForgot),
		route(a, Route{
			Name: RoutePasskeyResetBegin, Method: "POST", Path: "/passkey/reset/begin", Summary: "Begin to set up a passkey with a mailed token",
			answers: options,
		}, a.passkeyResetBegin),
		route(a, Route{
			Name: RoutePasskeyResetFinish, Method: "POST", Path: "/passkey/reset/finish", byPasskey: true, Summary: "Set up the passkey",
			answers: answers(http.StatusNoContent),
		}, a.passkeyResetFinish),
		route(a, Route{
			Name: RoutePasskeys, Method: "GET", Path: "/me/passkeys", NeedsLogin: true, Summary: "The user's passkeys",
			answers: answers(http.StatusOK, passkeysAnswer{}),
		}, a.passkeys),
		route(a, Route{
			Name: RouteAddPasskeyBegin, Method: "POST", Path: "/me/passkeys/begin", NeedsLogin: true, Summary: "Begin to add a passkey",
			answers: options,
		}, a.addPasskeyBegin),
		route(a, Route{
			Name: RouteAddPasskeyFinish, Method: "POST", Path: "/me/passkeys/finish", byPasskey: true, NeedsLogin: true, Summary: "Add the passkey",
			answers: answers(http.StatusCreated, passkeyAnswer{}),
		}, a.addPasskeyFinish),
		route(a, Route{
			Name: RouteRemovePasskey, Method: "DELETE", Path: "/me/passkeys/{id}", NeedsLogin: true, Summary: "Remove a passkey",
			answers: answers(http.StatusNoContent),
		}, a.removePasskey),
	}
}

// passkeyOptions is what navigator.credentials.create or get takes.
type passkeyOptions struct {
	PublicKey json.RawMessage `json:"publicKey"`
}

func passkeyBegun(o *core.PasskeyOptions, err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, passkeyOptions{o.PublicKey}), nil
}

type passkeyIdentifier struct {
	Identifier string `json:"identifier"`
}

// passkeyLoginBegin answers for an address without a passkey like for one that has one.
func (a *App) passkeyLoginBegin(ctx context.Context, _ *Request, in passkeyIdentifier) (*Response, error) {
	if in.Identifier == "" {
		return passkeyBegun(a.client.Passkey.AutofillBegin(ctx))
	}
	var answer json.RawMessage
	err := a.padDuration(ctx, func() error {
		o, err := a.client.Passkey.LoginBegin(ctx, in.Identifier)
		if err == nil {
			a.passkeySite.learn(o)
			answer, err = sortedKeys(o.PublicKey)
			return err
		}
		if err = hidePasskeyAccount(err); err == nil {
			answer, err = a.decoyLogin(ctx, in.Identifier)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, passkeyOptions{answer}), nil
}

type passkeyLogin struct {
	Identifier string          `json:"identifier"`
	Credential json.RawMessage `json:"credential" in:"required"`
}

func (a *App) passkeyLoginFinish(ctx context.Context, r *Request, in passkeyLogin) (*Response, error) {
	if err := a.checkPasskeyOrigin(in.Credential); err != nil {
		return nil, err
	}
	var login *core.LoginResult
	err := a.padFailure(ctx, func() (err error) {
		if in.Identifier == "" {
			login, err = a.client.Passkey.AutofillFinish(ctx, in.Credential)
		} else {
			login, err = a.client.Passkey.LoginFinish(ctx, core.PasskeyLoginRequest{Email: in.Identifier, Credential: in.Credential})
		}
		return err
	})
	if errors.Is(err, core.ErrNotEnrolled) || errors.Is(err, core.ErrUserNotFound) {
		err = problem(http.StatusUnauthorized, CodeInvalidCredentials)
	}
	return a.loginResult(ctx, r, login, err)
}

type passkeyRegistration struct {
	Email               string            `json:"email" in:"required,email"`
	FirstName           string            `json:"first_name"`
	LastName            string            `json:"last_name"`
	Username            string            `json:"username"`
	Phone               string            `json:"phone" in:"phone"`
	Extra               map[string]string `extra:"true"`
	CustomFields        map[string]string `json:"custom_fields"`
	Consents            []consentChoice   `json:"consents"` // see [RegistrationConsents]
	AcceptPrivacyPolicy bool              `json:"accept_privacy_policy"`
}

// passkeyRegisterBegin answers for a known address like for a new one, unless TellTaken is
// on.
func (a *App) passkeyRegisterBegin(ctx context.Context, _ *Request, in passkeyRegistration) (*Response, error) {
	var answer json.RawMessage
	err := a.padDuration(ctx, func() error {
		o, err := a.client.Passkey.RegisterBegin(ctx, in.Email)
		switch {
		case err == nil:
			answer, err = sortedKeys(o.PublicKey)
		case errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken:
			answer, err = a.decoyRegistration(ctx, in.Email)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, passkeyOptions{answer}), nil
}

type passkeyRegistrationFinish struct {
	Email               string            `json:"email" in:"required"`
	FirstName           string            `json:"first_name"`
	LastName            string            `json:"last_name"`
	Username            string            `json:"username"`
	Phone               string            `json:"phone" in:"phone"`
	Extra               map[string]string `extra:"true"`
	CustomFields        map[string]string `json:"custom_fields"`
	Consents            []consentChoice   `json:"consents"` // see [RegistrationConsents]
	AcceptPrivacyPolicy bool              `json:"accept_privacy_policy"`
	Credential          json.RawMessage   `json:"credential" in:"required"`
}

func (a *App) passkeyRegisterFinish(ctx context.Context, r *Request, in passkeyRegistrationFinish) (*Response, error) {
	if err := a.checkPasskeyOrigin(in.Credential); err != nil {
		return nil, err
	}
	extra := map[string]any{}
	for name, value := range in.Extra {
		if value != "" {
			extra[writableFields[name]] = value
		}
	}
	addAgreements(extra, in.Consents, in.AcceptPrivacyPolicy)
	var login *core.LoginResult
	err := a.padDuration(ctx, func() (err error) {
		if a.isDecoy(in.Credential, in.Email) {
			a.resendLater(ctx, in.Email)
			return nil
		}
		login, err = a.client.Passkey.RegisterFinish(ctx, core.RegisterPasskeyRequest{
			Email: in.Email, Credential: in.Credential, VerificationURL: a.cfg.links.Verify,
			Profile: core.Profile{
				FirstName: in.FirstName, LastName: in.LastName, Username: in.Username, PhoneID: in.Phone, CustomFields: in.CustomFields,
			},
			Extra: extra,
		})
		switch {
		case errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken:
			a.resendLater(ctx, in.Email)
			return nil
		case err == nil && login == nil:
			a.registered(ctx, r, in.Email)
		}
		return refusedCredential(err)
	})
	if err != nil {
		return nil, err
	}
	return a.registrationResult(ctx, r, in.Email, login)
}

type passkeyForgot struct {
	Email string `json:"email" in:"required"`
}

func (a *App) passkeyForgot(ctx context.Context, _ *Request, in passkeyForgot) (*Response, error) {
	if err := a.padDuration(ctx, func() error {
		return hideAccountErrors(a.client.Passkey.Forgot(ctx, core.ForgotPasskeyRequest{Email: in.Email, ResetPasskeyURL: a.cfg.links.ResetPasskey}))
	}); err != nil {
		return nil, err
	}
	return accepted()
}

type passkeyReset struct {
	Token string `json:"token" in:"required"`
}

func (a *App) passkeyResetBegin(ctx context.Context, _ *Request, in passkeyReset) (*Response, error) {
	return passkeyBegun(a.client.Passkey.ResetBegin(ctx, in.Token))
}

type passkeyResetFinish struct {
	Token      string          `json:"token" in:"required"`
	Credential json.RawMessage `json:"credential" in:"required"`
}

func (a *App) passkeyResetFinish(ctx context.Context, _ *Request, in passkeyResetFinish) (*Response, error) {
	if err := a.checkPasskeyOrigin(in.Credential); err != nil {
		return nil, err
	}
	err := a.client.Passkey.ResetFinish(ctx, core.ResetPasskeyRequest{Token: in.Token, Credential: in.Credential})
	if err := refusedCredential(err); err != nil {
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}

// passkeysAnswer lists passkeys. LoginRadius keeps the kind of device, and no name of the
// user's choice.
type passkeysAnswer struct {
	Passkeys []passkeyAnswer `json:"passkeys"`
}

type passkeyAnswer struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	CreatedAt string `json:"created_at,omitempty"`
}

func passkeyAnswerOf(p core.Passkey, name string) passkeyAnswer {
	return passkeyAnswer{p.ID, cmp.Or(name, p.Authenticator, "Passkey"), timestamp(p.CreatedAt.Time)}
}

func (a *App) passkeys(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	list, err := a.client.Passkey.List(ctx, r.token)
	if err != nil {
		return nil, err
	}
	out := passkeysAnswer{[]passkeyAnswer{}}
	for _, p := range list {
		out.Passkeys = append(out.Passkeys, passkeyAnswerOf(p, ""))
	}
	return JSON(http.StatusOK, out), nil
}

func (a *App) addPasskeyBegin(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	return passkeyBegun(a.client.Passkey.AddBegin(ctx, r.token))
}

type newPasskey struct {
	Credential json.RawMessage `json:"credential" in:"required"`
	Name       string          `json:"name" in:"max=100"`
}

func (a *App) addPasskeyFinish(ctx context.Context, r *Request, in newPasskey) (*Response, error) {
	if err := a.checkPasskeyOrigin(in.Credential); err != nil {
		return nil, err
	}
	list, err := a.client.Passkey.AddFinish(ctx, core.AddPasskeyRequest{AccessToken: r.token, Credential: in.Credential})
	if err := refusedCredential(err); err != nil {
		return nil, err
	}
	var added core.Passkey // the newest: LoginRadius gives it an id of its own
	for _, p := range list {
		if !p.CreatedAt.Before(added.CreatedAt.Time) {
			added = p
		}
	}
	return JSON(http.StatusCreated, passkeyAnswerOf(added, in.Name)), nil
}

type passkeyID struct {
	ID string `path:"id" in:"required"`
}

func (a *App) removePasskey(ctx context.Context, r *Request, in passkeyID) (*Response, error) {
	if err := a.client.Passkey.Remove(ctx, core.RemovePasskeyRequest{AccessToken: r.token, ID: in.ID}); err != nil {
		return nil, err
	}
	return Empty(http.StatusNoContent), nil
}
