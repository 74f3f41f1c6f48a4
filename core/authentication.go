package core

import "context"

// AuthenticationService holds what users do themselves: register, log in, verify,
// reset, and look at or change their own account. Calls about a logged-in user take
// that user's access token; none but the SOTT needs the API secret.
type AuthenticationService struct{ c *Client }

// RegisterRequest is the input of [AuthenticationService.Register].
type RegisterRequest struct {
	Email    string `lr:"body,Email,required,primary"`
	Password string `lr:"body,Password,required,secret"`
	// Profile adds further fields, other than Email and Password. Extra adds keys
	// as they are, for what Profile has no field for.
	Profile Profile        `lr:"body,*"`
	Extra   map[string]any `lr:"body,*,secret"`

	// SOTT proves that a holder of the API secret sends this. Default: minted here.
	SOTT string `lr:"header,X-LoginRadius-Sott,secret"`

	VerificationURL      string   `lr:"query,verificationurl"` // where the mailed link leads; must be allowed on the site
	EmailTemplate        string   `lr:"query,emailtemplate"`
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	SMSTemplate          string   `lr:"query,smstemplate"`
	Options              string   `lr:"query,options"` // e.g. "PreventVerificationEmail"
	IsVoiceOTP           bool     `lr:"query,isvoiceotp"`
	InvitationToken      string   `lr:"query,invitation_token,secret"`
	Fields               []string `lr:"query,fields"`
}

// Register creates an account and, unless the site does without, mails a
// verification link. It returns a login if the site logs users in before they
// have verified, else nil.
//
// POST /identity/v2/auth/register with API key and SOTT. Sentinels: ErrEmailTaken,
// ErrUsernameTaken, ErrPhoneTaken, ErrValidation, ErrPasswordRejected, ErrNotAllowed,
// ErrRateLimited (mails).
func (s *AuthenticationService) Register(ctx context.Context, in RegisterRequest) (*LoginResult, error) {
	if in.SOTT == "" {
		var err error
		if in.SOTT, err = s.c.SOTT(0); err != nil {
			return nil, err
		}
	}
	return login(do[loginOrNone](ctx, s.c, opAuthenticationRegister, in))
}

// ResendVerificationRequest is the input of [AuthenticationService.ResendVerification].
type ResendVerificationRequest struct {
	Email           string `lr:"body,email,required"`
	VerificationURL string `lr:"query,verificationurl"`
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// ResendVerification mails the verification link again.
//
// PUT /identity/v2/auth/register with API key. Sentinels: ErrUserNotFound,
// ErrAlreadyVerified, ErrNotAllowed, ErrRateLimited (mails).
func (s *AuthenticationService) ResendVerification(ctx context.Context, in ResendVerificationRequest) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationResendVerification, in)
	return err
}

// VerifyEmailRequest is the input of [AuthenticationService.VerifyEmail].
type VerifyEmailRequest struct {
	Token                string   `lr:"query,verificationtoken,required,secret"` // vtoken of the mailed link
	URL                  string   `lr:"query,url"`
	UUID                 string   `lr:"query,uuid,secret"`
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	Fields               []string `lr:"query,fields"`
}

// VerifyEmail redeems a mailed verification link. It returns a login if the site
// logs people in on verification, else nil.
//
// GET /identity/v2/auth/email with API key. This GET uses the token up and is never
// sent twice. Sentinels: ErrInvalidLink.
func (s *AuthenticationService) VerifyEmail(ctx context.Context, in VerifyEmailRequest) (*LoginResult, error) {
	return login(do[loginOrNone](ctx, s.c, opAuthenticationVerifyEmail, in))
}

// VerifyEmailByOTPRequest is the input of [AuthenticationService.VerifyEmailByOTP].
type VerifyEmailByOTPRequest struct {
	Email                string            `lr:"body,email,required"`
	OTP                  string            `lr:"body,otp,required,secret"`
	SecurityAnswer       map[string]string `lr:"body,securityanswer,secret"`
	URL                  string            `lr:"query,url"`
	WelcomeEmailTemplate string            `lr:"query,welcomeemailtemplate"`
	Fields               []string          `lr:"query,fields"`
}

// VerifyEmailByOTP is [AuthenticationService.VerifyEmail] with a mailed code.
//
// PUT /identity/v2/auth/email with API key. Sentinels: ErrInvalidOTP, ErrNotAllowed.
func (s *AuthenticationService) VerifyEmailByOTP(ctx context.Context, in VerifyEmailByOTPRequest) (*LoginResult, error) {
	return login(do[loginOrNone](ctx, s.c, opAuthenticationVerifyEmailByOTP, in))
}

// EmailExists tells whether an address is registered. Behind a public route it is
// an oracle for account names: limit its rate.
//
// GET /identity/v2/auth/email with API key; a read.
func (s *AuthenticationService) EmailExists(ctx context.Context, email string) (bool, error) {
	r, err := do[exists](ctx, s.c, opAuthenticationEmailExists, struct {
		Email string `lr:"query,email,required"`
	}{email})
	return r != nil && r.IsExist, err
}

// UsernameExists tells whether a username is registered; see
// [AuthenticationService.EmailExists].
//
// GET /identity/v2/auth/username with API key; a read.
func (s *AuthenticationService) UsernameExists(ctx context.Context, username string) (bool, error) {
	r, err := do[exists](ctx, s.c, opAuthenticationUsernameExists, struct {
		Username string `lr:"query,username,required"`
	}{username})
	return r != nil && r.IsExist, err
}
