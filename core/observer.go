package core

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// An Observer sees the calls that a client makes, for traces and metrics. The package
// core/otellr implements it with OpenTelemetry. Every method is called synchronously
// and from several goroutines: it must be quick and must not panic. Answers from
// memory are not observed one by one; [Client.Stats] counts them.
//
// What an Observer gets holds no token, key, address of a user or other input of a
// call, so that it can be exported as it is. Contexts may hold anything.
type Observer interface {
	// StartCall is called before a request is sent to LoginRadius, once per attempt.
	// The request is made with the returned context. end is called when the answer was
	// read or the attempt failed.
	StartCall(ctx context.Context, call ObservedCall) (_ context.Context, end func(CallOutcome))

	// StartFetch is called when LoginRadius, or a [TokenVerifier], is about to be asked
	// about an access token. ctx has the values of the request that asked first; a
	// refresh in the background has no request. The calls of the fetch are made with
	// the returned context. end is called when there is an answer.
	StartFetch(ctx context.Context) (_ context.Context, end func(FetchOutcome))

	// JoinFetch is called when a request with the context ctx got the answer of a fetch
	// that another request began. fetch is the context that StartFetch returned for it.
	JoinFetch(ctx, fetch context.Context)

	// Announced is called when the [SharedStore] has taken a revocation of this process
	// ([Client.Forget] and the like), so that all replicas that reach the store hear it. delay
	// is the time since the revocation took effect here: about a round trip, and longer if
	// the store failed meanwhile. Without a store it is not called.
	Announced(delay time.Duration)
}

// An ObservedCall describes one request to LoginRadius.
type ObservedCall struct {
	Operation string // such as "Authentication.LoginByEmail"
	Method    string // the HTTP method
	URL       string // scheme, host and path prefix
	Path      string // the operation's path with names in braces for values; "" for [Client.Do]
	Attempt   int    // from 1; greater for repetitions of a read
}

// A CallKind sorts the ends of calls by who must do something about them.
type CallKind string

// The ends of calls.
const (
	CallOK          CallKind = "ok"          // LoginRadius did what it was asked for
	CallRefused     CallKind = "refused"     // LoginRadius answered with an error code about this request
	CallCredentials CallKind = "credentials" // LoginRadius refused the API key or secret
	CallLimited     CallKind = "limited"     // LoginRadius answered 429
	CallUnavailable CallKind = "unavailable" // no usable answer: the service or the network failed
	CallCanceled    CallKind = "canceled"    // the caller gave up
)

// A CallOutcome is how one request to LoginRadius ended.
type CallOutcome struct {
	Kind       CallKind
	HTTPStatus int       // 0 without an answer
	Code       ErrorCode // 0 without an error code
}

// A FetchKind is the result of asking LoginRadius about an access token.
type FetchKind string

// The ends of fetches.
const (
	FetchValid       FetchKind = "valid"       // the token is good
	FetchRefused     FetchKind = "refused"     // the token is definitely not good
	FetchUndecided   FetchKind = "undecided"   // LoginRadius answered something else about this token
	FetchUnavailable FetchKind = "unavailable" // LoginRadius could not be asked
	FetchOverloaded  FetchKind = "overloaded"  // our own limit of calls was reached
)

// A FetchOutcome is how a fetch ended.
type FetchOutcome struct {
	Kind   FetchKind
	Waited time.Duration // for its turn, because of SessionConfig.UpstreamRate
}

var fetchKinds = map[sessions.Outcome]FetchKind{
	sessions.Valid: FetchValid, sessions.Refused: FetchRefused, sessions.Undecided: FetchUndecided, sessions.Unavailable: FetchUnavailable,
}

// observeFetches returns the hooks of package sessions for an Observer, which may be nil.
func observeFetches(o Observer) (
	trace func(context.Context) (context.Context, func(*sessions.Answer[*Session], time.Duration)),
	joined func(ctx, fetch context.Context),
	announced func(delay time.Duration),
) {
	if o == nil {
		return nil, nil, nil
	}
	return func(ctx context.Context) (context.Context, func(*sessions.Answer[*Session], time.Duration)) {
		ctx, end := o.StartFetch(ctx)
		return ctx, func(a *sessions.Answer[*Session], waited time.Duration) {
			out := FetchOutcome{Kind: fetchKinds[a.Outcome], Waited: waited}
			if f, ok := errors.AsType[*sessions.Failure](a.Err); ok && f.Reason == sessions.Limited {
				out.Kind = FetchOverloaded
			}
			end(out)
		}
	}, o.JoinFetch, o.Announced
}

// observe tells the Observer about an attempt.
func (c *Client) observe(ctx context.Context, call *call, attempt int) (context.Context, func(error)) {
	call.status, call.answerID = 0, ""
	if c.cfg.Observer == nil {
		return ctx, func(error) {}
	}
	o := ObservedCall{Operation: call.op.name, Method: call.op.method, URL: c.cfg.urlOf(call.op.host), Path: call.op.path, Attempt: attempt}
	if o.Operation == rawOperation { // the application's path may hold values
		o.Path = ""
	}
	if u, err := url.Parse(o.URL); err == nil {
		o.URL = u.Scheme + "://" + u.Host + u.Path
	}
	started, end := c.cfg.Observer.StartCall(ctx, o)
	return started, func(err error) { end(outcomeOf(ctx, call.status, err)) }
}

func outcomeOf(ctx context.Context, status int, err error) CallOutcome {
	out := CallOutcome{Kind: CallOK, HTTPStatus: status}
	if e, ok := errors.AsType[*Error](err); ok {
		out.Code = e.Code
	}
	switch {
	case err == nil:
	case errors.Is(err, ErrRateLimited):
		out.Kind = CallLimited
	case errors.Is(err, ErrAPICredentials):
		out.Kind = CallCredentials
	case errors.Is(ctx.Err(), context.Canceled):
		out.Kind = CallCanceled
	case errors.Is(err, ErrUnavailable):
		out.Kind = CallUnavailable
	default:
		out.Kind = CallRefused
	}
	return out
}
