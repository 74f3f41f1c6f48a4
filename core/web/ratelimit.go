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

// RateLimit sets a function that every route asks after it has read its body and before
// it does anything. An error refuses the attempt with 429; a [*Problem] is answered as
// it is. The function must be safe for concurrent use. Default: no limit.
func RateLimit(allow func(ctx context.Context, a Attempt) error) RouteOption {
	return routeOption(func(c *routeConfig) { c.rateLimit = allow })
}

// limit asks the rate limit. account is the identifier that the request names, or "".
func (a *App) limit(ctx context.Context, route RouteName, r *Request, account string) error {
	if a.cfg.rateLimit == nil {
		return nil
	}
	if account == "" {
		account = r.Session.UID()
	}
	err := a.cfg.rateLimit(ctx, Attempt{Route: route, ClientIP: a.cfg.clientIP(r.View), Account: strings.ToLower(strings.TrimSpace(account))})
	var own *Problem
	if err == nil || errors.As(err, &own) {
		return err
	}
	return problem(http.StatusTooManyRequests, CodeThrottled)
}
