package emulator

// A ConsentForm is what a site asks for at an event: "Register", "FirstLogin" and
// "Login" are the service's own, others are Custom. Of several forms of one event the
// one with the highest Version counts.
type ConsentForm struct {
	Event   string
	Custom  bool
	Version int
	Options []ConsentOption
}

// A ConsentOption is one thing to agree to. A required one must be accepted for the
// form to be valid.
type ConsentOption struct {
	ID       string
	Required bool
}

// WithConsent switches consent management on. Default: off (1227).
func WithConsent(forms ...ConsentForm) Option {
	return func(o *options) { o.consentForms = forms }
}

// PrivacyMode says what becomes of users who have not accepted the privacy policy.
type PrivacyMode int

// The modes of a site with a privacy policy.
const (
	PrivacyModerated PrivacyMode = iota // they log in; the profile shows what they accepted
	PrivacyStrict                       // a login is refused (1194) until they have accepted
)

// WithPrivacyPolicy gives the site a privacy policy. Default: there is none (1195).
// [Emulator.SetPrivacyPolicy] changes the version later.
func WithPrivacyPolicy(version string, mode PrivacyMode) Option {
	return func(o *options) { o.privacyVersion, o.privacyMode = version, mode }
}
