package emulator

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
)

// recoveryRoutes are the ways back for users who cannot log in, besides mailed links:
// security questions and unlocking.
func (e *Emulator) recoveryRoutes() []route {
	const questions = authPath + "securityquestion/"
	reset := func(operation string) route {
		return keyRoute(operation, "PUT", authPath+"password/securityanswer", e.resetByAnswer).identifying()
	}
	return []route{
		keyRoute("get_security_questions_by_email", "GET", questions+"email", e.questionsBy("email")).identifying(),
		keyRoute("get_security_questions_by_user_name", "GET", questions+"username", e.questionsBy("username")).identifying(),
		keyRoute("get_security_questions_by_phone", "GET", questions+"phone", e.questionsBy("phone")).identifying(),
		userRoute("get_security_questions_by_access_token", "GET", questions+"accesstoken", e.questionsOf),
		reset("reset_password_by_security_answer_and_email").when(hasBody("email")),
		reset("reset_password_by_security_answer_and_user_name").when(hasBody("username")),
		reset("reset_password_by_security_answer_and_phone"),
		userRoute("unlock_account_by_token", "PUT", authPath+"account/unlock", e.unlock),
	}
}

func (e *Emulator) questionsBy(key string) handler {
	return func(c *call, _ *account) (int, any) {
		var a *account
		switch value := c.query[key]; {
		case value == "":
			return missing(key).answer(c)
		case key == "email":
			a = e.accounts.byEmail(value)
		case key == "username":
			a = e.accounts.byUsername(value)
		default:
			a = e.accounts.byPhone(value)
		}
		if a == nil {
			return fail(c, core.CodeUserNotFound)
		}
		return e.questionsOf(c, a)
	}
}

func (e *Emulator) questionsOf(c *call, a *account) (int, any) {
	switch {
	case len(e.opt.questions) == 0:
		return fail(c, core.CodeSecurityQuestionAnswerNotEnabled)
	case len(a.answers) == 0:
		return fail(c, core.CodeSecurityQuestionAnswerNotSavedProfile)
	}
	return http.StatusOK, e.questionList(a)
}

func (e *Emulator) resetByAnswer(c *call, _ *account) (int, any) {
	if c.text("email")+c.text("username")+c.text("phone") == "" {
		return fail(c, core.CodePutBodyInvalid)
	}
	a := e.accounts.byLogin(c)
	switch {
	case a == nil:
		return fail(c, core.CodeUserNotFound)
	case !a.active:
		return fail(c, core.CodeAccountBlocked)
	case a.locked(e.now()):
		return e.lockProblem(a).answer(c)
	}
	if p := e.checkAnswers(a, c.body["securityanswer"], 1); p != nil {
		return p.answer(c)
	}
	if p := e.changePasswordTo(a, c.text("password")); p != nil {
		return p.answer(c)
	}
	e.fire("ResetPassword", a)
	e.forceLogout(a, "")
	return posted(c)
}

// forceLogout ends the sessions of a user after a change of the password, if the site
// does so. It keeps the session of one token.
func (e *Emulator) forceLogout(a *account, kept string) {
	if e.opt.forceLogout {
		e.sessions.end(a.uid, kept)
		e.pins.end(a.uid)
	}
}

// unlock ends the lock of a user who is still logged in somewhere and brings the
// proof. A suspension ends by time alone.
func (e *Emulator) unlock(c *call, a *account) (int, any) {
	switch {
	case !a.locked(e.now()):
		return fail(c, core.CodeAccountAlreadyUnlocked)
	case a.lock.kind == Suspend:
		return e.lockProblem(a).answer(c)
	}
	p := e.checkCaptcha(c)
	if a.lock.kind == SecurityQuestion {
		p = e.checkAnswers(a, c.body["securityanswer"], 1)
	}
	if p != nil {
		return p.answer(c)
	}
	a.lock = lock{}
	return posted(c)
}
