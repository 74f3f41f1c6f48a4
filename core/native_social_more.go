package core

import "context"

// NativeCodeRequest is the input of [NativeSocialService.Apple] and
// [NativeSocialService.WeChat].
type NativeCodeRequest struct {
	Code          string `lr:"query,code,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Apple logs in with the authorization code that an app got from Apple.
//
// GET /api/v2/access_token/apple with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Apple(ctx context.Context, in NativeCodeRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialApple, in)
}

// WeChat logs in with the code that an app got from WeChat.
//
// GET /api/v2/access_token/wechat with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) WeChat(ctx context.Context, in NativeCodeRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialWeChat, in)
}

// LinkedInLoginRequest is the input of [NativeSocialService.LinkedIn].
type LinkedInLoginRequest struct {
	AccessToken   string `lr:"query,ln_access_token,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// LinkedIn logs in with the access token that an app got from LinkedIn.
//
// GET /api/v2/access_token/linkedin with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) LinkedIn(ctx context.Context, in LinkedInLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialLinkedIn, in)
}

// Foursquare logs in with the access token that an app got from Foursquare.
//
// GET /api/v2/access_token/foursquare with the key. This GET creates a session.
// Sentinels: ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Foursquare(ctx context.Context, accessToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialFoursquare, struct {
		AccessToken string `lr:"query,fs_access_token,required,secret"`
	}{accessToken})
}

// VKontakte logs in with the access token that an app got from VKontakte.
//
// GET /api/v2/access_token/vkontakte with the key. This GET creates a session.
// Sentinels: ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) VKontakte(ctx context.Context, accessToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialVKontakte, struct {
		AccessToken string `lr:"query,vk_access_token,required,secret"`
	}{accessToken})
}

// GoogleCodeLoginRequest is the input of [NativeSocialService.GoogleCode].
type GoogleCodeLoginRequest struct {
	Code          string `lr:"query,google_authcode,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// GoogleCode logs in with the authorization code that an app got from Google.
//
// GET /api/v2/access_token/google with API key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) GoogleCode(ctx context.Context, in GoogleCodeLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialGoogleCode, in)
}

// idTokenOnly is the input of logins with an ID token and nothing else.
type idTokenOnly struct {
	IDToken string `lr:"query,id_token,required,secret"`
}

// GoogleIDToken logs in with the ID token that an app got from Google. It is a provider
// of its own, "googlejwt": its identities are not those of Google.
//
// GET /api/v2/access_token/googlejwt with the key. This GET creates a session.
// Sentinels: ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) GoogleIDToken(ctx context.Context, idToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialGoogleIDToken, idTokenOnly{idToken})
}

// AppleIDToken logs in with the ID token that an app got from Apple.
//
// GET /api/v2/access_token/applejwt with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) AppleIDToken(ctx context.Context, idToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialAppleIDToken, idTokenOnly{idToken})
}

// AppleRefreshToken logs in with the refresh token that an app got from Apple.
//
// GET /api/v2/access_token/applert with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) AppleRefreshToken(ctx context.Context, refreshToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialAppleRefreshToken, refreshTokenOnly{refreshToken})
}

// FacebookIDToken logs in with the ID token that an app got from Facebook's limited login.
//
// GET /api/v2/access_token/facebookjwt with the key. This GET creates a session.
// Sentinels: ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) FacebookIDToken(ctx context.Context, idToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialFacebookIDToken, idTokenOnly{idToken})
}

// CustomJWTLoginRequest is the input of [NativeSocialService.CustomJWT].
type CustomJWTLoginRequest struct {
	IDToken      string `lr:"query,id_token,required,secret"`
	ProviderName string `lr:"query,providername,required"` // as configured on the site, in lower case
}

// CustomJWT logs in with a JWT of an identity provider that the site has configured.
//
// GET /api/v2/access_token/jwt with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) CustomJWT(ctx context.Context, in CustomJWTLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opNativeSocialCustomJWT, in)
}
