package core

import "context"

// AddEmailRequest is the input of [AuthenticationService.AddEmail].
type AddEmailRequest struct {
	AccessToken     string `lr:"bearer,,required,secret"`
	Email           string `lr:"body,email,required"`
	Type            string `lr:"body,type,required"` // e.g. "Secondary"
	VerificationURL string `lr:"query,verificationurl"`
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// AddEmail adds an address to the account of a logged-in user, and mails a verification
// to it. The address counts when it is verified.
//
// POST /identity/v2/auth/email with API key and access token. Sentinels: ErrEmailTaken,
// ErrNotAllowed, ErrValidation, ErrInvalidToken, ErrRateLimited (mails).
func (s *AuthenticationService) AddEmail(ctx context.Context, in AddEmailRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationAddEmail, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// RemoveOwnEmailRequest is the input of [AuthenticationService.RemoveEmail].
type RemoveOwnEmailRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Email       string `lr:"body,email,required"`
}

// RemoveEmail removes an address from the account of a logged-in user, who needs another
// one.
//
// DELETE /identity/v2/auth/email with API key and access token. Sentinels:
// ErrUserNotFound (not an address of the account), ErrNotAllowed (the last one),
// ErrInvalidToken.
func (s *AuthenticationService) RemoveEmail(ctx context.Context, in RemoveOwnEmailRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationRemoveEmail, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// SetUsernameRequest is the input of [AuthenticationService.SetUsername].
type SetUsernameRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Username    string `lr:"body,username,required"`
}

// SetUsername sets or changes the username of a logged-in user.
//
// PUT /identity/v2/auth/username with API key and access token. Sentinels:
// ErrUsernameTaken, ErrValidation, ErrInvalidToken.
func (s *AuthenticationService) SetUsername(ctx context.Context, in SetUsernameRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationSetUsername, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// SendDeleteCodeRequest is the input of [AuthenticationService.SendDeleteCode].
type SendDeleteCodeRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	SMSTemplate string `lr:"query,smstemplate"`
}

// SendDeleteCode sends the phone of a logged-in user the code for
// [AuthenticationService.DeleteAccountByOTP].
//
// GET /identity/v2/auth/account/otp with API key and access token. This GET sends a
// message. Sentinels: ErrNotEnrolled (no phone), ErrInvalidToken, ErrRateLimited
// (messages).
func (s *AuthenticationService) SendDeleteCode(ctx context.Context, in SendDeleteCodeRequest) (*SMSReceipt, error) {
	return receipt(do[smsAnswer](ctx, s.c, opAuthenticationSendDeleteCode, in))
}

// DeleteAccountByOTPRequest is the input of [AuthenticationService.DeleteAccountByOTP].
type DeleteAccountByOTPRequest struct {
	AccessToken    string            `lr:"bearer,,required,secret"`
	OTP            string            `lr:"body,OTP,required,secret"`
	SecurityAnswer map[string]string `lr:"body,securityanswer,secret"` // question ID to answer, when the account is locked by question
	Captcha        Captcha           `lr:"inline"`
}

// DeleteAccountByOTP deletes the account of a logged-in user with a code sent to the
// user's phone.
//
// POST /identity/v2/auth/account/delete with API key and access token. Sentinels:
// ErrInvalidOTP, ErrNotEnrolled (no phone), ErrInvalidToken, ErrAccountLocked.
func (s *AuthenticationService) DeleteAccountByOTP(ctx context.Context, in DeleteAccountByOTPRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationDeleteAccountByOTP, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}
