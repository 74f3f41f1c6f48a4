package core

import (
	"context"
	"encoding/json"
)

// Second factors that the official SDKs lack: passkeys, Duo and push.

// mfaTokenOnly is the input of operations that take a pending login and nothing else.
type mfaTokenOnly struct {
	MFAToken string `lr:"query,secondfactorauthenticationtoken,required,secret"`
}

// PasskeyBegin begins the second step of a login by passkey.
//
// GET /identity/v2/auth/login/2fa/passkey/begin with API key. This GET makes a challenge.
// Sentinels: ErrMFATokenExpired, ErrNotEnrolled, ErrFeatureDisabled.
func (s *MFAService) PasskeyBegin(ctx context.Context, mfaToken string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opMFAPasskeyBegin, mfaTokenOnly{mfaToken})
}

// MFAPasskeyRequest is the input of [MFAService.PasskeyFinish] and
// [MFAService.RegisterPasskeyFinish].
type MFAPasskeyRequest struct {
	MFAToken   string          `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Credential json.RawMessage `lr:"body,PasskeyCredential,required,secret"` // as the browser made it
}

// PasskeyFinish completes a login with a passkey as second factor.
//
// POST /identity/v2/auth/login/2fa/passkey/finish with API key. Sentinels:
// ErrInvalidCredentials (the credential), ErrMFATokenExpired, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *MFAService) PasskeyFinish(ctx context.Context, in MFAPasskeyRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAPasskeyFinish, in)
}

// RegisterPasskeyBegin begins to set up a passkey as second factor during a login.
//
// GET /identity/v2/auth/login/2fa/register/passkey/begin with API key. This GET makes a
// challenge. Sentinels: ErrMFATokenExpired, ErrFeatureDisabled.
func (s *MFAService) RegisterPasskeyBegin(ctx context.Context, mfaToken string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opMFARegisterPasskeyBegin, mfaTokenOnly{mfaToken})
}

// RegisterPasskeyFinish sets up a passkey as second factor, and completes the login.
//
// POST /identity/v2/auth/login/2fa/register/passkey/finish with API key. Sentinels:
// ErrInvalidCredentials (the credential), ErrMFATokenExpired, ErrFeatureDisabled.
func (s *MFAService) RegisterPasskeyFinish(ctx context.Context, in MFAPasskeyRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFARegisterPasskeyFinish, in)
}

// AddPasskeyBegin begins to set up a passkey as second factor of a logged-in user.
//
// GET /identity/v2/auth/account/2fa/register/passkey/begin with API key and access token.
// This GET makes a challenge. Sentinels: ErrInvalidToken, ErrFeatureDisabled.
func (s *MFAService) AddPasskeyBegin(ctx context.Context, accessToken string) (*PasskeyOptions, error) {
	return do[PasskeyOptions](ctx, s.c, opMFAAddPasskeyBegin, bearerOnly{accessToken})
}

// AddMFAPasskeyRequest is the input of [MFAService.AddPasskeyFinish].
type AddMFAPasskeyRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	Credential  json.RawMessage `lr:"body,PasskeyCredential,required,secret"` // as the browser made it
}

// AddPasskeyFinish sets up a passkey as second factor of a logged-in user.
//
// POST /identity/v2/auth/account/2fa/register/passkey/finish with API key and access
// token. Sentinels: ErrInvalidCredentials (the credential), ErrInvalidToken,
// ErrFeatureDisabled.
func (s *MFAService) AddPasskeyFinish(ctx context.Context, in AddMFAPasskeyRequest) error {
	_, err := do[passkeys](ctx, s.c, opMFAAddPasskeyFinish, in)
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// RemovePasskey removes the user's passkey as second factor.
//
// DELETE /identity/v2/auth/account/2fa/authenticator/passkey with API key and access
// token. Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemovePasskey(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemovePasskey, accessToken, bearerOnly{accessToken})
}

// VerifyDuoRequest is the input of [MFAService.VerifyDuo]. State and Code are what Duo's
// page hands to its redirect URI.
type VerifyDuoRequest struct {
	MFAToken string `lr:"query,secondfactorauthenticationtoken,required,secret"`
	State    string `lr:"body,state,required,secret"`
	Code     string `lr:"body,code,required,secret"`
}

// VerifyDuo completes a login with Duo.
//
// PUT /identity/v2/auth/login/2fa/verification/duo with API key. Sentinels:
// ErrInvalidCredentials, ErrNotEnrolled, ErrMFATokenExpired, ErrFeatureDisabled.
func (s *MFAService) VerifyDuo(ctx context.Context, in VerifyDuoRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifyDuo, in)
}

// DuoRequest is the input of [MFAService.ConfirmDuo] and [ReauthenticationService.ByDuo].
type DuoRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	State       string `lr:"body,state,required,secret"`
	Code        string `lr:"body,code,required,secret"`
}

// ConfirmDuo sets up Duo for a logged-in user.
//
// PUT /identity/v2/auth/account/2fa/verification/duo with API key and access token.
// Sentinels: ErrInvalidCredentials, ErrInvalidToken, ErrFeatureDisabled.
func (s *MFAService) ConfirmDuo(ctx context.Context, in DuoRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opMFAConfirmDuo, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// RemoveDuo removes the user's Duo.
//
// DELETE /identity/v2/auth/account/2fa/authenticator/duo with API key and access token.
// Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemoveDuo(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemoveDuo, accessToken, bearerOnly{accessToken})
}

// RemoveDuoByUID removes the Duo of an account.
//
// DELETE /identity/v2/manage/account/2fa/authenticator/duo with API key and secret.
// Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemoveDuoByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemoveDuoByUID, uid, uidInQuery{uid})
}

// PingPush asks whether the user has confirmed on the registered device, and logs in if
// so. Until then it is ErrPending.
//
// GET /identity/v2/auth/login/2fa/push/ping with API key. This GET delivers a session
// once. Sentinels: ErrPending, ErrDenied, ErrAlreadyUsed, ErrMFATokenExpired,
// ErrNotEnrolled, ErrFeatureDisabled.
func (s *MFAService) PingPush(ctx context.Context, mfaToken string) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAPingPush, mfaTokenOnly{mfaToken})
}

// WaitForPush calls [MFAService.PingPush] until the user has confirmed; see [Poll].
func (s *MFAService) WaitForPush(ctx context.Context, mfaToken string, poll Poll) (*LoginResult, error) {
	return poll.login(ctx, func(ctx context.Context) (*LoginResult, error) { return s.PingPush(ctx, mfaToken) })
}

// RemovePush removes the device that the user registered for push.
//
// DELETE /identity/v2/auth/account/2fa/authenticator/push with API key and access token.
// Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemovePush(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemovePush, accessToken, bearerOnly{accessToken})
}

// RemovePushByUID removes the device that the user of an account registered for push.
//
// DELETE /identity/v2/manage/account/2fa/authenticator/push/{uid} with API key and
// secret. Sentinels: ErrNotEnrolled, ErrUserNotFound, ErrNotAllowed.
func (s *MFAService) RemovePushByUID(ctx context.Context, uid string) error {
	return s.removeByUID(ctx, opMFARemovePushByUID, uid, uidOnly{uid})
}
