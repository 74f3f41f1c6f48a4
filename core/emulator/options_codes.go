package emulator

import "time"

// The options of one feature are in a file options_<feature>.go: a struct with what
// they set, its defaults, and the Option functions, which are named With and then the
// feature. What LoginRadius does not document says so.

func defaultCodes() codeRules {
	return codeRules{life: 5 * time.Minute, digits: 6, attempts: 5, sends: 5, window: 10 * time.Minute}
}

// WithCodeLifetime sets how long one-time codes work that come by SMS, or by e-mail
// as a second factor or a login. Codes that stand for a mailed link live as long as
// the link. Default: 5 minutes.
func WithCodeLifetime(d time.Duration) Option { return func(o *options) { o.codes.life = d } }

// WithCodeDigits sets how many digits one-time codes have. Default: 6.
func WithCodeDigits(n int) Option { return func(o *options) { o.codes.digits = n } }

// WithCodeAttempts sets how many wrong tries kill a one-time code; 0 means any
// number. The lock of the account counts them as well. Default: 5.
func WithCodeAttempts(n int) Option { return func(o *options) { o.codes.attempts = n } }

// WithCodeLimit limits how many messages of a kind one receiver gets within a time:
// beyond that it is 1122 for e-mail and 1123 for SMS. n = 0 means any number.
// Default: 5 within 10 minutes.
func WithCodeLimit(n int, within time.Duration) Option {
	return func(o *options) { o.codes.sends, o.codes.window = n, within }
}
