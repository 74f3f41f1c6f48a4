package emulator

import (
	"log/slog"
	"time"
)

// An Option changes how the emulated site is set up.
type Option func(*options)

type options struct {
	apiKey, apiSecret string
	address           string
	anyAddress        bool
	clock             func() time.Time
	logger            *slog.Logger
	workflow          EmailWorkflow
	tokenLife         time.Duration
	refreshLife       time.Duration
	linkLife          time.Duration
	sliding           bool
	forceLogout       bool
	autoLogin         bool
	emailOTP          bool
	blockKillsTokens  bool
	lockAfter         int
	lockFor           time.Duration
	minPassword       int
	mfa               bool
	flatMFA           bool
	unknownUserCode   int
	roles             []string
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
		apiKey:          "emulator-key",
		apiSecret:       "emulator-secret",
		address:         "127.0.0.1:0",
		clock:           time.Now,
		logger:          slog.Default(),
		tokenLife:       15 * time.Minute,
		refreshLife:     60 * 24 * time.Hour,
		linkLife:        72 * time.Hour,
		lockAfter:       5,
		lockFor:         15 * time.Minute,
		minPassword:     6,
		unknownUserCode: 938,
		roles:           []string{"admin"},
	}
}

// WithCredentials sets the key and secret to check. Default: made-up ones.
func WithCredentials(key, secret string) Option {
	return func(o *options) { o.apiKey, o.apiSecret = key, secret }
}

// WithAddress sets where [Start] listens. Default: a free port on 127.0.0.1.
func WithAddress(hostPort string) Option { return func(o *options) { o.address = hostPort } }

// AllowNonLoopback lets [Start] listen on an address that others can reach. The
// mailbox there hands every account to whoever asks.
func AllowNonLoopback() Option { return func(o *options) { o.anyAddress = true } }

// WithClock sets the time source that Advance adds to. Default: time.Now.
func WithClock(now func() time.Time) Option { return func(o *options) { o.clock = now } }

// WithLogger sets where the line at start goes. Default: slog.Default().
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

// WithAutoLogin logs in whoever verifies an address.
func WithAutoLogin() Option { return func(o *options) { o.autoLogin = true } }

// WithEmailOTP mails codes instead of links for verification and password reset.
func WithEmailOTP() Option { return func(o *options) { o.emailOTP = true } }

// WithBlockEndingTokens makes validation refuse the tokens of a blocked account.
// By default only the profile does.
func WithBlockEndingTokens() Option { return func(o *options) { o.blockKillsTokens = true } }

// WithLockout locks an account after that many wrong passwords in a row. Default:
// 5 and 15 minutes; 0 failures means never.
func WithLockout(failures int, d time.Duration) Option {
	return func(o *options) { o.lockAfter, o.lockFor = failures, d }
}

// WithMinPassword sets the shortest acceptable password. Default: 6.
func WithMinPassword(n int) Option { return func(o *options) { o.minPassword = n } }

// WithMFA asks every login for a second factor: with a challenge in the older
// nested or the newer flat form. The second step itself is not emulated.
func WithMFA(flat bool) Option { return func(o *options) { o.mfa, o.flatMFA = true, flat } }

// WithUnknownUserCode sets the error code of a login with an unknown name: 938
// (default) or 966, which is that of a wrong password.
func WithUnknownUserCode(code int) Option { return func(o *options) { o.unknownUserCode = code } }

// WithRoles defines roles on the site. Default: "admin".
func WithRoles(names ...string) Option { return func(o *options) { o.roles = names } }
