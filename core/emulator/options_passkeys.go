package emulator

import "time"

// Passkeys are the site's settings for passkeys.
type Passkeys struct {
	// RPID is the domain that passkeys are bound to. Default: "localhost".
	RPID string
	// RPName is what authenticators call the site. Default: "LoginRadius App".
	RPName string
	// Origins are the origins that a browser may use passkeys from, such as
	// "https://app.example.com". Default: "https://" and RPID; for "localhost" every
	// port of it, by HTTP and HTTPS.
	Origins []string
	// WithoutAutofill refuses logins without an identifier (1326).
	WithoutAutofill bool
}

type passkeyRules struct {
	Passkeys
	on bool
}

// passkeyGrace is how long an answer may come after the time-out that the browser was
// told. LoginRadius does not document it.
const passkeyGrace = 30 * time.Second

// WithPasskeys switches passkeys on. By default a site has none (1320). If RPID is not
// a domain or Origins is unusable, the calls about passkeys answer 1322.
func WithPasskeys(p Passkeys) Option {
	if p.RPID == "" {
		p.RPID = "localhost"
	}
	if p.RPName == "" {
		p.RPName = "LoginRadius App"
	}
	return func(o *options) { o.passkeys = passkeyRules{p, true} }
}
