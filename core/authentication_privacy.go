package core

import "context"

// AcceptPrivacyPolicyRequest is the input of
// [AuthenticationService.AcceptPrivacyPolicy].
type AcceptPrivacyPolicyRequest struct {
	AccessToken string   `lr:"bearer,,required,secret"` // of a session, or of a [PrivacyStep]
	Fields      []string `lr:"query,fields"`
}

// AcceptPrivacyPolicy accepts the site's current privacy policy for a user.
//
// GET /identity/v2/auth/privacypolicy/accept with API key and access token. This GET
// records the acceptance. Sentinels: ErrAlreadyUsed (accepted before), ErrNotFound (there
// is no policy), ErrInvalidToken.
func (s *AuthenticationService) AcceptPrivacyPolicy(ctx context.Context, in AcceptPrivacyPolicyRequest) (*Profile, error) {
	p, err := do[Profile](ctx, s.c, opAuthenticationAcceptPrivacyPolicy, in)
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}

// PrivacyPolicyHistory lists the privacy policies that a logged-in user accepted.
//
// GET /identity/v2/auth/privacypolicy/history with API key and access token; a read.
// Sentinels: ErrInvalidToken.
func (s *AuthenticationService) PrivacyPolicyHistory(ctx context.Context, accessToken string) (*PrivacyPolicyHistory, error) {
	return do[PrivacyPolicyHistory](ctx, s.c, opAuthenticationPrivacyPolicyHistory, bearerOnly{accessToken})
}
