package core

import (
	"context"
	"fmt"
)

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

// Format implements fmt.Formatter, without the secrets.
func (r LoginByEmailRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r LoginByEmailRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// LoginByEmail logs in with e-mail address and password. A login that waits for a
// second factor is an error, [*MFAChallenge]: a result is always a session.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByEmail(ctx context.Context, in LoginByEmailRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opLoginByEmail, in)
}

var opLoginByEmail = operation{name: "Authentication.LoginByEmail", method: "POST", path: "/identity/v2/auth/login", creds: apiKey}

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

// Format implements fmt.Formatter, without the secrets.
func (r LoginByUsernameRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r LoginByUsernameRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// LoginByUsername is [AuthenticationService.LoginByEmail] with a username, which
// LoginRadius compares without case.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByUsername(ctx context.Context, in LoginByUsernameRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opLoginByUsername, in)
}

var opLoginByUsername = operation{name: "Authentication.LoginByUsername", method: "POST", path: "/identity/v2/auth/login", creds: apiKey}

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

// Format implements fmt.Formatter, without the secrets.
func (r LoginByPhoneRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r LoginByPhoneRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// LoginByPhone is [AuthenticationService.LoginByEmail] with a phone number.
//
// POST /identity/v2/auth/login with API key. Sentinels: ErrInvalidCredentials,
// ErrUserNotFound, ErrEmailNotVerified, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired, ErrPasswordExpired, ErrNotAllowed.
func (s *AuthenticationService) LoginByPhone(ctx context.Context, in LoginByPhoneRequest) (*LoginResult, error) {
	return do[LoginResult](ctx, s.c, opLoginByPhone, in)
}

var opLoginByPhone = operation{name: "Authentication.LoginByPhone", method: "POST", path: "/identity/v2/auth/login", creds: apiKey}
