package connectlr_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/connectlr"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

const (
	unaryProcedure  = "/test.v1.Test/Unary"
	streamProcedure = "/test.v1.Test/Stream"
)

func uidOf(ctx context.Context) *wrapperspb.StringValue {
	if connectlr.Session(ctx) == nil {
		return wrapperspb.String("nobody")
	}
	return wrapperspb.String(connectlr.Session(ctx).UID())
}

// newServer serves two methods that answer with the uid of the session.
func newServer(t *testing.T, guard *connectlr.Guard) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	interceptors := connect.WithInterceptors(guard)
	mux.Handle(unaryProcedure, connect.NewUnaryHandler(unaryProcedure,
		func(ctx context.Context, _ *connect.Request[emptypb.Empty]) (*connect.Response[wrapperspb.StringValue], error) {
			return connect.NewResponse(uidOf(ctx)), nil
		}, interceptors))
	mux.Handle(streamProcedure, connect.NewServerStreamHandler(streamProcedure,
		func(ctx context.Context, _ *connect.Request[emptypb.Empty], stream *connect.ServerStream[wrapperspb.StringValue]) error {
			return stream.Send(uidOf(ctx))
		}, interceptors))
	s := httptest.NewUnstartedServer(mux)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// call calls a method and returns what it answers.
func call(t *testing.T, s *httptest.Server, stream bool, protocol connect.ClientOption, header http.Header) (uid string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req := connect.NewRequest(&emptypb.Empty{})
	for name, values := range header {
		req.Header()[name] = values
	}
	if !stream {
		client := connect.NewClient[emptypb.Empty, wrapperspb.StringValue](s.Client(), s.URL+unaryProcedure, protocol)
		res, err := client.CallUnary(ctx, req)
		if err != nil {
			return "", err
		}
		return res.Msg.GetValue(), nil
	}
	client := connect.NewClient[emptypb.Empty, wrapperspb.StringValue](s.Client(), s.URL+streamProcedure, protocol)
	res, err := client.CallServerStream(ctx, req)
	if err != nil {
		return "", err
	}
	defer res.Close()
	if res.Receive() {
		uid = res.Msg().GetValue()
	}
	return uid, res.Err()
}

// reason returns code, reason and how long to wait.
func reason(err error) (code connect.Code, why string, retry time.Duration) {
	if err == nil {
		return 0, "", 0
	}
	e, ok := err.(*connect.Error)
	if !ok {
		return connect.CodeOf(err), "", 0
	}
	for _, d := range e.Details() {
		value, err := d.Value()
		if err != nil {
			continue
		}
		switch d := value.(type) {
		case *errdetails.ErrorInfo:
			why = d.GetReason()
		case *errdetails.RetryInfo:
			retry = d.GetRetryDelay().AsDuration()
		}
	}
	return e.Code(), why, retry
}

func newClient(t *testing.T) (*emulator.Server, *core.Client) {
	t.Helper()
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	return lr, client
}

func newUser(t *testing.T, lr *emulator.Server, roles ...string) (uid, token string) {
	t.Helper()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	if token, _, err = lr.IssueTokens(uid); err != nil {
		t.Fatal(err)
	}
	return uid, token
}

// protocols are those that one handler speaks.
var protocols = map[string]connect.ClientOption{
	"Connect": connect.WithClientOptions(), "gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb(),
}

func TestGuard(t *testing.T) {
	lr, client := newClient(t)
	uid, token := newUser(t, lr, "editor")
	quiet := web.Logger(slog.New(slog.DiscardHandler))
	bearer := func(tokens ...string) http.Header {
		h := http.Header{}
		for _, token := range tokens {
			h.Add("Authorization", "Bearer "+token)
		}
		return h
	}
	for _, test := range []struct {
		name   string
		guard  *connectlr.Guard
		header http.Header
		uid    string
		code   connect.Code
		why    string
	}{
		{"valid", connectlr.RequireLogin(client), bearer(token), uid, 0, ""},
		{"none", connectlr.RequireLogin(client), nil, "", connect.CodeUnauthenticated, "UNAUTHENTICATED"},
		{"unknown", connectlr.RequireLogin(client), bearer("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "", connect.CodeUnauthenticated, "INVALID_TOKEN"},
		{"two", connectlr.RequireLogin(client), bearer(token, token), "", connect.CodeInvalidArgument, "INVALID_REQUEST"},
		{"role", connectlr.RequireLogin(client, web.RequireRole("editor")), bearer(token), uid, 0, ""},
		{"no role", connectlr.RequireLogin(client, web.RequireRole("admin")), bearer(token), "", connect.CodePermissionDenied, "MISSING_ROLE"},
		{"optional, none", connectlr.OptionalLogin(client), nil, "nobody", 0, ""},
		{"optional, valid", connectlr.OptionalLogin(client), bearer(token), uid, 0, ""},
		{"optional, bad", connectlr.OptionalLogin(client, web.RefuseInvalid()), bearer("x1"), "", connect.CodeUnauthenticated, "INVALID_TOKEN"},
		{"unusable option", connectlr.RequireLogin(client, web.RequireRole(), quiet), bearer(token), "", connect.CodeInternal, "INTERNAL_ERROR"},
		{"no client", connectlr.RequireLogin(nil, quiet), bearer(token), "", connect.CodeInternal, "INTERNAL_ERROR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if bad := test.guard.Err() != nil; bad != (test.code == connect.CodeInternal) {
				t.Errorf("Err: %v", test.guard.Err())
			}
			s := newServer(t, test.guard)
			for name, protocol := range protocols {
				for _, stream := range []bool{false, true} {
					got, err := call(t, s, stream, protocol, test.header)
					if code, why, _ := reason(err); got != test.uid || code != test.code || why != test.why {
						t.Errorf("%s, stream %v: uid %q, %v %q (%v); want %q, %v %q", name, stream, got, code, why, err, test.uid, test.code, test.why)
					}
				}
			}
		})
	}
}

// An outage lets known sessions through, and tells others when to try again.
func TestOutage(t *testing.T) {
	lr, client := newClient(t)
	uid, token := newUser(t, lr)
	s := newServer(t, connectlr.RequireLogin(client, web.Logger(slog.New(slog.DiscardHandler))))
	known := http.Header{"Authorization": {"Bearer " + token}}
	if got, err := call(t, s, false, protocols["Connect"], known); err != nil || got != uid {
		t.Fatalf("%q, %v", got, err)
	}
	lr.Inject(emulator.TooManyRequests())
	for name, protocol := range protocols {
		for _, stream := range []bool{false, true} {
			if got, err := call(t, s, stream, protocol, known); err != nil || got != uid {
				t.Errorf("%s: a known session in an outage: %q, %v", name, got, err)
			}
			_, err := call(t, s, stream, protocol, http.Header{"Authorization": {"Bearer 6ba7b810-9dad-11d1-80b4-00c04fd430c8"}})
			if code, why, retry := reason(err); code != connect.CodeUnavailable || why != "UNAVAILABLE" || retry < time.Second {
				t.Errorf("%s, stream %v: an unknown token in an outage: %v %q, retry after %v (%v)", name, stream, code, why, retry, err)
			}
		}
	}
}

func TestErrorOf(t *testing.T) {
	lr, client := newClient(t)
	if _, err := lr.AddUser(emulator.User{Email: "bob@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	_, err := client.Authentication.LoginByEmail(t.Context(), core.LoginByEmailRequest{Email: "bob@example.com", Password: "wrong password"})
	if code, why, _ := reason(connectlr.ErrorOf(err)); code != connect.CodeUnauthenticated || why != "INVALID_CREDENTIALS" {
		t.Errorf("%v %q", code, why)
	}
	if e := connectlr.ErrorOf(io.EOF); e.Code() != connect.CodeInternal || e.Message() == io.EOF.Error() {
		t.Errorf("an error of another package: %v", e)
	}
}

// The guard leaves the calls of clients alone.
func TestClientInterceptor(t *testing.T) {
	lr, client := newClient(t)
	uid, token := newUser(t, lr)
	guard := connectlr.RequireLogin(client)
	s := newServer(t, guard)
	header := http.Header{"Authorization": {"Bearer " + token}}
	for _, stream := range []bool{false, true} {
		if got, err := call(t, s, stream, connect.WithInterceptors(guard), header); err != nil || got != uid {
			t.Errorf("stream %v: %q, %v", stream, got, err)
		}
	}
}

func Example() {
	if err := runExample(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// hello ada@example.com
	// unauthenticated: Login required
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

	guard := connectlr.RequireLogin(client, web.RequireRole("editor"))
	if err := guard.Err(); err != nil {
		return err
	}
	const hello = "/greet.v1.GreetService/Hello" // generated code has this for you
	mux := http.NewServeMux()
	mux.Handle(hello, connect.NewUnaryHandler(hello,
		func(ctx context.Context, _ *connect.Request[emptypb.Empty]) (*connect.Response[wrapperspb.StringValue], error) {
			return connect.NewResponse(wrapperspb.String("hello " + connectlr.Session(ctx).Email())), nil
		}, connect.WithInterceptors(guard)))
	server := httptest.NewServer(mux)
	defer server.Close()

	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Roles: []string{"editor"}})
	if err != nil {
		return err
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		return err
	}
	greet := connect.NewClient[emptypb.Empty, wrapperspb.StringValue](server.Client(), server.URL+hello)
	req := connect.NewRequest(&emptypb.Empty{})
	req.Header().Set("Authorization", "Bearer "+token)
	res, err := greet.CallUnary(context.Background(), req)
	if err != nil {
		return err
	}
	fmt.Println(res.Msg.GetValue())
	_, err = greet.CallUnary(context.Background(), connect.NewRequest(&emptypb.Empty{}))
	fmt.Println(err)
	return nil
}
