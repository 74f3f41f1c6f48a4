package core

import "context"

// PhoneService holds accounts that log in with a phone number: registration,
// verification, change, and passwords reset by code. Numbers are in E.164 form, e.g.
// "+14155550100". Codes of verifications are in the URL, because LoginRadius documents no
// other form.
type PhoneService struct{ c *Client }

// Exists tells whether a number is registered. Behind a public route it is an oracle for
// accounts: limit its rate.
//
// GET /identity/v2/auth/phone with API key; a read. Sentinels: ErrNotAllowed.
func (s *PhoneService) Exists(ctx context.Context, phone string) (bool, error) {
	r, err := do[exists](ctx, s.c, opPhoneExists, struct {
		Phone string `lr:"query,phone,required"`
	}{phone})
	return r != nil && r.IsExist, err
}

// RegisterByPhoneRequest is the input of [PhoneService.Register].
type RegisterByPhoneRequest struct {
	Phone    string `lr:"body,PhoneId,oneof=account"`
	Email    string `lr:"body,Email,oneof=account,primary"`
	Password string `lr:"body,Password,required,secret"`
	// Profile adds further fields, other than those above. Extra adds keys as they
	// are, for what Profile has no field for.
	Profile Profile        `lr:"body,*"`
	Extra   map[string]any `lr:"body,*,secret"`

	// SOTT proves that a holder of the API secret sends this. Default: minted here.
	SOTT string `lr:"header,X-LoginRadius-Sott,secret"`

	SMSTemplate          string   `lr:"query,smstemplate"`
	IsVoiceOTP           bool     `lr:"query,isvoiceotp"` // speak the code instead of sending it
	VerificationURL      string   `lr:"query,verificationurl"`
	EmailTemplate        string   `lr:"query,emailtemplate"`
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	Options              string   `lr:"query,options"`
	Fields               []string `lr:"query,fields"`
}

// Register creates an account with a phone number and sends a code to verify it. It
// returns a login if the site logs users in before they have verified, else nil.
//
// POST /identity/v2/auth/register with API key and SOTT. Sentinels: ErrPhoneTaken, and
// those of [AuthenticationService.Register].
func (s *PhoneService) Register(ctx context.Context, in RegisterByPhoneRequest) (*LoginResult, error) {
	if in.SOTT == "" {
		var err error
		if in.SOTT, err = s.c.SOTT(0); err != nil {
			return nil, err
		}
	}
	return login(do[loginOrNone](ctx, s.c, opPhoneRegister, in))
}

// VerifyPhoneRequest is the input of [PhoneService.Verify].
type VerifyPhoneRequest struct {
	Phone       string   `lr:"body,phone,required"`
	OTP         string   `lr:"query,otp,required,secret"`
	SMSTemplate string   `lr:"query,smstemplate"` // of the welcome message
	IsVoiceOTP  bool     `lr:"query,isvoiceotp"`
	Fields      []string `lr:"query,fields"`
}

// Verify verifies a number with the code sent to it, and logs in.
//
// PUT /identity/v2/auth/phone/otp with API key. Sentinels: ErrInvalidOTP,
// ErrAlreadyVerified, ErrUserNotFound, ErrAccountBlocked, ErrAccountLocked,
// ErrMFARequired.
func (s *PhoneService) Verify(ctx context.Context, in VerifyPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPhoneVerify, in)
}

// VerifyPhoneByTokenRequest is the input of [PhoneService.VerifyByToken].
type VerifyPhoneByTokenRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	OTP         string `lr:"query,otp,required,secret"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// VerifyByToken verifies the new number of a logged-in user with the code sent to it.
//
// PUT /identity/v2/auth/phone/otp with API key and access token. Sentinels:
// ErrInvalidOTP, ErrAlreadyVerified, ErrInvalidToken, ErrAccountLocked.
func (s *PhoneService) VerifyByToken(ctx context.Context, in VerifyPhoneByTokenRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPhoneVerifyByToken, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// ResendPhoneVerificationRequest is the input of [PhoneService.ResendVerification].
type ResendPhoneVerificationRequest struct {
	Phone       string `lr:"body,phone,required"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// ResendVerification sends the verification code again. The newest code counts.
//
// POST /identity/v2/auth/phone/otp with API key. Sentinels: ErrUserNotFound,
// ErrAlreadyVerified, ErrFeatureDisabled, ErrRateLimited (messages).
func (s *PhoneService) ResendVerification(ctx context.Context, in ResendPhoneVerificationRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opPhoneResendVerification, in))
}

// ResendPhoneVerificationByTokenRequest is the input of
// [PhoneService.ResendVerificationByToken].
type ResendPhoneVerificationByTokenRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Phone       string `lr:"body,phone,required"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// ResendVerificationByToken sends the verification code of a logged-in user again.
//
// POST /identity/v2/auth/phone/otp with API key and access token. Sentinels:
// ErrAlreadyVerified, ErrInvalidToken, ErrFeatureDisabled, ErrRateLimited (messages).
func (s *PhoneService) ResendVerificationByToken(ctx context.Context, in ResendPhoneVerificationByTokenRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opPhoneResendVerificationByToken, in))
}

// UpdatePhoneRequest is the input of [PhoneService.Update].
type UpdatePhoneRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Phone       string `lr:"body,phone,required"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// Update changes the number of a logged-in user and sends a code to verify it with
// [PhoneService.VerifyByToken].
//
// PUT /identity/v2/auth/phone with API key and access token. Sentinels: ErrPhoneTaken,
// ErrValidation, ErrInvalidToken, ErrRateLimited (messages).
func (s *PhoneService) Update(ctx context.Context, in UpdatePhoneRequest) (*SMSReceipt, error) {
	r, err := receipt(do[smsAnswer](ctx, s.c, opPhoneUpdate, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return r, err
}

// Remove removes the number of a logged-in user, who needs another verified identifier.
//
// DELETE /identity/v2/auth/phone with API key and access token. Sentinels:
// ErrUserNotFound (no number), ErrEmailNotVerified, ErrInvalidToken.
func (s *PhoneService) Remove(ctx context.Context, accessToken string) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPhoneRemove, bearerOnly{accessToken}))
	s.c.forgetOwner(ctx, accessToken, err)
	return err
}

// ForgotPasswordByPhoneRequest is the input of [PhoneService.ForgotPassword].
type ForgotPasswordByPhoneRequest struct {
	Phone       string `lr:"body,phone,required"`
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// ForgotPassword sends a code to reset the password with.
//
// POST /identity/v2/auth/password/otp with API key. Sentinels: ErrUserNotFound, which
// must not be told to a stranger, ErrPhoneNotVerified, ErrRateLimited (messages).
func (s *PhoneService) ForgotPassword(ctx context.Context, in ForgotPasswordByPhoneRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opPhoneForgotPassword, in))
}

// ResetPasswordByPhoneRequest is the input of [PhoneService.ResetPassword].
type ResetPasswordByPhoneRequest struct {
	Phone                    string            `lr:"body,phone,required"`
	OTP                      string            `lr:"body,otp,required,secret"`
	Password                 string            `lr:"body,password,required,secret"`
	SecurityAnswer           map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha                  Captcha           `lr:"inline"`
	SMSTemplate              string            `lr:"body,smstemplate"`
	ResetPasswordSMSTemplate string            `lr:"body,resetpasswordsmstemplate"`
}

// ResetPassword sets a new password with a code sent to a phone. The answer names no
// account, so cached sessions stay until they are checked again.
//
// PUT /identity/v2/auth/password/otp with API key. Sentinels: ErrInvalidOTP,
// ErrUserNotFound, ErrPasswordRejected, ErrValidation, ErrAccountLocked,
// ErrAccountBlocked.
func (s *PhoneService) ResetPassword(ctx context.Context, in ResetPasswordByPhoneRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPhoneResetPassword, in))
}
