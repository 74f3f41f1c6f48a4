package emulator

import (
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The factors that get a code sent: SMS and e-mail.

func userSMSKey(a *account) codeKey { return codeKey{kindSecondFactor, a.uid + " sms"} }

func userEmailKey(a *account) codeKey { return codeKey{kindSecondFactor, a.uid + " email"} }

// newFactorPhone takes the number of a body that the account may enrol.
func (m *mfa) newFactorPhone(c *call, a *account) (string, *problem) {
	given := c.text("phoneno2fa")
	number, ok := phoneNumber(given)
	switch {
	case given == "":
		return "", missing("phoneno2fa")
	case !m.allows(FactorSMS):
		return "", refuse(m.opt.mfa.smsOffCode)
	case !ok:
		return "", refuse(core.CodePhoneNumberInvalid)
	}
	for _, other := range m.accounts.uids {
		if other != a && other.mfa.phone == number {
			return "", refuse(core.CodePhoneNumberAlreadyRegistered)
		}
	}
	return number, nil
}

// textCode sends a code by SMS and answers what the provider says of it.
func (m *mfa) textCode(c *call, key codeKey, number string) (int, any) {
	if !m.codes.send(key, number) {
		return fail(c, core.CodeSMSLimitReached)
	}
	return http.StatusOK, smsData()
}

// loginPhone sets the number of a user who has no factor yet. One who has gets 1250,
// or whoever stole the password could have the codes sent to another phone.
func (m *mfa) loginPhone(c *call, a *account, ch *challenge) (int, any) {
	number, p := m.newFactorPhone(c, a)
	switch {
	case p != nil:
		return p.answer(c)
	case m.enrolled(a) > 0:
		return fail(c, core.CodeMFAPhoneUpdateInvalid)
	}
	ch.phone = number
	return m.textCode(c, ch.smsKey(), number)
}

func (m *mfa) loginResend(c *call, a *account, ch *challenge) (int, any) {
	number := first(a.mfa.phone, ch.phone)
	p := m.usable(a, FactorSMS, m.opt.mfa.smsOffCode, core.CodePhoneNumberNotRegistered)
	switch {
	case p != nil:
		return p.answer(c)
	case number == "":
		return fail(c, core.CodePhoneNumberNotRegistered)
	}
	return m.textCode(c, ch.smsKey(), number)
}

func (m *mfa) loginBySMS(c *call, a *account, ch *challenge) (int, any) {
	p := m.usable(a, FactorSMS, m.opt.mfa.smsOffCode, core.CodeMFANotConfiguredForProfile)
	switch {
	case c.text("otp") == "":
		return missing("otp").answer(c)
	case p != nil:
		return p.answer(c)
	}
	if code := m.codes.take(ch.smsKey(), c.text("otp")).bySMS(); code != 0 {
		return m.wrong(c, a, ch, code)
	}
	a.mfa.phone = first(a.mfa.phone, ch.phone)
	return m.complete(c, a, ch)
}

// enrolPhone sends a code to a new number. The old one stays until the code comes.
func (m *mfa) enrolPhone(c *call, a *account) (int, any) {
	number, p := m.newFactorPhone(c, a)
	if p != nil {
		return p.answer(c)
	}
	a.mfa.newPhone = number
	return m.textCode(c, userSMSKey(a), number)
}

func (m *mfa) enrolSMS(c *call, a *account) (int, any) {
	p := m.unlocked(a)
	switch {
	case c.text("otp") == "":
		return missing("otp").answer(c)
	case !m.allows(FactorSMS):
		return fail(c, m.opt.mfa.smsOffCode)
	case p != nil:
		return p.answer(c)
	}
	if code := m.codes.take(userSMSKey(a), c.text("otp")).bySMS(); code != 0 {
		m.countFailure(a)
		return fail(c, code)
	}
	a.mfa.phone, a.mfa.newPhone = a.mfa.newPhone, ""
	return m.enrolledAnswer(c, a)
}

// mailCode sends a code to an address of the account.
func (m *mfa) mailCode(c *call, a *account, key codeKey, email string) (int, any) {
	switch {
	case email == "":
		return fail(c, core.CodeEmailRequired)
	case !m.allows(FactorEmail) && key.kind == kindSecondFactor:
		return fail(c, core.CodeEmailOTPMFANotEnabled)
	case !a.hasEmail(email):
		return fail(c, core.CodeEmailNotFound)
	case !m.codes.send(key, email):
		return fail(c, core.CodeEmailLimitReached)
	}
	return posted(c)
}

// takeMailed uses up a mailed code; the call must name the address that it went to.
func (m *mfa) takeMailed(key codeKey, email, otp string) core.ErrorCode {
	sent, state := m.codes.check(key, otp)
	if state == codeGood && !strings.EqualFold(sent.to, email) {
		return codeWrong.byEmail()
	}
	if state == codeGood {
		sent.used = true
	}
	return state.byEmail()
}

func (m *mfa) loginEmail(c *call, a *account, ch *challenge) (int, any) {
	if p := m.usable(a, FactorEmail, core.CodeEmailOTPMFANotEnabled, core.CodeMFANotConfiguredForProfile); p != nil {
		return p.answer(c)
	}
	return m.mailCode(c, a, ch.emailKey(), first(c.text("emailid"), c.text("email")))
}

func (m *mfa) loginByEmail(c *call, a *account, ch *challenge) (int, any) {
	p := m.usable(a, FactorEmail, core.CodeEmailOTPMFANotEnabled, core.CodeMFANotConfiguredForProfile)
	email := first(c.text("emailid"), c.text("email"))
	switch {
	case email == "":
		return fail(c, core.CodeEmailRequired)
	case c.text("otp") == "":
		return missing("otp").answer(c)
	case p != nil:
		return p.answer(c)
	}
	if code := m.takeMailed(ch.emailKey(), email, c.text("otp")); code != 0 {
		return m.wrong(c, a, ch, code)
	}
	a.mfa.email = first(a.mfa.email, email)
	return m.complete(c, a, ch)
}

func (m *mfa) enrolAddress(c *call, a *account) (int, any) {
	return m.mailCode(c, a, userEmailKey(a), c.query["emailid"])
}

func (m *mfa) enrolEmail(c *call, a *account) (int, any) {
	p, email := m.unlocked(a), first(c.text("emailid"), c.text("email"))
	switch {
	case email == "":
		return fail(c, core.CodeEmailRequired)
	case c.text("otp") == "":
		return missing("otp").answer(c)
	case !m.allows(FactorEmail):
		return fail(c, core.CodeEmailOTPMFANotEnabled)
	case p != nil:
		return p.answer(c)
	}
	if code := m.takeMailed(userEmailKey(a), email, c.text("otp")); code != 0 {
		m.countFailure(a)
		return fail(c, code)
	}
	a.mfa.email = email
	return m.enrolledAnswer(c, a)
}
