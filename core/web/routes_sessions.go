package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

func (a *App) sessionListRoutes() []Route {
	return []Route{
		route(a, Route{
			Name: RouteSessions, Method: "GET", Path: "/sessions", NeedsLogin: true, Summary: "The user's active sessions",
			answers: answers(http.StatusOK, sessionsAnswer{}),
		}, a.sessions),
		route(a, Route{
			Name: RouteEndSession, Method: "DELETE", Path: "/sessions/{id}", NeedsLogin: true, Summary: "End one of the user's sessions",
			answers: answers(http.StatusNoContent),
		}, a.endOneSession),
		route(a, Route{
			Name: RouteEndOtherSessions, Method: "DELETE", Path: "/sessions", NeedsLogin: true, Summary: "End all other sessions of the user",
			answers: answers(http.StatusNoContent),
		}, a.endOtherSessions),
	}
}

// sessionsAnswer is the answer of GET /sessions. It holds no tokens: each is as good as
// the password.
type sessionsAnswer struct {
	Sessions []sessionAnswer `json:"sessions"`
}

type sessionAnswer struct {
	ID         string `json:"id"`
	Current    bool   `json:"current"`
	Browser    string `json:"browser,omitempty"`
	OS         string `json:"os,omitempty"`
	Device     string `json:"device,omitempty"`
	DeviceType string `json:"device_type,omitempty"`
	City       string `json:"city,omitempty"`
	Country    string `json:"country,omitempty"`
	IP         string `json:"ip,omitempty"`
	LoginAt    string `json:"login_at,omitempty"`
}

func (a *App) sessions(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	list, err := a.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	out := []sessionAnswer{}
	for _, s := range list.Sessions {
		out = append(out, sessionAnswer{
			ID: a.sessionID(s.AccessToken), Current: s.AccessToken == r.token, Browser: s.Browser, OS: s.OS, Device: s.Device, DeviceType: s.DeviceType,
			City: s.City, Country: s.Country, IP: s.IP, LoginAt: timestamp(s.LoginDate.Time),
		})
	}
	return JSON(http.StatusOK, sessionsAnswer{out}), nil
}

// sessionID names a session without revealing its token: a keyed hash, so that an ID
// cannot be used to test guesses of a token.
func (a *App) sessionID(token string) string {
	h := hmac.New(sha256.New, a.sessionIDKey)
	h.Write([]byte(token))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

type namedSession struct {
	ID string `path:"id" in:"max=64"`
}

// endOneSession ends the session of an ID that GET /sessions listed. Only the user's own
// sessions are looked at.
func (a *App) endOneSession(ctx context.Context, r *Request, in namedSession) (*Response, error) {
	list, err := a.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	for _, s := range list.Sessions {
		if !hmac.Equal([]byte(a.sessionID(s.AccessToken)), []byte(in.ID)) {
			continue
		}
		if err := a.invalidate(ctx, s.AccessToken); err != nil {
			return nil, err
		}
		res := Empty(http.StatusNoContent)
		if s.AccessToken == r.token {
			res.Cookies = a.cfg.cookies.clear(r.View)
		}
		return res, nil
	}
	return nil, problem(http.StatusNotFound, CodeNotFound)
}

// endOtherSessions ends as many sessions as it can and fails if one of them may live on.
func (a *App) endOtherSessions(ctx context.Context, r *Request, _ nothing) (*Response, error) {
	list, err := a.client.Social.Sessions(ctx, r.token)
	if err != nil {
		return nil, err
	}
	var failed error
	for _, s := range list.Sessions {
		if s.AccessToken != r.token {
			failed = errors.Join(failed, a.invalidate(ctx, s.AccessToken))
		}
	}
	if failed != nil {
		return nil, failed
	}
	return Empty(http.StatusNoContent), nil
}

// invalidate ends a token and its refresh token. A token that is dead already is no
// error.
func (a *App) invalidate(ctx context.Context, token string) error {
	err := a.client.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: token, PreventRefresh: true})
	if isDead(err) {
		return nil
	}
	return err
}
