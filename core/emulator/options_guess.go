package emulator

import "github.com/loginradius-contrib/go-middleware/core"

// These options choose among behaviours that LoginRadius does not document. A client must
// work with all of them.

// WithUnknownUserCode sets the error code of a login with an unknown name: 938
// (default) or 966, which is that of a wrong password.
func WithUnknownUserCode(code core.ErrorCode) Option {
	return func(o *options) { o.unknownUserCode = code }
}

// WithGenericAuthErrors answers 1409 on calls that name a user instead of the codes that
// tell whether the user exists (938), the password or PIN is wrong (966, 1236), or the
// address is unverified (970, 1066) or not the user's (1023). Default: each its own code.
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
// Default: only calls that show or change the account refuse them.
func WithBlockEndingTokens() Option { return func(o *options) { o.blockKillsTokens = true } }

// WithRefreshKeepingToken keeps the access token valid when its refresh token is used.
// Default: it ends.
func WithRefreshKeepingToken() Option { return func(o *options) { o.keepOnRefresh = true } }

// WithParallelResetLinks keeps older reset links valid beside a newer one. Default: the
// newest replaces the others.
func WithParallelResetLinks() Option { return func(o *options) { o.keepResetLinks = true } }

// WithResetNotVerifying leaves the address unverified when its owner resets the
// password. Default: a reset verifies the address.
func WithResetNotVerifying() Option { return func(o *options) { o.resetVerifies = false } }

// WithDateLayout sets the layout of dates, which are in UTC, in the form of package time.
// Default: "2006-01-02T15:04:05.000Z". The service has been seen with 0 to 7 digits, and
// without the Z.
func WithDateLayout(layout string) Option { return func(o *options) { o.dateLayout = layout } }
