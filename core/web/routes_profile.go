package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) profileRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteMe, Method: "GET", Path: "/me", NeedsLogin: true, Summary: "The logged-in user",
			answers: answers(http.StatusOK, User{}), local: true,
		}, a.me),
		route(a, Route{
			Name: RouteUpdateMe, Method: "PATCH", Path: "/me", NeedsLogin: true, Summary: "Change the profile",
			extra: a.cfg.profileFields, answers: answers(http.StatusOK, User{}),
		}, a.updateMe),
	}
}

func (a *App) me(_ context.Context, r *Request, _ nothing) (*Response, error) {
	return JSON(http.StatusOK, UserOf(r.Session.Profile())), nil
}

type profileChange struct {
	CustomFields map[string]string `json:"custom_fields" in:"blank"`
	Fields       map[string]string `extra:"blank"`
}

func (a *App) updateMe(ctx context.Context, r *Request, in profileChange) (*Response, error) {
	changes := map[string]any{}
	for name, value := range in.Fields {
		changes[writableFields[name]] = value
	}
	if len(in.CustomFields) > 0 {
		changes["CustomFields"] = in.CustomFields
	}
	if len(changes) == 0 {
		names := slices.Clone(a.cfg.profileFields)
		if len(a.cfg.customFields) > 0 {
			names = append(names, "custom_fields")
		}
		nothing := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
		nothing.Detail = "Send at least one field of " + strings.Join(names, ", ") + "."
		return nil, nothing
	}
	p, err := a.client.Authentication.UpdateProfile(ctx, core.UpdateProfileRequest{AccessToken: r.token, Extra: changes})
	if err != nil {
		return nil, err
	}
	return JSON(http.StatusOK, UserOf(p)), nil
}
