package grpclr_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/grpclr"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Each handler is a stream that nothing but its guard or its client ends.
var handlers = map[string]func(grpc.ServerStream) error{
	"echo": func(s grpc.ServerStream) error {
		for {
			m := new(wrapperspb.StringValue)
			if err := s.RecvMsg(m); err != nil {
				return err
			}
			if err := s.SendMsg(m); err != nil {
				return err
			}
		}
	},
	"context": func(s grpc.ServerStream) error {
		<-s.Context().Done()
		return nil // the guard's status counts all the same
	},
	"send": func(s grpc.ServerStream) error {
		for {
			if err := s.SendMsg(wrapperspb.String("tick")); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
	},
}

// serveStreams runs a server with the handlers as methods of the service Streams.
func serveStreams(t *testing.T, guard *grpclr.Guard) *grpc.ClientConn {
	t.Helper()
	service := &grpc.ServiceDesc{ServiceName: "Streams", HandlerType: (*any)(nil)}
	for name, handle := range handlers {
		service.Streams = append(service.Streams, grpc.StreamDesc{
			StreamName: name, ServerStreams: true, ClientStreams: true,
			Handler: func(_ any, s grpc.ServerStream) error {
				if err := s.SendMsg(wrapperspb.String("begun")); err != nil {
					return err
				}
				return handle(s)
			},
		})
	}
	server := grpc.NewServer(guard.ServerOptions()...)
	server.RegisterService(service, struct{}{})
	memory := bufconn.Listen(1 << 20)
	go func() { _ = server.Serve(memory) }()
	conn, err := grpc.NewClient("passthrough:///memory", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return memory.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(); server.Stop() })
	return conn
}

// open begins a stream and waits until its handler runs.
func open(t *testing.T, conn *grpc.ClientConn, handler string, md ...string) grpc.ClientStream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	s, err := conn.NewStream(metadata.AppendToOutgoingContext(ctx, md...), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, "/Streams/"+handler)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RecvMsg(new(wrapperspb.StringValue)); err != nil {
		t.Fatalf("%s did not begin: %v", handler, err)
	}
	return s
}

// end reads a stream to its end.
func end(s grpc.ClientStream) error {
	for {
		if err := s.RecvMsg(new(wrapperspb.StringValue)); err != nil {
			return err
		}
	}
}

// echoes fails if a stream of the echo handler does not answer.
func echoes(t *testing.T, s grpc.ClientStream) {
	t.Helper()
	got := new(wrapperspb.StringValue)
	if err := s.SendMsg(wrapperspb.String("still there?")); err != nil {
		t.Fatal(err)
	}
	if err := s.RecvMsg(got); err != nil || got.GetValue() != "still there?" {
		t.Fatalf("the stream answers %q, %v", got.GetValue(), err)
	}
}

func TestStreamEndsWithTheSession(t *testing.T) {
	logout := func(t *testing.T, client *core.Client, token string) {
		t.Helper()
		if err := client.Authentication.InvalidateToken(t.Context(), core.InvalidateTokenRequest{AccessToken: token, PreventRefresh: true}); err != nil {
			t.Fatal(err)
		}
	}
	quiet := web.Logger(slog.New(slog.DiscardHandler))
	requireLogin := func(c *core.Client) *grpclr.Guard { return grpclr.RequireLogin(c, quiet) }
	for name, test := range map[string]struct {
		guard func(*core.Client) *grpclr.Guard
		end   func(t *testing.T, f *fixture, uid, token string)
		code  codes.Code
		why   string
	}{
		"logout": {requireLogin, func(t *testing.T, f *fixture, _, token string) { logout(t, f.client, token) }, codes.Unauthenticated, "INVALID_TOKEN"},
		"logout elsewhere": {requireLogin, func(t *testing.T, f *fixture, _, token string) {
			other, err := core.New(f.lr.Config())
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			logout(t, other, token)
		}, codes.Unauthenticated, "INVALID_TOKEN"},
		"optional login": {
			func(c *core.Client) *grpclr.Guard { return grpclr.OptionalLogin(c, quiet) },
			func(t *testing.T, f *fixture, _, token string) { logout(t, f.client, token) }, codes.Unauthenticated, "INVALID_TOKEN",
		},
		"role taken": {
			func(c *core.Client) *grpclr.Guard { return grpclr.RequireLogin(c, quiet, web.RequireRole("editor")) },
			func(t *testing.T, f *fixture, uid, _ string) {
				if err := f.client.Role.Unassign(t.Context(), core.RolesRequest{UID: uid, Roles: []string{"editor"}}); err != nil {
					t.Fatal(err)
				}
			}, codes.PermissionDenied, "MISSING_ROLE",
		},
		"forgotten in an outage": {requireLogin, func(_ *testing.T, f *fixture, _, token string) {
			f.lr.Inject(emulator.TooManyRequests())
			f.client.Forget(token)
		}, codes.Unavailable, "UNAVAILABLE"},
		"client closed": {requireLogin, func(_ *testing.T, f *fixture, _, _ string) { _ = f.client.Close() }, codes.Unavailable, "UNAVAILABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(c *core.Config) { c.Sessions.TTL = 200 * time.Millisecond })
			uid, token := f.user(t, "editor")
			conn := serveStreams(t, test.guard(f.client))
			streams := map[string]grpc.ClientStream{}
			for handler := range handlers {
				streams[handler] = open(t, conn, handler, "authorization", "Bearer "+token)
			}
			echoes(t, streams["echo"])
			test.end(t, f, uid, token)
			for handler, s := range streams {
				if code, why, _ := reason(end(s)); code != test.code || why != test.why {
					t.Errorf("%s ended with %v %q, want %v %q", handler, code, why, test.code, test.why)
				}
			}
		})
	}
}

// What would not refuse a new stream does not end one that has begun.
func TestStreamGoesOn(t *testing.T) {
	f := newFixture(t, func(c *core.Config) { c.Sessions.TTL = 20 * time.Millisecond })
	uid, token := f.user(t)
	conn := serveStreams(t, grpclr.OptionalLogin(f.client))
	stranger := open(t, conn, "echo")
	s := open(t, conn, "echo", "authorization", "Bearer "+token)
	f.client.UncacheUser(uid) // as when a profile was edited
	echoes(t, s)
	f.lr.Inject(emulator.TooManyRequests())
	time.Sleep(100 * time.Millisecond) // an outage of several TTLs
	echoes(t, s)
	f.client.ForgetUser("another account")
	echoes(t, s)
	echoes(t, stranger)
	if err := s.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if code := status.Code(end(s)); code != codes.Unknown { // the handler returns io.EOF
		t.Errorf("the handler's own error became %v", code)
	}
}
