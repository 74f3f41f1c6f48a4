package emulator

import (
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/loginradius-contrib/go-middleware/core"
)

// totpStep is the time that a code of an authenticator stands for.
const totpStep = 30 * time.Second

// newSecret returns a secret as the service makes them: the base32 form of 32 hex
// digits, which as text are the key.
func newSecret() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(newID()))
}

// totpCode returns the code of a secret for a step.
func totpCode(secret string, step int64) (string, error) {
	at := time.Unix(step*int64(totpStep/time.Second), 0)
	return totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: uint(totpStep / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

// TOTPCode returns the code that the user's authenticator shows now. The secret is
// the one of the last challenge or configuration, verified or not. The error names a
// uid that is unknown or has none.
func (e *Emulator) TOTPCode(uid string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	switch {
	case a == nil:
		return "", noAccount(uid)
	case a.mfa.secret == "":
		return "", fmt.Errorf("emulator: account %q has no authenticator", uid)
	}
	return totpCode(a.mfa.secret, e.now().Unix()/int64(totpStep/time.Second))
}

// An authenticator is one line of the list on the mailbox page.
type authenticator struct {
	Name, Code string
	Verified   bool
}

// maxAuthenticators bounds the list.
const maxAuthenticators = 50

// authenticators lists what the users' authenticators show now.
func (e *Emulator) authenticators() (list []authenticator) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.accounts.uids {
		if a.mfa.secret == "" || len(list) >= maxAuthenticators {
			continue
		}
		if code, err := totpCode(a.mfa.secret, e.now().Unix()/int64(totpStep/time.Second)); err == nil {
			list = append(list, authenticator{first(a.email(), a.username, a.phone), code, a.mfa.totp})
		}
	}
	slices.SortFunc(list, func(a, b authenticator) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// totpRight reports whether a code is right now, and uses it up.
func (m *mfa) totpRight(a *account, code string) bool {
	n, now := &a.mfa, m.now().Unix()/int64(totpStep/time.Second)
	if n.secret == "" {
		return false
	}
	for step := now - int64(m.opt.mfa.skew); step <= now+int64(m.opt.mfa.skew); step++ {
		want, err := totpCode(n.secret, step)
		if err != nil || !equal(want, code) {
			continue
		}
		if step < n.lastStep && !m.opt.mfa.replay {
			return false
		}
		n.lastStep = step + 1
		return true
	}
	return false
}

// totpGiven returns the code of a body under its newer or its older name.
func totpGiven(c *call) (string, *problem) {
	code := first(c.text("authenticatorcode"), c.text("googleauthenticatorcode"))
	if code == "" {
		return "", missing("authenticatorcode")
	}
	return code, nil
}

func (m *mfa) loginByTOTP(c *call, a *account, ch *challenge) (int, any) {
	code, p := totpGiven(c)
	if p == nil {
		p = m.usable(a, FactorTOTP, core.CodeAuthenticatorMFANotEnabled, core.CodeAuthenticatorNotConfigured)
	}
	switch {
	case p != nil:
		return p.answer(c)
	case a.mfa.secret == "":
		return fail(c, core.CodeAuthenticatorNotConfigured)
	case !m.totpRight(a, code):
		return m.wrong(c, a, ch, core.CodeAuthenticatorCodeIncorrect)
	}
	a.mfa.totp = true
	return m.complete(c, a, ch)
}

func (m *mfa) enrolTOTP(c *call, a *account) (int, any) {
	code, p := totpGiven(c)
	if p == nil {
		p = m.unlocked(a)
	}
	switch {
	case p != nil:
		return p.answer(c)
	case !m.allows(FactorTOTP):
		return fail(c, core.CodeAuthenticatorMFANotEnabled)
	case a.mfa.secret == "":
		return fail(c, core.CodeAuthenticatorNotConfigured)
	case !m.totpRight(a, code):
		m.countFailure(a)
		return fail(c, core.CodeAuthenticatorCodeIncorrect)
	}
	a.mfa.totp = true
	return m.enrolledAnswer(c, a)
}
