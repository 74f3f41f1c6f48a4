package connectlr

import (
	"context"
	"errors"
	"net/http"

	"connectrpc.com/connect"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// WrapStreamingHandler implements [connect.Interceptor]. It also ends a stream that has
// begun: when the session ends and a new stream would be refused, the context of the
// stream ends, its methods Receive and Send return the refusal, such as one with
// CodeUnauthenticated, and this is the error that the client gets once the handler
// returns. A handler must therefore return when one of the three says so. A message that
// Receive was waiting for then must not be used again.
//
// During an outage of LoginRadius streams go on as requests of known sessions do.
func (g *Guard) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		view := web.HTTPView(request(ctx, http.MethodPost, conn.Spec(), conn.Peer(), conn.RequestHeader()))
		a := g.guard.Admit(view)
		if a.Refusal != nil {
			return refusalError(a.Refusal, conn.Peer().Protocol)
		}
		ctx = a.Context(ctx)
		if a.Session == nil {
			return next(ctx, conn)
		}
		ctx, end := context.WithCancelCause(ctx)
		defer end(nil)
		g.guard.Watch(ctx, view, func(r *web.Response) { end(refusalError(r, conn.Peer().Protocol)) })
		s := &watchedConn{conn, ctx}
		err := next(ctx, s)
		if refused := s.refused(); refused != nil {
			return refused
		}
		return err
	}
}

// A watchedConn is a stream that the guard may end.
type watchedConn struct {
	connect.StreamingHandlerConn
	ctx context.Context
}

// refused returns the error that the guard has ended the stream with, or nil.
func (s *watchedConn) refused() error {
	if e, ok := errors.AsType[*connect.Error](context.Cause(s.ctx)); ok {
		return e
	}
	return nil
}

// Receive waits in another goroutine, since connect lets no interceptor interrupt it. That
// goroutine ends with the stream.
func (s *watchedConn) Receive(m any) error {
	if err := s.refused(); err != nil {
		return err
	}
	received := make(chan error, 1)
	go func() { received <- s.StreamingHandlerConn.Receive(m) }()
	select {
	case err := <-received:
		return err
	case <-s.ctx.Done():
	}
	if err := s.refused(); err != nil {
		return err
	}
	return <-received // the stream itself has ended
}

func (s *watchedConn) Send(m any) error {
	if err := s.refused(); err != nil {
		return err
	}
	return s.StreamingHandlerConn.Send(m)
}
