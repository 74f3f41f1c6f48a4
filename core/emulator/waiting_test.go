package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	startSmart    = "GET /identity/v2/auth/login/smartlogin?redirecturl=http://localhost/smart&"
	pingSmart     = "GET /identity/v2/auth/login/smartlogin/ping?clientguid="
	followSmart   = "GET /identity/v2/auth/email/smartlogin?verificationtoken="
	startTouch    = "POST /identity/v2/auth/onetouchlogin/email?redirecturl=http://localhost/touch"
	followTouch   = "GET /identity/v2/auth/email/onetouchlogin?verificationtoken="
	startTouchSMS = "POST /identity/v2/auth/onetouchlogin/phone"
	verifyTouch   = "PUT /identity/v2/auth/onetouchlogin/phone/verify?otp="
)

func touchBody(email, guid string) string {
	return `{"email":"` + email + `","clientguid":"` + guid + `","name":"New","g-recaptcha-response":"test-captcha"}`
}

func TestSmartLogin(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	a.refused(1140, pingSmart+"g1", "")
	a.ok(startSmart+"email="+adaEmail+"&clientguid=g1", "")
	a.refused(1136, startSmart+"username=ada&clientguid=g1", "")
	a.refused(1139, pingSmart+"g1", "")
	m := a.mail("smartlogin")
	if m.To != adaEmail || !strings.HasPrefix(m.Link, "http://localhost/smart?vtype=autologin&vtoken=") {
		t.Errorf("mail: %+v", m)
	}
	a.refused(1063, followTouch+m.Token, "")
	if r := a.ok(followSmart+m.Token, ""); r.body["IsVerified"] != true || r.text("access_token") != "" {
		t.Errorf("the browser that follows the link got %s", r.raw)
	}
	a.refused(1138, followSmart+m.Token, "")
	a.isLogin(a.ok(pingSmart+"g1", ""), uid)
	a.refused(1137, pingSmart+"g1", "")
	a.refused(1137, followSmart+m.Token, "")
	a.refused(1136, startSmart+"email="+adaEmail+"&clientguid=g1", "")

	a.refused(1141, startSmart+"clientguid=g2", "")
	a.refused(938, startSmart+"email=bob@example.com&clientguid=g2", "")
	a.lacks("clientguid", startSmart+"email="+adaEmail, "")
	a.lacks("clientguid", pingSmart, "")
	a.refused(1063, followSmart+"unknown", "")

	a.ok(startSmart+"email="+adaEmail+"&clientguid=g3", "")
	a.Advance(15 * time.Minute)
	a.refused(975, followSmart+a.mail("smartlogin").Token, "")
	a.refused(1140, pingSmart+"g3", "")

	a.ok(startSmart+"email="+adaEmail+"&clientguid=g4", "")
	a.ok(followSmart+a.mail("smartlogin").Token, "")
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, pingSmart+"g4", "")
	a.refused(991, startSmart+"email="+adaEmail+"&clientguid=g5", "")

	newAPI(t, emulator.Without(emulator.FeatureSmartLogin)).refused(1135, startSmart+"email="+adaEmail+"&clientguid=g", "")
}

// Two browsers that wait for one user each get their own login.
func TestSmartLoginsApart(t *testing.T) {
	a := newAPI(t, emulator.WithSmartLoginLifetime(time.Minute), emulator.WithFrozenClock(noon))
	a.add(ada)
	a.ok(startSmart+"email="+adaEmail+"&clientguid=g1", "")
	first := a.mail("smartlogin").Token
	a.ok(startSmart+"email="+adaEmail+"&clientguid=g2", "")
	a.ok(followSmart+first, "")
	a.refused(1139, pingSmart+"g2", "")
	a.ok(pingSmart+"g1", "")
	a.Advance(time.Minute)
	a.refused(1140, pingSmart+"g2", "")
}

func TestSmartLoginByCode(t *testing.T) {
	a := newAPI(t, emulator.WithEmailOTP())
	uid := a.add(ada)
	a.ok(startSmart+"email="+adaEmail+"&clientguid=g1", "")
	m := a.mail("smartlogin")
	const verify = "GET /identity/v2/auth/email/smartlogin?email=" + adaEmail + "&otp="
	a.refused(1063, verify+otherCode(m.OTP), "")
	a.ok(verify+m.OTP, "")
	a.isLogin(a.ok(pingSmart+"g1", ""), uid)
}

func TestOneTouchByEmail(t *testing.T) {
	a := newAPI(t)
	const email = "new@example.com"
	a.refused(982, startTouch, strings.Replace(touchBody(email, "g1"), "g-recaptcha", "no-captcha", 1))
	a.refused(1218, startTouch, strings.Replace(touchBody(email, "g1"), "test-captcha", "bogus", 1))
	a.refused(1038, startTouch, touchBody("no address", "g1"))
	a.ok(startTouch, touchBody(email, "g1"))
	a.refused(1136, startTouch, touchBody(email, "g1"))
	if a.ok("GET /identity/v2/auth/email?email="+email, "").body["IsExist"] != false {
		t.Error("there is an account before anybody followed the link")
	}
	m := a.mail("onetouch")
	if !strings.HasPrefix(m.Link, "http://localhost/touch?vtype=onetouch") {
		t.Errorf("mail: %+v", m)
	}
	a.refused(1139, pingSmart+"g1", "")
	a.ok(followTouch+m.Token, "")
	a.refused(1145, followTouch+m.Token, "")
	r := a.ok(pingSmart+"g1", "")
	a.isLogin(r, "")
	if p := r.object("Profile"); p["FirstName"] != "New" || p["EmailVerified"] != true {
		t.Errorf("registered: %s", r.raw)
	}

	a.ok(startTouch, touchBody(email, "g2"))
	a.ok(followTouch+a.mail("onetouch").Token, "")
	uid, _ := r.object("Profile")["Uid"].(string)
	a.isLogin(a.ok(pingSmart+"g2", ""), uid) // the second time it is the same account
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, startTouch, touchBody(email, "g3"))

	off := newAPI(t, emulator.Without(emulator.FeatureOneTouch))
	off.refused(1146, startTouch, touchBody(email, "g"))
	off.refused(1146, startTouchSMS, newPhoneB)
}

func TestOneTouchByPhone(t *testing.T) {
	const body = `{"phone":"` + newPhone + `","g-recaptcha-response":"test-captcha"}`
	a := newAPI(t)
	a.refused(982, startTouchSMS, newPhoneB)
	a.refused(1070, verifyTouch+"123456", newPhoneB)
	if r := a.ok(startTouchSMS, body); r.body["IsPosted"] != nil || r.object("Data")["Sid"] == nil {
		t.Errorf("answer: %s", r.raw)
	}
	m := a.mail("onetouch")
	a.refused(1067, verifyTouch+otherCode(m.OTP), newPhoneB)
	r := a.ok(verifyTouch+m.OTP, newPhoneB)
	a.isLogin(r, "")
	if p := r.object("Profile"); p["PhoneId"] != newPhone || p["PhoneIdVerified"] != true {
		t.Errorf("registered: %s", r.raw)
	}
	a.refused(1068, verifyTouch+m.OTP, newPhoneB)
	a.ok(startTouchSMS, body)
	uid, _ := r.object("Profile")["Uid"].(string)
	a.isLogin(a.ok(verifyTouch+a.mail("onetouch").OTP, newPhoneB), uid)

	a = newAPI(t, emulator.WithOneTouchPosted())
	a.ok(startTouchSMS, body)
	if r := a.ok(verifyTouch+a.mail("onetouch").OTP, newPhoneB); r.body["IsPosted"] != true || r.body["access_token"] != nil {
		t.Errorf("posted: %s", r.raw)
	}
}
