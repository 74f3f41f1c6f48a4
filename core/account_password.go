package core

import "context"

// SetPasswordRequest is the input of [AccountService.SetPassword].
type SetPasswordRequest struct {
	UID      string `lr:"path,uid,required"`
	Password string `lr:"body,password,required,secret"`
}

// SetPassword sets the password of an account and returns its hash.
//
// PUT /identity/v2/manage/account/{uid}/password with API key and secret. Sentinels:
// ErrUserNotFound, ErrPasswordRejected, ErrValidation.
func (s *AccountService) SetPassword(ctx context.Context, in SetPasswordRequest) (*PasswordHash, error) {
	defer s.c.ForgetUser(in.UID)
	return do[PasswordHash](ctx, s.c, opAccountSetPassword, in)
}

// PasswordHash returns the stored password hash of an account. Its only use is
// the migration of accounts to another system.
//
// GET /identity/v2/manage/account/{uid}/password with API key and secret; a read.
// Sentinels: ErrUserNotFound.
func (s *AccountService) PasswordHash(ctx context.Context, uid string) (*PasswordHash, error) {
	return do[PasswordHash](ctx, s.c, opAccountPasswordHash, uidOnly{uid})
}

// ForgotTokenRequest is the input of [AccountService.ForgotToken].
type ForgotTokenRequest struct {
	Email            string `lr:"body,email,oneof=account"`
	Username         string `lr:"body,username,oneof=account"`
	SendEmail        bool   `lr:"query,sendemail"` // also mail it; default: false
	ResetPasswordURL string `lr:"query,resetpasswordurl"`
	EmailTemplate    string `lr:"query,emailtemplate"`
}

// ForgotToken makes a token for [AuthenticationService.ResetPassword].
//
// POST /identity/v2/manage/account/forgot/token with API key and secret. Sentinels:
// ErrUserNotFound.
func (s *AccountService) ForgotToken(ctx context.Context, in ForgotTokenRequest) (*ForgotToken, error) {
	return do[ForgotToken](ctx, s.c, opAccountForgotToken, in)
}

// VerificationToken makes a token for [AuthenticationService.VerifyEmail].
//
// POST /identity/v2/manage/account/verify/token with API key and secret. Sentinels:
// ErrUserNotFound, ErrAlreadyVerified.
func (s *AccountService) VerificationToken(ctx context.Context, email string) (*VerificationToken, error) {
	return do[VerificationToken](ctx, s.c, opAccountVerificationToken, struct {
		Email string `lr:"body,email,required"`
	}{email})
}

// ForgotToken authorises one password reset without a mail.
type ForgotToken struct {
	Token             string   `json:"ForgotToken" lr:",,secret"`
	IdentityProviders []string // social providers linked to the account
}

// VerificationToken authorises one e-mail verification without a mail.
type VerificationToken struct {
	Token     string `json:"VerificationToken" lr:",,secret"`
	ExpiresAt Time   `json:"expires_in"`
}

// PasswordHash is a stored password hash, in the form that LoginRadius uses.
type PasswordHash struct {
	Hash string `json:"PasswordHash" lr:",,secret"`
}
