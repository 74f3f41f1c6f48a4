package emulator_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	mailPasswordless = "GET /identity/v2/auth/login/passwordlesslogin/email?verificationurl=http://localhost/in&email="
	smsPasswordless  = "GET /identity/v2/auth/login/passwordlesslogin/otp?phone="
	followMail       = "GET /identity/v2/auth/login/passwordlesslogin/email/verify?verificationtoken="
	verifyMailCode   = "POST /identity/v2/auth/login/passwordlesslogin/email/verifyotp"
	verifySMSCode    = "PUT /identity/v2/auth/login/passwordlesslogin/otp/verify"
	adaPhone         = "%2B15551230000" // in a query
)

// otherCode is a code of the same length that is not the given one.
func otherCode(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

// lacks insists on the error that names a missing parameter.
func (a *api) lacks(parameter, line, body string) {
	a.t.Helper()
	if r := a.call(line, body); r.code() != 908 || r.status != 400 || !strings.Contains(r.text("Description"), " "+parameter+" ") {
		a.t.Errorf("%s without %s: %d %s", line, parameter, r.status, r.raw)
	}
}

// isLogin fails the test unless an answer logs the user in.
func (a *api) isLogin(r answer, uid string) {
	a.t.Helper()
	if got := r.object("Profile")["Uid"]; r.text("access_token") == "" || r.text("expires_in") == "" || uid != "" && got != uid {
		a.t.Fatalf("not a login of %s: %s", uid, r.raw)
	}
	a.as(r.text("access_token")).ok(getProfile, "")
}

func TestPasswordlessLink(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	a.ok(mailPasswordless+adaEmail, "")
	m := a.mail("passwordless")
	if m.To != adaEmail || m.OTP != "" || !strings.HasPrefix(m.Link, "http://localhost/in?vtype=oneclicksignin&vtoken=") {
		t.Errorf("mail: %+v", m)
	}
	a.isLogin(a.ok(followMail+m.Token, ""), uid)
	a.refused(1062, followMail+m.Token, "")
	a.refused(1063, followMail+"unknown", "")

	a.ok("GET /identity/v2/auth/login/passwordlesslogin/email?username=ADA", "")
	first := a.mail("passwordless").Token
	a.ok(mailPasswordless+adaEmail, "")
	a.refused(1062, followMail+first, "") // the newer link replaces it
	second := a.mail("passwordless").Token
	a.Advance(10*time.Minute - 1)
	a.ok(doForgot, adaBody)
	a.refused(1063, followMail+a.mail("reset").Token, "") // a link of another kind
	a.Advance(1)
	a.refused(975, followMail+second, "")
}

func TestPasswordlessCode(t *testing.T) {
	a := newAPI(t, emulator.WithEmailOTP(), emulator.WithCodeDigits(8), emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	body := func(code string) string { return `{"email":"` + adaEmail + `","otp":"` + code + `"}` }
	a.refused(1185, verifyMailCode, body("12345678")) // none was asked for
	a.ok(mailPasswordless+adaEmail, "")
	m := a.mail("passwordless")
	if len(m.OTP) != 8 || m.Link != "" || m.Token != "" {
		t.Errorf("mail: %+v", m)
	}
	a.refused(1185, verifyMailCode, body(otherCode(m.OTP)))
	a.lacks("username", verifyMailCodeFor("username"), body(m.OTP))
	a.isLogin(a.ok(verifyMailCode, body(m.OTP)), uid)
	a.refused(1062, verifyMailCode, body(m.OTP))

	a.ok(mailPasswordless+adaEmail, "")
	a.Advance(5 * time.Minute)
	a.refused(975, verifyMailCode, body(a.mail("passwordless").OTP))
	a.ok("GET /identity/v2/auth/login/passwordlesslogin/email?username=ada", "")
	a.isLogin(a.ok(verifyMailCodeFor("username"), `{"username":"ada","otp":"`+a.mail("passwordless").OTP+`"}`), uid)
	for range 2 {
		a.ok(mailPasswordless+adaEmail, "")
	}
	a.refused(1122, mailPasswordless+adaEmail, "") // it was the sixth within ten minutes
	a.Advance(5*time.Minute + 1)
	a.ok(mailPasswordless+adaEmail, "")
}

func verifyMailCodeFor(name string) string {
	return strings.Replace(verifyMailCode, "/email/", "/"+name+"/", 1)
}

func TestPasswordlessSMS(t *testing.T) {
	a := newAPI(t, emulator.WithCodeLimit(3, time.Hour), emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	body := func(code string) string { return `{"phone":"1 555 123-0000","otp":"` + code + `"}` }
	a.refused(1070, verifySMSCode, body("123456"))
	if r := a.ok(smsPasswordless+adaPhone, ""); r.body["IsPosted"] != nil || r.object("Data")["Sid"] == "" {
		t.Errorf("answer: %s", r.raw)
	}
	m := a.mail("passwordless")
	if m.To != ada.Phone || len(m.OTP) != 6 {
		t.Errorf("SMS: %+v", m)
	}
	a.refused(1185, verifyMailCode, `{"email":"`+adaEmail+`","otp":"`+m.OTP+`"}`) // it did not come by e-mail
	a.refused(1067, verifySMSCode, body(otherCode(m.OTP)))
	a.isLogin(a.ok(verifySMSCode, body(m.OTP)), uid)
	a.refused(1068, verifySMSCode, body(m.OTP))
	a.ok(smsPasswordless+adaPhone, "")
	a.Advance(5 * time.Minute)
	a.refused(1069, verifySMSCode, body(a.mail("passwordless").OTP))
	a.ok(smsPasswordless+adaPhone, "")
	a.refused(1123, smsPasswordless+adaPhone, "")
	for _, bad := range []string{"abc", "123", "%2B%2B15551230000", "1234567890123456"} {
		a.refused(1096, smsPasswordless+bad, "")
	}
}

// A code that is tried too often is dead, and the account is locked as by wrong
// passwords.
func TestPasswordlessGuessing(t *testing.T) {
	a := newAPI(t, emulator.WithCodeAttempts(2), emulator.WithLockout(3, time.Minute), emulator.WithFrozenClock(noon))
	a.add(ada)
	body := func(code string) string { return `{"phone":"` + ada.Phone + `","otp":"` + code + `"}` }
	a.ok(smsPasswordless+adaPhone, "")
	code := a.mail("passwordless").OTP
	a.refused(1067, verifySMSCode, body(otherCode(code)))
	a.refused(1067, verifySMSCode, body(otherCode(code)))
	a.refused(1069, verifySMSCode, body(code))
	a.refused(1198, verifySMSCode, body(code))
	a.refused(1198, smsPasswordless+adaPhone, "")
	a.Advance(time.Minute)
	a.ok(smsPasswordless+adaPhone, "")
	a.ok(verifySMSCode, body(a.mail("passwordless").OTP))
}

// What an account's state, and the site, refuse.
func TestPasswordlessRefusals(t *testing.T) {
	blocked, unverified := ada, ada
	blocked.Blocked = true
	unverified.EmailVerified, unverified.PhoneVerified = false, false
	for name, c := range map[string]struct {
		options   []emulator.Option
		user      emulator.User
		mail, sms int
	}{
		"unknown":        {nil, emulator.User{Email: "bob@example.com"}, 938, 938},
		"blocked":        {nil, blocked, 991, 991},
		"unverified":     {nil, unverified, 970, 1066},
		"let in":         {[]emulator.Option{emulator.WithUnverifiedPasswordless()}, unverified, 0, 0},
		"not mandatory":  {[]emulator.Option{emulator.WithEmailWorkflow(emulator.Optional)}, unverified, 0, 0},
		"switched off":   {[]emulator.Option{emulator.Without(emulator.FeaturePasswordless)}, ada, 1059, 1059},
		"without phones": {[]emulator.Option{emulator.Without(emulator.FeaturePhoneLogin)}, ada, 0, 1074},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, c.options...)
			a.add(c.user)
			a.refused(c.mail, mailPasswordless+adaEmail, "")
			a.refused(c.sms, smsPasswordless+adaPhone, "")
		})
	}

	t.Run("blocked after the mail", func(t *testing.T) {
		a := newAPI(t)
		uid := a.add(ada)
		a.ok(mailPasswordless+adaEmail, "")
		a.ok(smsPasswordless+adaPhone, "")
		token, code := a.Mailbox()[0].Token, a.Mailbox()[1].OTP
		a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
		a.refused(991, followMail+token, "")
		a.refused(991, verifySMSCode, `{"phone":"`+ada.Phone+`","otp":"`+code+`"}`)
		a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
		a.ok(followMail+token, "") // the refusals used nothing up
		a.ok(verifySMSCode, `{"phone":"`+ada.Phone+`","otp":"`+code+`"}`)
	})
	t.Run("proves the address", func(t *testing.T) {
		a := newAPI(t, emulator.WithUnverifiedPasswordless(), emulator.WithLoginLinkLifetime(time.Hour))
		a.add(unverified)
		a.refused(970, doLogin, loginBody(adaPassword))
		a.ok(mailPasswordless+adaEmail, "")
		a.Advance(59 * time.Minute)
		a.ok(followMail+a.mail("passwordless").Token, "")
		a.ok(doLogin, loginBody(adaPassword))
	})
}

func TestPasswordlessRegistration(t *testing.T) {
	const byMail, bySMS = "POST /identity/v2/auth/login/passwordlesslogin/email", "POST /identity/v2/auth/login/passwordlesslogin/otp"
	const body = `{"Email":[{"Type":"Primary","Value":"new@example.com"}],"UserName":"taken","FirstName":"New","EmailVerified":true,"g-recaptcha-response":"test-captcha"}`
	a := newAPI(t)
	a.add(ada)
	a.refused(938, byMail, body)
	a.ok(byMail, `{"Email":[{"Type":"Primary","Value":"`+adaEmail+`"}]}`)

	a = newAPI(t, emulator.WithPasswordlessRegistration())
	a.refused(982, byMail, strings.Replace(body, "g-recaptcha", "no-captcha", 1))
	a.with("X-LoginRadius-Sott", "wrong").refused(1049, byMail, body)
	a.ok(byMail, body)
	p := a.ok(followMail+a.mail("passwordless").Token, "").object("Profile")
	if p["FirstName"] != "New" || p["UserName"] != nil || p["EmailVerified"] != true {
		t.Errorf("registered: %v %v %v", p["FirstName"], p["UserName"], p["EmailVerified"])
	}
	a.ok(bySMS, `{"PhoneId":"+15550001111","g-recaptcha-response":"test-captcha"}`)
	r := a.ok(verifySMSCode, `{"phone":"+15550001111","otp":"`+a.mail("passwordless").OTP+`"}`)
	if p := r.object("Profile"); p["PhoneId"] != "+15550001111" || p["PhoneIdVerified"] != true {
		t.Errorf("registered: %v", r.raw)
	}
}

// On a site with second factors, a link or a code is the first one.
func TestPasswordlessUnderMFA(t *testing.T) {
	a := newAPI(t, emulator.WithMFA(emulator.MFARequired))
	a.add(ada)
	a.ok(mailPasswordless+adaEmail, "")
	a.ok(smsPasswordless+adaPhone, "")
	for _, r := range []answer{
		a.ok(followMail+a.Mailbox()[0].Token, ""), a.ok(verifySMSCode, `{"phone":"`+ada.Phone+`","otp":"`+a.Mailbox()[1].OTP+`"}`),
	} {
		if token := r.text("access_token"); r.text("SecondFactorAuthenticationToken") == "" || strings.Trim(token, "0-") != "" || r.object("Profile") != nil {
			t.Errorf("not a challenge: %s", r.raw)
		}
	}
	a = newAPI(t, emulator.WithMFA(emulator.MFAOptional), emulator.WithoutPasswordlessUnderMFA())
	a.add(ada)
	a.refused(1059, mailPasswordless+adaEmail, "")
	a.refused(1059, smsPasswordless+adaPhone, "")
	a = newAPI(t, emulator.WithoutPasswordlessUnderMFA())
	a.add(ada)
	a.ok(mailPasswordless+adaEmail, "")
}

// Of many who use one link or code at once, exactly one is logged in.
func TestPasswordlessOnce(t *testing.T) {
	a := newAPI(t, emulator.WithLockout(0, 0), emulator.WithCodeAttempts(0))
	a.add(ada)
	a.ok(mailPasswordless+adaEmail, "")
	a.ok(smsPasswordless+adaPhone, "")
	link, code := a.Mailbox()[0].Token, a.Mailbox()[1].OTP
	for _, use := range []func() answer{
		func() answer { return a.call(followMail+link, "") },
		func() answer { return a.call(verifySMSCode, `{"phone":"`+ada.Phone+`","otp":"`+code+`"}`) },
	} {
		var wins atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if use().text("access_token") != "" {
					wins.Add(1)
				}
			})
		}
		all.Wait()
		if wins.Load() != 1 {
			t.Errorf("%d logins", wins.Load())
		}
	}
}
