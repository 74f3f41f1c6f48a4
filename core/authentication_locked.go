package core

import "context"

// UnlockAccountRequest is the input of [AuthenticationService.UnlockAccount]. Set what
// the kind of lock asks for.
type UnlockAccountRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer
	Captcha        Captcha           `lr:"inline"`
}

// UnlockAccount unlocks the account of a logged-in user after failed attempts.
//
// PUT /identity/v2/auth/account/unlock with API key and access token. Sentinels:
// ErrCaptcha, ErrInvalidCredentials (the answer), ErrAlreadyUsed (not locked),
// ErrAccountLocked, ErrInvalidToken.
func (s *AuthenticationService) UnlockAccount(ctx context.Context, in UnlockAccountRequest) error {
	if in.Captcha == (Captcha{}) && len(in.SecurityAnswer) == 0 {
		return missingArgument(opAuthenticationUnlockAccount, "SecurityAnswer or Captcha")
	}
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationUnlockAccount, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// SecurityQuestions lists the security questions of a logged-in user.
//
// GET /identity/v2/auth/securityquestion/accesstoken with API key and access token; a
// read. Sentinels: ErrNotEnrolled, ErrFeatureDisabled, ErrInvalidToken.
func (s *AuthenticationService) SecurityQuestions(ctx context.Context, accessToken string) ([]SecurityQuestion, error) {
	return listed(do[listAnswer[SecurityQuestion]](ctx, s.c, opAuthenticationSecurityQuestions, bearerOnly{accessToken}))
}

// SecurityQuestionsByEmail lists the security questions of an account. Behind a public
// route it tells which addresses are registered: limit its rate.
//
// GET /identity/v2/auth/securityquestion/email with API key; a read. Sentinels:
// ErrUserNotFound, ErrNotEnrolled, ErrFeatureDisabled.
func (s *AuthenticationService) SecurityQuestionsByEmail(ctx context.Context, email string) ([]SecurityQuestion, error) {
	return listed(do[listAnswer[SecurityQuestion]](ctx, s.c, opAuthenticationSecurityQuestionsByEmail, struct {
		Email string `lr:"query,email,required"`
	}{email}))
}

// SecurityQuestionsByUsername is [AuthenticationService.SecurityQuestionsByEmail] with a
// username.
//
// GET /identity/v2/auth/securityquestion/username with API key; a read. Sentinels:
// ErrUserNotFound, ErrNotEnrolled, ErrFeatureDisabled.
func (s *AuthenticationService) SecurityQuestionsByUsername(ctx context.Context, username string) ([]SecurityQuestion, error) {
	return listed(do[listAnswer[SecurityQuestion]](ctx, s.c, opAuthenticationSecurityQuestionsByUsername, struct {
		Username string `lr:"query,username,required"`
	}{username}))
}

// SecurityQuestionsByPhone is [AuthenticationService.SecurityQuestionsByEmail] with a
// phone number in E.164 form.
//
// GET /identity/v2/auth/securityquestion/phone with API key; a read. Sentinels:
// ErrUserNotFound, ErrNotEnrolled, ErrFeatureDisabled.
func (s *AuthenticationService) SecurityQuestionsByPhone(ctx context.Context, phone string) ([]SecurityQuestion, error) {
	return listed(do[listAnswer[SecurityQuestion]](ctx, s.c, opAuthenticationSecurityQuestionsByPhone, struct {
		Phone string `lr:"query,phone,required"`
	}{phone}))
}

// ResetPasswordByAnswerRequest is the input of
// [AuthenticationService.ResetPasswordByAnswer].
type ResetPasswordByAnswerRequest struct {
	Email                      string            `lr:"body,email,oneof=account"`
	Username                   string            `lr:"body,username,oneof=account"`
	Phone                      string            `lr:"body,phone,oneof=account"`            // E.164
	SecurityAnswer             map[string]string `lr:"body,securityanswer,required,secret"` // question ID to answer
	Password                   string            `lr:"body,password,required,secret"`
	ResetPasswordEmailTemplate string            `lr:"body,resetpasswordemailtemplate"`
}

// ResetPasswordByAnswer sets a new password with answers to security questions.
//
// PUT /identity/v2/auth/password/securityanswer with API key. Sentinels:
// ErrInvalidCredentials (the answer), ErrUserNotFound, ErrNotEnrolled,
// ErrPasswordRejected, ErrValidation, ErrAccountLocked.
func (s *AuthenticationService) ResetPasswordByAnswer(ctx context.Context, in ResetPasswordByAnswerRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationResetPasswordByAnswer, in))
	s.c.forgetAddress(in.Email, err)
	return err
}

// RegisterWithCaptchaRequest is the input of
// [AuthenticationService.RegisterWithCaptcha].
type RegisterWithCaptchaRequest struct {
	Captcha  Captcha `lr:"inline"`
	Email    string  `lr:"body,Email,required,primary"`
	Password string  `lr:"body,Password,required,secret"`
	// Profile adds further fields, other than Email and Password. Extra adds keys
	// as they are, for what Profile has no field for.
	Profile Profile        `lr:"body,*"`
	Extra   map[string]any `lr:"body,*,secret"`

	VerificationURL      string   `lr:"query,verificationurl"` // where the mailed link leads; must be allowed on the site
	EmailTemplate        string   `lr:"query,emailtemplate"`
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	SMSTemplate          string   `lr:"query,smstemplate"`
	Options              string   `lr:"query,options"`
	IsVoiceOTP           bool     `lr:"query,isvoiceotp"`
	Fields               []string `lr:"query,fields"`
}

// RegisterWithCaptcha is [AuthenticationService.Register] with a captcha in place of a
// SOTT.
//
// POST /identity/v2/auth/register/captcha with API key. Sentinels: ErrCaptcha, and those
// of [AuthenticationService.Register].
func (s *AuthenticationService) RegisterWithCaptcha(ctx context.Context, in RegisterWithCaptchaRequest) (*LoginResult, error) {
	if in.Captcha == (Captcha{}) {
		return nil, missingArgument(opAuthenticationRegisterWithCaptcha, "Captcha")
	}
	return login(do[loginOrNone](ctx, s.c, opAuthenticationRegisterWithCaptcha, in))
}
