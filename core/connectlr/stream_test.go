package connectlr_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/connectlr"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

type (
	bidi       = connect.BidiStream[wrapperspb.StringValue, wrapperspb.StringValue]
	bidiClient = connect.BidiStreamForClient[wrapperspb.StringValue, wrapperspb.StringValue]
)

// Each handler is a stream that nothing but its guard or its client ends.
var handlers = map[string]func(context.Context, *bidi) error{
	"/test.v1.Streams/Echo": func(_ context.Context, s *bidi) error {
		for {
			m, err := s.Receive()
			if err != nil {
				return err
			}
			if err := s.Send(m); err != nil {
				return err
			}
		}
	},
	"/test.v1.Streams/Context": func(ctx context.Context, _ *bidi) error {
		<-ctx.Done()
		return nil // the guard's refusal counts all the same
	},
	"/test.v1.Streams/Send": func(_ context.Context, s *bidi) error {
		for {
			if err := s.Send(wrapperspb.String("tick")); err != nil {
				return err
			}
			time.Sleep(time.Millisecond)
		}
	},
}

func serveStreams(t *testing.T, guard *connectlr.Guard) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for procedure, handle := range handlers {
		mux.Handle(procedure, connect.NewBidiStreamHandler(procedure, func(ctx context.Context, s *bidi) error {
			if err := s.Send(wrapperspb.String("begun")); err != nil {
				return err
			}
			return handle(ctx, s)
		}, connect.WithInterceptors(guard)))
	}
	s := httptest.NewUnstartedServer(mux)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// open begins a stream and waits until its handler runs.
func open(t *testing.T, server *httptest.Server, procedure string, protocol connect.ClientOption, token string) *bidiClient {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	s := connect.NewClient[wrapperspb.StringValue, wrapperspb.StringValue](server.Client(), server.URL+procedure, protocol).CallBidiStream(ctx)
	t.Cleanup(func() { cancel(); _ = s.CloseRequest(); _ = s.CloseResponse() })
	if token != "" {
		s.RequestHeader().Set("Authorization", "Bearer "+token)
	}
	if err := s.Send(nil); err != nil { // the headers
		t.Fatal(err)
	}
	if _, err := s.Receive(); err != nil {
		t.Fatalf("%s did not begin: %v", procedure, err)
	}
	return s
}

// end reads a stream to its end.
func end(s *bidiClient) error {
	for {
		if _, err := s.Receive(); err != nil {
			return err
		}
	}
}

// echoes fails if a stream of the echo handler does not answer.
func echoes(t *testing.T, s *bidiClient) {
	t.Helper()
	if err := s.Send(wrapperspb.String("still there?")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Receive(); err != nil || got.GetValue() != "still there?" {
		t.Fatalf("the stream answers %q, %v", got.GetValue(), err)
	}
}

func TestStreamEndsWithTheSession(t *testing.T) {
	quiet := web.Logger(slog.New(slog.DiscardHandler))
	for name, test := range map[string]struct {
		end  func(t *testing.T, lr *emulator.Server, client *core.Client, token string)
		code connect.Code
		why  string
	}{
		"logout": {func(t *testing.T, _ *emulator.Server, client *core.Client, token string) {
			if err := client.Authentication.InvalidateToken(t.Context(), core.InvalidateTokenRequest{AccessToken: token, PreventRefresh: true}); err != nil {
				t.Fatal(err)
			}
		}, connect.CodeUnauthenticated, "INVALID_TOKEN"},
		"forgotten in an outage": {func(_ *testing.T, lr *emulator.Server, client *core.Client, token string) {
			lr.Inject(emulator.TooManyRequests())
			client.Forget(token)
		}, connect.CodeUnavailable, "UNAVAILABLE"},
		"client closed": {func(_ *testing.T, _ *emulator.Server, client *core.Client, _ string) { _ = client.Close() }, connect.CodeUnavailable, "UNAVAILABLE"},
	} {
		t.Run(name, func(t *testing.T) {
			lr, client := newClient(t)
			_, token := newUser(t, lr)
			server := serveStreams(t, connectlr.RequireLogin(client, quiet))
			streams := map[string]*bidiClient{}
			for procedure := range handlers {
				for _, protocol := range []string{"Connect", "gRPC"} {
					streams[procedure+" "+protocol] = open(t, server, procedure, protocols[protocol], token)
				}
			}
			test.end(t, lr, client, token)
			for name, s := range streams {
				if code, why, _ := reason(end(s)); code != test.code || why != test.why {
					t.Errorf("%s ended with %v %q, want %v %q", name, code, why, test.code, test.why)
				}
			}
		})
	}
}

// What would not refuse a new stream does not end one that has begun.
func TestStreamGoesOn(t *testing.T) {
	lr, client := newClient(t)
	uid, token := newUser(t, lr)
	server := serveStreams(t, connectlr.OptionalLogin(client))
	const echo = "/test.v1.Streams/Echo"
	stranger := open(t, server, echo, protocols["Connect"], "")
	s := open(t, server, echo, protocols["Connect"], token)
	client.UncacheUser(uid) // as when a profile was edited
	echoes(t, s)
	client.ForgetUser("another account")
	echoes(t, s)
	echoes(t, stranger)
}
