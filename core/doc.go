// Package core is a client for LoginRadius, a hosted customer-identity service, and
// a cached validator for its access tokens. It knows no web framework.
//
//	client, err := core.New(core.Config{APIKey: key, APISecret: secret}) // or core.ConfigFromEnv()
//	if err != nil { … }
//	defer client.Close()
//
//	session, err := client.Session(ctx, accessToken)
//	switch {
//	case errors.Is(err, core.ErrUnavailable):
//		// LoginRadius cannot be asked: 503
//	case err != nil:
//		// the token is not good: 401
//	default:
//		fmt.Println(session.UID())
//	}
//
// # Operations
//
// The operations of LoginRadius are methods on the services of a [Client], named as
// in the official SDKs. An operation that takes one argument takes it plainly; every
// other takes a struct of its own, whose zero fields are not sent. A required
// argument that is missing is [ErrMissingArgument], before anything is sent.
//
// # Errors
//
// Test for what to do with errors.Is and the sentinels ([ErrInvalidToken],
// [ErrUnavailable], …); errors.As and [*Error] tell the details. Meaning comes from
// LoginRadius' error code, never from the HTTP status. [Error.Answered] tells what
// LoginRadius said from what kept us from asking.
//
// # Secrets
//
// Tokens, passwords and the API secret are in no error, log line or formatted
// value. They are in a URL only where LoginRadius documents no other form, which the
// documentation of such an operation says.
package core

//go:generate go run ./internal/gen
