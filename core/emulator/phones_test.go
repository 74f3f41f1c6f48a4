package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	doRegister  = "POST /identity/v2/auth/register"
	changePhone = "PUT /identity/v2/auth/phone"
	resendPhone = "POST /identity/v2/auth/phone/otp"
	verifyPhone = "PUT /identity/v2/auth/phone/otp?otp="
	forgotPhone = "POST /identity/v2/auth/password/otp"
	resetPhone  = "PUT /identity/v2/auth/password/otp"
	newPhone    = "+15550001111"
	newPhoneB   = `{"phone":"` + newPhone + `"}`
)

func (a *api) registering() *api {
	return a.with("X-LoginRadius-Sott", a.ok("GET "+manage+"/sott", "").text("Sott"))
}

// A number alone makes an account; its code logs the user in.
func TestPhoneAccount(t *testing.T) {
	const body = `{"PhoneId":"` + newPhone + `","Password":"` + adaPassword + `"}`
	a := newAPI(t)
	if r := a.registering().ok(doRegister, body); r.body["Data"] != nil {
		t.Errorf("registered: %s", r.raw)
	}
	a.registering().refused(1058, doRegister, strings.Replace(body, "+1555", "1 555-", 1))
	a.registering().refused(1096, doRegister, strings.Replace(body, "+1555000", "", 1))
	m := a.mail("phoneverification")
	if m.To != newPhone || len(m.OTP) != 6 || m.Link != "" {
		t.Errorf("SMS: %+v", m)
	}
	a.refused(1066, doLogin, `{"phone":"`+newPhone+`","password":"`+adaPassword+`"}`)
	a.refused(1067, verifyPhone+otherCode(m.OTP), newPhoneB)
	a.ok(resendPhone, newPhoneB)
	a.refused(1067, verifyPhone+m.OTP, newPhoneB) // a newer code replaced it
	r := a.ok(verifyPhone+a.mail("phoneverification").OTP, newPhoneB)
	a.isLogin(r, "")
	if p := r.object("Profile"); p["PhoneIdVerified"] != true || p["PhoneId"] != newPhone || p["Email"] != nil {
		t.Errorf("profile: %s", r.raw)
	}
	a.refused(1073, verifyPhone+m.OTP, newPhoneB)
	a.refused(1073, resendPhone, newPhoneB)
	a.isLogin(a.ok(doLogin, `{"phone":"1 555 000 1111","password":"`+adaPassword+`"}`), "")
	a.refused(1043, resendPhone, `{"phone":"+19990000000"}`)
	a.refused(1043, verifyPhone+"123456", `{"phone":"+19990000000"}`)
	a.as(r.text("access_token")).refused(970, "DELETE /identity/v2/auth/phone", "") // nothing else to log in with

	t.Run("without verification", func(t *testing.T) {
		a := newAPI(t, emulator.WithEmailWorkflow(emulator.Optional))
		r := a.registering().ok(doRegister, body)
		if p := r.object("Data")["Profile"].(map[string]any); r.object("Data")["access_token"] == "" || p["PhoneIdVerified"] != false {
			t.Errorf("optional: %s", r.raw)
		}
		a = newAPI(t, emulator.WithEmailWorkflow(emulator.NoVerification))
		a.registering().ok(doRegister, body)
		a.isLogin(a.ok(doLogin, `{"phone":"`+newPhone+`","password":"`+adaPassword+`"}`), "")
	})
	t.Run("switched off", func(t *testing.T) {
		a := newAPI(t, emulator.Without(emulator.FeaturePhoneLogin))
		a.registering().refused(1134, doRegister, body) // an address is required
		for call, body := range map[string]string{
			doLogin: `{"phone":"` + newPhone + `","password":"x"}`, resendPhone: newPhoneB, verifyPhone + "1": newPhoneB, forgotPhone: newPhoneB,
			resetPhone: newPhoneB, "GET /identity/v2/auth/phone?phone=15550001111": "",
		} {
			a.refused(1074, call, body)
		}
	})
}

func TestPhoneChange(t *testing.T) {
	start := func(t *testing.T, opts ...emulator.Option) (a, user *api, uid string) {
		t.Helper()
		a = newAPI(t, append(opts, emulator.WithFrozenClock(noon))...)
		uid = a.add(ada)
		access, _ := a.tokens(uid)
		return a, a.as(access), uid
	}
	phones := func(a *api, uid string) (number any, verified any) {
		p := a.ok("GET "+manage+"/"+uid, "").body
		return p["PhoneId"], p["PhoneIdVerified"]
	}

	t.Run("pending", func(t *testing.T) {
		a, user, uid := start(t)
		a.add(emulator.User{Phone: "+15557777777"})
		user.refused(1058, changePhone, `{"phone":"+1 555 777 7777"}`)
		user.refused(1096, changePhone, `{"phone":"+1-555-CALL-ADA"}`)
		r := user.ok(changePhone, newPhoneB)
		if r.object("Data")["AccountSid"] == nil || a.mail("phoneverification").To != newPhone {
			t.Errorf("answer: %s", r.raw)
		}
		if n, v := phones(a, uid); n != ada.Phone || v != true {
			t.Errorf("before the code: %v %v", n, v)
		}
		a.ok(doLogin, `{"phone":"`+ada.Phone+`","password":"`+adaPassword+`"}`)
		user.refused(1067, verifyPhone+otherCode(a.mail("phoneverification").OTP), "")
		user.ok(resendPhone, newPhoneB)
		user.refused(1043, resendPhone, `{"phone":"+15557777777"}`)
		user.ok(verifyPhone+a.mail("phoneverification").OTP, "")
		if n, v := phones(a, uid); n != newPhone || v != true {
			t.Errorf("after the code: %v %v", n, v)
		}
		a.refused(938, doLogin, `{"phone":"`+ada.Phone+`","password":"`+adaPassword+`"}`)
		user.refused(1120, verifyPhone+"123456", "")
		user.refused(1120, resendPhone, newPhoneB)
	})
	t.Run("by the number alone", func(t *testing.T) {
		a, user, uid := start(t)
		user.ok(changePhone, newPhoneB)
		a.isLogin(a.ok(verifyPhone+a.mail("phoneverification").OTP, newPhoneB), uid)
		if n, _ := phones(a, uid); n != newPhone {
			t.Errorf("number: %v", n)
		}
	})
	t.Run("another account was faster", func(t *testing.T) {
		a, user, uid := start(t)
		user.ok(changePhone, newPhoneB)
		code := a.mail("phoneverification").OTP
		a.add(emulator.User{Phone: newPhone})
		user.refused(1058, verifyPhone+code, "")
		if n, _ := phones(a, uid); n != ada.Phone {
			t.Errorf("number: %v", n)
		}
	})
	t.Run("changed by management meanwhile", func(t *testing.T) {
		a, user, uid := start(t)
		user.ok(changePhone, newPhoneB)
		code := a.mail("phoneverification").OTP
		a.ok("PUT "+manage+"/"+uid+"/phoneid", `{"phone":"+15552222222"}`)
		user.refused(1070, verifyPhone+code, "")
		if n, v := phones(a, uid); n != "+15552222222" || v != false {
			t.Errorf("number: %v %v", n, v)
		}
	})
	t.Run("immediate", func(t *testing.T) {
		a, user, uid := start(t, emulator.WithImmediatePhoneChange())
		user.ok(changePhone, newPhoneB)
		if n, v := phones(a, uid); n != newPhone || v != false {
			t.Errorf("before the code: %v %v", n, v)
		}
		user.ok(verifyPhone+a.mail("phoneverification").OTP, "")
		if _, v := phones(a, uid); v != true {
			t.Errorf("after the code: %v", v)
		}
	})
	t.Run("removed", func(t *testing.T) {
		a, user, uid := start(t)
		user.ok("DELETE /identity/v2/auth/phone", "")
		if n, v := phones(a, uid); n != nil || v != false {
			t.Errorf("removed: %v %v", n, v)
		}
		user.refused(1043, "DELETE /identity/v2/auth/phone", "")
		user.refused(1043, resendPhone, "")
		if a.ok("GET /identity/v2/auth/phone?phone="+adaPhone, "").body["IsExist"] != false {
			t.Error("the number still exists")
		}
	})
}

func TestPasswordByPhone(t *testing.T) {
	a := newAPI(t, emulator.WithForceLogout(), emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	body := func(code, password string) string {
		return `{"phone":"` + ada.Phone + `","otp":"` + code + `","password":"` + password + `"}`
	}
	a.refused(938, forgotPhone, newPhoneB)
	a.refused(1070, resetPhone, body("123456", "brand new"))
	if r := a.ok(forgotPhone, `{"phone":"`+ada.Phone+`"}`); r.body["IsPosted"] != true || r.object("Data")["Sid"] == nil {
		t.Errorf("forgot: %s", r.raw)
	}
	m := a.mail("resetphone")
	if m.To != ada.Phone {
		t.Errorf("SMS: %+v", m)
	}
	a.refused(1067, resetPhone, body(otherCode(m.OTP), "brand new"))
	a.refused(1216, resetPhone, body(m.OTP, "short")) // which leaves the code usable
	a.ok(resetPhone, body(m.OTP, "brand new"))
	a.refused(1068, resetPhone, body(m.OTP, "brand newer"))
	a.ok(doLogin, loginBody("brand new"))
	a.as(access).refused(905, getProfile, "")
	a.ok(forgotPhone, `{"phone":"`+ada.Phone+`"}`)
	a.Advance(5 * time.Minute)
	a.refused(1069, resetPhone, body(a.mail("resetphone").OTP, "brand newer"))
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, forgotPhone, `{"phone":"`+ada.Phone+`"}`)
	a.refused(991, resetPhone, body("123456", "brand newer"))
}

func TestDeletionByPhone(t *testing.T) {
	const send, confirm = "GET /identity/v2/auth/account/otp", "POST /identity/v2/auth/account/delete"
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	other, _ := a.tokens(a.add(emulator.User{Email: "bob@example.com"}))
	user := a.as(access)
	a.as(other).refused(1292, send, "")
	user.refused(1070, confirm, `{"otp":"123456"}`)
	user.ok(send, "")
	m := a.mail("deleteuser")
	user.refused(1067, confirm, `{"otp":"`+otherCode(m.OTP)+`"}`)
	a.as(other).refused(1070, confirm, `{"otp":"`+m.OTP+`"}`)
	user.ok(confirm, `{"OTP":"`+m.OTP+`"}`)
	a.refused(938, "GET "+manage+"/"+uid, "")
}

func TestPhoneInvalidation(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	call := "PUT " + manage + "/" + uid + "/invalidatephone"
	a.ok(call, "{}")
	a.refused(1161, call, "{}")
	a.refused(1066, doLogin, `{"phone":"`+ada.Phone+`","password":"`+adaPassword+`"}`)
	a.isLogin(a.ok(verifyPhone+a.mail("phoneverification").OTP, `{"phone":"`+ada.Phone+`"}`), uid)
	bob := a.add(emulator.User{Email: "bob@example.com"})
	a.refused(1147, "PUT "+manage+"/"+bob+"/invalidatephone", "{}")
	a.refused(1058, "PUT "+manage+"/"+bob+"/phoneid", `{"phone":"`+ada.Phone+`"}`)
	a.refused(1096, "PUT "+manage+"/"+bob+"/phoneid", `{"phone":"none"}`)
	a.lacks("phone", "PUT "+manage+"/"+bob+"/phoneid", `{"phone":""}`)
}
