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
// If ctx carries the access token (see [TokenFromContext]), the session is validated once
// per TTL like that of a request, so that an end elsewhere is noticed within TTL. During
// an outage the session goes on, as a request's would. Without the token only what
// happens in this process is noticed, and the expiry.
//
// The channel is closed already if ctx carries no session of a client. A goroutine runs
// until the channel is closed: cancel ctx when the stream ends.
func WatchSession(ctx context.Context) <-chan struct{} {
	s := SessionFromContext(ctx)
	ended := make(chan struct{})
	if s == nil || s.client == nil {
		close(ended)
		return ended
	}
	token := TokenFromContext(ctx)
	w := s.client.sessions.Watch(s.key, s.uid)
	go func() {
		defer close(ended)
		defer s.client.sessions.Unwatch(w)
		s.client.watch(ctx, s, token, w)
	}()
	return ended
}

// watch returns when the session has ended, or ctx.
func (c *Client) watch(ctx context.Context, s *Session, token string, w *sessions.Watcher) {
	for {
		pause := c.cfg.Sessions.TTL
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
		case <-t.C:
		}
		if token == "" {
			continue
		}
		newer, err := c.revalidate(ctx, s, token)
		switch {
		case err == nil:
			s = newer
		case !errors.Is(err, ErrUnavailable), !s.expiresAt.IsZero() && !c.cfg.Clock().Before(s.expiresAt):
			return
		}
	}
}

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
