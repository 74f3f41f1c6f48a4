package core

import "context"

// LoginByEmailRequest is the input of [AuthenticationService.LoginByEmail].
type LoginByEmailRequest struct {
	Email    string `lr:"body,email,required"`
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question id to answer, when the account is locked by question

	VerificationURL string   `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL        string   `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate   string   `lr:"query,emailtemplate"`
	Fields          []string `lr:"query,fields"` // limits Profile; default: all
}

// LoginByEmail logs in with e-mail address and password. A login that waits for a
// second factor is an error, [*MFAChallenge]: a result is always a session.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByEmail(ctx context.Context, in LoginByEmailRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByEmail, in)
}

// LoginByUsernameRequest is the input of [AuthenticationService.LoginByUsername].
type LoginByUsernameRequest struct {
	Username string `lr:"body,username,required"`
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question id to answer, when the account is locked by question

	VerificationURL string   `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL        string   `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate   string   `lr:"query,emailtemplate"`
	Fields          []string `lr:"query,fields"` // limits Profile; default: all
}

// LoginByUsername is [AuthenticationService.LoginByEmail] with a username, which
// LoginRadius compares without case.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByUsername(ctx context.Context, in LoginByUsernameRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByUsername, in)
}

// LoginByPhoneRequest is the input of [AuthenticationService.LoginByPhone].
type LoginByPhoneRequest struct {
	Phone    string `lr:"body,phone,required"` // E.164, e.g. "+14155550100"
	Password string `lr:"body,password,required,secret"`

	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"`

	LoginURL    string   `lr:"query,loginurl"`
	SMSTemplate string   `lr:"query,smstemplate"`
	Options     string   `lr:"query,options"`
	Fields      []string `lr:"query,fields"`
}

// LoginByPhone is [AuthenticationService.LoginByEmail] with a phone number.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByPhone(ctx context.Context, in LoginByPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opAuthenticationLoginByPhone, in)
}
