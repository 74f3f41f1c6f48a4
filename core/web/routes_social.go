package web

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core"
)

// social is what the four social routes share: read, log in, answer.
func (a *App) social(ctx context.Context, r *Request, login func(form) (*core.Tokens, error)) (*Response, error) {
	f, err := a.read(ctx, r)
	if err != nil {
		return nil, err
	}
	t, err := login(f)
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, r, *t)
}

func (a *App) exchangeSocial(ctx context.Context, r *Request) (*Response, error) {
	return a.social(ctx, r, func(f form) (*core.Tokens, error) {
		return a.client.Social.ExchangeToken(ctx, f.texts["token"])
	})
}

func (a *App) facebook(ctx context.Context, r *Request) (*Response, error) {
	return a.social(ctx, r, func(f form) (*core.Tokens, error) {
		return a.client.NativeSocial.Facebook(ctx, core.FacebookLoginRequest{AccessToken: f.texts["access_token"]})
	})
}

func (a *App) google(ctx context.Context, r *Request) (*Response, error) {
	return a.social(ctx, r, func(f form) (*core.Tokens, error) {
		return a.client.NativeSocial.Google(ctx, core.GoogleLoginRequest{AccessToken: f.texts["access_token"]})
	})
}

func (a *App) twitter(ctx context.Context, r *Request) (*Response, error) {
	return a.social(ctx, r, func(f form) (*core.Tokens, error) {
		return a.client.NativeSocial.Twitter(ctx, core.TwitterLoginRequest{AccessToken: f.texts["access_token"], TokenSecret: f.texts["token_secret"]})
	})
}
