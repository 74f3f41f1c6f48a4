package core

import (
	"fmt"
	"time"
)

// A Factor is a kind of second factor.
type Factor string

// The second factors that LoginRadius knows.
const (
	FactorTOTP             Factor = "totp" // authenticator app
	FactorSMS              Factor = "sms"
	FactorEmail            Factor = "email"
	FactorSecurityQuestion Factor = "security_question"
	FactorBackupCode       Factor = "backup_code"
	FactorPush             Factor = "push"
	FactorDuo              Factor = "duo"
	FactorPasskey          Factor = "passkey"
)

// FactorState tells which second factors a user has set up, and what the user needs
// to set up others.
type FactorState struct {
	AuthenticatorVerified    bool `json:"IsAuthenticatorVerified"`
	SMSVerified              bool `json:"IsOTPAuthenticatorVerified"`
	EmailVerified            bool `json:"IsEmailOtpAuthenticatorVerified"`
	SecurityQuestionVerified bool `json:"IsSecurityQuestionAuthenticatorVerified"`
	PushRegistered           bool `json:"IsPushDeviceRegistered"`
	DuoVerified              bool `json:"IsDuoAuthenticatorVerified"`
	PasskeyVerified          bool `json:"IsPasskeyAuthenticatorVerified"`

	// Phone and Email are where codes go. Sites mask them or not: show them, and
	// never use them to identify the user.
	Phone string   `json:"OTPPhoneNo"`
	Email []string `json:"Email"`

	// SMS is the receipt of a code that LoginRadius has just sent by itself, or nil.
	SMS *SMSReceipt `json:"OTPStatus"`
	// MailedTo is the address to which LoginRadius has just mailed a code by itself.
	MailedTo *MailedCode `json:"EmailOTPStatus"`

	// SecurityQuestions are those that the user has answered; for a user who has
	// answered none, those to choose from.
	SecurityQuestions []SecurityQuestion

	// QRCode and ManualEntryCode set up an authenticator app; they are empty for a
	// user who has one. QRCode is a URL or a data URI. Make the picture from
	// ManualEntryCode instead of loading a URL, which tells the key to its host.
	QRCode          string `lr:",,secret"`
	ManualEntryCode string `lr:",,secret"`
	// PushQRCode registers a device for push, DuoAuthEndpoint is Duo's page.
	PushQRCode      string `lr:",,secret"`
	DuoAuthEndpoint string `lr:",,secret"`
}

// A MailedCode tells where a code was mailed to.
type MailedCode struct{ Email string }

// A SecurityQuestion is one of the questions that a site lets its users choose.
type SecurityQuestion struct {
	ID       string `json:"QuestionId"`
	Question string
}

// Enrolled returns the factors that the user has set up. LoginRadius does not tell
// whether a user has backup codes left; they are listed if there is another factor.
func (s *FactorState) Enrolled() []Factor {
	var out []Factor
	for _, f := range []struct {
		factor Factor
		on     bool
	}{
		{FactorTOTP, s.AuthenticatorVerified}, {FactorSMS, s.SMSVerified}, {FactorEmail, s.EmailVerified},
		{FactorSecurityQuestion, s.SecurityQuestionVerified}, {FactorPush, s.PushRegistered},
		{FactorDuo, s.DuoVerified}, {FactorPasskey, s.PasskeyVerified},
	} {
		if f.on {
			out = append(out, f.factor)
		}
	}
	if len(out) > 0 {
		out = append(out, FactorBackupCode)
	}
	return out
}

// read fills the state from an answer, older names included.
func (s *FactorState) read(got answer) {
	var older struct {
		IsGoogleAuthenticatorVerified bool
		IsSecurityQuestionEnabled     bool
	}
	got.decode(s)
	got.decode(&older)
	s.AuthenticatorVerified = s.AuthenticatorVerified || older.IsGoogleAuthenticatorVerified
	s.SecurityQuestionVerified = s.SecurityQuestionVerified || older.IsSecurityQuestionEnabled
	if s.SMS != nil && *s.SMS == (SMSReceipt{}) {
		s.SMS = nil
	}
}

// An MFAChallenge is the error of a login that waits for a second factor. It
// matches [ErrMFARequired]. Token names the pending login in the second step, for
// which [MFAService] has the operations. It is no access token.
type MFAChallenge struct {
	Operation string
	Token     string `json:"SecondFactorAuthenticationToken" lr:",,secret"`
	ExpiresAt Time   `json:"ExpireIn"`
	FactorState
}

// Error names the operation; it never holds the token.
func (c MFAChallenge) Error() string {
	return "loginradius: " + c.Operation + ": second factor required"
}

// Is matches ErrMFARequired.
func (c MFAChallenge) Is(target error) bool { return target == ErrMFARequired }

// Format implements [fmt.Formatter]: every verb prints what Error returns.
func (c MFAChallenge) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.Error())) }

// challengeIn finds a second-factor challenge: newer sites put it at the top level,
// older ones into a block of its own.
func challengeIn(op operation, places []answer) *MFAChallenge {
	for _, place := range places {
		var block struct{ SecondFactorAuthentication answer }
		place.decode(&block)
		for _, from := range []answer{block.SecondFactorAuthentication, place} {
			var c MFAChallenge
			from.decode(&c)
			if c.Token == "" {
				continue
			}
			c.read(from)
			c.Operation = op.name
			return &c
		}
	}
	return nil
}

// MFASettings tells which second factors a logged-in user has.
type MFASettings struct {
	FactorState
	// Token and ExpiresAt are set in the answer that opens a re-authentication.
	Token     string `json:"SecondFactorAuthenticationToken" lr:",,secret"`
	ExpiresAt Time   `json:"ExpireIn"`
}

func (s *MFASettings) finish(_ operation, got answer, _ time.Time) error { //nolint:unparam // it implements finisher
	s.read(got)
	return nil
}
