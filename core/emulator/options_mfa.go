package emulator

import (
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// MFAMode says who needs a second factor.
type MFAMode int

// The modes of a site.
const (
	MFAOff      MFAMode = iota // no login asks for one; /login/2fa answers 1097
	MFAOptional                // users who have enrolled one; others get an invitation with their tokens
	MFARequired                // all users; those without one enrol when they log in
)

// A Factor is a kind of second factor.
type Factor string

// The kinds of second factors. Push, Duo and passkeys can be seeded with
// [Emulator.EnrolFactor]. [Emulator.AnswerPush] and [Emulator.DuoCode] stand for the
// device and for Duo's page.
const (
	FactorTOTP             Factor = "totp"
	FactorSMS              Factor = "sms"
	FactorEmail            Factor = "email"
	FactorSecurityQuestion Factor = "security_question"
	FactorBackupCode       Factor = "backup_code"
	FactorPush             Factor = "push"
	FactorDuo              Factor = "duo"
	FactorPasskey          Factor = "passkey"
)

// A ChallengeForm is where an answer holds the fields of a challenge.
type ChallengeForm int

// The forms that the service has been seen with.
const (
	ChallengeByPath ChallengeForm = iota // flat on /login, nested on /login/2fa
	ChallengeNested                      // in SecondFactorAuthentication
	ChallengeFlat                        // at the top
)

// An MFAAnswer is the form of an answer to a right second factor.
type MFAAnswer int

// The forms that the documentation shows; all of them have the tokens somewhere.
const (
	MFAAnswerLogin      MFAAnswer = iota // as after a login; by access token a bare profile
	MFAAnswerIdentities                  // {"Identities":[profile]} and the tokens beside it
	MFAAnswerData                        // {"Data":[profile,tokens]}
	MFAAnswerProfile                     // {"Profile":{…}} with the tokens inside
)

type mfaOptions struct {
	mode          MFAMode
	factors       map[Factor]bool
	form          ChallengeForm
	answer        MFAAnswer
	refuseLogin   bool
	tokenLife     time.Duration
	skew          int
	replay        bool
	questions     int // to answer
	issuer        string
	lockCode      core.ErrorCode
	smsOffCode    core.ErrorCode
	lastCode      core.ErrorCode
	refuseUnset   bool
	normalizeCode bool
}

func defaultMFA() mfaOptions {
	return mfaOptions{
		factors:   map[Factor]bool{FactorTOTP: true, FactorSMS: true, FactorBackupCode: true},
		tokenLife: 10 * time.Minute, skew: 1, questions: 1, issuer: "emulator",
		lockCode: codeMFALocked, smsOffCode: codeSMSFactorOff, lastCode: core.CodeMFARemovalInvalid,
	}
}

// WithMFA sets who needs a second factor. Default: [MFAOff].
func WithMFA(mode MFAMode) Option { return func(o *options) { o.mfa.mode = mode } }

// WithMFAFactors sets which factors users may have. Default: TOTP, SMS and backup
// codes.
func WithMFAFactors(factors ...Factor) Option {
	return func(o *options) {
		o.mfa.factors = map[Factor]bool{}
		for _, f := range factors {
			o.mfa.factors[f] = true
		}
	}
}

// WithMFAChallengeForm sets the form of challenges, which the documentation shows in
// two ways. Default: [ChallengeByPath].
func WithMFAChallengeForm(form ChallengeForm) Option { return func(o *options) { o.mfa.form = form } }

// WithMFAAnswer sets the form of the answer to a right factor, which the
// documentation shows in several ways. Default: [MFAAnswerLogin].
func WithMFAAnswer(form MFAAnswer) Option { return func(o *options) { o.mfa.answer = form } }

// WithMFARefusal makes an ordinary login that needs a second factor fail with 1176;
// /login/2fa still answers a challenge. Default: both answer the challenge.
func WithMFARefusal() Option { return func(o *options) { o.mfa.refuseLogin = true } }

// WithMFATokenLifetime sets how long a login waits for its second factor. This is not
// documented. Default: 10 minutes.
func WithMFATokenLifetime(d time.Duration) Option { return func(o *options) { o.mfa.tokenLife = d } }

// WithMFAQuestions sets how many security questions must be answered as a factor.
// Default: 1.
func WithMFAQuestions(n int) Option { return func(o *options) { o.mfa.questions = n } }

// WithTOTPIssuer sets the issuer in the QR code. Default: "emulator".
func WithTOTPIssuer(name string) Option { return func(o *options) { o.mfa.issuer = name } }

// WithTOTPSkew sets how many steps of 30 seconds a code may be early or late. This is
// not documented. Default: 1.
func WithTOTPSkew(steps int) Option { return func(o *options) { o.mfa.skew = steps } }

// WithTOTPReplay accepts a code again within its time. This is not documented.
// Default: a code, and any older one, is refused once it has been used.
func WithTOTPReplay() Option { return func(o *options) { o.mfa.replay = true } }

// WithMFALockCode sets the code of a login after wrong second factors have locked the
// account: 1263 (default) by the API reference, 1264 by the table of codes.
func WithMFALockCode(code core.ErrorCode) Option { return func(o *options) { o.mfa.lockCode = code } }

// WithSMSFactorOffCode sets the code of a call about SMS where that factor is off:
// 1280 (default) by the API reference, 1277 by the table of codes.
func WithSMSFactorOffCode(code core.ErrorCode) Option {
	return func(o *options) { o.mfa.smsOffCode = code }
}

// WithMFALastFactorCode sets the code of removing the last factor where one is
// required. This is not documented. Default: 1121.
func WithMFALastFactorCode(code core.ErrorCode) Option {
	return func(o *options) { o.mfa.lastCode = code }
}

// WithMFAResetRefusal refuses to reset a factor that the user does not have: 1099
// for an authenticator and 1101 for others. This is not documented. Default: the
// reset succeeds.
func WithMFAResetRefusal() Option { return func(o *options) { o.mfa.refuseUnset = true } }

// WithLenientBackupCodes accepts backup codes in upper case and without the dash.
// This is not documented. Default: as they were shown.
func WithLenientBackupCodes() Option { return func(o *options) { o.mfa.normalizeCode = true } }
