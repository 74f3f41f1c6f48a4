package emulator

// These options choose how tolerant the site is.

// WithStrictSigning accepts a signed call without content only if nothing stands for
// the content in what was signed, as the documentation says. Default: the ways of
// four official SDKs are accepted as well, which sign or send "{}", "null" or a colon.
func WithStrictSigning() Option { return func(o *options) { o.strictSigning = true } }

// WithBodyTokens takes the user's access token from the JSON body as well, under
// access_token. Default: from the Authorization header and the query.
func WithBodyTokens() Option { return func(o *options) { o.bodyTokens = true } }

// WithRawAuthorization takes the user's access token from an Authorization header
// without the word Bearer as well. This is not documented.
func WithRawAuthorization() Option { return func(o *options) { o.rawAuthorization = true } }

// WithWelcomeOnVerification sends the welcome mail when an address is verified, as
// the service did before its version 22.4. Default: off.
func WithWelcomeOnVerification() Option { return func(o *options) { o.welcomeVerified = true } }
