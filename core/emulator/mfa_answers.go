package emulator

import (
	"maps"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Security questions as a second factor. The answers are those of the profile.

func (m *mfa) newAnswers(c *call, a *account) (answers, *problem) {
	if !m.allows(FactorSecurityQuestion) {
		return nil, refuse(core.CodeSecurityQuestionMFANotEnabled)
	}
	given, p := m.readAnswers(c.body["securityquestionanswer"])
	switch {
	case p != nil:
		return nil, p
	case len(given) < m.opt.mfa.questions:
		return nil, refuse(core.CodeSecurityAnswersTooFew)
	}
	if c.body["replacesecurityquestionanswer"] != true {
		maps.Copy(given, a.answers) // those that the user has stay
	}
	return given, nil
}

// loginSetAnswers is for users without any factor.
func (m *mfa) loginSetAnswers(c *call, a *account, ch *challenge) (int, any) {
	given, p := m.newAnswers(c, a)
	switch {
	case p != nil:
		return p.answer(c)
	case m.enrolled(a) > 0:
		return fail(c, core.CodeMFAMethodAlreadyEnabled)
	}
	a.answers, a.mfa.questions = given, true
	return m.complete(c, a, ch)
}

func (m *mfa) loginByAnswers(c *call, a *account, ch *challenge) (int, any) {
	switch {
	case !m.allows(FactorSecurityQuestion):
		return fail(c, core.CodeSecurityQuestionMFANotEnabled)
	case !a.mfa.questions:
		return fail(c, core.CodeSecurityQuestionMFANotVerified)
	}
	if p := m.checkAnswers(a, c.body["securityquestionanswer"], m.opt.mfa.questions); p != nil {
		ch.locked = a.locked(m.now())
		return p.answer(c)
	}
	return m.complete(c, a, ch)
}

func (m *mfa) enrolAnswers(c *call, a *account) (int, any) {
	given, p := m.newAnswers(c, a)
	if p != nil {
		return p.answer(c)
	}
	a.answers, a.mfa.questions, a.modified = given, true, m.now()
	return posted(c)
}
