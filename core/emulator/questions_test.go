package emulator_test

import (
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A site may answer one code to whoever names a user wrongly; a bad access token is
// still told apart.
func TestGenericAuthErrors(t *testing.T) {
	a := newAPI(t, emulator.WithGenericAuthErrors())
	user := ada
	user.EmailVerified, user.PhoneVerified = false, false
	uid := a.add(user)
	for _, call := range [][2]string{
		{doLogin, `{"email":"nobody@example.com","password":"x"}`},
		{doLogin, loginBody("wrong one")},
		{doLogin, loginBody(adaPassword)}, // not verified
		{doLogin, `{"phone":"` + ada.Phone + `","password":"` + adaPassword + `"}`},
		{doForgot, `{"email":"nobody@example.com"}`},
		{doResend, `{"email":"nobody@example.com"}`},
		{"GET " + manage + "?email=nobody@example.com", ""},
	} {
		got := a.call(call[0], call[1])
		if got.status != 401 || got.code() != 1409 || got.text("message") != "Authentication failed" {
			t.Errorf("%s %s: %d %s", call[0], call[1], got.status, got.raw)
		}
	}
	a.as("junk").refused(905, getProfile, "")
	a.refused(938, "GET "+manage+"/0"+uid[1:]+"0", "")
}

// A captcha is solved by one response.
func TestCaptcha(t *testing.T) {
	a := newAPI(t, emulator.WithCaptcha("solved"), emulator.WithLockKind(emulator.Captcha), emulator.WithLockout(1, 0))
	a.add(ada)
	a.fail(1)
	a.refused(1132, doLogin+"?h-captcha-response=test-captcha", loginBody(adaPassword))
	a.ok(doLogin+"?h-captcha-response=solved", loginBody(adaPassword))
}

// Answers are compared without case and outer space; other questions than the
// site's are refused.
func TestSecurityAnswers(t *testing.T) {
	a := newAPI(t, emulator.WithSecurityQuestions(emulator.Question{ID: "q9", Text: "Who?"}),
		emulator.WithLockKind(emulator.SecurityQuestion), emulator.WithLockout(1, 0))
	uid := a.add(ada) // brings q1
	a.refused(1091, "PUT "+manage+"/"+uid, `{"securityquestionanswer":{"q2":"x"}}`)
	a.ok("PUT "+manage+"/"+uid, `{"securityquestionanswer":{"q9":" Zoe ","q1":"blue"}}`)
	for _, answer := range []string{`{"q9":"zoe"}`, `{"q1":"BLUE"}`, `{"q9":"\tZOE\n"}`} {
		a.fail(1)
		a.refused(1148, doLogin, `{"email":"`+adaEmail+`","password":"`+adaPassword+`","securityanswer":{"q9":"me"}}`)
		a.ok(doLogin, `{"email":"`+adaEmail+`","password":"`+adaPassword+`","securityanswer":`+answer+`}`)
	}
}
