package emulator

import (
	"maps"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A challenge is a login that waits for its second factor. It dies when the login is
// complete, when the password changes, and when wrong factors lock the account.
type challenge struct {
	token, uid string
	login      login
	expires    time.Time
	passwords  int    // the account's count when the first factor passed
	phone      string // that the user wants to enrol
	push       pushState
	locked     bool
	dead       bool
}

// gate stops a login that needs a second factor. On a site where factors are
// optional it lets users without one pass; loggedIn then adds the invitation.
func (m *mfa) gate(c *call, a *account, l login) (int, any) {
	mode := m.opt.mfa.mode
	switch {
	case mode == MFAOff || l.secondFactor || mode == MFAOptional && m.enrolled(a) == 0:
		return 0, nil
	case m.opt.mfa.refuseLogin && !isMFALogin(c):
		return fail(c, core.CodeMFARequired)
	}
	out := map[string]any{"Profile": nil, "access_token": zeroToken, "expires_in": "0001-01-01T00:00:00"}
	form := m.opt.mfa.form
	if form == ChallengeFlat || form == ChallengeByPath && !isMFALogin(c) {
		maps.Copy(out, m.challenge(c, a, l, true))
	} else {
		out["SecondFactorAuthentication"] = m.challenge(c, a, l, true)
	}
	return http.StatusOK, out
}

// zeroToken is what the service puts where a challenge has no access token: a client
// that takes it for one shares a session among all users.
const zeroToken = "00000000-0000-0000-0000-000000000000"

// invite adds a challenge to the answer of a login that passed without a second
// factor on a site where they are optional. Its token can be used to enrol one.
func (m *mfa) invite(c *call, a *account, l login, out map[string]any) {
	if m.opt.mfa.mode == MFAOptional && !l.secondFactor {
		out["SecondFactorAuthentication"] = m.challenge(c, a, l, false)
	}
}

// challenge begins a second step and returns its fields. If the user has to take it,
// codes are sent at once where the service does that.
func (m *mfa) challenge(c *call, a *account, l login, send bool) map[string]any {
	ch := &challenge{
		token: newGUID(), uid: a.uid, login: l, passwords: a.passwords, expires: m.now().Add(m.opt.mfa.tokenLife),
	}
	m.challenges.Add(ch.token, ch)
	out := m.settings(c, a, m.enrolled(a) == 0)
	out["SecondFactorAuthenticationToken"], out["ExpireIn"] = ch.token, m.date(ch.expires)
	out["IsSecurityQuestionAuthenticatorVerified"] = a.mfa.questions
	if m.enrolled(a) > 0 {
		out["SecurityQuestions"] = nullIfEmpty(m.questionList(a))
	}
	if !send {
		return out
	}
	if m.allows(FactorSMS) && a.mfa.phone != "" && m.codes.send(ch.smsKey(), a.mfa.phone) {
		out["OTPStatus"] = smsData()
	}
	others := maps.Clone(m.opt.mfa.factors)
	delete(others, FactorEmail)
	delete(others, FactorBackupCode)
	if m.allows(FactorEmail) && len(others) == 0 && len(a.emails) == 1 && m.codes.send(ch.emailKey(), a.email()) {
		out["EmailOTPStatus"] = map[string]any{"Email": maskEmail(a.email())}
	}
	return out
}

func (ch *challenge) smsKey() codeKey   { return codeKey{kindSecondFactor, ch.token + " sms"} }
func (ch *challenge) emailKey() codeKey { return codeKey{kindSecondFactor, ch.token + " email"} }

// challenged finds the challenge that a call names and its account.
func (m *mfa) challenged(handle func(*call, *account, *challenge) (int, any)) handler {
	return func(c *call, _ *account) (int, any) {
		token := c.query["secondfactorauthenticationtoken"]
		if token == "" {
			return missing("secondfactorauthenticationtoken").answer(c)
		}
		ch, _ := m.challenges.Get(token)
		var a *account
		if ch != nil {
			a = m.accounts.byUID(ch.uid)
		}
		switch {
		case a == nil || ch.dead || ch.passwords != a.passwords:
			return fail(c, core.CodeMFATokenInvalid)
		case !m.now().Before(ch.expires):
			return fail(c, core.CodeMFATokenExpired)
		case !a.active:
			return fail(c, core.CodeAccountBlocked)
		case a.loginDisabled:
			return fail(c, core.CodeLoginDisabled)
		case (ch.locked || a.locked(m.now())) && c.route.operation != opBackupLogin:
			return fail(c, m.opt.mfa.lockCode)
		}
		return handle(c, a, ch)
	}
}

// wrong counts a wrong second factor. The one that locks the account is still
// answered as wrong; after that only a backup code completes the login.
func (m *mfa) wrong(c *call, a *account, ch *challenge, code core.ErrorCode) (int, any) {
	switch {
	case ch.locked: // by earlier ones, and this is a wrong backup code
		ch.dead = true
	default:
		m.countFailure(a)
		ch.locked = a.locked(m.now())
	}
	return fail(c, code)
}

// usable refuses a factor that the user may not complete the login with: a user who
// has enrolled one cannot pick another, or a stolen password would be enough.
func (m *mfa) usable(a *account, f Factor, off, unset core.ErrorCode) *problem {
	switch {
	case !m.allows(f):
		return refuse(off)
	case m.enrolled(a) > 0 && !a.mfa.has(f):
		return refuse(unset)
	}
	return nil
}

// complete ends a challenge with a right second factor. The tokens come from the
// same gates as those of any login.
func (m *mfa) complete(c *call, a *account, ch *challenge) (int, any) {
	ch.dead = true
	a.lock = lock{}
	l := ch.login
	l.secondFactor = true
	status, body := m.completeLogin(c, a, l)
	out, _ := body.(map[string]any)
	if status != http.StatusOK || out["Profile"] == nil {
		return status, body
	}
	return status, m.shape(out)
}
