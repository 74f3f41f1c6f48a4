package core

import "context"

// PINService holds logins by PIN: a short code that brings a user back on a device where
// they have logged in before. The device keeps the SessionToken of a [LoginResult]; with
// the PIN it starts a new session. Offer it only on sites that lock accounts after
// failed attempts. Session tokens are in the URL, because LoginRadius documents no other
// form.
type PINService struct{ c *Client }

// PINLoginRequest is the input of [PINService.Login].
type PINLoginRequest struct {
	SessionToken string `lr:"query,session_token,required,secret"`
	PIN          string `lr:"body,PIN,required,secret"`
}

// Login logs in with a session token and a PIN.
//
// POST /identity/v2/auth/login/pin with API key. Sentinels: ErrInvalidCredentials,
// ErrSessionTokenExpired, ErrNotEnrolled, ErrFeatureDisabled, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired.
func (s *PINService) Login(ctx context.Context, in PINLoginRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPINLogin, in)
}

// InvalidateSessionToken ends a session token.
//
// GET /identity/v2/auth/session_token/invalidate with API key. This GET ends the token.
// Sentinels: ErrSessionTokenExpired.
func (s *PINService) InvalidateSessionToken(ctx context.Context, sessionToken string) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINInvalidateSessionToken, struct {
		SessionToken string `lr:"query,session_token,required,secret"`
	}{sessionToken}))
}

// SetPINRequest is the input of [PINService.Set].
type SetPINRequest struct {
	PINAuthToken string `lr:"query,pinauthtoken,required,secret"` // see [PINStep]
	PIN          string `lr:"body,PIN,required,secret"`
}

// Set sets the first PIN of a user, for a login that waits for one, and completes the
// login.
//
// POST /identity/v2/auth/pin/set/pinauthtoken with API key. Sentinels: ErrInvalidLink
// (the token), ErrValidation, ErrAccountBlocked, ErrMFARequired.
func (s *PINService) Set(ctx context.Context, in SetPINRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opPINSet, in)
}

// ChangePINRequest is the input of [PINService.Change].
type ChangePINRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	OldPIN      string `lr:"body,OldPIN,required,secret"`
	NewPIN      string `lr:"body,NewPIN,required,secret"`
}

// Change sets a new PIN for a user who knows the old one. Whether the user's other
// tokens stay valid is a setting of the site; the user's cached sessions are forgotten.
//
// PUT /identity/v2/auth/pin/change with API key and access token. Sentinels:
// ErrInvalidCredentials (old PIN), ErrInvalidToken, ErrNotEnrolled, ErrAccountLocked.
func (s *PINService) Change(ctx context.Context, in ChangePINRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPINChange, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// ForgotPINByEmailRequest is the input of [PINService.ForgotByEmail].
type ForgotPINByEmailRequest struct {
	Email         string `lr:"body,email,required"`
	ResetPINURL   string `lr:"query,resetpinurl"` // where the mailed link leads; must be allowed on the site
	EmailTemplate string `lr:"query,emailtemplate"`
}

// ForgotByEmail mails a link, or a code, to reset the PIN with.
//
// POST /identity/v2/auth/pin/forgot/email with API key. Sentinels: ErrUserNotFound and
// ErrNotEnrolled, which must not be told to a stranger, ErrNotAllowed (the URL),
// ErrRateLimited (mails).
func (s *PINService) ForgotByEmail(ctx context.Context, in ForgotPINByEmailRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINForgotByEmail, in))
}

// ForgotPINByUsernameRequest is the input of [PINService.ForgotByUsername].
type ForgotPINByUsernameRequest struct {
	Username      string `lr:"body,username,required"`
	ResetPINURL   string `lr:"query,resetpinurl"`
	EmailTemplate string `lr:"query,emailtemplate"`
}

// ForgotByUsername is [PINService.ForgotByEmail] with a username.
//
// POST /identity/v2/auth/pin/forgot/username with API key. Sentinels: those of
// [PINService.ForgotByEmail].
func (s *PINService) ForgotByUsername(ctx context.Context, in ForgotPINByUsernameRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINForgotByUsername, in))
}

// ForgotPINByPhoneRequest is the input of [PINService.ForgotByPhone].
type ForgotPINByPhoneRequest struct {
	Phone       string `lr:"body,phone,required"` // E.164
	SMSTemplate string `lr:"query,smstemplate"`
	IsVoiceOTP  bool   `lr:"query,isvoiceotp"`
}

// ForgotByPhone sends a code to reset the PIN with.
//
// POST /identity/v2/auth/pin/forgot/otp with API key. Sentinels: ErrUserNotFound and
// ErrNotEnrolled, which must not be told to a stranger, ErrRateLimited (messages).
func (s *PINService) ForgotByPhone(ctx context.Context, in ForgotPINByPhoneRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opPINForgotByPhone, in))
}

// ResetPINRequest is the input of [PINService.Reset].
type ResetPINRequest struct {
	ResetToken string `lr:"body,ResetToken,required,secret"` // vtoken of the mailed link
	PIN        string `lr:"body,PIN,required,secret"`
}

// Reset sets a new PIN with a mailed token, which is used up. The answer names no
// account, so cached sessions stay until they are checked again.
//
// PUT /identity/v2/auth/pin/reset/token with API key. Sentinels: ErrInvalidLink.
func (s *PINService) Reset(ctx context.Context, in ResetPINRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINReset, in))
}

// ResetPINOptions are what resets by code have in common.
type ResetPINOptions struct {
	OTP            string            `lr:"body,otp,required,secret"`
	PIN            string            `lr:"body,PIN,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`
}

// ResetPINByEmailOTPRequest is the input of [PINService.ResetByEmailOTP].
type ResetPINByEmailOTPRequest struct {
	Email string `lr:"body,email,required"`
	ResetPINOptions
}

// ResetByEmailOTP sets a new PIN with a mailed code.
//
// PUT /identity/v2/auth/pin/reset/otp/email with API key. Sentinels: ErrInvalidOTP,
// ErrInvalidLink, ErrUserNotFound, ErrAccountLocked.
func (s *PINService) ResetByEmailOTP(ctx context.Context, in ResetPINByEmailOTPRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPINResetByEmailOTP, in))
	s.c.forgetAddress(in.Email, err)
	return err
}

// ResetPINByUsernameOTPRequest is the input of [PINService.ResetByUsernameOTP].
type ResetPINByUsernameOTPRequest struct {
	Username string `lr:"body,username,required"`
	ResetPINOptions
}

// ResetByUsernameOTP is [PINService.ResetByEmailOTP] with a username.
//
// PUT /identity/v2/auth/pin/reset/otp/username with API key. Sentinels: those of
// [PINService.ResetByEmailOTP].
func (s *PINService) ResetByUsernameOTP(ctx context.Context, in ResetPINByUsernameOTPRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINResetByUsernameOTP, in))
}

// ResetPINByPhoneOTPRequest is the input of [PINService.ResetByPhoneOTP].
type ResetPINByPhoneOTPRequest struct {
	Phone string `lr:"body,phone,required"` // E.164
	ResetPINOptions
}

// ResetByPhoneOTP is [PINService.ResetByEmailOTP] with a code sent to a phone.
//
// PUT /identity/v2/auth/pin/reset/otp/phone with API key. Sentinels: those of
// [PINService.ResetByEmailOTP].
func (s *PINService) ResetByPhoneOTP(ctx context.Context, in ResetPINByPhoneOTPRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINResetByPhoneOTP, in))
}

// ResetPINByEmailAnswerRequest is the input of [PINService.ResetByEmailAnswer].
type ResetPINByEmailAnswerRequest struct {
	Email          string            `lr:"body,email,required"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,required,secret"` // question ID to answer
	PIN            string            `lr:"body,PIN,required,secret"`
}

// ResetByEmailAnswer sets a new PIN with answers to security questions.
//
// PUT /identity/v2/auth/pin/reset/securityanswer/email with API key. Sentinels:
// ErrInvalidCredentials, ErrNotEnrolled, ErrUserNotFound, ErrAccountLocked.
func (s *PINService) ResetByEmailAnswer(ctx context.Context, in ResetPINByEmailAnswerRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opPINResetByEmailAnswer, in))
	s.c.forgetAddress(in.Email, err)
	return err
}

// ResetPINByUsernameAnswerRequest is the input of [PINService.ResetByUsernameAnswer].
type ResetPINByUsernameAnswerRequest struct {
	Username       string            `lr:"body,username,required"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,required,secret"` // question ID to answer
	PIN            string            `lr:"body,PIN,required,secret"`
}

// ResetByUsernameAnswer is [PINService.ResetByEmailAnswer] with a username.
//
// PUT /identity/v2/auth/pin/reset/securityanswer/username with API key. Sentinels: those
// of [PINService.ResetByEmailAnswer].
func (s *PINService) ResetByUsernameAnswer(ctx context.Context, in ResetPINByUsernameAnswerRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINResetByUsernameAnswer, in))
}

// ResetPINByPhoneAnswerRequest is the input of [PINService.ResetByPhoneAnswer].
type ResetPINByPhoneAnswerRequest struct {
	Phone          string            `lr:"body,phone,required"`                 // E.164
	SecurityAnswer map[string]string `lr:"body,securityanswer,required,secret"` // question ID to answer
	PIN            string            `lr:"body,PIN,required,secret"`
}

// ResetByPhoneAnswer is [PINService.ResetByEmailAnswer] with a phone number.
//
// PUT /identity/v2/auth/pin/reset/securityanswer/phone with API key. Sentinels: those of
// [PINService.ResetByEmailAnswer].
func (s *PINService) ResetByPhoneAnswer(ctx context.Context, in ResetPINByPhoneAnswerRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opPINResetByPhoneAnswer, in))
}
