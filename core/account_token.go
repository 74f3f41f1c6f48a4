package core

import "context"

// refreshTokenOnly is the input of operations that take a refresh token.
type refreshTokenOnly struct {
	RefreshToken string `lr:"query,refresh_token,required,secret"`
}

// RefreshToken trades a refresh token for new tokens. Refresh tokens are used up,
// and the old access token dies: its session is forgotten if this client issued both;
// otherwise forget it with [Client.Forget].
//
// GET /identity/v2/manage/account/access_token/refresh with API key and secret. This
// GET has a side effect and is never sent twice. Sentinels: ErrInvalidRefreshToken.
func (s *AccountService) RefreshToken(ctx context.Context, refreshToken string) (*Tokens, error) {
	t, err := do[Tokens](ctx, s.c, opAccountRefreshToken, refreshTokenOnly{refreshToken})
	if mayBeDone(err) {
		s.c.sessions.ForgetIssuedWith(refreshToken)
	}
	return t, err
}

// RevokeRefreshToken ends a refresh token; access tokens are untouched.
//
// GET /identity/v2/manage/account/access_token/refresh/revoke with API key and
// secret. This GET has a side effect. Sentinels: ErrInvalidRefreshToken.
func (s *AccountService) RevokeRefreshToken(ctx context.Context, refreshToken string) error {
	_, err := do[ackResponse](ctx, s.c, opAccountRevokeRefreshToken, refreshTokenOnly{refreshToken})
	return err
}

// RevokeAllRefreshTokens ends every refresh token of an account; access tokens are
// untouched.
//
// DELETE /identity/v2/manage/account/{uid}/access_token/refresh/revoke with API key
// and secret. Sentinels: ErrUserNotFound.
func (s *AccountService) RevokeAllRefreshTokens(ctx context.Context, uid string) error {
	_, err := do[ackResponse](ctx, s.c, opAccountRevokeAllRefreshTokens, uidOnly{uid})
	return err
}
