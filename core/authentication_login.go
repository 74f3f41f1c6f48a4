package core

import "context"

// RiskOptions are for sites with risk rules: the templates of what they send, and the
// proof that they ask for. A suspicious login is ErrRiskCheck; repeat it with the proof.
type RiskOptions struct {
	OTP string `lr:"body,otp,secret"` // the code that was sent, with CodeEmailCodeChallenge or CodePhoneCodeChallenge

	BrowserEmailTemplate  string `lr:"query,rbabrowseremailtemplate"`
	BrowserSMSTemplate    string `lr:"query,rbabrowsersmstemplate"`
	CityEmailTemplate     string `lr:"query,rbacityemailtemplate"`
	CitySMSTemplate       string `lr:"query,rbacitysmstemplate"`
	CountryEmailTemplate  string `lr:"query,rbacountryemailtemplate"`
	CountrySMSTemplate    string `lr:"query,rbacountrysmstemplate"`
	IPEmailTemplate       string `lr:"query,rbaipemailtemplate"`
	IPSMSTemplate         string `lr:"query,rbaipsmstemplate"`
	OneClickEmailTemplate string `lr:"query,rbaoneclickemailtemplate"`
	OTPSMSTemplate        string `lr:"query,rbaotpsmstemplate"`

	// PasswordDelegation has PasswordDelegationApp, an outside system, check the password.
	PasswordDelegation    bool   `lr:"query,passworddelegation"`
	PasswordDelegationApp string `lr:"query,passworddelegationapp"`
}

// LoginByEmailRequest is the input of [AuthenticationService.LoginByEmail].
type LoginByEmailRequest struct {
	Email    string `lr:"body,email,required"`
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`                     // when the account is locked by captcha
	Risk           RiskOptions       `lr:"inline"`

	VerificationURL string   `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL        string   `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate   string   `lr:"query,emailtemplate"`
	SMSTemplate     string   `lr:"query,smstemplate"`
	Fields          []string `lr:"query,fields"` // limits Profile; default: all
}

// LoginByEmail logs in with e-mail address and password. A login that waits for a
// second factor is an error, [*MFAChallenge]: a result is always a session.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrPrivacyPolicy,
// ErrConsentRequired, ErrPINRequired, ErrRiskCheck, ErrCaptcha, ErrNotAllowed.
func (s *AuthenticationService) LoginByEmail(ctx context.Context, in LoginByEmailRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByEmail, in)
}

// LoginByUsernameRequest is the input of [AuthenticationService.LoginByUsername].
type LoginByUsernameRequest struct {
	Username string `lr:"body,username,required"`
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`                     // when the account is locked by captcha
	Risk           RiskOptions       `lr:"inline"`

	VerificationURL string   `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL        string   `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate   string   `lr:"query,emailtemplate"`
	SMSTemplate     string   `lr:"query,smstemplate"`
	Fields          []string `lr:"query,fields"` // limits Profile; default: all
}

// LoginByUsername is [AuthenticationService.LoginByEmail] with a username, which
// LoginRadius compares without case.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrPrivacyPolicy,
// ErrConsentRequired, ErrPINRequired, ErrRiskCheck, ErrCaptcha, ErrNotAllowed.
func (s *AuthenticationService) LoginByUsername(ctx context.Context, in LoginByUsernameRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByUsername, in)
}

// LoginByPhoneRequest is the input of [AuthenticationService.LoginByPhone].
type LoginByPhoneRequest struct {
	Phone    string `lr:"body,phone,required"` // E.164, e.g. "+14155550100"
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`                     // when the account is locked by captcha
	Risk           RiskOptions       `lr:"inline"`

	VerificationURL string   `lr:"query,verificationurl"`
	EmailTemplate   string   `lr:"query,emailtemplate"`
	LoginURL        string   `lr:"query,loginurl"`
	SMSTemplate     string   `lr:"query,smstemplate"`
	Options         string   `lr:"query,options"`
	Fields          []string `lr:"query,fields"`
}

// LoginByPhone is [AuthenticationService.LoginByEmail] with a phone number.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrPrivacyPolicy,
// ErrConsentRequired, ErrPINRequired, ErrRiskCheck, ErrCaptcha, ErrNotAllowed.
func (s *AuthenticationService) LoginByPhone(ctx context.Context, in LoginByPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByPhone, in)
}
