package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// MFAProblem is the part of a problem mfa_required that names the pending login.
type MFAProblem struct {
	MFAToken  string        `json:"mfa_token"`
	ExpiresAt string        `json:"expires_at,omitempty"`
	Methods   []string      `json:"methods"`             // usable now; to be enrolled if Enrolled is empty
	Enrolled  []string      `json:"enrolled"`            // what the user has set up
	Questions []MFAQuestion `json:"questions,omitempty"` // for the method security_question
	HostedURL string        `json:"hosted_url,omitempty"`
}

// An MFAQuestion is a security question to answer.
type MFAQuestion struct {
	QuestionID string `json:"question_id"`
	Question   string `json:"question"`
}

// PrivacyProblem is the part of a problem privacy_required for POST /privacy/accept.
type PrivacyProblem struct {
	PrivacyToken string `json:"privacy_token"`
}

// PINProblem is the part of a problem pin_required for POST /pin/set.
type PINProblem struct {
	PINToken string `json:"pin_token"`
}

// ConsentProblem is the part of a problem consent_required for POST /consent.
type ConsentProblem struct {
	ConsentToken string         `json:"consent_token"`
	Options      []ConsentEntry `json:"options"`
	Events       []string       `json:"events"` // what the consent is asked for, e.g. Login
}

// A ConsentEntry is one thing to consent to.
type ConsentEntry struct {
	ID          string `json:"id"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required"`
}

// MFAMethods names the second factors that the site has on, of totp, sms, email,
// security_question, passkey and backup_code, in the order in which they are offered. The
// others are not offered. Default: all of them, since LoginRadius does not tell; a passkey
// then only to users who have set one up as a factor.
func MFAMethods(names ...string) RouteOption {
	names = slices.Clone(names)
	return routeOption(func(c *routeConfig) {
		for _, n := range names {
			if !slices.Contains(mfaMethods, n) {
				c.fail(optionError("MFAMethods: " + n + " is not one of " + strings.Join(mfaMethods, ", ")))
			}
		}
		c.mfaMethods, c.mfaNamed = names, true
	})
}

// HostedPage sets the address of LoginRadius' hosted login page, which completes second
// factors that the routes cannot. It is the hosted_url of mfa_required, and the login page
// of [WithPages] has a link to it. Default: none.
func HostedPage(address string) RouteOption {
	return routeOption(func(c *routeConfig) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			c.fail(optionError("HostedPage: must be an absolute http(s) address"))
		}
		c.hostedPage = address
	})
}

// mfaMethods are the factors that the routes complete.
var mfaMethods = []string{"totp", "sms", "email", "security_question", "passkey", "backup_code"}

// settable are the methods that users can set up or use here, as far as the configuration
// tells.
func (c *routeConfig) settable() []string {
	if c.mfaNamed {
		return c.mfaMethods
	}
	return slices.DeleteFunc(slices.Clone(c.mfaMethods), func(m string) bool { return m == "passkey" })
}

// A pendingLogin is a login that waits for its second factor. The client keeps it, sealed,
// as mfa_token.
type pendingLogin struct {
	Token   string `json:"t"`
	Name    string `json:"n,omitempty"` // what the user logged in with
	Email   string `json:"e,omitempty"` // where codes are mailed to
	Secret  string `json:"s,omitempty"` // of an authenticator that is not set up yet
	Issuer  string `json:"i,omitempty"` // as an authenticator shows it
	Enrolls bool   `json:"x,omitempty"` // the user has no factor yet

	Methods []string `json:"m"` // what was offered; nil for a token of LoginRadius
}

// offers reports whether the challenge offered a method. LoginRadius sets a factor up with
// the first right code, so that another method could stand in for the user's own factor.
func (p *pendingLogin) offers(method string) bool {
	return p.Methods == nil || slices.Contains(p.Methods, method)
}

// A pendingConsent is a login that waits for a consent form: sealed, the consent_token.
type pendingConsent struct {
	Token  string              `json:"t"`
	Events []core.ConsentEvent `json:"e,omitempty"`
}

// A stepError is an error of the core with the problem that carries the next step.
type stepError struct {
	cause   error
	problem *Problem
}

func (e stepError) Error() string   { return e.cause.Error() }
func (e stepError) Unwrap() []error { return []error{e.cause, e.problem} }

// nextStep adds what the next step of a login needs to a refusal. name is the identifier
// that the user gave, or "".
func (a *App) nextStep(err error, name string) error {
	if c, ok := errors.AsType[*core.MFAChallenge](err); ok {
		return stepError{err, a.mfaRequired(c, name)}
	}
	e, ok := errors.AsType[*core.Error](err)
	switch {
	case ok && e.Privacy != nil:
		p := problem(http.StatusForbidden, CodePrivacyRequired)
		p.PrivacyProblem = &PrivacyProblem{e.Privacy.Token}
		return stepError{err, p}
	case ok && e.PIN != nil:
		p := problem(http.StatusForbidden, CodePINRequired)
		p.PINProblem = &PINProblem{e.PIN.Token}
		return stepError{err, p}
	case ok && e.Consent != nil:
		p := problem(http.StatusForbidden, CodeConsentRequired)
		p.ConsentProblem = a.consentRequired(e.Consent)
		return stepError{err, p}
	}
	return err
}

func (a *App) mfaRequired(c *core.MFAChallenge, name string) *Problem {
	pending := pendingLogin{Token: c.Token, Name: name, Secret: c.ManualEntryCode, Issuer: issuerOf(c.QRCode), Enrolls: len(c.Enrolled()) == 0}
	if strings.Contains(name, "@") {
		pending.Email = name
	} else if len(c.Email) > 0 && !strings.Contains(c.Email[0], "*") { // sites may mask it
		pending.Email = c.Email[0]
	}
	m := &MFAProblem{ExpiresAt: timestamp(c.ExpiresAt.Time), Methods: []string{}, Enrolled: []string{}}
	for _, f := range c.Enrolled() {
		m.Enrolled = append(m.Enrolled, string(f))
	}
	usable := a.cfg.mfaMethods
	if pending.Enrolls {
		usable = a.cfg.settable()
	}
	for _, method := range usable {
		if canUse(method, c, pending) {
			m.Methods = append(m.Methods, method)
		}
	}
	pending.Methods = m.Methods
	m.MFAToken = a.pending.seal(pending)
	for _, q := range c.SecurityQuestions {
		m.Questions = append(m.Questions, MFAQuestion{q.ID, q.Question})
	}
	if slices.ContainsFunc(m.Enrolled, func(f string) bool { return !slices.Contains(mfaMethods, f) }) {
		m.HostedURL = a.cfg.hostedPage
	}
	p := problem(http.StatusUnauthorized, CodeMFARequired)
	p.MFAProblem = m
	return p
}

// rawChallenge describes a challenge for a handler of an application. Its client can
// go on with the routes all the same, with a factor that the user has.
func rawChallenge(c *core.MFAChallenge) *MFAProblem {
	m := &MFAProblem{MFAToken: c.Token, ExpiresAt: timestamp(c.ExpiresAt.Time), Methods: []string{}, Enrolled: []string{}}
	for _, f := range c.Enrolled() {
		m.Enrolled = append(m.Enrolled, string(f))
		if f != core.FactorEmail && slices.Contains(mfaMethods, string(f)) { // mailing needs the address
			m.Methods = append(m.Methods, string(f))
		}
	}
	return m
}

// canUse reports whether a method can complete a login, or be enrolled in it by a user
// without a factor.
func canUse(method string, c *core.MFAChallenge, pending pendingLogin) bool {
	if !pending.Enrolls && !slices.Contains(c.Enrolled(), core.Factor(method)) {
		return false
	}
	switch method {
	case "totp":
		return !pending.Enrolls || pending.Secret != ""
	case "email":
		return pending.Email != ""
	case "security_question":
		return len(c.SecurityQuestions) > 0
	case "backup_code":
		return !pending.Enrolls
	}
	return true
}

// issuerOf finds the site's name in the address of a QR code, where LoginRadius puts it.
func issuerOf(qr string) string {
	u, err := url.Parse(qr)
	if err != nil {
		return ""
	}
	inner, err := url.Parse(u.Query().Get("chl"))
	if err != nil {
		return ""
	}
	return inner.Query().Get("issuer")
}

func (a *App) consentRequired(step *core.ConsentStep) *ConsentProblem {
	c := &ConsentProblem{ConsentToken: a.consents.seal(pendingConsent{step.Token, step.Events}), Options: []ConsentEntry{}, Events: []string{}}
	for _, o := range step.Options {
		c.Options = append(c.Options, a.cfg.described(ConsentEntry{o.ID, o.Title, o.Description, o.Required}))
	}
	for _, e := range step.Events {
		c.Events = append(c.Events, e.Name)
	}
	return c
}
