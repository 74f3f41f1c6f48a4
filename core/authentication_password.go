package core

import "context"

// ChangePasswordRequest is the input of [AuthenticationService.ChangePassword].
type ChangePasswordRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	OldPassword string `lr:"body,oldpassword,required,secret"`
	NewPassword string `lr:"body,newpassword,required,secret"`
}

// ChangePassword sets a new password for a user who knows the old one. Whether the
// user's other tokens stay valid is a setting of the site; here all cached sessions
// of the user are forgotten, so each is asked for again. Tokens that a [TokenVerifier]
// would accept are refused if they were issued before, as by [Client.ForgetUser].
//
// PUT /identity/v2/auth/password/change with API key and access token. Sentinels:
// ErrInvalidCredentials (old password), ErrPasswordRejected, ErrValidation,
// ErrInvalidToken, ErrAccountLocked.
func (s *AuthenticationService) ChangePassword(ctx context.Context, in ChangePasswordRequest) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationChangePassword, in)
	if err != nil {
		s.c.forgetOwner(ctx, in.AccessToken, err)
		return err
	}
	s.c.revokeOwner(ctx, in.AccessToken)
	return nil
}

// ForgotPasswordRequest is the input of [AuthenticationService.ForgotPassword].
type ForgotPasswordRequest struct {
	Email            string `lr:"body,email,oneof=account"`
	Username         string `lr:"body,username,oneof=account"`
	ResetPasswordURL string `lr:"query,resetpasswordurl"` // where the mailed link leads; default: the site's hosted page
	EmailTemplate    string `lr:"query,emailtemplate"`
}

// ForgotPassword mails a link, or a code, to reset the password with.
//
// POST /identity/v2/auth/password with API key. Sentinels: ErrUserNotFound, which
// must not be told to a stranger, and ErrRateLimited (mails).
func (s *AuthenticationService) ForgotPassword(ctx context.Context, in ForgotPasswordRequest) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationForgotPassword, in)
	return err
}

// ResetPasswordRequest is the input of [AuthenticationService.ResetPassword].
type ResetPasswordRequest struct {
	ResetToken                 string `lr:"body,resettoken,required,secret"` // vtoken of the mailed link
	Password                   string `lr:"body,password,required,secret"`
	WelcomeEmailTemplate       string `lr:"body,welcomeemailtemplate"`
	ResetPasswordEmailTemplate string `lr:"body,resetpasswordemailtemplate"`
}

// ResetPassword sets a new password with a mailed token, which is used up.
//
// PUT /identity/v2/auth/password/reset with API key. Sentinels: ErrInvalidLink,
// ErrPasswordRejected, ErrValidation, ErrAccountBlocked.
func (s *AuthenticationService) ResetPassword(ctx context.Context, in ResetPasswordRequest) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationResetPassword, in)
	return err
}

// ResetPasswordByOTPRequest is the input of [AuthenticationService.ResetPasswordByOTP].
type ResetPasswordByOTPRequest struct {
	Email                      string `lr:"body,email,oneof=account"`
	Username                   string `lr:"body,username,oneof=account"`
	OTP                        string `lr:"body,otp,required,secret"`
	Password                   string `lr:"body,password,required,secret"`
	WelcomeEmailTemplate       string `lr:"body,welcomeemailtemplate"`
	ResetPasswordEmailTemplate string `lr:"body,resetpasswordemailtemplate"`
}

// ResetPasswordByOTP is [AuthenticationService.ResetPassword] with a mailed code.
//
// PUT /identity/v2/auth/password/reset with API key. Sentinels: ErrInvalidOTP,
// ErrPasswordRejected, ErrValidation, ErrAccountLocked, ErrAccountBlocked.
func (s *AuthenticationService) ResetPasswordByOTP(ctx context.Context, in ResetPasswordByOTPRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationResetPasswordByOTP, in))
	s.c.forgetAddress(in.Email, err)
	return err
}
