package core

import "context"

// NativeSocialService holds logins with a provider's own token. The provider's
// token is in the URL, because LoginRadius documents no other form.
type NativeSocialService struct{ c *Client }

// FacebookLoginRequest is the input of [NativeSocialService.Facebook].
type FacebookLoginRequest struct {
	AccessToken   string `lr:"query,fb_access_token,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Facebook logs in with the access token that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/facebook with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Facebook(ctx context.Context, in FacebookLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialFacebook, in)
}

// GoogleLoginRequest is the input of [NativeSocialService.Google].
type GoogleLoginRequest struct {
	AccessToken   string `lr:"query,google_access_token,required,secret"`
	RefreshToken  string `lr:"query,refresh_token,secret"`
	ClientID      string `lr:"query,client_id"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Google logs in with the access token that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/google with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Google(ctx context.Context, in GoogleLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialGoogle, in)
}

// TwitterLoginRequest is the input of [NativeSocialService.Twitter].
type TwitterLoginRequest struct {
	AccessToken   string `lr:"query,tw_access_token,required,secret"`
	TokenSecret   string `lr:"query,tw_token_secret,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Twitter logs in with the token and token secret that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/twitter with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Twitter(ctx context.Context, in TwitterLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialTwitter, in)
}
