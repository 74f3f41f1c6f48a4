package emulator

import "github.com/loginradius-contrib/go-middleware/core"

// The options here stand for what LoginRadius does not document. A client has to
// live with either answer; these choose which one to test with.

// WithUnknownUserCode sets the error code of a login with an unknown name: 938
// (default) or 966, which is that of a wrong password.
func WithUnknownUserCode(code core.ErrorCode) Option {
	return func(o *options) { o.unknownUserCode = code }
}

// WithGenericAuthErrors answers 1409 on calls that name a user, where they would
// say that the user is unknown (938), that the password or PIN is wrong (966, 1236),
// or that the address is not verified (970, 1066) or not the user's (1023). Default:
// each its own code.
func WithGenericAuthErrors() Option { return func(o *options) { o.genericErrors = true } }

// WithTokenCodes sets the error codes of a token that is unknown or ended, and of
// one that has expired. Defaults: 905 and 906; newer answers have 2024 or 1409.
func WithTokenCodes(invalid, expired core.ErrorCode) Option {
	return func(o *options) { o.invalidTokenCode, o.expiredTokenCode = invalid, expired }
}

// WithMissingKeyCode sets the error code of a call without an API key. Default:
// 908 for /identity/v2 and 922 for /api/v2.
func WithMissingKeyCode(code core.ErrorCode) Option {
	return func(o *options) { o.missingKeyCode = code }
}

// WithBlockEndingTokens makes validation refuse the tokens of a blocked account.
// By default only calls that show or change the account do.
func WithBlockEndingTokens() Option { return func(o *options) { o.blockKillsTokens = true } }

// WithRefreshKeepingToken lets the access token live on when its refresh token is
// used. By default it dies.
func WithRefreshKeepingToken() Option { return func(o *options) { o.keepOnRefresh = true } }

// WithParallelResetLinks lets an older reset link work beside a newer one. By
// default the newest replaces the others.
func WithParallelResetLinks() Option { return func(o *options) { o.keepResetLinks = true } }

// WithResetNotVerifying leaves the address unverified when its owner resets the
// password. By default that proves the address.
func WithResetNotVerifying() Option { return func(o *options) { o.resetVerifies = false } }

// WithDateLayout sets how dates are written, as a layout of package time; they are
// in UTC. Default: "2006-01-02T15:04:05.000Z". The service has been seen with 0 to
// 7 digits, and without the Z.
func WithDateLayout(layout string) Option { return func(o *options) { o.dateLayout = layout } }
