// The gRPC example: a service that only logged-in users may call, by gRPC on a port
// of its own, and by connect on the port of the pages, where curl can call it too.
//
//	go run ./examples/grpc
//
// Log in, and call it:
//
//	token=$(curl -s 127.0.0.1:8080/auth/login -H 'Content-Type: application/json' \
//	    -d '{"email":"admin@example.com","password":"correct horse"}' |
//	    sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
//	curl 127.0.0.1:8080/greet.v1.GreetService/Greet -H "Authorization: Bearer $token" \
//	    -H 'Content-Type: application/json' -d '{}'
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/connectlr"
	"github.com/loginradius-contrib/go-middleware/core/grpclr"
	"github.com/loginradius-contrib/go-middleware/examples/grpc/greet"
	"github.com/loginradius-contrib/go-middleware/examples/grpc/greet/greetconnect"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("grpc-addr", "127.0.0.1:8081", "where to listen for gRPC")
	s, err := site.New()
	if err != nil {
		return err
	}

	guard := grpclr.RequireLogin(s.Client)
	if err := guard.Err(); err != nil {
		return err
	}
	server := grpc.NewServer(guard.ServerOptions()...)
	greet.RegisterGreetServiceServer(server, grpcGreeter{})
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("%w: choose another address with -grpc-addr HOST:PORT", err)
	}
	defer server.Stop()
	go func() {
		if err := server.Serve(listener); err != nil {
			fmt.Fprintln(os.Stderr, "gRPC:", err)
		}
	}()

	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", s.Client, s.Routes()...); err != nil {
		return err
	}
	connectGuard := connectlr.RequireLogin(s.Client)
	if err := connectGuard.Err(); err != nil {
		return err
	}
	mux.Handle(greetconnect.NewGreetServiceHandler(connectGreeter{}, connect.WithInterceptors(connectGuard)))
	for path, h := range s.Operations() {
		mux.Handle(path, h)
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "greet.v1.GreetService is served by connect here, and by gRPC at", listener.Addr())
	})
	return s.Serve(mux)
}

func greeting(ctx context.Context) *greet.GreetResponse {
	return &greet.GreetResponse{Text: "hello " + core.SessionFromContext(ctx).Email()}
}

// clock sends the time until ctx ends, which it does with the session too.
func clock(ctx context.Context, send func(*greet.ClockResponse) error) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for now := time.Now(); ; {
		if err := send(&greet.ClockResponse{Time: now.UTC().Format(time.RFC3339)}); err != nil {
			return err
		}
		select {
		case now = <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

type grpcGreeter struct {
	greet.UnimplementedGreetServiceServer
}

func (grpcGreeter) Greet(ctx context.Context, _ *greet.GreetRequest) (*greet.GreetResponse, error) {
	return greeting(ctx), nil
}

func (grpcGreeter) Clock(_ *greet.ClockRequest, stream grpc.ServerStreamingServer[greet.ClockResponse]) error {
	return clock(stream.Context(), stream.Send)
}

type connectGreeter struct{}

func (connectGreeter) Greet(ctx context.Context, _ *connect.Request[greet.GreetRequest]) (*connect.Response[greet.GreetResponse], error) {
	return connect.NewResponse(greeting(ctx)), nil
}

func (connectGreeter) Clock(ctx context.Context, _ *connect.Request[greet.ClockRequest], stream *connect.ServerStream[greet.ClockResponse]) error {
	return clock(ctx, stream.Send)
}
