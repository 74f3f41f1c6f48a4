package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// AutoRefresh makes the guard keep visitors of pages logged in: a request with an
// expired or missing access cookie and a good refresh cookie gets new tokens and passes;
// the new cookies come with its answer. Requests that a browser sends
// at the same time share one refresh, see [core.Client.Rotate]. It needs [Cookies] or
// [InsecureCookies]. Default: such a request is answered 401, and POST /token/refresh is
// there for scripts.
//
// Requests that upgrade the connection, as a WebSocket does, are never refreshed: their
// answer is not ours to add cookies to. An answer that gets lost costs nothing: the old
// cookie brings the same new tokens until these have been used.
//
// Answers with new cookies get Cache-Control: no-store. A handler that sets another
// Cache-Control lets caches keep one user's tokens: "public" belongs to what needs no
// login.
//
// Replicas share refreshes if the client has a [core.SharedStore]. Without one, keep a
// browser on one replica, or a refresh token that two of them use at once may log its
// user out; fiber's Prefork, which counts as several replicas, is then refused.
func AutoRefresh() Option { return option(func(c *settings) { c.autoRefresh = true }) }

// errProcesses refuses AutoRefresh where a refresh would be a race of processes.
const errProcesses = optionError("AutoRefresh cannot be used with several processes, as under fiber's Prefork, without a shared store: two of them would use one refresh token up and log its user out")

// SeveralProcesses tells the guard that several processes answer the requests of one
// browser. With [AutoRefresh] and without a [core.SharedStore] the guard then refuses
// every request, as with any unusable option. Adapters call it before they use the guard.
func (g *Guard) SeveralProcesses() {
	if g.cfg.autoRefresh && (g.client == nil || !g.client.Shares()) {
		g.cfg.fail(errProcesses)
	}
}

// SeveralProcesses is [Guard.SeveralProcesses] for the routes: it returns an error if
// they refresh and share no refreshes. Adapters call it before they mount them.
func (a *App) SeveralProcesses() error {
	if a.cfg.autoRefresh && !a.client.Shares() {
		return errProcesses
	}
	return nil
}

// maxReplays bounds how many refreshes one request may cause: an old cookie brings the
// tokens from it, and those may have expired as well.
const maxReplays = 3

// canRefresh reports whether only the refresh cookie can identify the user of a request.
// err tells why there is no session.
func (g *Guard) canRefresh(v View, value string, from sourceKind, err error) bool {
	switch {
	case !g.cfg.autoRefresh, isUpgrade(v), g.cfg.forged(v):
		return false
	case value != "" && (from != fromCookie || !errors.Is(err, core.ErrInvalidToken) || errors.Is(err, core.ErrUserNotFound)):
		return false
	}
	old, ambiguous := tokenCookie(v, g.cfg.cookies.refresh)
	return old != "" && !ambiguous
}

// refresh trades the refresh cookie for a session. The error is the one to answer with:
// before, if the refresh token is over.
func (g *Guard) refresh(v View, before error) (decision, error) {
	v, end := own(v)
	defer end()
	var d decision
	ctx := core.ContextWithEndUser(v.Context(), endUser(v, &g.cfg.settings))
	if err := g.cfg.limit(ctx, v, GuardAttempt, ""); err != nil {
		return d, err
	}
	old, _ := tokenCookie(v, g.cfg.cookies.refresh)
	for range maxReplays {
		s, t, err := g.client.RotateSession(ctx, old)
		switch {
		case t != nil: // the tokens are there, whatever became of the session
		case errors.Is(err, core.ErrInvalidRefreshToken):
			d.cookies = g.cfg.cookies.clear(v)
			return d, before
		case errors.Is(err, core.ErrAccountBlocked):
			d.cookies = g.cfg.cookies.clear(v)
			if g.cfg.optional && !g.cfg.refuseInvalid {
				return d, before
			}
			return d, bearerProblem(http.StatusForbidden, CodeAccountBlocked, "invalid_token")
		default: // undecided
			g.cfg.undecided.tell(ctx, g.cfg.logger, "cannot refresh", err)
			return d, unavailable(err)
		}
		spent := t.RefreshToken == "" // it was not replaced
		if spent {
			t.RefreshToken = old
		}
		if errors.Is(err, core.ErrInvalidToken) && !spent && !errors.Is(err, core.ErrUserNotFound) {
			old = t.RefreshToken
			continue
		}
		if t.ExpiresAt.IsZero() {
			t.ExpiresAt = s.ExpiresAt()
		}
		return decision{session: s, token: t.AccessToken, refreshed: true, cookies: g.cfg.cookies.set(v, *t, time.Now())}, err
	}
	return d, before
}
