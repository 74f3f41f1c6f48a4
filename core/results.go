package core

import (
	"fmt"
	"strings"
	"time"
)

// zeroGUID stands where a login that waits for a second factor has no token.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// The flex types take a JSON value of any scalar kind.
type (
	flexString string
	flexInt    int
	flexBool   bool
)

// A finisher completes a decoded result from the answer it came in: it turns wire
// forms into Go ones and reports answers that are no success although LoginRadius
// answered 200.
type finisher interface {
	finish(op operation, got answer, now time.Time) error
}

// Tokens is a session of a user. Treat the tokens like passwords; printing the
// struct or encoding it as JSON hides them.
type Tokens struct {
	AccessToken  string `json:"access_token" lr:",,secret"`
	RefreshToken string `json:"refresh_token" lr:",,secret"` // "" if the site issues none

	// ExpiresAt is when the access token ends, in UTC. It is zero if LoginRadius
	// did not say, or said it in a form we do not know.
	ExpiresAt time.Time `json:"-"`
}

func (t *Tokens) finish(op operation, got answer, now time.Time) error {
	t.ExpiresAt = expiryIn(got, now)
	return requireToken(op, t.AccessToken)
}

// expiryIn reads expires_in at the top level of an answer.
func expiryIn(got answer, now time.Time) time.Time {
	var w struct {
		ExpiresIn flexString `json:"expires_in"`
	}
	got.decode(&w)
	return parseExpiry(string(w.ExpiresIn), now)
}

func requireToken(op operation, token string) error {
	if token == "" || token == zeroGUID {
		return unusable(op, "the answer holds no access token")
	}
	return nil
}

// unusable is the error for a success that lacks what it promises.
func unusable(op operation, text string) *Error {
	return &Error{Operation: op.name, HTTPStatus: 200, cause: &causeError{text: text}, is: []error{ErrUnavailable}}
}

// A LoginResult is a completed login: a session and who it belongs to.
type LoginResult struct {
	Profile      *Profile
	AccessToken  string    `json:"access_token" lr:",,secret"`
	RefreshToken string    `json:"refresh_token" lr:",,secret"` // "" if the site issues none
	ExpiresAt    time.Time `json:"-"`                           // see [Tokens]
}

// Tokens returns the session alone.
func (r *LoginResult) Tokens() Tokens { return Tokens{r.AccessToken, r.RefreshToken, r.ExpiresAt} }

func (r *LoginResult) finish(op operation, got answer, now time.Time) error {
	if c := challengeIn(op, got); c != nil && (r.AccessToken == "" || r.AccessToken == zeroGUID) {
		return c
	}
	r.ExpiresAt = expiryIn(got, now)
	return requireToken(op, r.AccessToken)
}

// An MFAChallenge is the error of a login that waits for a second factor. It
// matches [ErrMFARequired]. Token names the pending login for the second step.
type MFAChallenge struct {
	Operation string
	Token     string `json:"SecondFactorAuthenticationToken" lr:",,secret"`
	ExpiresAt Time   `json:"ExpireIn"`

	// What the user has set up, and masked addresses of where codes go.
	AuthenticatorVerified    bool     `json:"IsAuthenticatorVerified"`
	SMSVerified              bool     `json:"IsOTPAuthenticatorVerified"`
	EmailVerified            bool     `json:"IsEmailOtpAuthenticatorVerified"`
	SecurityQuestionVerified bool     `json:"IsSecurityQuestionAuthenticatorVerified"`
	Phone                    string   `json:"OTPPhoneNo"`
	Email                    []string `json:"Email"`

	SecurityQuestions []SecurityQuestion // those that the user chose to answer

	// What a user without an authenticator needs to set one up.
	QRCode          string `lr:",,secret"`
	ManualEntryCode string `lr:",,secret"`
}

// A SecurityQuestion is one of the questions that a site lets its users choose.
type SecurityQuestion struct {
	ID       string `json:"QuestionId"`
	Question string
}

// Error names the operation; it never holds the token.
func (c MFAChallenge) Error() string {
	return "loginradius: " + c.Operation + ": second factor required"
}

// Is matches ErrMFARequired.
func (c MFAChallenge) Is(target error) bool { return target == ErrMFARequired }

// Format implements fmt.Formatter: every verb prints what Error returns.
func (c MFAChallenge) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.Error())) }

// challengeIn finds a second-factor challenge: newer sites put it at the top
// level, older ones into a block of its own.
func challengeIn(op operation, got answer) *MFAChallenge {
	var block struct{ SecondFactorAuthentication answer }
	got.decode(&block)
	for _, place := range []answer{block.SecondFactorAuthentication, got} {
		var c MFAChallenge
		var older struct{ IsGoogleAuthenticatorVerified bool }
		place.decode(&c)
		place.decode(&older)
		if c.Token != "" {
			c.Operation = op.name
			c.AuthenticatorVerified = c.AuthenticatorVerified || older.IsGoogleAuthenticatorVerified
			return &c
		}
	}
	return nil
}

// posted is the answer of operations that only say that they were done.
type posted struct {
	IsPosted  *bool
	IsDeleted *bool
}

func (p *posted) finish(op operation, _ answer, _ time.Time) error {
	if p.IsPosted != nil && !*p.IsPosted || p.IsDeleted != nil && !*p.IsDeleted {
		return &Error{Operation: op.name, HTTPStatus: 200, Message: "LoginRadius answered that it did not do it", answered: true}
	}
	return nil
}

// updatedProfile is a profile under Data or, for some changes, at the top level.
type updatedProfile struct {
	Data    *Profile
	profile *Profile
}

func (u *updatedProfile) finish(_ operation, got answer, _ time.Time) error {
	if u.profile = u.Data; u.profile == nil {
		u.profile = new(Profile)
		got.decode(u.profile)
	}
	return nil
}

// exists answers an availability question.
type exists struct{ IsExist bool }

// DeletedByEmail says how many accounts were deleted.
type DeletedByEmail struct{ RecordsDeleted int }

// ForgotToken authorises one password reset without a mail.
type ForgotToken struct {
	Token             string   `json:"ForgotToken" lr:",,secret"`
	IdentityProviders []string // social providers linked to the account
}

// VerificationToken authorises one e-mail verification without a mail.
type VerificationToken struct {
	Token     string `json:"VerificationToken" lr:",,secret"`
	ExpiresAt Time   `json:"expires_in"`
}

// PasswordHash is a stored password hash, in the form that LoginRadius uses.
type PasswordHash struct {
	Hash string `json:"PasswordHash" lr:",,secret"`
}

// PrivacyPolicyHistory lists the privacy policies that a user accepted.
type PrivacyPolicyHistory struct {
	UID     string `json:"Uid"`
	Current AcceptedPrivacyPolicy
	History []AcceptedPrivacyPolicy
}

// TokenInfo tells how a session began.
type TokenInfo struct {
	Provider    string // e.g. "email" or "facebook"
	AccessToken string `json:"access_token" lr:",,secret"`
	RememberMe  bool   `json:"isrememberme"`
}

// An ActiveSession is one live session of a user. Its token is as good as the
// user's password: never log it or hand it to anybody.
type ActiveSession struct {
	AccessToken string `lr:",,secret"`
	Browser     string
	Device      string
	OS          string `json:"Os"`
	DeviceType  string
	City        string
	Country     string
	IP          string `json:"Ip"`
	LoginDate   Time
}

// ActiveSessions is one page of a user's live sessions. NextCursor is 0 on the
// last page.
type ActiveSessions struct {
	Sessions   []ActiveSession `json:"data"`
	NextCursor int             `json:"nextcursor"`
}

func (s *ActiveSessions) finish(operation, answer, time.Time) error {
	if s.Sessions == nil {
		s.Sessions = []ActiveSession{}
	}
	return nil
}

// Roles are the names of the roles of an account, with their case. An account
// without roles has an empty list.
type Roles struct{ Roles []string }

func (r *Roles) finish(operation, answer, time.Time) error {
	if r.Roles == nil {
		r.Roles = []string{}
	}
	return nil
}

// ServerInfo is the service's clock. Times are UTC.
type ServerInfo struct {
	ServerLocation string
	ServerName     string
	CurrentTime    Time
	SOTT           struct {
		StartTime      Time
		EndTime        Time
		TimeDifference string
	} `json:"Sott"`
}

// SOTT is a secured one-time token minted by LoginRadius.
type SOTT struct {
	Token     string `json:"Sott" lr:",,secret"`
	ExpiresAt Time   `json:"ExpiryTime"`
}

// dataEnvelope is the answer of operations that put a login under Data, or
// nothing: register, verify, reset.
type dataEnvelope struct {
	IsPosted *bool
	Data     *LoginResult

	login *LoginResult // the completed Data, or nil
}

func (d *dataEnvelope) finish(op operation, got answer, now time.Time) error {
	if err := (&posted{IsPosted: d.IsPosted}).finish(op, got, now); err != nil {
		return err
	}
	if d.Data == nil || d.Data.AccessToken == "" || d.Data.AccessToken == zeroGUID {
		return nil // not logged in, which is no failure here
	}
	var w struct {
		Data struct {
			ExpiresIn flexString `json:"expires_in"`
		}
	}
	got.decode(&w)
	d.login = d.Data
	d.login.ExpiresAt = parseExpiry(strings.TrimSpace(string(w.Data.ExpiresIn)), now)
	return nil
}
