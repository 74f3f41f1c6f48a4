package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// maxWebhook bounds the body of a webhook. It holds a profile, which can be larger than
// what users send.
const maxWebhook = 1 << 20

// Webhooks adds POST /webhooks/loginradius, which LoginRadius calls when an account
// changes: the route drops the account's cached sessions, so that a blocked or deleted
// account is refused at once and changed roles count at once, without waiting for the
// TTL. Subscribe to the events with client.Webhook, or on LoginRadius' dashboard.
//
// secrets are those that LoginRadius may sign with, e.g. the old and the new one during a
// rotation. Default: the client's API secret. The route answers 204, also to an event
// that it does not need; 401 to a wrong signature, 400 to a signed body that is no event,
// 413 to a body over 1 MiB. Repeated, late and disordered events are harmless.
//
// With webhooks a site may raise core.SessionConfig.TTL: it is then the time after which a
// change is noticed if its webhook was lost. LoginRadius sends none for a logout elsewhere
// or for a token that was revoked, which are noticed after the TTL as before.
//
// The route is usually mounted apart from the others, where LoginRadius can reach it:
//
//	ginlr.Mount(r, client, web.Only(web.RouteWebhook), web.Webhooks(secret))
func Webhooks(secrets ...string) RouteOption {
	secrets = slices.Clone(secrets)
	return routeOption(func(c *routeConfig) {
		if slices.Contains(secrets, "") {
			c.fail(optionError("Webhooks: a secret is empty"))
		}
		c.webhooks, c.webhookSecrets = true, secrets
	})
}

func (a *App) webhookRoutes() []Route {
	if !a.cfg.webhooks {
		return nil
	}
	return []Route{{
		Name: RouteWebhook, Method: "POST", Path: "/webhooks/loginradius", Summary: "Receive an event from LoginRadius",
		answers: answers(http.StatusNoContent), local: true, signed: true, app: a, handle: a.webhook,
	}}
}

func (a *App) webhook(ctx context.Context, r *Request) (*Response, error) {
	if err := a.limit(ctx, RouteWebhook, r, ""); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body(), maxWebhook+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), len(body) > maxWebhook:
		return nil, problem(http.StatusRequestEntityTooLarge, CodeBodyTooLarge)
	case err != nil:
		return nil, problem(http.StatusBadRequest, CodeInvalidBody)
	}
	signature, count := r.Header("Signature")
	if count > 1 {
		return nil, problem(http.StatusUnauthorized, CodeInvalidSignature)
	}
	event, err := a.client.ReadWebhook(signature, body, a.cfg.webhookSecrets...)
	switch {
	case errors.Is(err, core.ErrInvalidSignature):
		return nil, problem(http.StatusUnauthorized, CodeInvalidSignature)
	case err != nil:
		return nil, problem(http.StatusBadRequest, CodeInvalidBody)
	}
	a.client.ApplyWebhook(event)
	if hook := a.cfg.hooks.OnWebhook; hook != nil {
		hook(ctx, event)
	}
	return Empty(http.StatusNoContent), nil
}
