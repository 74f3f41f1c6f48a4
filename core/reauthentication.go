package core

import (
	"context"
	"net/http"
	"time"
)

// ReauthenticationService has a logged-in user prove their presence again, without
// ending or replacing the session. A proof is a token: the backend validates it with
// the UID of the session, never with one that the browser names, and it counts once.
type ReauthenticationService struct{ c *Client }

// ReauthenticateRequest is the input of [ReauthenticationService.Begin].
type ReauthenticateRequest struct {
	AccessToken    string `lr:"bearer,,required,secret"`
	SMSTemplate2FA string `lr:"query,smstemplate2fa"`
	IsVoiceOTP     bool   `lr:"query,isvoiceotp"`
}

// Begin tells with which second factors the user can authenticate again, and sends a
// code to the phone of a user who has one set up.
//
// GET /identity/v2/auth/account/reauth/2fa with API key and access token. This GET sends
// a message. Sentinels: ErrFeatureDisabled, ErrNotEnrolled, ErrInvalidToken,
// ErrRateLimited (messages).
func (s *ReauthenticationService) Begin(ctx context.Context, in ReauthenticateRequest) (*MFASettings, error) {
	return do[MFASettings](ctx, s.c, opReauthenticationBegin, in)
}

// A ReauthenticationProof proves that a user has authenticated again.
type ReauthenticationProof struct {
	Token     string `json:"SecondFactorValidationToken" lr:",,secret"`
	ExpiresAt Time   `json:"ExpireIn"`
}

func (p *ReauthenticationProof) finish(op operation, _ answer, _ time.Time) error {
	if isZeroToken(p.Token) {
		return unusable(op, "the answer holds no token")
	}
	return nil
}

// ReauthenticateByAuthenticatorRequest is the input of
// [ReauthenticationService.ByAuthenticator].
type ReauthenticateByAuthenticatorRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Code        string `lr:"body,authenticatorcode,required,secret"`
}

// ByAuthenticator proves presence with a code of an authenticator app.
//
// PUT /identity/v2/auth/account/reauth/2fa/authenticatorcode with API key and access
// token. Sentinels: ErrInvalidOTP, ErrNotEnrolled, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *ReauthenticationService) ByAuthenticator(ctx context.Context, in ReauthenticateByAuthenticatorRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByAuthenticator, in)
}

// ReauthenticateByBackupCodeRequest is the input of
// [ReauthenticationService.ByBackupCode].
type ReauthenticateByBackupCodeRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	BackupCode  string `lr:"body,backupcode,required,secret"`
}

// ByBackupCode proves presence with a backup code, which is used up.
//
// PUT /identity/v2/auth/account/reauth/2fa/backupcode with API key and access token.
// Sentinels: ErrInvalidOTP, ErrNotEnrolled, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *ReauthenticationService) ByBackupCode(ctx context.Context, in ReauthenticateByBackupCodeRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByBackupCode, in)
}

// ReauthenticateBySMSRequest is the input of [ReauthenticationService.BySMS].
type ReauthenticateBySMSRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	OTP            string            `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Captcha        Captcha           `lr:"inline"`
}

// BySMS proves presence with the code that [ReauthenticationService.Begin] sent.
//
// PUT /identity/v2/auth/account/reauth/2fa/otp with API key and access token. Sentinels:
// ErrInvalidOTP, ErrNotEnrolled, ErrInvalidToken, ErrAccountLocked, ErrFeatureDisabled.
func (s *ReauthenticationService) BySMS(ctx context.Context, in ReauthenticateBySMSRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationBySMS, in)
}

// SendReauthenticationEmailRequest is the input of [ReauthenticationService.SendEmail].
type SendReauthenticationEmailRequest struct {
	AccessToken      string `lr:"bearer,,required,secret"`
	Email            string `lr:"query,emailid,required"` // an address of the account
	EmailTemplate2FA string `lr:"query,emailtemplate2fa"`
}

// SendEmail mails the code for [ReauthenticationService.ByEmail].
//
// GET /identity/v2/auth/account/reauth/2fa/otp/email with API key and access token. This
// GET sends a mail. Sentinels: ErrUserNotFound (not an address of the account),
// ErrInvalidToken, ErrRateLimited (mails), ErrFeatureDisabled.
func (s *ReauthenticationService) SendEmail(ctx context.Context, in SendReauthenticationEmailRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opReauthenticationSendEmail, in))
}

// ReauthenticateByEmailRequest is the input of [ReauthenticationService.ByEmail].
type ReauthenticateByEmailRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	Email          string            `lr:"body,emailid,required"`
	OTP            string            `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Captcha        Captcha           `lr:"inline"`
}

// ByEmail proves presence with a mailed code.
//
// PUT /identity/v2/auth/account/reauth/2fa/otp/email/verify with API key and access
// token. Sentinels: ErrInvalidOTP, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *ReauthenticationService) ByEmail(ctx context.Context, in ReauthenticateByEmailRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByEmail, in)
}

// ReauthenticateBySecurityAnswersRequest is the input of
// [ReauthenticationService.BySecurityAnswers].
type ReauthenticateBySecurityAnswersRequest struct {
	AccessToken string           `lr:"bearer,,required,secret"`
	Answers     []SecurityAnswer `lr:"body,securityquestionanswer,required,secret"`
}

// BySecurityAnswers proves presence with answers to security questions.
//
// POST /identity/v2/auth/account/reauth/2fa/securityquestionanswer/verify with API key
// and access token. Sentinels: ErrInvalidCredentials, ErrNotEnrolled, ErrInvalidToken,
// ErrAccountLocked, ErrFeatureDisabled.
func (s *ReauthenticationService) BySecurityAnswers(ctx context.Context, in ReauthenticateBySecurityAnswersRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationBySecurityAnswers, in)
}

// ReauthenticateByPasswordRequest is the input of [ReauthenticationService.ByPassword].
type ReauthenticateByPasswordRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	Password       string            `lr:"body,password,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`
	Captcha        Captcha           `lr:"inline"`
	SMSTemplate2FA string            `lr:"query,smstemplate2fa"`
}

// ByPassword proves presence with the password.
//
// PUT /identity/v2/auth/account/reauth/password with API key and access token.
// Sentinels: ErrInvalidCredentials, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *ReauthenticationService) ByPassword(ctx context.Context, in ReauthenticateByPasswordRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByPassword, in)
}

// ReauthenticateByPINRequest is the input of [ReauthenticationService.ByPIN].
type ReauthenticateByPINRequest struct {
	AccessToken    string `lr:"bearer,,required,secret"`
	PIN            string `lr:"body,PIN,required,secret"`
	SMSTemplate2FA string `lr:"query,smstemplate2fa"`
}

// ByPIN proves presence with the PIN. It works on sites without login by PIN too.
//
// PUT /identity/v2/auth/account/reauth/pin with API key and access token. Sentinels:
// ErrInvalidCredentials, ErrNotEnrolled, ErrInvalidToken, ErrAccountLocked,
// ErrFeatureDisabled.
func (s *ReauthenticationService) ByPIN(ctx context.Context, in ReauthenticateByPINRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByPIN, in)
}

// ValidateProofRequest is the input of the methods that validate a proof. UID must come
// from the server's own session, never from the request.
type ValidateProofRequest struct {
	UID   string `lr:"path,uid,required"`
	Token string `lr:"body,secondfactorvalidationtoken,required,secret"`
}

type validity struct{ IsValid bool }

// ValidateFactor reports whether a proof by a second factor is good, and uses it up.
//
// POST /identity/v2/manage/account/{uid}/reauth/2fa with API key and secret. Sentinels:
// ErrStepUpInvalid, ErrUserNotFound.
func (s *ReauthenticationService) ValidateFactor(ctx context.Context, in ValidateProofRequest) error {
	return s.validate(ctx, opReauthenticationValidateFactor, in)
}

// ValidatePassword reports whether a proof by password is good, and uses it up.
//
// POST /identity/v2/manage/account/{uid}/reauth/password with API key and secret.
// Sentinels: ErrStepUpInvalid, ErrUserNotFound.
func (s *ReauthenticationService) ValidatePassword(ctx context.Context, in ValidateProofRequest) error {
	return s.validate(ctx, opReauthenticationValidatePassword, in)
}

// ValidatePIN reports whether a proof by PIN is good, and uses it up.
//
// POST /identity/v2/manage/account/{uid}/reauth/pin with API key and secret. Sentinels:
// ErrStepUpInvalid, ErrUserNotFound.
func (s *ReauthenticationService) ValidatePIN(ctx context.Context, in ValidateProofRequest) error {
	return s.validate(ctx, opReauthenticationValidatePIN, in)
}

func (s *ReauthenticationService) validate(ctx context.Context, op operation, in ValidateProofRequest) error {
	v, err := do[validity](ctx, s.c, op, in)
	if err == nil && !v.IsValid {
		err = &Error{Operation: op.name, HTTPStatus: http.StatusOK, Message: "the proof is not valid", answered: true, is: []error{ErrStepUpInvalid}}
	}
	return err
}

// ByDuo proves presence with Duo.
//
// PUT /identity/v2/auth/account/reauth/2fa/duo with API key and access token. Sentinels:
// ErrInvalidCredentials, ErrNotEnrolled, ErrInvalidToken, ErrFeatureDisabled.
func (s *ReauthenticationService) ByDuo(ctx context.Context, in DuoRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByDuo, in)
}

// SendReauthenticationCodeRequest is the input of [ReauthenticationService.SendCode].
type SendReauthenticationCodeRequest struct {
	AccessToken   string `lr:"bearer,,required,secret"`
	Email         string `lr:"query,emailid,required"` // an address of the account
	EmailTemplate string `lr:"query,emailtemplate"`
}

// SendCode mails the code for [ReauthenticationService.ByCode]. It needs no second
// factor.
//
// GET /identity/v2/auth/account/reauth/otp/email with API key and access token. This GET
// sends a mail. Sentinels: ErrUserNotFound (not an address of the account),
// ErrInvalidToken, ErrRateLimited (mails), ErrFeatureDisabled.
func (s *ReauthenticationService) SendCode(ctx context.Context, in SendReauthenticationCodeRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opReauthenticationSendCode, in))
}

// ReauthenticateByCodeRequest is the input of [ReauthenticationService.ByCode].
type ReauthenticateByCodeRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Email       string `lr:"body,emailid,required"`
	OTP         string `lr:"body,OTP,required,secret"`
}

// ByCode proves presence with a mailed code, without a second factor. Validate the proof
// with [ReauthenticationService.ValidateFactor].
//
// PUT /identity/v2/auth/account/reauth/otp/email with API key and access token.
// Sentinels: ErrInvalidOTP, ErrInvalidToken, ErrAccountLocked, ErrFeatureDisabled.
func (s *ReauthenticationService) ByCode(ctx context.Context, in ReauthenticateByCodeRequest) (*ReauthenticationProof, error) {
	return do[ReauthenticationProof](ctx, s.c, opReauthenticationByCode, in)
}
