package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// padDuration makes work take a multiple of the configured span, and at least one, so
// that its duration does not reveal whether an account exists.
func (a *App) padDuration(ctx context.Context, work func() error) error {
	start := time.Now()
	err := work()
	if a.cfg.floor == 0 {
		return err
	}
	t := time.NewTimer(a.cfg.floor - time.Since(start)%a.cfg.floor)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
	return err
}

// padFailure is [App.padDuration] for work that may answer at once if it succeeds: a
// success reveals nothing by its duration that its answer does not reveal anyway.
func (a *App) padFailure(ctx context.Context, work func() error) error {
	succeeded, cancel := context.WithCancel(ctx)
	defer cancel()
	return a.padDuration(succeeded, func() error {
		err := work()
		if err == nil {
			cancel()
		}
		return err
	})
}

// hideAccountErrors drops errors that depend on the account.
func hideAccountErrors(err error) error {
	if errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrAPICredentials) {
		return err
	}
	return nil
}

// wrongCode answers every refusal of a code like a wrong code, whatever LoginRadius says
// about the account: that it is unknown, blocked or locked, or takes no codes. Only the
// new password, which a request with the right code may bring, is judged by itself.
func wrongCode(err error) error {
	if err == nil || hideAccountErrors(err) != nil || errors.Is(err, core.ErrPasswordRejected) {
		return err
	}
	return problem(http.StatusUnprocessableEntity, CodeInvalidLink)
}
