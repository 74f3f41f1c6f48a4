package web

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Hooks are functions of the application that run after an event, with the request and
// its account. Each may be nil. A hook runs before the answer is sent and cannot change
// it: start a goroutine, with a context of its own, for anything slow. Hooks run
// concurrently.
type Hooks struct {
	// OnRegister gets the address of a new account, or its phone number if it has no
	// address. r.Session is nil where the site wants the address verified before the
	// first login.
	OnRegister func(ctx context.Context, r *Request, email string)

	// OnLogin runs for every new session that a route or page answers with, including
	// POST /token/refresh. It does not run for [AutoRefresh].
	OnLogin func(ctx context.Context, r *Request, s *core.Session)

	// OnLogout runs for a request with a token. r.Session is the session that it ended,
	// or nil if the token was not valid any more.
	OnLogout func(ctx context.Context, r *Request)

	// OnDelete runs when a deletion is confirmed. LoginRadius does not say which account
	// was deleted: r.Session is set if the request came with a session that the deletion
	// ended, else nil. To know for certain, remember who asked for the deletion
	// (delete_account), or subscribe to LoginRadius' webhook.
	OnDelete func(ctx context.Context, r *Request)

	// OnWebhook runs for every signed event of [Webhooks], also for a repeated one, after
	// the event's sessions were dropped. LoginRadius waits for it: return soon.
	OnWebhook func(ctx context.Context, event *core.WebhookEvent)
}

// WithHooks sets the hooks. Default: none.
func WithHooks(h Hooks) RouteOption { return routeOption(func(c *routeConfig) { c.hooks = h }) }
