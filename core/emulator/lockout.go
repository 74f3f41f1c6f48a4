package emulator

import (
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// LockKind is how a site locks an account after too many wrong passwords, and what ends
// the lock. A management update with IsLoginLocked false ends every kind.
type LockKind int

// The kinds of lock a site can choose.
const (
	Suspend          LockKind = iota // 1198, until its time is over
	Captcha                          // 1132, until a login with the right password and a solved captcha
	SecurityQuestion                 // 1148, until a login with the right password and the registered answer
)

// String returns the name that profiles show as LoginLockedType.
func (k LockKind) String() string {
	switch k {
	case Captcha:
		return "Captcha"
	case SecurityQuestion:
		return "SecurityQuestion"
	}
	return "Suspend"
}

// A lock is the state of an account's failed attempts.
type lock struct {
	failures int // in a row
	on       bool
	kind     LockKind
	until    time.Time // of a Suspend
}

func (a *account) locked(now time.Time) bool {
	return a.lock.on && (a.lock.kind != Suspend || now.Before(a.lock.until))
}

// lockProblem returns the refusal of a login to a locked account.
func (e *Emulator) lockProblem(a *account) *problem {
	switch a.lock.kind {
	case Captcha:
		return refuse(core.CodeAccountLockedCaptcha)
	case SecurityQuestion:
		return refuse(core.CodeAccountLockedSecurityQuestion)
	}
	return &problem{core.CodeAccountSuspended, map[string]any{"Data": map[string]any{"LoginLockedTimeout": e.date(a.lock.until)}}}
}

func (e *Emulator) lockAccount(a *account) {
	a.lock = lock{on: true, kind: e.opt.lockKind, until: e.now().Add(e.opt.lockFor)}
	e.fire("BlockAccount", a) // a guide says so of locks after failed logins
}

// countFailure counts a wrong password or code. The attempt that locks the account is
// still answered as wrong.
func (e *Emulator) countFailure(a *account) {
	if a.lock.failures++; e.opt.lockAfter > 0 && a.lock.failures >= e.opt.lockAfter {
		e.lockAccount(a)
	}
}

// checkLogin refuses a login with a locked account or a wrong password.
func (e *Emulator) checkLogin(c *call, a *account) *problem {
	if a.locked(e.now()) && !e.lockProof(c, a) {
		return e.lockProblem(a)
	}
	if !a.passwordIs(c.text("password")) {
		e.countFailure(a)
		return refuse(core.CodeCredentialsInvalid)
	}
	// The failures are forgotten when the tokens are issued, not here: a right
	// password must not buy more tries at the second factor.
	if a.lock.on {
		a.lock = lock{}
	}
	return nil
}

// checkPassword compares a password and counts failures in a row.
func (e *Emulator) checkPassword(a *account, password string, wrong core.ErrorCode) *problem {
	if !a.passwordIs(password) {
		e.countFailure(a)
		return refuse(wrong)
	}
	a.lock.failures = 0
	return nil
}

// lockProof reports whether a call carries the proof that ends the account's lock.
func (e *Emulator) lockProof(c *call, a *account) bool {
	switch a.lock.kind {
	case Captcha:
		return e.checkCaptcha(c) == nil
	case SecurityQuestion:
		given, p := e.readAnswers(c.body["securityanswer"])
		for id, hash := range given {
			if have, ok := a.answers[id]; p == nil && ok && have == hash {
				return true
			}
		}
	}
	return false
}
