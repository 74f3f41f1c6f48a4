package core

import (
	"context"
	"errors"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// WatchSession returns a channel that is closed when the session of ctx ends: it was
// forgotten ([Client.Forget], [Client.ForgetUser], a logout through our routes),
// LoginRadius refused it, its access token expired, or the client was closed. It is also
// closed when ctx ends. WebSockets and streams use it to notice a logout.
//
// If ctx carries the access token (see [TokenFromContext]), the session is validated at
// once, once per TTL, and when the account changed ([Client.UncacheUser], a webhook), like
// that of a request, so that an end elsewhere is noticed within TTL. During an outage the
// session goes on, as a request's would; after a change of the account for StaleIfError at
// most. Without the token only what happens in this process is noticed, and the expiry; a
// change of the account then ends the session.
//
// The channel is closed already if ctx carries no session of a client. A goroutine runs
// until the channel is closed: cancel ctx when the stream ends.
func WatchSession(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	follow := follower(ctx)
	if follow == nil {
		close(ended)
		return ended
	}
	go func() {
		defer close(ended)
		follow(func() {})
	}()
	return ended
}

// FollowSession is [WatchSession] for guards: it returns when the session of ctx ends, or
// ctx. It calls validated after each validation, for what may have changed besides, such as
// roles.
func FollowSession(ctx context.Context, validated func()) {
	if follow := follower(ctx); follow != nil {
		follow(validated)
	}
}

// follower begins to watch the session of ctx, or returns nil if there is none. The
// function that it returns must be called.
func follower(ctx context.Context) (follow func(validated func())) {
	s := SessionFromContext(ctx)
	if s == nil || s.client == nil {
		return nil
	}
	w := s.client.sessions.Watch(s.key, s.uid)
	return func(validated func()) {
		defer s.client.sessions.Unwatch(w)
		s.client.watch(ctx, s, w, validated)
	}
}

// watch returns when the session has ended, or ctx.
func (c *Client) watch(ctx context.Context, s *Session, w *sessions.Watcher, validated func()) {
	token := TokenFromContext(ctx)
	var unknownSince time.Time // since when it is unknown whether a change has ended the session
	for {
		if token != "" {
			newer, err := c.revalidate(ctx, s, token)
			switch {
			case err == nil:
				s, unknownSince = newer, time.Time{}
				validated()
			case !errors.Is(err, ErrUnavailable), !s.expiresAt.IsZero() && !c.cfg.Clock().Before(s.expiresAt),
				!unknownSince.IsZero() && time.Since(unknownSince) >= c.cfg.Sessions.StaleIfError:
				return
			}
		}
		pause := c.cfg.Sessions.TTL
		if !unknownSince.IsZero() {
			pause = min(pause, doubtPause)
		}
		if !s.expiresAt.IsZero() {
			left := s.expiresAt.Sub(c.cfg.Clock())
			if left <= 0 && token == "" {
				return
			}
			pause = min(pause, max(left, time.Millisecond))
		}
		t := time.NewTimer(pause)
		select {
		case <-w.Done():
			t.Stop()
			return
		case <-ctx.Done():
			t.Stop()
			return
		case <-w.Doubt():
			t.Stop()
			if token == "" {
				return
			}
			if unknownSince.IsZero() {
				unknownSince = time.Now()
			}
		case <-t.C:
		}
	}
}

// doubtPause is how often a session is asked for while a change may have ended it and
// LoginRadius fails.
const doubtPause = time.Second

func (c *Client) revalidate(ctx context.Context, s *Session, token string) (*Session, error) {
	if s.source != nil {
		newer, err := c.sessions.GetFrom(ctx, token, s.source)
		if err != nil {
			return nil, sessionError(err)
		}
		return newer, nil
	}
	return c.Session(ctx, token)
}
