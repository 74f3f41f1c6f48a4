package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// An Attempt is what a rate limit learns about a request.
type Attempt struct {
	Route    RouteName
	ClientIP string // see [ClientIP]
	// Account is the address, username or phone number that the request names, in lower
	// case and without surrounding spaces; else the UID of the logged-in user, or "".
	Account string
}

// GuardAttempt is the name under which a guard asks the rate limit, in place of a
// route's.
const GuardAttempt RouteName = "guard"

// RateLimit sets a function that every route asks after it has read its body and before
// it does anything. A guard asks it, as [GuardAttempt], before it asks LoginRadius about
// a token that is not remembered, or refreshes one: requests of users who are known cost
// no call. An error refuses the attempt with 429; a [*Problem] is answered as it is. The
// function must be safe for concurrent use. Default: no limit.
func RateLimit(allow func(ctx context.Context, a Attempt) error) Option {
	return option(func(c *settings) { c.rateLimit = allow })
}

// limit asks the rate limit. account is the identifier that the request names, or "".
func (a *App) limit(ctx context.Context, route RouteName, r *Request, account string) error {
	if account == "" {
		account = r.Session.UID()
	}
	return a.cfg.limit(ctx, r.View, route, account)
}

// limit asks the rate limit. The application may keep v.
func (c *settings) limit(ctx context.Context, v View, route RouteName, account string) error {
	if c.rateLimit == nil {
		return nil
	}
	err := c.rateLimit(ctx, Attempt{Route: route, ClientIP: c.clientIP(v), Account: strings.ToLower(strings.TrimSpace(account))})
	var own *Problem
	if err == nil || errors.As(err, &own) {
		return err
	}
	return problem(http.StatusTooManyRequests, CodeThrottled)
}
