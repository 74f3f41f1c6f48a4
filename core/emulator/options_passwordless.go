package emulator

import "time"

// passwordlessRules are the site's settings for logins without a password.
type passwordlessRules struct {
	linkLife      time.Duration // of a mailed login link
	waitLife      time.Duration // of a client GUID and of the link that releases its login
	autoRegister  bool
	unverified    bool // accounts with an unverified address may ask
	phoneAtOnce   bool // a changed number replaces the old one before it is verified
	oneTouchPosts bool // the verification of a one-touch code answers IsPosted
	offUnderMFA   bool // no passwordless login on a site with second factors
}

func defaultPasswordless() passwordlessRules {
	return passwordlessRules{linkLife: 10 * time.Minute, waitLife: 15 * time.Minute}
}

// WithLoginLinkLifetime sets how long a mailed login link works. Default: 10 minutes.
// [WithCodeLifetime] is the setting for codes.
func WithLoginLinkLifetime(d time.Duration) Option {
	return func(o *options) { o.passwordless.linkLife = d }
}

// WithSmartLoginLifetime sets how long a client GUID and the mailed link of a smart or
// one-touch login work. Default: 15 minutes.
func WithSmartLoginLifetime(d time.Duration) Option {
	return func(o *options) { o.passwordless.waitLife = d }
}

// WithPasswordlessRegistration registers unknown users who ask for a passwordless
// login with a POST. By default they are refused (938).
func WithPasswordlessRegistration() Option {
	return func(o *options) { o.passwordless.autoRegister = true }
}

// WithUnverifiedPasswordless lets accounts with an unverified address or number ask
// for a passwordless login, which verifies it. By default they are refused (970, 1066).
func WithUnverifiedPasswordless() Option {
	return func(o *options) { o.passwordless.unverified = true }
}

// WithImmediatePhoneChange replaces an account's phone number as soon as its owner
// asks. By default the old number stays until the new one is verified.
func WithImmediatePhoneChange() Option {
	return func(o *options) { o.passwordless.phoneAtOnce = true }
}

// WithOneTouchPosted answers the verification of a one-touch SMS code with IsPosted
// alone, as the API reference has it. By default it logs in, as the SDKs expect.
func WithOneTouchPosted() Option {
	return func(o *options) { o.passwordless.oneTouchPosts = true }
}

// WithoutPasswordlessUnderMFA refuses passwordless logins (1059) on a site with second
// factors, as an older version of the service did. By default they go on to the second
// factor, as other logins do.
func WithoutPasswordlessUnderMFA() Option {
	return func(o *options) { o.passwordless.offUnderMFA = true }
}
