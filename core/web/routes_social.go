package web

import (
	"context"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) socialRoutes() []Route {
	ok := answers(http.StatusOK, tokenAnswer{})
	return []Route{
		route(a, Route{
			Name: RouteSocialExchange, Method: "POST", Path: "/social/exchange", Summary: "Exchange the request token of a social login for tokens", answers: ok,
		}, a.exchangeSocial),
		route(a, Route{
			Name: RouteSocialFacebook, Method: "POST", Path: "/social/facebook", Summary: "Log in with a Facebook token", answers: ok,
		}, a.facebook),
		route(a, Route{
			Name: RouteSocialGoogle, Method: "POST", Path: "/social/google", Summary: "Log in with a Google token", answers: ok,
		}, a.google),
		route(a, Route{
			Name: RouteSocialTwitter, Method: "POST", Path: "/social/twitter", Summary: "Log in with a Twitter token", answers: ok,
		}, a.twitter),
	}
}

func (a *App) exchangeSocial(ctx context.Context, r *Request, in mailedToken) (*Response, error) {
	t, err := a.client.Social.ExchangeToken(ctx, in.Token)
	return a.loggedInBy(ctx, r, t, err)
}

type providerToken struct {
	AccessToken string `json:"access_token" in:"required"`
}

func (a *App) facebook(ctx context.Context, r *Request, in providerToken) (*Response, error) {
	t, err := a.client.NativeSocial.Facebook(ctx, core.FacebookLoginRequest{AccessToken: in.AccessToken})
	return a.loggedInBy(ctx, r, t, err)
}

func (a *App) google(ctx context.Context, r *Request, in providerToken) (*Response, error) {
	t, err := a.client.NativeSocial.Google(ctx, core.GoogleLoginRequest{AccessToken: in.AccessToken})
	return a.loggedInBy(ctx, r, t, err)
}

type twitterToken struct {
	AccessToken string `json:"access_token" in:"required"`
	TokenSecret string `json:"token_secret" in:"required,secret"`
}

func (a *App) twitter(ctx context.Context, r *Request, in twitterToken) (*Response, error) {
	t, err := a.client.NativeSocial.Twitter(ctx, core.TwitterLoginRequest{AccessToken: in.AccessToken, TokenSecret: in.TokenSecret})
	return a.loggedInBy(ctx, r, t, err)
}
