// Package core is a client for LoginRadius, a hosted customer-identity service, and
// a cached validator for its access tokens. It depends on no web framework.
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
// in the official SDKs:
//
//   - [AuthenticationService]: what users do themselves, such as register, log in,
//     verify, reset a password and change their account.
//   - [PasswordlessService], [OneTouchService], [SmartLoginService], [PhoneService],
//     [PasskeyService], [NativeSocialService]: other ways to register and log in.
//   - [MFAService], [ReauthenticationService], [PINService]: second factors, proofs of
//     presence, and PINs.
//   - [ConsentService]: what users consent to.
//   - [AccountService], [RoleService], [CustomObjectService]: what the backend does with
//     any account, its roles and its records.
//   - [SocialService]: the older native API, and the list of a user's sessions.
//   - [ConfigurationService], [WebhookService]: the site itself.
//   - [JWTService], [OIDCService], [M2MService]: JWTs, OpenID Connect and machines.
//
// [Client.Do] reaches what has no method. OPERATIONS.md at the root of the module lists
// all methods with their requests.
//
// An operation that takes one argument takes it plainly. Every other operation takes a
// struct of its own and does not send its zero fields. A required argument that is
// missing is [ErrMissingArgument], before anything is sent.
//
// # Errors
//
// Decide with [errors.Is] and the sentinels ([ErrInvalidToken], [ErrUnavailable], …), and
// get the details with [errors.As] and [*Error]. The meaning of an error comes from
// LoginRadius' error code, never from the HTTP status. [Error.Answered] reports whether
// LoginRadius answered, or could not be asked.
//
// # Secrets
//
// Tokens, passwords and the API secret are in no error, log line or formatted value.
// They are in a URL only where LoginRadius documents no other form; the documentation of
// the operation or of its service then says so.
package core

//go:generate go run ./internal/gen
