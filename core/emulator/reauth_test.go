package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const reauthPath = "/identity/v2/auth/account/reauth/"

// stepped insists on a token of a re-authentication.
func (a *api) stepped(line, body string) (token string) {
	a.t.Helper()
	got := a.ok(line, body)
	if token = got.text("SecondFactorValidationToken"); len(token) != 36 || got.text("ExpireIn") == "" {
		a.t.Fatalf("%s: %s", line, got.raw)
	}
	return token
}

func (a *api) validation(uid, kind string) string {
	return "POST " + manage + "/" + uid + "/reauth/" + kind
}

func tokenBody(token string) string { return `{"secondfactorvalidationtoken":"` + token + `"}` }

// Each factor proves presence, and only where it is right.
func TestReauthentication(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	user := ada
	user.PIN = "1234"
	uid := a.add(user)
	access, _ := a.tokens(uid)
	u := a.as(access)
	u.refused(1098, "PUT "+reauthPath+"2fa/authenticatorcode", `{"authenticatorcode":"123456"}`)
	u.ok("GET "+account2F, "")
	u.ok("PUT "+account2F+"/verification/authenticatorcode", a.totp(uid))
	a.Advance(time.Minute)
	u.refused(1101, "PUT "+reauthPath+"2fa/otp", otpBody("123456"))
	u.fails(1128, "PUT "+reauthPath+"2fa/backupcode", backupBody("x"))
	u.ok("PUT "+account2F, `{"phoneno2fa":"`+smsPhone+`"}`)
	u.ok("PUT "+account2F+"/verification/otp", otpBody(a.mail("secondfactor").OTP))
	u.ok("GET "+account2F+"/otp/email?emailid="+adaEmail, "")
	u.ok("PUT "+account2F+"/verification/otp/email", `{"emailid":"`+adaEmail+`","otp":"`+a.mail("secondfactor").OTP+`"}`)
	u.ok("PUT "+account2F+"/securityquestionanswer", answersBody("q1", "blue"))
	codes := a.backupCodes(access, "/backupcode")

	got := u.ok("GET "+reauthPath+"2fa", "")
	sms := a.mail("reauth")
	if got.text("ExpireIn") == "" || got.object("OTPStatus") == nil || sms.To != smsPhone {
		t.Errorf("begun: %s %+v", got.raw, sms)
	}
	u.refused(1023, "GET "+reauthPath+"2fa/otp/email?emailid=eve@example.com", "")
	u.ok("GET "+reauthPath+"2fa/otp/email?emailid="+adaEmail, "")
	mail := a.mail("reauth")
	u.refused(1192, "PUT "+reauthPath+"2fa/otp", `{}`)
	u.refused(1102, "PUT "+reauthPath+"2fa/authenticatorcode", `{"authenticatorcode":"x"}`)
	u.refused(1067, "PUT "+reauthPath+"2fa/otp", otpBody("x"))
	u.stepped("PUT "+reauthPath+"2fa/authenticatorcode", a.totp(uid)) // a success starts the count of failures anew
	u.fails(1129, "PUT "+reauthPath+"2fa/backupcode", backupBody("x"))
	u.refused(1188, "PUT "+reauthPath+"2fa/otp/email/verify", `{"emailid":"`+adaEmail+`","otp":"x"}`)
	u.refused(1205, "PUT "+reauthPath+"password", `{"password":"x"}`)
	u.refused(1093, "POST "+reauthPath+"2fa/securityquestionanswer/verify", answersBody("q1", "red"))
	u.stepped("PUT "+reauthPath+"password", `{"password":"`+adaPassword+`"}`)
	u.refused(1236, "PUT "+reauthPath+"pin", `{"PIN":"4321"}`)

	for _, step := range []struct{ kind, line, body string }{
		{"2fa", "PUT " + reauthPath + "2fa/otp", otpBody(sms.OTP)},
		{"2fa", "PUT " + reauthPath + "2fa/backupcode", backupBody(codes[0])},
		{"2fa", "PUT " + reauthPath + "2fa/otp/email/verify", `{"EmailId":"` + adaEmail + `","otp":"` + mail.OTP + `"}`},
		{"2fa", "POST " + reauthPath + "2fa/securityquestionanswer/verify", answersBody("q1", "blue")},
		{"password", "PUT " + reauthPath + "password", `{"password":"` + adaPassword + `"}`},
		{"pin", "PUT " + reauthPath + "pin", `{"PIN":"1234"}`},
	} {
		token := u.stepped(step.line, step.body)
		for _, other := range []string{"2fa", "password", "pin"} {
			if other != step.kind {
				a.refused(1193, a.validation(uid, other), tokenBody(token))
			}
		}
		if got := a.ok(a.validation(uid, step.kind), tokenBody(token)); got.body["IsValid"] != true {
			t.Errorf("%s: %s", step.line, got.raw)
		}
		a.refused(1193, a.validation(uid, step.kind), tokenBody(token)) // once
	}
	u.refused(1068, "PUT "+reauthPath+"2fa/otp", otpBody(sms.OTP))
	u.fails(1129, "PUT "+reauthPath+"2fa/backupcode", backupBody(codes[0]))
	u.ok(getProfile, "") // and the session is the same
}

func TestReauthenticationTokens(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon), emulator.WithReauthTokenLifetime(time.Minute))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	u := a.as(access)
	password := func() string { return u.stepped("PUT "+reauthPath+"password", `{"password":"`+adaPassword+`"}`) }
	other := ada
	other.Email, other.Username, other.Phone = "eve@example.com", "eve", "+15551239999"
	eve := a.add(other)
	token := password()
	a.refused(1193, a.validation(eve, "password"), tokenBody(token)) // another user's
	a.fails(908, a.validation(uid, "password"), `{}`)
	a.refused(1193, a.validation(uid, "password"), tokenBody("junk"))
	a.ok(a.validation(uid, "password"), `{"secondfactorauthenticationtoken":"`+token+`"}`)
	token = password()
	a.Advance(time.Minute)
	a.refused(1193, a.validation(uid, "password"), tokenBody(token))
	a.as(token).refused(905, getProfile, "")
	if got := a.call(a.validation(uid, "face"), tokenBody(token)); got.status != 404 || got.text("Message") != "Resource not found" {
		t.Errorf("an unknown kind: %d %s", got.status, got.raw)
	}
	u.refused(1097, "GET "+reauthPath+"2fa", "")
	u.refused(1235, "PUT "+reauthPath+"pin", `{"pin":"1234"}`)

	// Without second factors, a mailed code.
	u.ok("GET "+reauthPath+"otp/email?emailid="+adaEmail, "")
	token = u.stepped("PUT "+reauthPath+"otp/email", `{"emailid":"`+adaEmail+`","OTP":"`+a.mail("reauth").OTP+`"}`)
	a.ok(a.validation(uid, "2fa"), tokenBody(token))

	lax := newAPI(t, emulator.WithReusableReauthTokens(), emulator.WithReauthOfAnyKind())
	uid = lax.add(ada)
	access, _ = lax.tokens(uid)
	token = lax.as(access).stepped("PUT "+reauthPath+"password", `{"password":"`+adaPassword+`"}`)
	lax.ok(lax.validation(uid, "password"), tokenBody(token))
	lax.ok(lax.validation(uid, "pin"), tokenBody(token))

	off := newAPI(t, emulator.WithoutReauth())
	access, _ = off.tokens(off.add(ada))
	off.as(access).refused(1191, "PUT "+reauthPath+"password", `{"password":"`+adaPassword+`"}`)
	off.as(access).refused(1191, "GET "+reauthPath+"2fa", "")
}

// Guessing at a step-up locks the account.
func TestReauthenticationLocks(t *testing.T) {
	a := newAPI(t, emulator.WithLockout(2, time.Minute))
	access, _ := a.tokens(a.add(ada))
	u := a.as(access)
	u.refused(1205, "PUT "+reauthPath+"password", `{"password":"x"}`)
	u.refused(1205, "PUT "+reauthPath+"password", `{"password":"x"}`)
	u.refused(1198, "PUT "+reauthPath+"password", `{"password":"`+adaPassword+`"}`)
	a.refused(1198, doLogin, loginBody(adaPassword))
}
