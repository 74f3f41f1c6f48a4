// Package grpclr protects gRPC servers with LoginRadius. A guard takes the options of
// package web and decides as it does in front of HTTP handlers:
//
//	guard := grpclr.RequireLogin(client)
//	if err := guard.Err(); err != nil {
//		return err
//	}
//	server := grpc.NewServer(guard.ServerOptions()...)
//
// In methods behind it, [Session] returns the session of the call. Clients send the
// access token in the metadata authorization, as "Bearer TOKEN".
//
// A stream ends when the guard would not let it begin any more: at once after a logout in
// this program, and within TTL after one elsewhere; see [Guard.Stream].
//
// Options that concern browsers have no effect here, except that [web.ErrorResponse]
// is refused: a refusal is a gRPC status, which has no body.
package grpclr

import (
	"context"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A Guard decides which calls reach a server. It is safe for concurrent use.
type Guard struct{ guard *web.Guard }

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

// ServerOptions returns the options of [grpc.NewServer] that put the guard in front of
// all methods, behind the interceptors of options before them.
func (g *Guard) ServerOptions() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(g.Unary), grpc.ChainStreamInterceptor(g.Stream)}
}

// Unary is a [grpc.UnaryServerInterceptor].
func (g *Guard) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, err := g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// admit returns the context for the method, or the status to refuse the call with.
func (g *Guard) admit(ctx context.Context, method string) (context.Context, error) {
	a := g.guard.Admit(web.HTTPView(request(ctx, method)))
	if a.Refusal != nil {
		return nil, refusalStatus(a.Refusal).Err()
	}
	return a.Context(ctx), nil
}

// request is the call as the HTTP request that it came as.
func request(ctx context.Context, method string) *http.Request {
	r := &http.Request{
		Method: http.MethodPost, URL: &url.URL{Path: method}, RequestURI: method,
		Proto: "HTTP/2.0", ProtoMajor: 2, Header: http.Header{}, Body: http.NoBody,
	}
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		for name, values := range maps.All(md) {
			r.Header[textproto.CanonicalMIMEHeaderKey(name)] = values
		}
		if authority := md.Get(":authority"); len(authority) > 0 {
			r.Host = authority[0]
		}
	}
	if p, ok := peer.FromContext(ctx); ok && p.Addr != nil {
		r.RemoteAddr = p.Addr.String()
	}
	return r.WithContext(ctx)
}
