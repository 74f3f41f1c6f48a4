package core

import "context"

// ProfileRequest is the input of [AuthenticationService.Profile] and of
// [AuthenticationService.SocialIdentity].
type ProfileRequest struct {
	AccessToken string   `lr:"bearer,,required,secret"`
	Fields      []string `lr:"query,fields"` // default: all

	// What is mailed if the answer makes LoginRadius mail something.
	EmailTemplate        string `lr:"query,emailtemplate"`
	VerificationURL      string `lr:"query,verificationurl"`
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// Profile returns the account that an access token belongs to.
//
// GET /identity/v2/auth/account with API key and access token; a read. Sentinels:
// ErrInvalidToken, ErrUserNotFound, ErrAccountBlocked.
func (s *AuthenticationService) Profile(ctx context.Context, in ProfileRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAuthenticationProfile, in)
}

// SocialIdentity returns the social identity that an access token belongs to.
//
// GET /identity/v2/auth/socialidentity with API key and access token; a read.
// Sentinels: ErrInvalidToken.
func (s *AuthenticationService) SocialIdentity(ctx context.Context, in ProfileRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAuthenticationSocialIdentity, in)
}

// UpdateProfileRequest is the input of [AuthenticationService.UpdateProfile].
type UpdateProfileRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	// Profile holds the fields to change: those that are set. Extra adds keys as
	// they are, which is how to send null or false.
	Profile Profile        `lr:"body,*,oneof=change"`
	Extra   map[string]any `lr:"body,*,oneof=change,secret"`

	NullSupport     bool     `lr:"query,nullsupport"` // let null erase a value
	VerificationURL string   `lr:"query,verificationurl"`
	EmailTemplate   string   `lr:"query,emailtemplate"`
	SMSTemplate     string   `lr:"query,smstemplate"`
	Options         string   `lr:"query,options"`
	IsVoiceOTP      bool     `lr:"query,isvoiceotp"`
	Fields          []string `lr:"query,fields"`
}

// UpdateProfile changes the account of a logged-in user and returns it as it is
// now. Check what a user may change before: LoginRadius takes CustomFields from
// anyone who is logged in.
//
// PUT /identity/v2/auth/account with API key and access token. Sentinels:
// ErrInvalidToken, ErrValidation, ErrUsernameTaken, ErrNotAllowed, ErrAccountBlocked.
func (s *AuthenticationService) UpdateProfile(ctx context.Context, in UpdateProfileRequest) (*Profile, error) {
	p, err := profile(do[profileAnswer](ctx, s.c, opAuthenticationUpdateProfile, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// SendWelcomeEmailRequest is the input of [AuthenticationService.SendWelcomeEmail].
type SendWelcomeEmailRequest struct {
	AccessToken          string `lr:"bearer,,required,secret"`
	WelcomeEmailTemplate string `lr:"query,welcomeemailtemplate"`
}

// SendWelcomeEmail mails the welcome message.
//
// GET /identity/v2/auth/account/sendwelcomeemail with API key and access token. This
// GET sends a mail. Sentinels: ErrInvalidToken, ErrEmailNotVerified, ErrRateLimited.
func (s *AuthenticationService) SendWelcomeEmail(ctx context.Context, in SendWelcomeEmailRequest) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationSendWelcomeEmail, in)
	return err
}

// DeleteAccountRequest is the input of [AuthenticationService.DeleteAccount].
type DeleteAccountRequest struct {
	AccessToken   string `lr:"bearer,,required,secret"`
	DeleteURL     string `lr:"query,deleteurl"` // where the mailed link leads
	EmailTemplate string `lr:"query,emailtemplate"`
}

// DeleteAccount mails the user a link that deletes the account. Until it is
// confirmed nothing changes; from now on the user's sessions are asked upstream on
// every request for a while (see [Client.RecheckUser]), because the confirmation
// does not name the account that it deletes.
//
// DELETE /identity/v2/auth/account with API key and access token. Sentinels:
// ErrInvalidToken, ErrRateLimited (mails).
func (s *AuthenticationService) DeleteAccount(ctx context.Context, in DeleteAccountRequest) error {
	_, err := do[struct{ IsDeleteRequestAccepted bool }](ctx, s.c, opAuthenticationDeleteAccount, in)
	s.c.sessions.recheckUserOf(ctx, in.AccessToken, err)
	return err
}

// ConfirmDeleteAccount deletes the account that a mailed token was made for. The
// token is the whole authority: show a button first, because mail scanners follow
// links.
//
// GET /identity/v2/auth/account/delete with API key. This GET deletes. Sentinels:
// ErrInvalidLink.
func (s *AuthenticationService) ConfirmDeleteAccount(ctx context.Context, deleteToken string) error {
	_, err := do[ackResponse](ctx, s.c, opAuthenticationConfirmDeleteAccount, struct {
		DeleteToken string `lr:"query,deletetoken,required,secret"`
	}{deleteToken})
	return err
}
