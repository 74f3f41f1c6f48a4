package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	getQuestions  = "GET /identity/v2/auth/securityquestion/"
	resetByAnswer = "PUT /identity/v2/auth/password/securityanswer"
	doUnlock      = "PUT /identity/v2/auth/account/unlock"
)

func TestSecurityQuestionList(t *testing.T) {
	a := newAPI(t)
	access, _ := a.tokens(a.add(ada))
	const want = `[{"Question":"Question q1","QuestionId":"q1"}]`
	for _, path := range []string{"email?email=" + adaEmail, "username?userName=ada", "phone?phone=%2B15551230000"} {
		if got := a.ok(getQuestions+path, ""); strings.TrimSpace(got.raw) != want {
			t.Errorf("%s: %s", path, got.raw)
		}
	}
	if got := a.as(access).ok(getQuestions+"accesstoken", ""); strings.TrimSpace(got.raw) != want {
		t.Errorf("by token: %s", got.raw)
	}
	a.refused(938, getQuestions+"email?email=nobody@example.com", "")
	a.fails(908, getQuestions+"email", "")
	none := newAPI(t)
	user := ada
	user.SecurityAnswers = nil
	none.add(user)
	none.refused(1092, getQuestions+"email?email="+adaEmail, "")
	off := newAPI(t, emulator.WithSecurityQuestions())
	off.add(user)
	off.refused(1095, getQuestions+"email?email="+adaEmail, "")
}

func TestResetByAnswer(t *testing.T) {
	a := newAPI(t, emulator.WithLockout(3, time.Minute), emulator.WithForceLogout())
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	for _, who := range []string{`"email":"` + adaEmail + `"`, `"username":"ada"`, `"phone":"` + ada.Phone + `"`} {
		a.refused(1093, resetByAnswer, `{`+who+`,"securityanswer":{"q1":"red"},"password":"another one"}`)
		a.refused(1091, resetByAnswer, `{`+who+`,"securityanswer":{"q7":"blue"},"password":"another one"}`)
		a.refused(1094, resetByAnswer, `{`+who+`,"password":"another one"}`)
		a.refused(1216, resetByAnswer, `{`+who+`,"securityanswer":{"q1":"blue"},"password":"x"}`)
		a.ok(resetByAnswer, `{`+who+`,"securityAnswer":{"q1":"blue"},"password":"another one"}`)
		a.ok(doLogin, loginBody("another one"))
	}
	a.as(access).refused(905, getProfile, "")
	a.refused(938, resetByAnswer, `{"email":"nobody@example.com","securityanswer":{"q1":"blue"},"password":"another one"}`)
	for range 3 {
		a.refused(1093, resetByAnswer, `{"email":"`+adaEmail+`","securityanswer":{"q1":"red"},"password":"another one"}`)
	}
	a.refused(1198, resetByAnswer, `{"email":"`+adaEmail+`","securityanswer":{"q1":"blue"},"password":"another one"}`)
	a.ok("PUT "+manage+"/"+uid, `{"IsLoginLocked":false,"IsActive":false}`)
	a.refused(991, resetByAnswer, `{"email":"`+adaEmail+`","securityanswer":{"q1":"blue"},"password":"another one"}`)
}

func TestUnlock(t *testing.T) {
	for kind, proof := range map[emulator.LockKind][2]string{
		emulator.Captcha:          {`{"g-recaptcha-response":"x"}`, `{"g-recaptcha-response":"test-captcha"}`},
		emulator.SecurityQuestion: {`{"securityanswer":{"q1":"red"}}`, `{"securityanswer":{"q1":"blue"}}`},
	} {
		a := newAPI(t, emulator.WithLockKind(kind), emulator.WithLockout(1, time.Minute))
		access, _ := a.tokens(a.add(ada))
		u := a.as(access)
		u.refused(1221, doUnlock, proof[1])
		a.fail(1)
		u.refused(map[emulator.LockKind]int{emulator.Captcha: 1218, emulator.SecurityQuestion: 1093}[kind], doUnlock, proof[0])
		u.ok(doUnlock, proof[1])
		a.ok(doLogin, loginBody(adaPassword))
	}
	a := newAPI(t, emulator.WithLockout(1, time.Minute))
	access, _ := a.tokens(a.add(ada))
	a.fail(1)
	a.as(access).refused(1198, doUnlock, `{"g-recaptcha-response":"test-captcha"}`)
}

func TestRegistrationByCaptcha(t *testing.T) {
	a := newAPI(t)
	const path = "POST /identity/v2/auth/register/captcha"
	const fields = `"Email":[{"Type":"Primary","Value":"new@example.com"}],"Password":"correct horse"`
	a.refused(982, path, `{`+fields+`}`)
	a.refused(1218, path, `{`+fields+`,"g-recaptcha-response":"x"}`)
	a.refused(1134, path, `{"g-recaptcha-response":"test-captcha"}`)
	a.ok(path+"?verificationurl=http://localhost/verify", `{`+fields+`,"g-recaptcha-response":"test-captcha"}`)
	if m := a.mail("emailverification"); m.To != "new@example.com" {
		t.Errorf("mail %+v", m)
	}
	a.refused(936, path, `{`+fields+`,"g-recaptcha-response":"test-captcha"}`)
}
