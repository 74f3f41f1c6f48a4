package emulator

import "time"

type reauthOptions struct {
	off       bool
	tokenLife time.Duration
	reusable  bool
	anyKind   bool
}

func defaultReauth() reauthOptions { return reauthOptions{tokenLife: 10 * time.Minute} }

// WithoutReauth switches re-authentication off: all of its calls answer 1191.
// Default: on.
func WithoutReauth() Option { return func(o *options) { o.reauth.off = true } }

// WithReauthTokenLifetime sets how long the token of a re-authentication can be
// validated. This is not documented. Default: 10 minutes.
func WithReauthTokenLifetime(d time.Duration) Option {
	return func(o *options) { o.reauth.tokenLife = d }
}

// WithReusableReauthTokens lets a token be validated more than once. This is not
// documented. Default: once.
func WithReusableReauthTokens() Option { return func(o *options) { o.reauth.reusable = true } }

// WithReauthOfAnyKind validates a token on any of the three paths. This is not
// documented. Default: a token of a password is good on the path for passwords, and
// so on.
func WithReauthOfAnyKind() Option { return func(o *options) { o.reauth.anyKind = true } }
