package core

import "context"

// MFAService holds the second factors: the second step of a login, and the factors of
// an account.
//
// A login that waits for a second factor is an [*MFAChallenge]. Its Token is the
// MFAToken of the second step. A verified factor completes the login; the first factor
// that a user verifies is thereby set up. Tokens of pending logins are in the URL,
// because LoginRadius documents no other form.
type MFAService struct{ c *Client }

// MFALoginByEmailRequest is the input of [MFAService.LoginByEmail].
type MFALoginByEmailRequest struct {
	Email    string `lr:"body,email,required"`
	Password string `lr:"body,password,required,secret"`
	MFALoginOptions
}

// MFALoginByUsernameRequest is the input of [MFAService.LoginByUsername].
type MFALoginByUsernameRequest struct {
	Username string `lr:"body,username,required"`
	Password string `lr:"body,password,required,secret"`
	MFALoginOptions
}

// MFALoginByPhoneRequest is the input of [MFAService.LoginByPhone].
type MFALoginByPhoneRequest struct {
	Phone    string `lr:"body,phone,required"` // E.164, e.g. "+14155550100"
	Password string `lr:"body,password,required,secret"`
	MFALoginOptions
}

// MFALoginOptions are what the logins of [MFAService] have in common.
type MFALoginOptions struct {
	SecurityAnswer   map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha          Captcha           `lr:"inline"`
	VerificationURL  string            `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL         string            `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate    string            `lr:"query,emailtemplate"`
	SMSTemplate      string            `lr:"query,smstemplate"`
	EmailTemplate2FA string            `lr:"query,emailtemplate2fa"`
	SMSTemplate2FA   string            `lr:"query,smstemplate2fa"`
	IsVoiceOTP       bool              `lr:"query,isvoiceotp"` // speak codes instead of sending them
	Options          string            `lr:"query,options"`
	Fields           []string          `lr:"query,fields"` // limits Profile; default: all
}

// LoginByEmail is [AuthenticationService.LoginByEmail] that sends the codes of the
// second factor by templates of their own. Sites without second factors refuse it.
//
// POST /identity/v2/auth/login/2fa with API key. Sentinels: those of
// [AuthenticationService.LoginByEmail], and ErrFeatureDisabled.
func (s *MFAService) LoginByEmail(ctx context.Context, in MFALoginByEmailRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFALoginByEmail, in)
}

// LoginByUsername is [MFAService.LoginByEmail] with a username.
//
// POST /identity/v2/auth/login/2fa with API key. Sentinels: those of
// [AuthenticationService.LoginByUsername], and ErrFeatureDisabled.
func (s *MFAService) LoginByUsername(ctx context.Context, in MFALoginByUsernameRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFALoginByUsername, in)
}

// LoginByPhone is [MFAService.LoginByEmail] with a phone number.
//
// POST /identity/v2/auth/login/2fa with API key. Sentinels: those of
// [AuthenticationService.LoginByPhone], and ErrFeatureDisabled.
func (s *MFAService) LoginByPhone(ctx context.Context, in MFALoginByPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFALoginByPhone, in)
}

// RiskEmailTemplates name the mails that a site's risk rules send for a second factor.
type RiskEmailTemplates struct {
	Browser string `lr:"query,rbabrowseremailtemplate"`
	City    string `lr:"query,rbacityemailtemplate"`
	Country string `lr:"query,rbacountryemailtemplate"`
	IP      string `lr:"query,rbaipemailtemplate"`
}

// VerifyAuthenticatorRequest is the input of [MFAService.VerifyAuthenticator].
type VerifyAuthenticatorRequest struct {
	MFAToken string   `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Code     string   `lr:"body,authenticatorcode,required,secret"`
	Fields   []string `lr:"query,fields"`
}

// VerifyAuthenticator completes a login with a code of an authenticator app.
//
// PUT /identity/v2/auth/login/2fa/verification/authenticatorcode with API key.
// Sentinels: ErrInvalidOTP, ErrMFATokenExpired, ErrNotEnrolled, ErrAccountLocked,
// ErrAccountBlocked, ErrFeatureDisabled.
func (s *MFAService) VerifyAuthenticator(ctx context.Context, in VerifyAuthenticatorRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifyAuthenticator, in)
}

// VerifySMSRequest is the input of [MFAService.VerifySMS].
type VerifySMSRequest struct {
	MFAToken       string             `lr:"query,secondfactorauthenticationtoken,required,secret"`
	OTP            string             `lr:"body,otp,required,secret"`
	SecurityAnswer map[string]string  `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha            `lr:"inline"`
	Risk           RiskEmailTemplates `lr:"inline"`
	SMSTemplate2FA string             `lr:"query,smstemplate2fa"`
	Fields         []string           `lr:"query,fields"`
}

// VerifySMS completes a login with a code that was sent or spoken to a phone.
//
// PUT /identity/v2/auth/login/2fa/verification/otp with API key. Sentinels:
// ErrInvalidOTP, ErrMFATokenExpired, ErrAccountLocked, ErrAccountBlocked,
// ErrFeatureDisabled.
func (s *MFAService) VerifySMS(ctx context.Context, in VerifySMSRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifySMS, in)
}

// VerifyMFAEmailRequest is the input of [MFAService.VerifyEmail].
type VerifyMFAEmailRequest struct {
	MFAToken string             `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Email    string             `lr:"body,emailid,required"`
	OTP      string             `lr:"body,otp,required,secret"`
	Risk     RiskEmailTemplates `lr:"inline"`
}

// VerifyEmail completes a login with a mailed code.
//
// PUT /identity/v2/auth/login/2fa/verification/otp/email with API key. Sentinels:
// ErrInvalidOTP, ErrMFATokenExpired, ErrAccountLocked, ErrAccountBlocked,
// ErrFeatureDisabled.
func (s *MFAService) VerifyEmail(ctx context.Context, in VerifyMFAEmailRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifyEmail, in)
}

// VerifyBackupCodeRequest is the input of [MFAService.VerifyBackupCode].
type VerifyBackupCodeRequest struct {
	MFAToken   string             `lr:"query,secondfactorauthenticationtoken,required,secret"`
	BackupCode string             `lr:"body,backupcode,required,secret"`
	Risk       RiskEmailTemplates `lr:"inline"`
	Fields     []string           `lr:"query,fields"`
}

// VerifyBackupCode completes a login with a backup code, which is used up.
//
// PUT /identity/v2/auth/login/2fa/verification/backupcode with API key. Sentinels:
// ErrInvalidOTP, ErrNotEnrolled, ErrMFATokenExpired, ErrAccountLocked,
// ErrAccountBlocked.
func (s *MFAService) VerifyBackupCode(ctx context.Context, in VerifyBackupCodeRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifyBackupCode, in)
}

// A SecurityAnswer answers one security question.
type SecurityAnswer struct {
	QuestionID string `json:"QuestionId"`
	Answer     string `lr:",,secret"`
}

// VerifySecurityAnswersRequest is the input of [MFAService.VerifySecurityAnswers].
type VerifySecurityAnswersRequest struct {
	MFAToken string             `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Answers  []SecurityAnswer   `lr:"body,securityquestionanswer,required,secret"`
	Risk     RiskEmailTemplates `lr:"inline"`
}

// VerifySecurityAnswers completes a login with answers to security questions.
//
// POST /identity/v2/auth/login/2fa/verification/securityquestionanswer with API key.
// Sentinels: ErrInvalidCredentials, ErrNotEnrolled, ErrMFATokenExpired,
// ErrAccountLocked, ErrFeatureDisabled.
func (s *MFAService) VerifySecurityAnswers(ctx context.Context, in VerifySecurityAnswersRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFAVerifySecurityAnswers, in)
}

// SetSecurityAnswersRequest is the input of [MFAService.SetSecurityAnswers].
type SetSecurityAnswersRequest struct {
	MFAToken string           `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Answers  []SecurityAnswer `lr:"body,securityquestionanswer,required,secret"`
}

// SetSecurityAnswers sets up security questions for a user who has no second factor
// yet, and completes the login.
//
// PUT /identity/v2/auth/login/2fa/securityquestionanswer with API key. Sentinels:
// ErrNotAllowed (another factor is set up), ErrValidation (too few answers),
// ErrMFATokenExpired, ErrFeatureDisabled.
func (s *MFAService) SetSecurityAnswers(ctx context.Context, in SetSecurityAnswersRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opMFASetSecurityAnswers, in)
}

// SetMFAPhoneRequest is the input of [MFAService.SetPhone].
type SetMFAPhoneRequest struct {
	MFAToken       string `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Phone          string `lr:"body,phoneno2fa,required"` // E.164
	SMSTemplate2FA string `lr:"query,smstemplate2fa"`
	IsVoiceOTP     bool   `lr:"query,isvoiceotp"`
	Options        string `lr:"query,options"`
}

// SetPhone sends a code to the number that a user without a second factor wants to use.
// [MFAService.VerifySMS] then sets it up.
//
// PUT /identity/v2/auth/login/2fa with API key. Sentinels: ErrNotAllowed (another
// factor is set up), ErrPhoneTaken, ErrValidation, ErrMFATokenExpired,
// ErrRateLimited (messages), ErrFeatureDisabled.
func (s *MFAService) SetPhone(ctx context.Context, in SetMFAPhoneRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opMFASetPhone, in))
}

// ResendSMSRequest is the input of [MFAService.ResendSMS].
type ResendSMSRequest struct {
	MFAToken       string `lr:"query,secondfactorauthenticationtoken,required,secret"`
	SMSTemplate2FA string `lr:"query,smstemplate2fa"`
	IsVoiceOTP     bool   `lr:"query,isvoiceotp"`
}

// ResendSMS sends a code to the user's phone again. The newest code counts.
//
// GET /identity/v2/auth/login/2fa/resend with API key. This GET sends a message.
// Sentinels: ErrMFATokenExpired, ErrUserNotFound (no number), ErrRateLimited
// (messages), ErrFeatureDisabled.
func (s *MFAService) ResendSMS(ctx context.Context, in ResendSMSRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opMFAResendSMS, in))
}

// SendMFAEmailRequest is the input of [MFAService.SendEmail].
type SendMFAEmailRequest struct {
	MFAToken         string `lr:"query,secondfactorauthenticationtoken,required,secret"`
	Email            string `lr:"body,emailid,required"` // an address of the account
	EmailTemplate2FA string `lr:"query,emailtemplate2fa"`
}

// SendEmail mails a code for the second step of a login.
//
// POST /identity/v2/auth/login/2fa/otp/email with API key. Sentinels:
// ErrMFATokenExpired, ErrUserNotFound (not an address of the account),
// ErrRateLimited (mails), ErrFeatureDisabled.
func (s *MFAService) SendEmail(ctx context.Context, in SendMFAEmailRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opMFASendEmail, in))
}
