package web

import (
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// nativeRoutes are logins with what an app got from a provider's own SDK: an access token,
// an authorization code or an ID token.
func (a *App) nativeRoutes() []Route {
	declare := func(name RouteName, path, what string) Route {
		return Route{Name: name, Method: "POST", Path: "/social/" + path, Summary: "Log in with " + what, answers: answers(http.StatusOK, tokenAnswer{})}
	}
	return []Route{
		route(a, declare(RouteSocialApple, "apple", "an authorization code of Apple"), a.apple),
		route(a, declare(RouteSocialAppleIDToken, "apple/id-token", "an ID token of Apple"), a.appleIDToken),
		route(a, declare(RouteSocialGoogleIDToken, "google/id-token", "an ID token of Google"), a.googleIDToken),
		route(a, declare(RouteSocialGoogleCode, "google/code", "an authorization code of Google"), a.googleCode),
		route(a, declare(RouteSocialFacebookIDToken, "facebook/id-token", "an ID token of Facebook"), a.facebookIDToken),
		route(a, declare(RouteSocialLinkedIn, "linkedin", "a LinkedIn token"), a.linkedIn),
		route(a, declare(RouteSocialFoursquare, "foursquare", "a Foursquare token"), a.foursquare),
		route(a, declare(RouteSocialVKontakte, "vkontakte", "a VKontakte token"), a.vkontakte),
		route(a, declare(RouteSocialWeChat, "wechat", "an authorization code of WeChat"), a.weChat),
		route(a, declare(RouteSocialJWT, "jwt", "a JWT of an issuer that the site knows"), a.customJWT),
	}
}

type providerCode struct {
	Code string `json:"code" in:"required,secret"`
}

type providerIDToken struct {
	IDToken string `json:"id_token" in:"required,secret"`
}

func (a *App) apple(ctx context.Context, r *Request, in providerCode) (*Response, error) {
	t, err := a.client.NativeSocial.Apple(ctx, core.NativeCodeRequest{Code: in.Code})
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) appleIDToken(ctx context.Context, r *Request, in providerIDToken) (*Response, error) {
	t, err := a.client.NativeSocial.AppleIDToken(ctx, in.IDToken)
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) googleIDToken(ctx context.Context, r *Request, in providerIDToken) (*Response, error) {
	t, err := a.client.NativeSocial.GoogleIDToken(ctx, in.IDToken)
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) googleCode(ctx context.Context, r *Request, in providerCode) (*Response, error) {
	t, err := a.client.NativeSocial.GoogleCode(ctx, core.GoogleCodeLoginRequest{Code: in.Code})
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) facebookIDToken(ctx context.Context, r *Request, in providerIDToken) (*Response, error) {
	t, err := a.client.NativeSocial.FacebookIDToken(ctx, in.IDToken)
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) linkedIn(ctx context.Context, r *Request, in providerToken) (*Response, error) {
	t, err := a.client.NativeSocial.LinkedIn(ctx, core.LinkedInLoginRequest{AccessToken: in.AccessToken})
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) foursquare(ctx context.Context, r *Request, in providerToken) (*Response, error) {
	t, err := a.client.NativeSocial.Foursquare(ctx, in.AccessToken)
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) vkontakte(ctx context.Context, r *Request, in providerToken) (*Response, error) {
	t, err := a.client.NativeSocial.VKontakte(ctx, in.AccessToken)
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) weChat(ctx context.Context, r *Request, in providerCode) (*Response, error) {
	t, err := a.client.NativeSocial.WeChat(ctx, core.NativeCodeRequest{Code: in.Code})
	return a.loggedInBy(ctx, r, t, err)
}

type customJWT struct {
	Provider string `json:"provider" in:"required,max=60"`
	Token    string `json:"id_token" in:"required,secret"`
}

func (a *App) customJWT(ctx context.Context, r *Request, in customJWT) (*Response, error) {
	t, err := a.client.NativeSocial.CustomJWT(ctx, core.CustomJWTLoginRequest{IDToken: in.Token, ProviderName: in.Provider})
	return a.loggedInBy(ctx, r, t, err)
}
