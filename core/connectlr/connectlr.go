// Package connectlr protects connect-go handlers with LoginRadius, for the Connect,
// gRPC and gRPC-Web protocols alike. A guard is an interceptor, takes the options of
// package web and decides as it does in front of HTTP handlers:
//
//	guard := connectlr.RequireLogin(client)
//	if err := guard.Err(); err != nil {
//		return err
//	}
//	mux.Handle(greetv1connect.NewGreetServiceHandler(greeter, connect.WithInterceptors(guard)))
//
// In methods behind it, [Session] returns the session of the call. Clients send the
// access token in the header Authorization, as "Bearer TOKEN".
//
// A stream ends when the guard would not let it begin any more: at once after a logout in
// this program, and within TTL after one elsewhere; see [Guard.WrapStreamingHandler].
//
// connect-go reads a unary request before it calls interceptors: bound its size with
// [connect.WithReadMaxBytes]. Options that concern pages have no effect here, and
// [web.ErrorResponse] is refused: a refusal is a [*connect.Error].
package connectlr

import (
	"context"
	"net/http"
	"net/url"

	"connectrpc.com/connect"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A Guard is a [connect.Interceptor] for handlers; it leaves clients alone. It is safe
// for concurrent use.
type Guard struct{ guard *web.Guard }

var _ connect.Interceptor = (*Guard)(nil)

// RequireLogin returns a guard that lets only calls with a valid token through. With an
// unusable option it refuses every call with the code Internal; [Guard.Err] returns
// why.
func RequireLogin(client *core.Client, opts ...web.GuardOption) *Guard {
	return &Guard{web.RequireLogin(client, append(opts[:len(opts):len(opts)], web.ReturnErrors())...)}
}

// OptionalLogin returns a guard that also lets calls without a token through;
// [Session] is nil in them.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) *Guard {
	return &Guard{web.OptionalLogin(client, append(opts[:len(opts):len(opts)], web.ReturnErrors())...)}
}

// Session returns the session of a call, or nil.
func Session(ctx context.Context) *core.Session { return core.SessionFromContext(ctx) }

// Err returns what is wrong with the options, or nil.
func (g *Guard) Err() error { return g.guard.Err() }

// WrapUnary implements [connect.Interceptor].
func (g *Guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		if req.Spec().IsClient {
			return next(ctx, req)
		}
		ctx, err := g.admit(ctx, req.HTTPMethod(), req.Spec(), req.Peer(), req.Header())
		if err != nil {
			return nil, err
		}
		return next(ctx, req)
	}
}

// WrapStreamingClient implements [connect.Interceptor].
func (g *Guard) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// admit returns the context for the method, or the error to refuse the call with.
func (g *Guard) admit(ctx context.Context, method string, spec connect.Spec, peer connect.Peer, header http.Header) (context.Context, error) {
	a := g.guard.Admit(web.HTTPView(request(ctx, method, spec, peer, header)))
	if a.Refusal != nil {
		return nil, refusalError(a.Refusal, peer.Protocol)
	}
	return a.Context(ctx), nil
}

// request is the call as the HTTP request that it came as.
func request(ctx context.Context, method string, spec connect.Spec, peer connect.Peer, header http.Header) *http.Request {
	r := &http.Request{
		Method: method, URL: &url.URL{Path: spec.Procedure}, RequestURI: spec.Procedure,
		Host: header.Get("Host"), Header: header, RemoteAddr: peer.Addr, Body: http.NoBody,
	}
	return r.WithContext(ctx)
}
