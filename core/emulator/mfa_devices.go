package emulator

import (
	"fmt"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Duo and push as second factors. Their own pages and applications are not emulated:
// tests call DuoCode and AnswerPush instead.

// A pushState is what the user's device has answered to a challenge.
type pushState int

const (
	pushPending pushState = iota
	pushApproved
	pushDenied
)

func (m *mfa) deviceRoutes() []route {
	const login, own, byUID = authPath + "login/2fa/", authPath + "account/2fa/", managePath + "/2fa/authenticator/"
	return []route{
		keyRoute("mfa_duo_verify", "PUT", login+"verification/duo", m.challenged(m.loginByDuo)),
		userRoute("mfa_duo_confirm", "PUT", own+"verification/duo", m.enrolDuo),
		userRoute("mfa_duo_remove", "DELETE", own+"authenticator/duo", m.resetFactor(FactorDuo)),
		uidRoute("mfa_duo_remove_by_uid", "DELETE", byUID+"duo", m.resetFactor(FactorDuo)),
		keyRoute("mfa_push_ping", "GET", login+"push/ping", m.challenged(m.loginByPush)),
		userRoute("mfa_push_remove", "DELETE", own+"authenticator/push", m.resetFactor(FactorPush)),
		uidRoute("mfa_push_remove_by_uid", "DELETE", byUID+"push/{uid}", m.resetFactor(FactorPush)),
		uidRoute("mfa_push_remove_by_uid", "DELETE", byUID+"push", m.resetFactor(FactorPush)),
	}
}

// duoEndpoint starts an attempt at Duo, which replaces the last one, and returns the
// address of Duo's page.
func (m *mfa) duoEndpoint(a *account) string {
	a.mfa.duoState, a.mfa.duoCode = newGUID(), newID()
	return "https://duo.example/authorize?state=" + a.mfa.duoState
}

// DuoCode returns the state and the code that Duo's page would return to the browser
// after the user's last challenge or configuration. It returns an error if there is
// none.
func (e *Emulator) DuoCode(uid string) (state, code string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	switch {
	case a == nil:
		return "", "", noAccount(uid)
	case a.mfa.duoState == "":
		return "", "", fmt.Errorf("emulator: account %q has no attempt at Duo", uid)
	}
	return a.mfa.duoState, a.mfa.duoCode, nil
}

// takeDuo ends the account's attempt at Duo and returns the code of its refusal, or 0.
func (m *mfa) takeDuo(c *call, a *account) core.ErrorCode {
	switch n := &a.mfa; {
	case n.duoState == "" || !equal(n.duoState, c.text("state")):
		return core.CodeDuoStateInvalid
	case !equal(n.duoCode, c.text("code")):
		return core.CodeDuoVerificationFailed
	default:
		n.duoState, n.duoCode = "", ""
		n.add(FactorDuo)
	}
	return 0
}

func (m *mfa) loginByDuo(c *call, a *account, ch *challenge) (int, any) {
	if p := m.usable(a, FactorDuo, core.CodeDuoMFANotConfigured, core.CodeDuoMFANotConfiguredForProfile); p != nil {
		return p.answer(c)
	}
	if code := m.takeDuo(c, a); code != 0 {
		return m.wrong(c, a, ch, code)
	}
	return m.complete(c, a, ch)
}

func (m *mfa) enrolDuo(c *call, a *account) (int, any) {
	if !m.allows(FactorDuo) {
		return fail(c, core.CodeDuoMFANotConfigured)
	}
	if p := m.unlocked(a); p != nil {
		return p.answer(c)
	}
	if code := m.takeDuo(c, a); code != 0 {
		m.countFailure(a)
		return fail(c, code)
	}
	return m.enrolledAnswer(c, a)
}

// AnswerPush answers the user's newest challenge on the device. It returns an error
// if there is no challenge, or if the user has no device.
func (e *Emulator) AnswerPush(uid string, approve bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.accounts.byUID(uid)
	switch {
	case a == nil:
		return noAccount(uid)
	case !a.mfa.has(FactorPush):
		return fmt.Errorf("emulator: account %q has no device for push", uid)
	}
	for _, ch := range slices.Backward(e.mfa.challenges.Values()) { // newest first
		if ch.uid == uid && !ch.dead && ch.push == pushPending {
			if ch.push = pushDenied; approve {
				ch.push = pushApproved
			}
			return nil
		}
	}
	return fmt.Errorf("emulator: account %q has no challenge that waits for a push", uid)
}

func (m *mfa) loginByPush(c *call, a *account, ch *challenge) (int, any) {
	switch {
	case !m.allows(FactorPush):
		return fail(c, core.CodePushMFANotConfigured)
	case !a.mfa.has(FactorPush):
		return fail(c, core.CodePushMFANotConfiguredForProfile)
	case ch.push == pushPending:
		return fail(c, core.CodePushNotificationVerificationPending)
	case ch.push == pushDenied:
		return fail(c, core.CodePushNotificationVerificationDenied)
	}
	return m.complete(c, a, ch)
}
