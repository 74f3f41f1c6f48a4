package emulator

import "time"

// PINAsk says when a site demands a PIN.
type PINAsk int

// The occasions, which can be combined.
const (
	PINAtRegistration PINAsk = iota // 1234 without one
	PINAtLogin                      // 1243 for users without one
	PINAtFirstLogin                 // 1243 at the first login only
)

type pinOptions struct {
	on                     bool
	asks                   map[PINAsk]bool
	minDigits, maxDigits   int
	sessionLife, tokenLife time.Duration
}

func defaultPIN() pinOptions {
	return pinOptions{minDigits: 4, maxDigits: 6, sessionLife: 10 * time.Minute, tokenLife: 10 * time.Minute}
}

// WithPIN switches logins by PIN on: users who have one get a session token with
// their access token. It can demand a PIN on some occasions. Default: off.
func WithPIN(asks ...PINAsk) Option {
	return func(o *options) {
		o.pin.on, o.pin.asks = true, map[PINAsk]bool{}
		for _, a := range asks {
			o.pin.asks[a] = true
		}
	}
}

// WithPINDigits sets how long a PIN may be. Default: 4 to 6 digits.
func WithPINDigits(least, most int) Option {
	return func(o *options) { o.pin.minDigits, o.pin.maxDigits = least, most }
}

// WithPINSessionLifetime sets how long session tokens live. Default: 10 minutes.
func WithPINSessionLifetime(d time.Duration) Option {
	return func(o *options) { o.pin.sessionLife = d }
}

// WithPINTokenLifetime sets how long a login waits for its first PIN. This is not
// documented. Default: 10 minutes.
func WithPINTokenLifetime(d time.Duration) Option { return func(o *options) { o.pin.tokenLife = d } }
