package grpclr_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/grpclr"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// greeter is a service of yours; this one has the health protocol's methods.
type greeter struct {
	grpc_health_v1.UnimplementedHealthServer
}

func (greeter) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	fmt.Println("called by", grpclr.Session(ctx).Email())
	return &grpc_health_v1.HealthCheckResponse{}, nil
}

func Example() {
	if err := runExample(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// called by ada@example.com
	// Unauthenticated: Login required
}

func runExample() error {
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	defer lr.Close()
	client, err := core.New(lr.Config()) // in production: core.ConfigFromEnv
	if err != nil {
		return err
	}
	defer client.Close()

	guard := grpclr.RequireLogin(client, web.RequireRole("editor"))
	if err := guard.Err(); err != nil {
		return err
	}
	server := grpc.NewServer(guard.ServerOptions()...)
	defer server.Stop()
	grpc_health_v1.RegisterHealthServer(server, greeter{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		if err := server.Serve(listener); err != nil { // nil after Stop
			fmt.Println(err)
		}
	}()

	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Roles: []string{"editor"}})
	if err != nil {
		return err
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		return err
	}
	caller := grpc_health_v1.NewHealthClient(conn)
	ctx := context.Background()
	if _, err := caller.Check(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token), nil); err != nil {
		return err
	}
	_, err = caller.Check(ctx, nil)
	fmt.Printf("%v: %v\n", status.Code(err), status.Convert(err).Message())
	return nil
}
