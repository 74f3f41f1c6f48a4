package emulator

import (
	"log/slog"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// An Option changes the settings of the emulated site. Options are fixed when the
// emulator is made. If two set the same thing, the later one wins.
type Option func(*options)

type options struct {
	apiKey, apiSecret string
	address           string
	anyAddress        bool
	controlKey        string
	clock             func() time.Time
	logger            *slog.Logger
	max               limits
	codes             codeRules
	federation        federationOptions
	captcha           string
	questions         []Question
	passwordless      passwordlessRules
	passkeys          passkeyRules
	webhooks          webhookOptions
	customObjects     customObjectRules
	jwtProviders      map[string]any // their keys
	consentForms      []ConsentForm
	privacyVersion    string
	privacyMode       PrivacyMode
	defaultRoles      []string
	off               map[Feature]bool // features that are switched off

	// Settings that a tenant has in the console.
	workflow        EmailWorkflow
	tokenLife       time.Duration
	refreshLife     time.Duration
	linkLife        time.Duration
	sliding         bool
	forceLogout     bool
	autoLogin       bool
	emailOTP        bool
	lockKind        LockKind
	lockAfter       int
	lockFor         time.Duration
	minPassword     int
	passwordHistory int
	breached        map[string]bool
	passwordRule    func(string) string
	mfa             mfaOptions
	pin             pinOptions
	reauth          reauthOptions
	risk            riskOptions
	jweTokens       bool
	signingRequired bool
	roles           []string
	customFields    map[string]bool // nil: any

	// Behaviour that LoginRadius does not document.
	strictSigning    bool
	bodyTokens       bool
	rawAuthorization bool
	welcomeVerified  bool
	genericErrors    bool
	unknownUserCode  core.ErrorCode
	missingKeyCode   core.ErrorCode // 0: by family
	invalidTokenCode core.ErrorCode
	expiredTokenCode core.ErrorCode
	blockKillsTokens bool
	keepOnRefresh    bool
	keepResetLinks   bool
	resetVerifies    bool
	dateLayout       string
}

// EmailWorkflow says whether an address must be verified.
type EmailWorkflow int

// The workflows of a LoginRadius site.
const (
	Mandatory      EmailWorkflow = iota // no login before verification
	Optional                            // login at once; EmailVerified is false until verified
	NoVerification                      // no mail; addresses count as verified
)

func defaults() options {
	return options{
		apiKey:           "emulator-key",
		apiSecret:        "emulator-secret",
		address:          "127.0.0.1:0",
		clock:            time.Now,
		logger:           slog.New(slog.DiscardHandler),
		max:              limits{accounts: 100_000, sessions: 200_000, links: 50_000, mails: 1_000, requests: 10_000, roles: 1_000, profile: 64 << 10},
		codes:            defaultCodes(),
		federation:       defaultFederation(),
		captcha:          "test-captcha",
		mfa:              defaultMFA(),
		pin:              defaultPIN(),
		reauth:           defaultReauth(),
		risk:             defaultRisk(),
		questions:        defaultQuestions(),
		passwordless:     defaultPasswordless(),
		webhooks:         defaultWebhooks(),
		off:              map[Feature]bool{},
		jwtProviders:     map[string]any{},
		tokenLife:        15 * time.Minute,
		refreshLife:      60 * 24 * time.Hour,
		linkLife:         72 * time.Hour,
		lockAfter:        5,
		lockFor:          15 * time.Minute,
		minPassword:      6,
		roles:            []string{"admin"},
		unknownUserCode:  core.CodeUserNotFound,
		invalidTokenCode: core.CodeAccessTokenInvalid,
		expiredTokenCode: core.CodeAccessTokenExpired,
		resetVerifies:    true,
		dateLayout:       "2006-01-02T15:04:05.000Z",
	}
}

// WithCredentials sets the key and secret to check. Default: made-up ones, see
// [Emulator.APIKey] and [Emulator.APISecret].
func WithCredentials(key, secret string) Option {
	return func(o *options) { o.apiKey, o.apiSecret = key, secret }
}

// WithAddress sets where [Start] listens. Default: a free port on 127.0.0.1.
func WithAddress(hostPort string) Option { return func(o *options) { o.address = hostPort } }

// WithNonLoopback lets [Start] listen on an address that other machines can reach. They
// can then read the mailbox, and with it take over every account.
func WithNonLoopback() Option { return func(o *options) { o.anyAddress = true } }

// WithClock sets the time source that [Emulator.Advance] adds to. It must be safe for
// concurrent use and must not call the emulator. Default: time.Now.
func WithClock(now func() time.Time) Option { return func(o *options) { o.clock = now } }

// WithFrozenClock stops the time at t; only [Emulator.Advance] moves it.
func WithFrozenClock(t time.Time) Option { return WithClock(func() time.Time { return t }) }

// WithLogger sets the logger. The emulator logs its start, and errors outside of a call.
// Default: none; nothing goes to slog.Default.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.logger = l } }

// WithEmailWorkflow sets the e-mail workflow. Default: [Mandatory].
func WithEmailWorkflow(w EmailWorkflow) Option { return func(o *options) { o.workflow = w } }

// WithAccessTokenLifetime sets how long access tokens live. Default: 15 minutes.
func WithAccessTokenLifetime(d time.Duration) Option { return func(o *options) { o.tokenLife = d } }

// WithRefreshTokenLifetime sets how long refresh tokens live. Default: 60 days.
func WithRefreshTokenLifetime(d time.Duration) Option { return func(o *options) { o.refreshLife = d } }

// WithLinkLifetime sets how long mailed links and codes live. Default: 72 hours.
func WithLinkLifetime(d time.Duration) Option { return func(o *options) { o.linkLife = d } }

// WithSlidingTokens extends a token by its lifetime whenever it is used.
func WithSlidingTokens() Option { return func(o *options) { o.sliding = true } }

// WithForceLogout ends a user's other sessions when the password changes.
func WithForceLogout() Option { return func(o *options) { o.forceLogout = true } }

// WithAutoLogin logs users in when they verify their address.
func WithAutoLogin() Option { return func(o *options) { o.autoLogin = true } }

// WithEmailOTP mails codes instead of links for verification, password reset and
// logins without a password.
func WithEmailOTP() Option { return func(o *options) { o.emailOTP = true } }

// WithLockout locks an account after a number of wrong passwords or codes in a row. d is
// the time of a lock of the kind [Suspend]. Default: 5 failures and 15 minutes; 0
// failures means never.
func WithLockout(failures int, d time.Duration) Option {
	return func(o *options) { o.lockAfter, o.lockFor = failures, d }
}

// WithLockKind sets the kind of lock. Default: [Suspend].
func WithLockKind(k LockKind) Option { return func(o *options) { o.lockKind = k } }

// WithMinPassword sets the shortest accepted password in bytes (1216). Default: 6.
func WithMinPassword(n int) Option { return func(o *options) { o.minPassword = n } }

// WithPasswordHistory refuses an account's last n passwords (1015). Default: 0.
func WithPasswordHistory(n int) Option { return func(o *options) { o.passwordHistory = n } }

// WithBreachedPasswords sets the passwords that are refused as breached (1315).
// Default: none.
func WithBreachedPasswords(passwords ...string) Option {
	return func(o *options) {
		o.breached = map[string]bool{}
		for _, p := range passwords {
			o.breached[p] = true
		}
	}
}

// WithPasswordRule refuses passwords for which rule returns a message: the answer is a
// 1134 with that message for the field Password. The rule must not call the emulator,
// which holds its lock meanwhile. Default: none.
func WithPasswordRule(rule func(password string) string) Option {
	return func(o *options) { o.passwordRule = rule }
}

// WithJWETokens issues access and refresh tokens that look like encrypted tokens: about
// 260 characters in five parts. Default: GUIDs.
func WithJWETokens() Option { return func(o *options) { o.jweTokens = true } }

// WithSigningRequired accepts management calls only if they are signed (1207), as
// the strict mode of request signing does. Default: secret or signature.
func WithSigningRequired() Option { return func(o *options) { o.signingRequired = true } }

// WithRoles defines roles on the site. Default: "admin".
func WithRoles(names ...string) Option { return func(o *options) { o.roles = names } }

// WithCustomFields declares the custom fields of the site; others are refused
// (993). Default: any name.
func WithCustomFields(names ...string) Option {
	return func(o *options) {
		o.customFields = map[string]bool{}
		for _, n := range names {
			o.customFields[n] = true
		}
	}
}
