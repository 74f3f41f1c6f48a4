package core

import "context"

// What a logged-in user does with the second factors of the own account. LoginRadius
// asks for the access token alone: have the user authenticate again before a factor is
// removed or changed, or backup codes are made.
//
// Calls that change factors forget the user's cached sessions.

// MFASettingsRequest is the input of [MFAService.Settings].
type MFASettingsRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// Settings tells which second factors the user has. For a user without an authenticator
// app it makes the key of one, which [MFAService.ConfirmAuthenticator] sets up.
//
// GET /identity/v2/auth/account/2fa with API key and access token. This GET makes a
// key. Sentinels: ErrInvalidToken, ErrFeatureDisabled, ErrAccountBlocked.
func (s *MFAService) Settings(ctx context.Context, in MFASettingsRequest) (*MFASettings, error) {
	return do[MFASettings](ctx, s.c, opMFASettings, in)
}

// ConfirmAuthenticatorRequest is the input of [MFAService.ConfirmAuthenticator].
type ConfirmAuthenticatorRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	Code           string            `lr:"body,authenticatorcode,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Fields         []string          `lr:"query,fields"`
}

// ConfirmAuthenticator sets up an authenticator app with a code of it.
//
// PUT /identity/v2/auth/account/2fa/verification/authenticatorcode with API key and
// access token. Sentinels: ErrInvalidOTP, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *MFAService) ConfirmAuthenticator(ctx context.Context, in ConfirmAuthenticatorRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opMFAConfirmAuthenticator, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// ChangeMFAPhoneRequest is the input of [MFAService.ChangePhone].
type ChangeMFAPhoneRequest struct {
	AccessToken    string `lr:"bearer,,required,secret"`
	Phone          string `lr:"body,phoneno2fa,required"` // E.164
	SMSTemplate2FA string `lr:"query,smstemplate2fa"`
	IsVoiceOTP     bool   `lr:"query,isvoiceotp"`
	Options        string `lr:"query,options"`
}

// ChangePhone sends a code to a number. [MFAService.ConfirmSMS] then sets it up.
//
// PUT /identity/v2/auth/account/2fa with API key and access token. Sentinels:
// ErrPhoneTaken, ErrValidation, ErrInvalidToken, ErrRateLimited (messages),
// ErrFeatureDisabled.
func (s *MFAService) ChangePhone(ctx context.Context, in ChangeMFAPhoneRequest) (*SMSReceipt, error) {
	r, err := receipt(do[smsAnswer](ctx, s.c, opMFAChangePhone, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return r, err
}

// ConfirmSMSRequest is the input of [MFAService.ConfirmSMS].
type ConfirmSMSRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	OTP            string            `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Captcha        Captcha           `lr:"inline"`
	Fields         []string          `lr:"query,fields"`
}

// ConfirmSMS sets up a phone as second factor with the code sent to it.
//
// PUT /identity/v2/auth/account/2fa/verification/otp with API key and access token.
// Sentinels: ErrInvalidOTP, ErrInvalidToken, ErrAccountLocked, ErrFeatureDisabled.
func (s *MFAService) ConfirmSMS(ctx context.Context, in ConfirmSMSRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opMFAConfirmSMS, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// SendMFAConfirmationRequest is the input of [MFAService.SendConfirmationEmail].
type SendMFAConfirmationRequest struct {
	AccessToken      string `lr:"bearer,,required,secret"`
	Email            string `lr:"query,emailid,required"` // an address of the account
	EmailTemplate2FA string `lr:"query,emailtemplate2fa"`
}

// SendConfirmationEmail mails the code for [MFAService.ConfirmEmail].
//
// GET /identity/v2/auth/account/2fa/otp/email with API key and access token. This GET
// sends a mail. Sentinels: ErrUserNotFound (not an address of the account),
// ErrInvalidToken, ErrRateLimited (mails), ErrFeatureDisabled.
func (s *MFAService) SendConfirmationEmail(ctx context.Context, in SendMFAConfirmationRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opMFASendConfirmationEmail, in))
}

// ConfirmMFAEmailRequest is the input of [MFAService.ConfirmEmail].
type ConfirmMFAEmailRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	Email          string            `lr:"body,emailid,required"`
	OTP            string            `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Captcha        Captcha           `lr:"inline"`
}

// ConfirmEmail sets up an e-mail address as second factor with the code mailed to it.
//
// PUT /identity/v2/auth/account/2fa/verification/otp/email with API key and access
// token. Sentinels: ErrInvalidOTP, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *MFAService) ConfirmEmail(ctx context.Context, in ConfirmMFAEmailRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opMFAConfirmEmail, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// ChangeSecurityAnswersRequest is the input of [MFAService.ChangeSecurityAnswers].
type ChangeSecurityAnswersRequest struct {
	AccessToken string           `lr:"bearer,,required,secret"`
	Answers     []SecurityAnswer `lr:"body,securityquestionanswer,required,secret"`
	Replace     bool             `lr:"body,replacesecurityquestionanswer"` // drop the answers given before
}

// ChangeSecurityAnswers sets up, adds to or replaces the user's security questions.
//
// PUT /identity/v2/auth/account/2fa/securityquestionanswer with API key and access
// token. Sentinels: ErrValidation (too few answers), ErrInvalidToken,
// ErrFeatureDisabled.
func (s *MFAService) ChangeSecurityAnswers(ctx context.Context, in ChangeSecurityAnswersRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opMFAChangeSecurityAnswers, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// BackupCodes are codes of which each completes one login. LoginRadius shows them once.
type BackupCodes struct {
	Codes []string `json:"BackUpCodes" lr:",,secret"`
}

// BackupCodes makes the user's first backup codes. Afterwards only
// [MFAService.ResetBackupCodes] makes some.
//
// GET /identity/v2/auth/account/2fa/backupcode with API key and access token. This GET
// makes codes and works once. Sentinels: ErrAlreadyUsed, ErrNotEnrolled,
// ErrInvalidToken.
func (s *MFAService) BackupCodes(ctx context.Context, accessToken string) (*BackupCodes, error) {
	codes, err := do[BackupCodes](ctx, s.c, opMFABackupCodes, bearerOnly{accessToken})
	s.c.forgetOwner(ctx, accessToken, err)
	return codes, err
}

// ResetBackupCodes makes new backup codes; the old ones end.
//
// GET /identity/v2/auth/account/2fa/backupcode/reset with API key and access token.
// This GET makes codes. Sentinels: ErrNotEnrolled, ErrInvalidToken.
func (s *MFAService) ResetBackupCodes(ctx context.Context, accessToken string) (*BackupCodes, error) {
	codes, err := do[BackupCodes](ctx, s.c, opMFAResetBackupCodes, bearerOnly{accessToken})
	s.c.forgetOwner(ctx, accessToken, err)
	return codes, err
}

// removeAuthenticator and removeSMS share a path; the body tells which is removed.
type removeAuthenticator struct {
	AccessToken   string `lr:"bearer,,required,secret"`
	Authenticator bool   `lr:"body,authenticator"`
}

type removeSMS struct {
	AccessToken string `lr:"bearer,,required,secret"`
	SMS         bool   `lr:"body,otpauthenticator"`
}

// RemoveAuthenticator removes the user's authenticator app.
//
// DELETE /identity/v2/auth/account/2fa/authenticator with API key and access token.
// Sentinels: ErrNotAllowed (the last factor of a site that requires one),
// ErrNotEnrolled, ErrInvalidToken.
func (s *MFAService) RemoveAuthenticator(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemoveAuthenticator, accessToken, removeAuthenticator{accessToken, true})
}

// RemoveSMS removes the user's phone as second factor.
//
// DELETE /identity/v2/auth/account/2fa/authenticator with API key and access token.
// Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemoveSMS(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemoveSMS, accessToken, removeSMS{accessToken, true})
}

// RemoveEmail removes the user's e-mail address as second factor.
//
// DELETE /identity/v2/auth/account/2fa/authenticator/otp/email with API key and access
// token. Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemoveEmail(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemoveEmail, accessToken, bearerOnly{accessToken})
}

// RemoveSecurityAnswers removes the user's security questions as second factor.
//
// DELETE /identity/v2/auth/account/2fa/authenticator/securityquestionanswer with API
// key and access token. Sentinels: those of [MFAService.RemoveAuthenticator].
func (s *MFAService) RemoveSecurityAnswers(ctx context.Context, accessToken string) error {
	return s.remove(ctx, opMFARemoveSecurityAnswers, accessToken, bearerOnly{accessToken})
}

func (s *MFAService) remove(ctx context.Context, op operation, accessToken string, in any) error {
	err := acknowledged(do[ackResponse](ctx, s.c, op, in))
	s.c.forgetOwner(ctx, accessToken, err)
	return err
}
