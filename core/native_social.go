package core

import (
	"context"
	"fmt"
)

// NativeSocialService holds logins with a provider's own token. The provider's
// token is in the URL, because LoginRadius documents no other form.
type NativeSocialService struct{ c *Client }

// FacebookLoginRequest is the input of [NativeSocialService.Facebook].
type FacebookLoginRequest struct {
	AccessToken   string `lr:"query,fb_access_token,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Format implements fmt.Formatter, without the secrets.
func (r FacebookLoginRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r FacebookLoginRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// Facebook logs in with the access token that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/facebook with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Facebook(ctx context.Context, in FacebookLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opFacebook, in)
}

var opFacebook = operation{name: "NativeSocial.Facebook", method: "GET", path: "/api/v2/access_token/facebook", creds: nativeKey}

// GoogleLoginRequest is the input of [NativeSocialService.Google].
type GoogleLoginRequest struct {
	AccessToken   string `lr:"query,google_access_token,required,secret"`
	RefreshToken  string `lr:"query,refresh_token,secret"`
	ClientID      string `lr:"query,client_id"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Format implements fmt.Formatter, without the secrets.
func (r GoogleLoginRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r GoogleLoginRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// Google logs in with the access token that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/google with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Google(ctx context.Context, in GoogleLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opGoogle, in)
}

var opGoogle = operation{name: "NativeSocial.Google", method: "GET", path: "/api/v2/access_token/google", creds: nativeKey}

// TwitterLoginRequest is the input of [NativeSocialService.Twitter].
type TwitterLoginRequest struct {
	AccessToken   string `lr:"query,tw_access_token,required,secret"`
	TokenSecret   string `lr:"query,tw_token_secret,required,secret"`
	SocialAppName string `lr:"query,socialappname"` // which of several configured apps; default: the only one
}

// Format implements fmt.Formatter, without the secrets.
func (r TwitterLoginRequest) Format(f fmt.State, _ rune) { formatRedacted(f, r) }

// MarshalJSON leaves the secrets out.
func (r TwitterLoginRequest) MarshalJSON() ([]byte, error) { return marshalRedacted(r) }

// Twitter logs in with the token and token secret that a mobile or desktop app
// got from the provider's own SDK. The first login creates the account.
//
// GET /api/v2/access_token/twitter with the key. This GET creates a session. Sentinels:
// ErrProviderFailed, ErrEmailTaken, ErrNotAllowed.
func (s *NativeSocialService) Twitter(ctx context.Context, in TwitterLoginRequest) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opTwitter, in)
}

var opTwitter = operation{name: "NativeSocial.Twitter", method: "GET", path: "/api/v2/access_token/twitter", creds: nativeKey}
