package grpclr

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Stream is a [grpc.StreamServerInterceptor]. It also ends a stream that has begun: when
// the session ends and a new stream would be refused, the context of the stream ends, its
// methods RecvMsg and SendMsg return the status of the refusal, such as Unauthenticated,
// and this is the status that the client gets once the handler returns. A handler must
// therefore return when one of the three says so. A message that RecvMsg was waiting for
// then must not be used again.
//
// During an outage of LoginRadius streams go on as requests of known sessions do.
func (g *Guard) Stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	view := web.HTTPView(request(stream.Context(), info.FullMethod))
	a := g.guard.Admit(view)
	if a.Refusal != nil {
		return refusalStatus(a.Refusal).Err()
	}
	ctx, end := context.WithCancelCause(a.Context(stream.Context()))
	defer end(nil)
	s := &serverStream{stream, ctx}
	if a.Session == nil {
		return handler(srv, s)
	}
	g.guard.Watch(ctx, view, func(r *web.Response) { end(refusalStatus(r).Err()) })
	err := handler(srv, &watchedStream{s})
	if refused := s.refused(); refused != nil {
		return refused
	}
	return err
}

// serverStream is a stream with a context of its own.
type serverStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *serverStream) Context() context.Context { return s.ctx }

// refused returns the status that the guard has ended the stream with, or nil.
func (s *serverStream) refused() error {
	if cause := context.Cause(s.ctx); cause != nil {
		if _, ok := status.FromError(cause); ok {
			return cause
		}
	}
	return nil
}

// A watchedStream is a stream that the guard may end.
type watchedStream struct{ *serverStream }

// RecvMsg waits in another goroutine, since gRPC lets no interceptor interrupt it. That
// goroutine ends with the stream.
func (s *watchedStream) RecvMsg(m any) error {
	if err := s.refused(); err != nil {
		return err
	}
	received := make(chan error, 1)
	go func() { received <- s.ServerStream.RecvMsg(m) }()
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

func (s *watchedStream) SendMsg(m any) error {
	if err := s.refused(); err != nil {
		return err
	}
	return s.ServerStream.SendMsg(m)
}
