package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) identifierRoutes() []Route {
	done := answers(http.StatusNoContent)
	return []Route{
		route(a, Route{
			Name: RouteAddEmail, Method: "POST", Path: "/me/emails", NeedsLogin: true, Summary: "Add an address; a mail verifies it",
			answers: answers(http.StatusAccepted, pending{}),
		}, a.addEmail),
		route(a, Route{Name: RouteRemoveEmail, Method: "DELETE", Path: "/me/emails", NeedsLogin: true, Summary: "Remove an address", answers: done}, a.removeEmail),
		route(a, Route{Name: RouteSetUsername, Method: "PUT", Path: "/me/username", NeedsLogin: true, Summary: "Set or change the username", answers: done}, a.setUsername),
		route(a, Route{
			Name: RouteIdentities, Method: "GET", Path: "/me/identities", NeedsLogin: true, Summary: "The social identities of the account",
			answers: answers(http.StatusOK, identitiesAnswer{}),
		}, a.identities),
		route(a, Route{Name: RouteLinkIdentity, Method: "POST", Path: "/me/identities", NeedsLogin: true, Summary: "Link the social identity of another login", answers: done}, a.linkIdentity),
		route(a, Route{Name: RouteUnlinkIdentity, Method: "DELETE", Path: "/me/identities", NeedsLogin: true, Summary: "Unlink a social identity", answers: done}, a.unlinkIdentity),
	}
}

type newEmail struct {
	Email string `json:"email" in:"required,email"`
	Type  string `json:"type" in:"max=64"` // default: Secondary
}

// addEmail does not reveal that an address belongs to another account: its owner gets no
// mail, and the answer is the same, unless [TellTaken] is on.
func (a *App) addEmail(ctx context.Context, r *Request, in newEmail) (*Response, error) {
	if err := a.padDuration(ctx, func() error {
		err := a.client.Authentication.AddEmail(ctx, core.AddEmailRequest{
			AccessToken: r.token, Email: in.Email, Type: cmp.Or(in.Type, "Secondary"), VerificationURL: a.cfg.links.Verify,
		})
		if errors.Is(err, core.ErrEmailTaken) && !a.cfg.tellTaken {
			return nil
		}
		return err
	}); err != nil {
		return nil, err
	}
	return accepted()
}

func (a *App) removeEmail(ctx context.Context, r *Request, in emailAddress) (*Response, error) {
	err := a.client.Authentication.RemoveEmail(ctx, core.RemoveOwnEmailRequest{AccessToken: r.token, Email: in.Email})
	if errors.Is(err, core.ErrUserNotFound) || errors.Is(err, core.ErrNotEnrolled) { // not an address of the account
		return nil, problem(http.StatusNotFound, CodeNotFound)
	}
	return done(err)
}

type newUsername struct {
	Username string `json:"username" in:"required"`
}

func (a *App) setUsername(ctx context.Context, r *Request, in newUsername) (*Response, error) {
	return done(a.client.Authentication.SetUsername(ctx, core.SetUsernameRequest{AccessToken: r.token, Username: in.Username}))
}

type identitiesAnswer struct {
	Identities []identity `json:"identities"`
}

// An identity is an account at a provider.
type identity struct {
	Provider string `json:"provider" in:"required,max=64"`
	ID       string `json:"id" in:"required,max=256"`
}

// identities asks LoginRadius: a cached session holds only some fields of the profile.
func (a *App) identities(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	p, err := a.client.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: r.token})
	if err != nil {
		return nil, err
	}
	out := identitiesAnswer{[]identity{}}
	for _, i := range p.Identities {
		if i.Provider != "Email" { // the password is not an identity elsewhere
			out.Identities = append(out.Identities, identity{i.Provider, i.ID})
		}
	}
	return JSON(http.StatusOK, out), nil
}

type candidate struct {
	AccessToken string `json:"access_token" in:"required,secret"` // of a social login
}

func (a *App) linkIdentity(ctx context.Context, r *Request, in candidate) (*Response, error) {
	err := a.client.Authentication.LinkIdentity(ctx, core.LinkIdentityRequest{AccessToken: r.token, CandidateToken: in.AccessToken})
	a.client.Forget(in.AccessToken) // its account becomes part of this one
	return done(err)
}

func (a *App) unlinkIdentity(ctx context.Context, r *Request, in identity) (*Response, error) {
	return done(a.client.Authentication.UnlinkIdentity(ctx, core.UnlinkIdentityRequest{AccessToken: r.token, Provider: in.Provider, ProviderID: in.ID}))
}
