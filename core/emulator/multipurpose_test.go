package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// Each token does what a mailed one of its flow does, without a mail.
func TestEmailTokens(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	unverified := ada
	unverified.EmailVerified = false
	uid := a.add(unverified)
	token := func(kind, body string) string {
		t.Helper()
		return a.ok("POST "+manage+"/emailtoken/"+kind, body).text("Token")
	}
	a.ok(doVerify+token("emailverification", adaBody), "")
	a.refused(1126, "POST "+manage+"/emailtoken/emailverification", adaBody)
	a.ok(doReset, resetBody(token("ForgotPassword", `{"username":"ada"}`), "brand new"))
	a.isLogin(a.ok(followMail+token("passwordlesslogintoken", `{"Uid":"`+uid+`"}`), ""), uid)
	a.ok(doVerify+token("addemail", `{"Uid":"`+uid+`","Email":"work@example.com","Type":"Work"}`), "")
	if r := a.ok("GET "+manage+"?email=work@example.com", ""); r.text("Uid") != uid {
		t.Errorf("added: %s", r.raw)
	}
	a.ok(followTouch+token("onetouchlogin", `{"Email":"new@example.com","ClientGuid":"g1","Name":"New"}`), "")
	a.isLogin(a.ok(pingSmart+"g1", ""), "")
	a.ok(followSmart+token("autologin", `{"Email":"`+adaEmail+`","ClientGuid":"g2"}`), "")
	a.isLogin(a.ok(pingSmart+"g2", ""), uid)
	a.refused(1136, "POST "+manage+"/emailtoken/autologin", `{"Email":"`+adaEmail+`","ClientGuid":"g2"}`)
	a.lacks("clientguid", "POST "+manage+"/emailtoken/autologin", adaBody)
	a.refused(1181, "POST "+manage+"/emailtoken/other", adaBody)
	a.refused(938, "POST "+manage+"/emailtoken/forgotpassword", `{"email":"bob@example.com"}`)
	a.ok("GET /identity/v2/auth/account/delete?deletetoken="+token("deleteuser", adaBody), "")
	a.refused(938, "GET "+manage+"/"+uid, "")
	for _, m := range a.Mailbox() {
		if m.Kind != "welcome" {
			t.Errorf("a mail was sent: %+v", m)
		}
	}
}

func TestEmailTokensAsCodes(t *testing.T) {
	a := newAPI(t, emulator.WithEmailOTP(), emulator.WithCodeLimit(2, time.Hour))
	uid := a.add(ada)
	r := a.ok("POST "+manage+"/emailtoken/passwordlesslogin", adaBody)
	if r.body["Token"] != nil {
		t.Errorf("a token beside the code: %s", r.raw)
	}
	a.isLogin(a.ok(verifyMailCode, `{"email":"`+adaEmail+`","otp":"`+r.text("OTP")+`"}`), uid)
	a.ok("POST "+manage+"/emailtoken/passwordlesslogin", adaBody)
	a.refused(1178, "POST "+manage+"/emailtoken/passwordlesslogin", adaBody)
}

func TestSMSCodes(t *testing.T) {
	a := newAPI(t, emulator.WithCodeLimit(2, time.Hour))
	unverified := ada
	unverified.PhoneVerified = false
	uid := a.add(unverified)
	const phone = `{"phone":"` + "+15551230000" + `"}`
	code := func(kind, body string) string {
		t.Helper()
		return a.ok("POST "+manage+"/smsotp/"+kind, body).text("Token")
	}
	a.isLogin(a.ok(verifyPhone+code("phoneidverification", phone), phone), uid)
	a.isLogin(a.ok(verifySMSCode, `{"phone":"+15551230000","otp":"`+code("passwordlesslogin", phone)+`"}`), uid)
	a.ok(resetPhone, `{"phone":"+15551230000","password":"brand new","otp":"`+code("forgotpassword", phone)+`"}`)
	a.isLogin(a.ok(verifyTouch+code("onetouchlogin", newPhoneB), newPhoneB), "")
	access, _ := a.tokens(uid)
	a.refused(1058, "POST "+manage+"/smsotp/addphone", `{"uid":"`+uid+`","phone":"`+newPhone+`"}`)
	a.as(access).ok(verifyPhone+code("addphone", `{"uid":"`+uid+`","phone":"+15553334444"}`), "")
	if r := a.ok("GET "+manage+"/"+uid, ""); r.text("PhoneId") != "+15553334444" {
		t.Errorf("added: %s", r.text("PhoneId"))
	}
	if r := a.call("POST "+manage+"/smsotp/other", phone); r.code() != 1182 {
		t.Errorf("unknown type: %s", r.raw)
	}
	a.refused(938, "POST "+manage+"/smsotp/forgotpassword", phone)
	a.ok("POST "+manage+"/smsotp/onetouchlogin", newPhoneB)
	a.refused(1179, "POST "+manage+"/smsotp/onetouchlogin", newPhoneB)
	if n := len(a.Mailbox()); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}
