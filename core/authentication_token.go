package core

import "context"

// ValidateToken asks LoginRadius whether an access token is valid and until when.
// It does not tell which account the token belongs to. A web server asks [Client.Session] instead, which
// caches.
//
// GET /identity/v2/auth/access_token/validate with API key and access token; a read.
// Sentinels: ErrInvalidToken.
func (s *AuthenticationService) ValidateToken(ctx context.Context, accessToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opAuthenticationValidateToken, bearerOnly{accessToken})
}

// bearerOnly is the input of operations that take an access token and nothing else.
type bearerOnly struct {
	AccessToken string `lr:"bearer,,required,secret"`
}

// TokenInfo tells by which provider the session of an access token began.
//
// GET /identity/v2/auth/access_token with API key and access token; a read.
// Sentinels: ErrInvalidToken.
func (s *AuthenticationService) TokenInfo(ctx context.Context, accessToken string) (*TokenInfo, error) {
	return do[TokenInfo](ctx, s.c, opAuthenticationTokenInfo, bearerOnly{accessToken})
}

// InvalidateTokenRequest is the input of [AuthenticationService.InvalidateToken].
type InvalidateTokenRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	// PreventRefresh also ends the refresh token that belongs to the session.
	// Without it a logout leaves a way back in. Default: false, as LoginRadius has it.
	PreventRefresh bool `lr:"query,preventrefresh"`
}

// InvalidateToken ends a session. The cached session is forgotten first, whatever
// LoginRadius answers.
//
// GET /identity/v2/auth/access_token/invalidate with API key and access token. This
// GET has a side effect. Sentinels: ErrInvalidToken, if it had ended already.
func (s *AuthenticationService) InvalidateToken(ctx context.Context, in InvalidateTokenRequest) error {
	s.c.Forget(in.AccessToken)
	defer s.c.Forget(in.AccessToken)
	_, err := do[ackResponse](ctx, s.c, opAuthenticationInvalidateToken, in)
	return err
}

// TokenInfo tells how a session began.
type TokenInfo struct {
	Provider    string // e.g. "email" or "facebook"
	AccessToken string `json:"access_token" lr:",,secret"`
	RememberMe  bool   `json:"isrememberme"`
}

// SlideToken extends the life of an access token, on sites with sliding tokens. The
// cached session is forgotten, because its expiry has changed.
//
// GET /identity/v2/auth/access_token/sliding_token with API key and access token. This
// GET extends the token. Sentinels: ErrInvalidToken, ErrAPICredentials (the site has no
// sliding tokens).
func (s *AuthenticationService) SlideToken(ctx context.Context, accessToken string) (*Tokens, error) {
	defer s.c.Forget(accessToken)
	return do[Tokens](ctx, s.c, opAuthenticationSlideToken, bearerOnly{accessToken})
}
