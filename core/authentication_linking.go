package core

import "context"

// LinkIdentityRequest is the input of [AuthenticationService.LinkIdentity].
type LinkIdentityRequest struct {
	AccessToken    string `lr:"bearer,,required,secret"`
	CandidateToken string `lr:"body,candidatetoken,required,secret"` // access token of a social login
}

// LinkIdentity links the social identity of another session to the account of a
// logged-in user. The account of the other session is merged into it.
//
// POST /identity/v2/auth/socialidentity with API key and access token. Sentinels:
// ErrConflict (linked, or the same account), ErrEmailTaken, ErrEmailNotVerified,
// ErrInvalidToken, ErrFeatureDisabled.
func (s *AuthenticationService) LinkIdentity(ctx context.Context, in LinkIdentityRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationLinkIdentity, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	s.c.forgetOwner(ctx, in.CandidateToken, err)
	return err
}

// LinkIdentityByPingRequest is the input of [AuthenticationService.LinkIdentityByPing].
type LinkIdentityByPingRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	ClientGUID  string `lr:"body,clientguid,required,secret"`
}

// LinkIdentityByPing is [AuthenticationService.LinkIdentity] with the client GUID of a
// social login.
//
// POST /identity/v2/auth/socialidentity with API key and access token. Sentinels: those
// of [AuthenticationService.LinkIdentity].
func (s *AuthenticationService) LinkIdentityByPing(ctx context.Context, in LinkIdentityByPingRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationLinkIdentityByPing, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// UnlinkIdentityRequest is the input of [AuthenticationService.UnlinkIdentity].
type UnlinkIdentityRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	Provider    string `lr:"body,provider,required"`   // see [SocialProfile]
	ProviderID  string `lr:"body,providerid,required"` // the ID of the identity
}

// UnlinkIdentity removes a social identity from the account of a logged-in user.
//
// DELETE /identity/v2/auth/socialidentity with API key and access token. Sentinels:
// ErrNotFound, ErrNotAllowed (the identity of this session), ErrInvalidToken.
func (s *AuthenticationService) UnlinkIdentity(ctx context.Context, in UnlinkIdentityRequest) error {
	err := acknowledged(do[ackResponse](ctx, s.c, opAuthenticationUnlinkIdentity, in))
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return err
}

// ProfileByPingRequest is the input of [AuthenticationService.ProfileByPing].
type ProfileByPingRequest struct {
	ClientGUID           string   `lr:"query,clientguid,required,secret"`
	VerificationURL      string   `lr:"query,verificationurl"`
	EmailTemplate        string   `lr:"query,emailtemplate"`
	WelcomeEmailTemplate string   `lr:"query,welcomeemailtemplate"`
	Fields               []string `lr:"query,fields"`
}

// ProfileByPing asks whether the address of a social login was verified, and returns the
// account if it was.
//
// GET /identity/v2/auth/account/ping with API key. This GET may send a mail. Sentinels:
// ErrPending, ErrInvalidLink (the GUID).
func (s *AuthenticationService) ProfileByPing(ctx context.Context, in ProfileByPingRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opAuthenticationProfileByPing, in)
}

// SendLinkVerificationRequest is the input of
// [AuthenticationService.SendLinkVerification].
type SendLinkVerificationRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	ClientGUID  string `lr:"query,clientguid,required,secret"`
}

// A LinkVerification names a mail that verifies an address before identities are linked.
type LinkVerification struct {
	UUID string `lr:",,secret"`
}

// SendLinkVerification mails a verification to the address of a social login that is to
// be linked.
//
// GET /identity/v2/auth/email/sendverificationemail with API key and access token. This
// GET sends a mail. Sentinels: ErrInvalidToken, ErrInvalidLink (the GUID), ErrRateLimited
// (mails).
func (s *AuthenticationService) SendLinkVerification(ctx context.Context, in SendLinkVerificationRequest) (*LinkVerification, error) {
	return do[LinkVerification](ctx, s.c, opAuthenticationSendLinkVerification, in)
}
