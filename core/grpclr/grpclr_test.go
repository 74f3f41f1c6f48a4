package grpclr_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/grpclr"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// whoami answers the health protocol, which gRPC ships compiled: Check is unary, Watch
// a stream. Both set the response header x-uid to the session of the call.
type whoami struct {
	grpc_health_v1.UnimplementedHealthServer
}

func uidHeader(ctx context.Context) metadata.MD {
	if grpclr.Session(ctx) == nil {
		return metadata.Pairs("x-uid", "nobody")
	}
	return metadata.Pairs("x-uid", grpclr.Session(ctx).UID())
}

func (whoami) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	return &grpc_health_v1.HealthCheckResponse{}, grpc.SetHeader(ctx, uidHeader(ctx))
}

func (whoami) Watch(_ *grpc_health_v1.HealthCheckRequest, stream grpc.ServerStreamingServer[grpc_health_v1.HealthCheckResponse]) error {
	if err := stream.SetHeader(uidHeader(stream.Context())); err != nil {
		return err
	}
	return stream.Send(&grpc_health_v1.HealthCheckResponse{})
}

type fixture struct {
	lr     *emulator.Server
	client *core.Client
}

func newFixture(t *testing.T, change ...func(*core.Config)) *fixture {
	t.Helper()
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	cfg := lr.Config()
	for _, c := range change {
		c(&cfg)
	}
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	return &fixture{lr, client}
}

func (f *fixture) user(t *testing.T, roles ...string) (uid, token string) {
	t.Helper()
	uid, err := f.lr.AddUser(emulator.User{Email: "ada@example.com", Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	if token, _, err = f.lr.IssueTokens(uid); err != nil {
		t.Fatal(err)
	}
	return uid, token
}

// serve runs a server behind the guard and returns a client of it, over a real
// connection or in memory.
func serve(t *testing.T, guard *grpclr.Guard, inMemory bool) grpc_health_v1.HealthClient {
	t.Helper()
	var listener net.Listener
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	target := "passthrough:///memory"
	if inMemory {
		memory := bufconn.Listen(1 << 20)
		options = append(options, grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return memory.DialContext(ctx) }))
		listener = memory
	} else {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener, target = tcp, tcp.Addr().String()
	}
	server := grpc.NewServer(guard.ServerOptions()...)
	grpc_health_v1.RegisterHealthServer(server, whoami{})
	go func() { _ = server.Serve(listener) }()
	conn, err := grpc.NewClient(target, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(); server.Stop() })
	return grpc_health_v1.NewHealthClient(conn)
}

// call makes a unary call or reads a stream, and returns the uid that the method saw.
func call(t *testing.T, c grpc_health_v1.HealthClient, stream bool, md ...string) (uid string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, md...)
	var header metadata.MD
	if !stream {
		_, err = c.Check(ctx, &grpc_health_v1.HealthCheckRequest{}, grpc.Header(&header))
	} else {
		var s grpc.ServerStreamingClient[grpc_health_v1.HealthCheckResponse]
		if s, err = c.Watch(ctx, &grpc_health_v1.HealthCheckRequest{}); err != nil {
			return "", err
		}
		if _, err = s.Recv(); err == nil {
			header, _ = s.Header()
			if _, end := s.Recv(); end != io.EOF {
				err = end
			}
		}
	}
	if got := header.Get("x-uid"); len(got) > 0 {
		uid = got[0]
	}
	return uid, err
}

// reason returns code, reason and whether there is a RetryInfo.
func reason(err error) (code codes.Code, why string, retry time.Duration) {
	s := status.Convert(err)
	for _, d := range s.Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			why = d.GetReason()
		case *errdetails.RetryInfo:
			retry = d.GetRetryDelay().AsDuration()
		}
	}
	return s.Code(), why, retry
}

func TestGuard(t *testing.T) {
	f := newFixture(t)
	uid, token := f.user(t, "editor")
	good := []string{"authorization", "Bearer " + token}
	quiet := web.Logger(slog.New(slog.DiscardHandler))
	skipped := web.Skip(func(v web.View) bool { return v.Path() == "/grpc.health.v1.Health/Check" })
	for _, test := range []struct {
		name  string
		guard *grpclr.Guard
		md    []string
		uid   string
		code  codes.Code
		why   string
	}{
		{"valid", grpclr.RequireLogin(f.client), good, uid, codes.OK, ""},
		{"none", grpclr.RequireLogin(f.client), nil, "", codes.Unauthenticated, "UNAUTHENTICATED"},
		{"unknown", grpclr.RequireLogin(f.client), []string{"authorization", "Bearer 6ba7b810-9dad-11d1-80b4-00c04fd430c8"}, "", codes.Unauthenticated, "INVALID_TOKEN"},
		{"two", grpclr.RequireLogin(f.client), append(good, good...), "", codes.InvalidArgument, "INVALID_REQUEST"},
		{"other scheme", grpclr.RequireLogin(f.client), []string{"authorization", "Basic eDp5"}, "", codes.Unauthenticated, "UNAUTHENTICATED"},
		{"role", grpclr.RequireLogin(f.client, web.RequireRole("editor")), good, uid, codes.OK, ""},
		{"no role", grpclr.RequireLogin(f.client, web.RequireRole("admin")), good, "", codes.PermissionDenied, "MISSING_ROLE"},
		{"own check", grpclr.RequireLogin(f.client, web.Require(func(*core.Session) error { return io.EOF })), good, "", codes.PermissionDenied, "FORBIDDEN"},
		{"own header", grpclr.RequireLogin(f.client, web.TokensFrom(web.TokenHeader("X-Token"))), []string{"x-token", token}, uid, codes.OK, ""},
		{"optional, none", grpclr.OptionalLogin(f.client), nil, "nobody", codes.OK, ""},
		{"optional, valid", grpclr.OptionalLogin(f.client), good, uid, codes.OK, ""},
		{"optional, bad", grpclr.OptionalLogin(f.client, web.RefuseInvalid()), []string{"authorization", "Bearer x1"}, "", codes.Unauthenticated, "INVALID_TOKEN"},
		{"unusable option", grpclr.RequireLogin(f.client, web.RequireRole(), quiet), good, "", codes.Internal, "INTERNAL_ERROR"},
		{"ErrorResponse", grpclr.RequireLogin(f.client, web.ErrorResponse(func(web.View, *web.Problem) *web.Response { return nil }), quiet), good, "", codes.Internal, "INTERNAL_ERROR"},
		{"no client", grpclr.RequireLogin(nil, quiet), good, "", codes.Internal, "INTERNAL_ERROR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if bad := test.guard.Err() != nil; bad != (test.code == codes.Internal) {
				t.Errorf("Err: %v", test.guard.Err())
			}
			for _, inMemory := range []bool{false, true} {
				c := serve(t, test.guard, inMemory)
				for _, stream := range []bool{false, true} {
					uid, err := call(t, c, stream, test.md...)
					if code, why, _ := reason(err); uid != test.uid || code != test.code || why != test.why {
						t.Errorf("in memory %v, stream %v: uid %q, %v %q (%v); want %q, %v %q", inMemory, stream, uid, code, why, err, test.uid, test.code, test.why)
					}
				}
			}
		})
	}
	t.Run("skipped method", func(t *testing.T) {
		c := serve(t, grpclr.RequireLogin(f.client, skipped), true)
		if got, err := call(t, c, false); err != nil || got != "nobody" {
			t.Errorf("Check: %q, %v", got, err)
		}
		if _, err := call(t, c, true); status.Code(err) != codes.Unauthenticated {
			t.Errorf("Watch: %v", err)
		}
	})
}

// An outage lets known sessions through, and tells others when to try again.
func TestOutage(t *testing.T) {
	f := newFixture(t)
	uid, token := f.user(t)
	c := serve(t, grpclr.RequireLogin(f.client), true)
	if got, err := call(t, c, false, "authorization", "Bearer "+token); err != nil || got != uid {
		t.Fatalf("%q, %v", got, err)
	}
	f.lr.Inject(emulator.TooManyRequests())
	if got, err := call(t, c, false, "authorization", "Bearer "+token); err != nil || got != uid {
		t.Errorf("a known session in an outage: %q, %v", got, err)
	}
	for _, stream := range []bool{false, true} {
		_, err := call(t, c, stream, "authorization", "Bearer 6ba7b810-9dad-11d1-80b4-00c04fd430c8")
		if code, why, retry := reason(err); code != codes.Unavailable || why != "UNAVAILABLE" || retry < time.Second {
			t.Errorf("an unknown token in an outage, stream %v: %v %q, retry after %v (%v)", stream, code, why, retry, err)
		}
	}
}

// Logout ends the next call.
func TestForget(t *testing.T) {
	f := newFixture(t)
	_, token := f.user(t)
	c := serve(t, grpclr.RequireLogin(f.client), true)
	if _, err := call(t, c, false, "authorization", "Bearer "+token); err != nil {
		t.Fatal(err)
	}
	if err := f.client.Authentication.InvalidateToken(t.Context(), core.InvalidateTokenRequest{AccessToken: token, PreventRefresh: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := call(t, c, false, "authorization", "Bearer "+token); status.Code(err) != codes.Unauthenticated {
		t.Errorf("after logout: %v", err)
	}
}

func TestStatusOf(t *testing.T) {
	f := newFixture(t)
	if _, err := f.lr.AddUser(emulator.User{Email: "bob@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	_, err := f.client.Authentication.LoginByEmail(t.Context(), core.LoginByEmailRequest{Email: "bob@example.com", Password: "wrong password"})
	s := grpclr.StatusOf(err)
	if code, why, _ := reason(s.Err()); code != codes.Unauthenticated || why != "INVALID_CREDENTIALS" {
		t.Errorf("%v %q", code, why)
	}
	if s := grpclr.StatusOf(io.EOF); s.Code() != codes.Internal || s.Message() == io.EOF.Error() {
		t.Errorf("an error of another package: %v", s)
	}
}
