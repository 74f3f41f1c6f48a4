package core

import (
	"context"
	"errors"
	"net/url"
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

const (
	CallOK          CallKind = "ok"          // LoginRadius did what it was asked for
	CallRefused     CallKind = "refused"     // LoginRadius answered with an error code about this request
	CallCredentials CallKind = "credentials" // LoginRadius refused the API key or secret
	CallLimited     CallKind = "limited"     // LoginRadius answered 429
	CallUnavailable CallKind = "unavailable" // no answer, or one that is none: a failure of the service or the network
	CallCanceled    CallKind = "canceled"    // the caller gave up
)

// A CallOutcome is how one request to LoginRadius ended.
type CallOutcome struct {
	Kind       CallKind
	HTTPStatus int       // 0 without an answer
	Code       ErrorCode // 0 without an error code
}

// observe tells the Observer about an attempt.
func (c *Client) observe(ctx context.Context, call *call, attempt int) (context.Context, func(error)) {
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
	call.status = 0
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
