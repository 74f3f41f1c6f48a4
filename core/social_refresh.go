package core

import "context"

// NativeRefreshRequest is the input of [SocialService.RefreshToken].
type NativeRefreshRequest struct {
	AccessToken string `lr:"query,access_token,required,secret"`
	// ExpiresIn is the life of the new token: minutes for accounts with a password,
	// seconds for social ones. Default: the site's.
	ExpiresIn int  `lr:"query,expiresin"`
	IsWeb     bool `lr:"query,isweb"`
}

// RefreshToken trades an access token for a new one, by the provider's refresh token. It
// is the older form of [AccountService.RefreshToken]. The old token is forgotten.
//
// GET /api/v2/access_token/refresh with the secret. This GET ends the old token.
// Sentinels: ErrInvalidToken, ErrProviderFailed.
func (s *SocialService) RefreshToken(ctx context.Context, in NativeRefreshRequest) (*Tokens, error) {
	s.c.Forget(in.AccessToken)
	defer s.c.Forget(in.AccessToken)
	return do[Tokens](ctx, s.c, opSocialRefreshToken, in)
}

// RefreshProfile fetches the profile again from the provider that a session began with,
// and returns it.
//
// GET /api/v2/userprofile/refresh with the access token alone. This GET changes the
// stored profile. Sentinels: ErrInvalidToken, ErrProviderFailed.
func (s *SocialService) RefreshProfile(ctx context.Context, in SocialProfileRequest) (*Profile, error) {
	p, err := do[Profile](ctx, s.c, opSocialRefreshProfile, in)
	s.c.forgetOwner(ctx, in.AccessToken, err)
	return p, err
}
