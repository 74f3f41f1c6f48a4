package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The codes of an authenticator: their time, and that each works once.
func TestTOTPLogin(t *testing.T) {
	a := newAPI(t, required()...)
	uid, _ := a.withTOTP()
	old := a.totp(uid)
	a.Advance(30 * time.Second)
	_, q := a.challenge()
	a.fails(908, verify2FA+"authenticatorcode"+q, `{}`)
	a.refused(1102, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"000000x"}`)
	a.ok(verify2FA+"authenticatorcode"+q, old)                    // one step late
	a.refused(1103, verify2FA+"authenticatorcode"+q, a.totp(uid)) // the challenge is over
	_, q = a.challenge()
	a.refused(1102, verify2FA+"authenticatorcode"+q, old) // used
	a.ok("PUT /identity/v2/auth/login/2FA/verification/AuthenticatorCode"+q, a.totp(uid))
	_, q = a.challenge()
	late := a.totp(uid)
	a.Advance(time.Minute)
	a.refused(1102, verify2FA+"authenticatorcode"+q, late)

	exact := newAPI(t, required(emulator.WithTOTPSkew(0), emulator.WithTOTPReplay(), emulator.WithTOTPIssuer("Shop"))...)
	uid, _ = exact.withTOTP()
	code := exact.totp(uid)
	for range 2 {
		_, q = exact.challenge()
		exact.ok(verify2FA+"authenticatorcode"+q, code)
	}
	_, q = exact.challenge()
	exact.Advance(30 * time.Second)
	exact.refused(1102, verify2FA+"authenticatorcode"+q, code)

	off := newAPI(t, required(emulator.WithMFAFactors(emulator.FactorSMS))...)
	off.add(ada)
	fields, q := off.challenge()
	if fields["QRCode"] != nil {
		t.Errorf("a QR code for a factor that is off: %v", fields)
	}
	off.refused(1279, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"123456"}`)
}

func TestSMSFactor(t *testing.T) {
	a := newAPI(t, required()...)
	a.add(ada)
	_, q := a.challenge()
	a.refused(1117, "GET "+login2FA+"/resend"+q, "")
	a.refused(1070, verify2FA+"otp"+q, otpBody("123456"))
	a.refused(1096, "PUT "+login2FA+q, `{"phoneno2fa":"my phone"}`)
	if got := a.ok("PUT "+login2FA+q, `{"phoneNo2FA":"+1 555-999 0000"}`); got.text("Sid") == "" || got.text("AccountSid") == "" || got.body["IsPosted"] != nil {
		t.Errorf("sent: %s", got.raw)
	}
	sent := a.mail("secondfactor")
	if sent.To != smsPhone || len(sent.OTP) != 6 || sent.Link != "" {
		t.Errorf("the SMS: %+v", sent)
	}
	a.refused(1067, verify2FA+"otp"+q, otpBody("x"))
	a.ok("GET "+login2FA+"/resend"+q, "")
	a.refused(1067, verify2FA+"otp"+q, otpBody(sent.OTP)) // replaced
	loggedIn(t, a.ok(verify2FA+"otp"+q, otpBody(a.mail("secondfactor").OTP)))

	// From now on a login sends the code, and the number stays.
	fields, q := a.challenge()
	if fields["IsOTPAuthenticatorVerified"] != true || fields["OTPPhoneNo"] != "********0000" || fields["OTPStatus"] == nil || fields["ManualEntryCode"] != nil {
		t.Errorf("the challenge: %v", fields)
	}
	a.refused(1250, "PUT "+login2FA+q, `{"phoneno2fa":"+15550001111"}`)
	a.refused(1099, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"123456"}`)
	code := a.mail("secondfactor").OTP
	a.Advance(5 * time.Minute)
	a.refused(1069, verify2FA+"otp"+q, otpBody(code))
	_, q2 := a.challenge()
	a.refused(1069, verify2FA+"otp"+q, otpBody(a.mail("secondfactor").OTP)) // the code of another challenge
	a.ok(verify2FA+"otp"+q2, otpBody(a.mail("secondfactor").OTP))

	// By access token.
	other := ada
	other.Email, other.Username, other.Phone = "eve@example.com", "eve", "+15551239999"
	eve, _ := a.tokens(a.add(other))
	a.as(eve).refused(1106, "PUT "+account2F, `{"phoneno2fa":"`+smsPhone+`"}`)
	a.as(eve).ok("PUT "+account2F, `{"phoneno2fa":"+15557770000"}`)
	a.as(eve).refused(1067, "PUT "+account2F+"/verification/otp", otpBody("x"))
	got := a.as(eve).ok("PUT "+account2F+"/verification/otp", otpBody(a.mail("secondfactor").OTP))
	if got.text("Uid") == "" || got.body["access_token"] != nil {
		t.Errorf("enrolled: %s", got.raw)
	}
	if s := a.as(eve).ok("GET "+account2F, ""); s.body["IsOTPAuthenticatorVerified"] != true || s.body["ManualEntryCode"] == nil || s.body["IsSecurityQuestionEnabled"] != false {
		t.Errorf("the settings: %s", s.raw)
	}

	off := newAPI(t, required(emulator.WithMFAFactors(emulator.FactorTOTP))...)
	off.add(ada)
	_, q = off.challenge()
	off.fails(1280, "PUT "+login2FA+q, `{"phoneno2fa":"+15557770000"}`)
	off.fails(1280, verify2FA+"otp"+q, otpBody("1"))
	table := newAPI(t, required(emulator.WithMFAFactors(emulator.FactorTOTP), emulator.WithSMSFactorOffCode(1277))...)
	table.add(ada)
	_, q = table.challenge()
	table.refused(1277, "PUT "+login2FA+q, `{"phoneno2fa":"+15557770000"}`)

	limited := newAPI(t, required(emulator.WithCodeLimit(1, time.Hour))...)
	limited.add(ada)
	_, q = limited.challenge()
	limited.ok("PUT "+login2FA+q, `{"phoneno2fa":"`+smsPhone+`"}`)
	limited.refused(1123, "GET "+login2FA+"/resend"+q, "")
}

func TestEmailFactor(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	a.add(ada)
	_, q := a.challenge()
	if _, ok := a.LastMail("secondfactor", ""); ok {
		t.Error("a code is mailed although other factors are on")
	}
	a.refused(1032, "POST "+login2FA+"/otp/email"+q, `{}`)
	a.refused(1023, "POST "+login2FA+"/otp/email"+q, `{"emailid":"eve@example.com"}`)
	a.refused(1070, verify2FA+"otp/email"+q, `{"emailid":"`+adaEmail+`","otp":"123456"}`)
	a.ok("POST "+login2FA+"/otp/email"+q, `{"EmailId":"`+adaEmail+`"}`)
	sent := a.mail("secondfactor")
	a.refused(1188, verify2FA+"otp/email"+q, `{"emailid":"`+adaEmail+`","otp":"x"}`)
	a.refused(1188, verify2FA+"otp/email"+q, `{"emailid":"eve@example.com","otp":"`+sent.OTP+`"}`)
	loggedIn(t, a.ok(verify2FA+"otp/email"+q, `{"emailid":"`+adaEmail+`","otp":"`+sent.OTP+`"}`))
	fields, q := a.challenge()
	if fields["IsEmailOtpAuthenticatorVerified"] != true || sent.To != adaEmail {
		t.Errorf("the challenge: %v, mail %+v", fields, sent)
	}
	a.ok("POST "+login2FA+"/otp/email"+q, `{"emailid":"`+adaEmail+`"}`)
	a.Advance(5 * time.Minute)
	a.refused(1187, verify2FA+"otp/email"+q, `{"emailid":"`+adaEmail+`","otp":"`+a.mail("secondfactor").OTP+`"}`)

	// As the only factor, the code is mailed at once.
	only := newAPI(t, required(emulator.WithMFAFactors(emulator.FactorEmail, emulator.FactorBackupCode))...)
	uid := only.add(ada)
	fields, q = only.challenge()
	status, _ := fields["EmailOTPStatus"].(map[string]any)
	if status["Email"] != "a**a@example.com" || fields["QRCode"] != nil {
		t.Errorf("the challenge: %v", fields)
	}
	only.ok(verify2FA+"otp/email"+q, `{"emailid":"`+adaEmail+`","otp":"`+only.mail("secondfactor").OTP+`"}`)
	access, _ := only.tokens(uid)
	only.as(access).refused(1023, "GET "+account2F+"/otp/email?emailid=eve@example.com", "")
	only.as(access).ok("GET "+account2F+"/otp/email?emailid="+adaEmail, "")
	got := only.as(access).ok("PUT "+account2F+"/verification/otp/email", `{"emailid":"`+adaEmail+`","otp":"`+only.mail("secondfactor").OTP+`"}`)
	if got.text("Uid") != uid {
		t.Errorf("by token: %s", got.raw)
	}
	only.as(access).refused(1186, "PUT "+account2F+"/verification/otp/email", `{"emailid":"`+adaEmail+`","otp":"`+only.mail("secondfactor").OTP+`"}`)

	off := newAPI(t, required()...)
	off.add(ada)
	_, q = off.challenge()
	off.refused(1256, "POST "+login2FA+"/otp/email"+q, `{"emailid":"`+adaEmail+`"}`)
}

func TestSecurityQuestionFactor(t *testing.T) {
	const set, verify = "PUT " + login2FA + "/securityquestionanswer", "POST " + login2FA + "/verification/securityquestionanswer"
	questions := emulator.WithSecurityQuestions(emulator.Question{ID: "q1", Text: "Colour?"}, emulator.Question{ID: "q2", Text: "Pet?"})
	a := newAPI(t, required(allFactors, questions, emulator.WithMFAQuestions(2))...)
	user := ada
	user.SecurityAnswers = nil
	uid := a.add(user)
	fields, q := a.challenge()
	if list, _ := fields["SecurityQuestions"].([]any); len(list) != 2 {
		t.Errorf("the questions to choose from: %v", fields["SecurityQuestions"])
	}
	a.refused(1259, verify+q, answersBody("q1", "blue"))
	a.refused(1260, set+q, answersBody("q1", "blue"))
	a.refused(1091, set+q, answersBody("q1", "blue", "q3", "x"))
	loggedIn(t, a.ok(set+q, answersBody("q1", "blue", "q2", "Rex")))
	fields, q = a.challenge()
	if fields["IsSecurityQuestionAuthenticatorVerified"] != true {
		t.Errorf("the challenge: %v", fields)
	}
	a.refused(1258, set+q, answersBody("q1", "red", "q2", "Max"))
	a.refused(1093, verify+q, answersBody("q1", "blue", "q2", "Max"))
	a.refused(1094, verify+q, answersBody("q1", "blue"))
	loggedIn(t, a.ok(verify+q, answersBody("q1", "BLUE ", "q2", "rex")))

	access, _ := a.tokens(uid)
	a.as(access).ok("PUT "+account2F+"/securityquestionanswer", `{"replacesecurityquestionanswer":true,`+answersBody("q1", "red", "q2", "Max")[1:])
	_, q = a.challenge()
	a.refused(1093, verify+q, answersBody("q1", "blue", "q2", "Rex"))
	a.ok(verify+q, answersBody("q1", "red", "q2", "Max"))

	off := newAPI(t, required()...)
	off.add(ada)
	_, q = off.challenge()
	off.refused(1257, set+q, answersBody("q1", "blue"))
	off.refused(1257, verify+q, answersBody("q1", "blue"))
}
