package core

import (
	"context"
	"encoding/json"
	"time"
)

// PasskeyService holds registration and login by passkey (WebAuthn). Each ceremony has
// two steps: begin returns the options for the browser, finish takes the credential that
// the browser made of them. Both are handed through unchanged. The relying party and its
// origins are settings of the site; check the origin of requests against your
// configuration before a ceremony is relayed.
type PasskeyService struct{ c *Client }

// PasskeyOptions are the options of a ceremony.
type PasskeyOptions struct {
	// PublicKey is the object for navigator.credentials.create or get.
	PublicKey json.RawMessage

	// What a backend looks at, from PublicKey.
	Challenge        string // base64url without padding
	RPID             string
	UserID           string   // base64url; only to create a passkey
	AllowCredentials []string // IDs of the passkeys to choose from; empty for any
	Timeout          time.Duration
}

func (o *PasskeyOptions) finish(op operation, got answer, _ time.Time) error {
	var wrapped struct{ RegisterBeginCredential, LoginBeginCredential answer }
	got.decode(&wrapped)
	for _, place := range []answer{wrapped.RegisterBeginCredential, wrapped.LoginBeginCredential, got} {
		raw, ok := place.get("publicKey")
		if !ok {
			continue
		}
		options, err := parseAnswer(raw)
		if err != nil {
			break
		}
		var in struct {
			Challenge        string
			RPID             string `json:"rpId"`
			RP               struct{ ID string }
			User             struct{ ID string }
			AllowCredentials []struct{ ID string }
			Timeout          int
		}
		options.decode(&in)
		o.PublicKey, o.Challenge, o.RPID, o.UserID = raw, in.Challenge, firstOf(in.RPID, in.RP.ID), in.User.ID
		o.Timeout = time.Duration(in.Timeout) * time.Millisecond
		for _, c := range in.AllowCredentials {
			o.AllowCredentials = append(o.AllowCredentials, c.ID)
		}
		break
	}
	if o.Challenge == "" {
		return unusable(op, "the answer holds no challenge")
	}
	return nil
}

// A Passkey is a passkey of an account.
type Passkey struct {
	ID            string `json:"Id"`
	Authenticator string // the kind of device, if it is known
	Identifier    string
	CreatedAt     Time
}

type passkeys struct{ Credentials []Passkey }

func listPasskeys(p *passkeys, err error) ([]Passkey, error) {
	if err != nil {
		return nil, err
	}
	return append([]Passkey{}, p.Credentials...), nil
}

// identifierOnly is the input of ceremonies that begin with an e-mail address.
type identifierOnly struct {
	Identifier string `lr:"query,identifier,required"`
}

// RegisterBegin begins a registration with an e-mail address.
//
// GET /identity/v2/auth/register/passkey/begin with API key. This GET makes a challenge.
// Sentinels: ErrEmailTaken, ErrNotAllowed, ErrFeatureDisabled.
func (s *PasskeyService) RegisterBegin(ctx context.Context, email string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opPasskeyRegisterBegin, identifierOnly{email})
}

// RegisterPasskeyRequest is the input of [PasskeyService.RegisterFinish].
type RegisterPasskeyRequest struct {
	Email      string          `lr:"body,Email,required,primary"`
	Credential json.RawMessage `lr:"body,PasskeyCredential,required,secret"` // as the browser made it
	// Profile adds further fields, other than Email. Extra adds keys as they are, for
	// what Profile has no field for.
	Profile Profile        `lr:"body,*"`
	Extra   map[string]any `lr:"body,*,secret"`

	SOTT string `lr:"header,X-LoginRadius-Sott,secret"` // default: not sent; see [Client.SOTT]

	VerificationURL      string `lr:"query,verificationurl"`
	EmailTemplate        string `lr:"query,emailtemplate"`
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// RegisterFinish creates an account with a passkey. It returns a login if the site logs
// users in before they have verified their address, else nil.
//
// POST /identity/v2/auth/register/passkey/finish with API key. Sentinels:
// ErrInvalidCredentials (the credential), ErrEmailTaken, ErrValidation, ErrNotAllowed,
// ErrFeatureDisabled.
func (s *PasskeyService) RegisterFinish(ctx context.Context, in RegisterPasskeyRequest) (*LoginResult, error) {
	return login(do[loginOrNone](ctx, s.c, opPasskeyRegisterFinish, in))
}

// LoginBegin begins a login with an e-mail address. To a stranger, answer for an unknown
// address as for a known one.
//
// GET /identity/v2/auth/login/passkey/begin with API key. This GET makes a challenge.
// Sentinels: ErrUserNotFound, ErrNotEnrolled, ErrFeatureDisabled.
func (s *PasskeyService) LoginBegin(ctx context.Context, email string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opPasskeyLoginBegin, identifierOnly{email})
}

// PasskeyLoginRequest is the input of [PasskeyService.LoginFinish].
type PasskeyLoginRequest struct {
	Email      string          `lr:"body,Email,required"`
	Credential json.RawMessage `lr:"body,PasskeyCredential,required,secret"` // as the browser made it
}

// LoginFinish logs in with a passkey.
//
// POST /identity/v2/auth/login/passkey/finish with API key. Sentinels:
// ErrInvalidCredentials (the credential), ErrUserNotFound, ErrNotEnrolled,
// ErrEmailNotVerified, ErrAccountBlocked, ErrAccountLocked, ErrMFARequired,
// ErrPrivacyPolicy, ErrConsentRequired, ErrRiskCheck, ErrFeatureDisabled.
func (s *PasskeyService) LoginFinish(ctx context.Context, in PasskeyLoginRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasskeyLoginFinish, in)
}

// AutofillBegin begins a login without an identifier: the browser offers the passkeys
// that it has for the site.
//
// GET /identity/v2/auth/login/passkey/autofill/begin with API key. This GET makes a
// challenge. Sentinels: ErrFeatureDisabled.
func (s *PasskeyService) AutofillBegin(ctx context.Context) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opPasskeyAutofillBegin, struct{}{})
}

// AutofillFinish logs in with the passkey that the user chose.
//
// POST /identity/v2/auth/login/passkey/autofill/finish with API key. Sentinels: those of
// [PasskeyService.LoginFinish].
func (s *PasskeyService) AutofillFinish(ctx context.Context, credential json.RawMessage) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasskeyAutofillFinish, struct {
		Credential json.RawMessage `lr:"body,PasskeyCredential,required,secret"`
	}{credential})
}

// AddBegin begins to add a passkey to the account of a logged-in user.
//
// GET /identity/v2/auth/account/register/passkey/begin with API key and access token.
// This GET makes a challenge. Sentinels: ErrInvalidToken, ErrNotAllowed (no e-mail
// address), ErrFeatureDisabled.
func (s *PasskeyService) AddBegin(ctx context.Context, accessToken string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opPasskeyAddBegin, bearerOnly{accessToken})
}

// AddPasskeyRequest is the input of [PasskeyService.AddFinish].
type AddPasskeyRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	Credential  json.RawMessage `lr:"body,*,required,secret"` // as the browser made it
}

// AddFinish adds a passkey to the account of a logged-in user, and returns all passkeys
// of the account.
//
// POST /identity/v2/auth/account/register/passkey/finish with API key and access token.
// Sentinels: ErrInvalidCredentials (the credential), ErrInvalidToken, ErrFeatureDisabled.
func (s *PasskeyService) AddFinish(ctx context.Context, in AddPasskeyRequest) ([]Passkey, error) {
	list, err := listPasskeys(do[passkeys](ctx, s.c, opPasskeyAddFinish, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return list, err
}

// List returns the passkeys of a logged-in user; the list may be empty.
//
// GET /identity/v2/auth/account/passkey with API key and access token; a read.
// Sentinels: ErrInvalidToken, ErrFeatureDisabled.
func (s *PasskeyService) List(ctx context.Context, accessToken string) ([]Passkey, error) {
	return orNoPasskeys(listPasskeys(do[passkeys](ctx, s.c, opPasskeyList, bearerOnly{accessToken})))
}

// orNoPasskeys reads 1323, "passkey not configured", in answer to a list as what it
// means: there is none.
func orNoPasskeys(list []Passkey, err error) ([]Passkey, error) {
	if isCode(err, CodePasskeyNotConfiguredProfile) {
		return []Passkey{}, nil
	}
	return list, err
}

// ListByUID returns the passkeys of an account; the list may be empty.
//
// GET /identity/v2/manage/account/passkey with API key and secret; a read. Sentinels:
// ErrUserNotFound, ErrFeatureDisabled.
func (s *PasskeyService) ListByUID(ctx context.Context, uid string) ([]Passkey, error) {
	return orNoPasskeys(listPasskeys(do[passkeys](ctx, s.c, opPasskeyListByUID, uidInQuery{uid})))
}

// RemovePasskeyRequest is the input of [PasskeyService.Remove].
type RemovePasskeyRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	ID          string `lr:"path,passkeyid,required"` // see [Passkey]
}

// Remove removes a passkey of a logged-in user.
//
// DELETE /identity/v2/auth/account/passkey/{passkeyid} with API key and access token.
// Sentinels: ErrNotFound, ErrInvalidToken.
func (s *PasskeyService) Remove(ctx context.Context, in RemovePasskeyRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPasskeyRemove, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// RemovePasskeyByUIDRequest is the input of [PasskeyService.RemoveByUID].
type RemovePasskeyByUIDRequest struct {
	UID string `lr:"query,uid,required"`
	ID  string `lr:"path,passkeyid,required"`
}

// RemoveByUID removes a passkey of an account.
//
// DELETE /identity/v2/manage/account/passkey/{passkeyid} with API key and secret.
// Sentinels: ErrNotFound, ErrUserNotFound.
func (s *PasskeyService) RemoveByUID(ctx context.Context, in RemovePasskeyByUIDRequest) error {
	defer s.c.UncacheUser(in.UID)
	return acknowledged(do[ackResponse](ctx, s.c, opPasskeyRemoveByUID, in))
}

// ForgotPasskeyRequest is the input of [PasskeyService.Forgot].
type ForgotPasskeyRequest struct {
	Email           string `lr:"body,email,required"`
	ResetPasskeyURL string `lr:"query,resetpasskeyurl"` // where the mailed link leads; must be allowed on the site
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// Forgot mails a link to set up a new passkey with.
//
// POST /identity/v2/auth/passkey/forgot with API key. Sentinels: ErrUserNotFound, which
// must not be told to a stranger, ErrNotAllowed (the URL), ErrRateLimited (mails).
func (s *PasskeyService) Forgot(ctx context.Context, in ForgotPasskeyRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPasskeyForgot, in))
}

// ResetBegin begins to set up a passkey with a mailed token.
//
// GET /identity/v2/auth/passkey/reset/begin with API key. This GET makes a challenge.
// Sentinels: ErrInvalidLink, ErrFeatureDisabled.
func (s *PasskeyService) ResetBegin(ctx context.Context, token string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opPasskeyResetBegin, struct {
		Token string `lr:"query,vtoken,required,secret"`
	}{token})
}

// ResetPasskeyRequest is the input of [PasskeyService.ResetFinish].
type ResetPasskeyRequest struct {
	Token      string          `lr:"query,vtoken,required,secret"` // vtoken of the mailed link
	Credential json.RawMessage `lr:"body,*,required,secret"`       // as the browser made it
}

// ResetFinish sets up a passkey with a mailed token, which is used up.
//
// POST /identity/v2/auth/passkey/reset/finish with API key. Sentinels: ErrInvalidLink,
// ErrInvalidCredentials (the credential), ErrFeatureDisabled.
func (s *PasskeyService) ResetFinish(ctx context.Context, in ResetPasskeyRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPasskeyResetFinish, in))
}
