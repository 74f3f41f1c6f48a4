package core

import "context"

// PasswordlessService holds logins by a mailed link or code, or a code sent to a phone.
// Whether a mail has a link or a code is a setting of the site. A completed login is a
// session or an [*MFAChallenge].
type PasswordlessService struct{ c *Client }

// PasswordlessByEmailRequest is the input of [PasswordlessService.StartByEmail].
type PasswordlessByEmailRequest struct {
	Email           string `lr:"query,email,required"`
	Template        string `lr:"query,passwordlesslogintemplate"`
	VerificationURL string `lr:"query,verificationurl"` // where the mailed link leads; must be allowed on the site
}

// StartByEmail mails a link or a code to log in with.
//
// GET /identity/v2/auth/login/passwordlesslogin/email with API key. This GET sends a
// mail. Sentinels: ErrUserNotFound, which must not be told to a stranger,
// ErrEmailNotVerified, ErrAccountBlocked, ErrFeatureDisabled, ErrNotAllowed (the URL),
// ErrCaptcha, ErrRateLimited (mails).
func (s *PasswordlessService) StartByEmail(ctx context.Context, in PasswordlessByEmailRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPasswordlessStartByEmail, in))
}

// PasswordlessByUsernameRequest is the input of [PasswordlessService.StartByUsername].
type PasswordlessByUsernameRequest struct {
	Username        string `lr:"query,username,required"`
	Template        string `lr:"query,passwordlesslogintemplate"`
	VerificationURL string `lr:"query,verificationurl"`
}

// StartByUsername is [PasswordlessService.StartByEmail] with a username.
//
// GET /identity/v2/auth/login/passwordlesslogin/email with API key. This GET sends a
// mail. Sentinels: those of [PasswordlessService.StartByEmail].
func (s *PasswordlessService) StartByUsername(ctx context.Context, in PasswordlessByUsernameRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPasswordlessStartByUsername, in))
}

// PasswordlessByPhoneRequest is the input of [PasswordlessService.StartByPhone].
type PasswordlessByPhoneRequest struct {
	Phone       string `lr:"query,phone,required"` // E.164, e.g. "+14155550100"
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"` // speak the code instead of sending it
}

// StartByPhone sends a code to log in with. The number is in the URL, because
// LoginRadius documents no other form.
//
// GET /identity/v2/auth/login/passwordlesslogin/otp with API key. This GET sends a
// message. Sentinels: ErrUserNotFound, which must not be told to a stranger,
// ErrPhoneNotVerified, ErrFeatureDisabled, ErrValidation, ErrRateLimited (messages).
func (s *PasswordlessService) StartByPhone(ctx context.Context, in PasswordlessByPhoneRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opPasswordlessStartByPhone, in))
}

// PasswordlessVerifyRequest is the input of [PasswordlessService.Verify].
type PasswordlessVerifyRequest struct {
	Token                string   `lr:"query,verificationtoken,required,secret"` // vtoken of the mailed link
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	Fields               []string `lr:"query,fields"` // limits Profile; default: all
}

// Verify logs in with a mailed link, which is used up. Show a button first, because
// mail scanners follow links.
//
// GET /identity/v2/auth/login/passwordlesslogin/email/verify with API key. This GET uses
// the token up and is never sent twice. Sentinels: ErrInvalidLink, ErrUserNotFound,
// ErrAccountBlocked, ErrMFARequired, ErrPrivacyPolicy, ErrConsentRequired,
// ErrFeatureDisabled, ErrNotAllowed.
func (s *PasswordlessService) Verify(ctx context.Context, in PasswordlessVerifyRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasswordlessVerify, in)
}

// PasswordlessEmailOTPRequest is the input of [PasswordlessService.VerifyEmailOTP].
type PasswordlessEmailOTPRequest struct {
	Email                string   `lr:"body,email,required"`
	OTP                  string   `lr:"body,otp,required,secret"`
	WelcomeEmailTemplate string   `lr:"body,welcomeemailtemplate"`
	Fields               []string `lr:"query,fields"`
}

// VerifyEmailOTP logs in with a mailed code.
//
// POST /identity/v2/auth/login/passwordlesslogin/email/verifyotp with API key.
// Sentinels: ErrInvalidOTP, ErrInvalidLink, ErrUserNotFound, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPrivacyPolicy, ErrConsentRequired,
// ErrFeatureDisabled.
func (s *PasswordlessService) VerifyEmailOTP(ctx context.Context, in PasswordlessEmailOTPRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasswordlessVerifyEmailOTP, in)
}

// PasswordlessUsernameOTPRequest is the input of [PasswordlessService.VerifyUsernameOTP].
type PasswordlessUsernameOTPRequest struct {
	Username             string   `lr:"body,username,required"`
	OTP                  string   `lr:"body,otp,required,secret"`
	WelcomeEmailTemplate string   `lr:"body,welcomeemailtemplate"`
	Fields               []string `lr:"query,fields"`
}

// VerifyUsernameOTP is [PasswordlessService.VerifyEmailOTP] with a username.
//
// POST /identity/v2/auth/login/passwordlesslogin/username/verifyotp with API key.
// Sentinels: those of [PasswordlessService.VerifyEmailOTP].
func (s *PasswordlessService) VerifyUsernameOTP(ctx context.Context, in PasswordlessUsernameOTPRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasswordlessVerifyUsernameOTP, in)
}

// PasswordlessPhoneOTPRequest is the input of [PasswordlessService.VerifyPhoneOTP].
type PasswordlessPhoneOTPRequest struct {
	Phone          string            `lr:"body,phone,required"` // E.164
	OTP            string            `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`
	SMSTemplate    string            `lr:"query,smstemplate"`
	IsVoiceOTP     bool              `lr:"query,isvoiceotp"`
	Fields         []string          `lr:"query,fields"`
}

// VerifyPhoneOTP logs in with a code sent to a phone.
//
// PUT /identity/v2/auth/login/passwordlesslogin/otp/verify with API key. Sentinels:
// ErrInvalidOTP, ErrUserNotFound, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPrivacyPolicy, ErrFeatureDisabled.
func (s *PasswordlessService) VerifyPhoneOTP(ctx context.Context, in PasswordlessPhoneOTPRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPasswordlessVerifyPhoneOTP, in)
}
