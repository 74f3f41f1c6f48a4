package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	login2FA  = "/identity/v2/auth/login/2fa"
	verify2FA = "PUT /identity/v2/auth/login/2fa/verification/"
	account2F = "/identity/v2/auth/account/2fa"
	zeroGUID  = "00000000-0000-0000-0000-000000000000"
	smsPhone  = "+15559990000"
)

func required(opts ...emulator.Option) []emulator.Option {
	return append([]emulator.Option{emulator.WithMFA(emulator.MFARequired), emulator.WithFrozenClock(noon)}, opts...)
}

var allFactors = emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorSMS, emulator.FactorEmail, emulator.FactorSecurityQuestion,
	emulator.FactorBackupCode, emulator.FactorPush, emulator.FactorDuo, emulator.FactorPasskey)

// challenge logs in with a password, insists on a challenge without tokens, and
// returns its fields and "?secondfactorauthenticationtoken=…".
func (a *api) challenge() (fields map[string]any, query string) {
	a.t.Helper()
	got := a.ok(doLogin, loginBody(adaPassword))
	if got.text("access_token") != zeroGUID || got.body["refresh_token"] != nil || got.body["Profile"] != nil {
		a.t.Fatalf("not a challenge: %s", got.raw)
	}
	token := got.text("SecondFactorAuthenticationToken")
	if len(token) != 36 {
		a.t.Fatalf("no token: %s", got.raw)
	}
	return got.body, "?secondfactorauthenticationtoken=" + token
}

func (a *api) totp(uid string) string {
	a.t.Helper()
	code, err := a.TOTPCode(uid)
	if err != nil {
		a.t.Fatal(err)
	}
	return `{"authenticatorcode":"` + code + `"}`
}

// withTOTP adds a user who has enrolled an authenticator, and moves the clock on so
// that the next code is a new one.
func (a *api) withTOTP() (uid, access string) {
	a.t.Helper()
	uid = a.add(ada)
	access, _ = a.tokens(uid)
	a.as(access).ok("GET "+account2F, "")
	a.as(access).ok("PUT "+account2F+"/verification/authenticatorcode", a.totp(uid))
	a.Advance(time.Minute)
	return uid, access
}

func loggedIn(t *testing.T, got answer) {
	t.Helper()
	if token := got.text("access_token"); len(token) != 36 || token == zeroGUID || got.object("Profile") == nil {
		t.Errorf("no login: %s", got.raw)
	}
}

// What a login answers on each kind of site, to users with and without a factor.
func TestMFAModes(t *testing.T) {
	t.Run("off", func(t *testing.T) {
		a := newAPI(t)
		access, _ := a.tokens(a.add(ada))
		got := a.ok(doLogin, loginBody(adaPassword))
		loggedIn(t, got)
		if got.body["SecondFactorAuthentication"] != nil {
			t.Errorf("an invitation: %s", got.raw)
		}
		a.refused(1097, "POST "+login2FA, loginBody(adaPassword))
		a.refused(1097, verify2FA+"otp?secondfactorauthenticationtoken=x", `{"otp":"1"}`)
		a.as(access).refused(1097, "GET "+account2F, "")
	})
	t.Run("optional, none enrolled", func(t *testing.T) {
		a := newAPI(t, emulator.WithMFA(emulator.MFAOptional))
		uid := a.add(ada)
		for _, path := range []string{doLogin, "POST " + login2FA} {
			got := a.ok(path, loginBody(adaPassword))
			loggedIn(t, got)
			block := got.object("SecondFactorAuthentication")
			if block["ManualEntryCode"] == nil || !strings.HasPrefix(fmt.Sprint(block["QRCode"]), "data:image/png;base64,") {
				t.Errorf("%s: no invitation: %v", path, block)
			}
		}
		block := a.ok(doLogin, loginBody(adaPassword)).object("SecondFactorAuthentication")
		loggedIn(t, a.ok(fmt.Sprintf("%sauthenticatorcode?secondfactorauthenticationtoken=%s", verify2FA, block["SecondFactorAuthenticationToken"]), a.totp(uid)))
		a.challenge() // is enrolled now
	})
	t.Run("optional, enrolled", func(t *testing.T) {
		a := newAPI(t, emulator.WithMFA(emulator.MFAOptional), emulator.WithFrozenClock(noon))
		uid, _ := a.withTOTP()
		fields, q := a.challenge()
		if fields["ManualEntryCode"] != nil || fields["QRCode"] != nil || fields["IsAuthenticatorVerified"] != true || fields["IsGoogleAuthenticatorVerified"] != true {
			t.Errorf("the challenge: %v", fields)
		}
		loggedIn(t, a.ok(verify2FA+"authenticatorcode"+q, a.totp(uid)))
	})
	t.Run("required, none enrolled", func(t *testing.T) {
		a := newAPI(t, required()...)
		uid := a.add(ada)
		fields, q := a.challenge()
		if code, _ := fields["ManualEntryCode"].(string); len(code) != 52 || strings.ToUpper(code) != code || fields["IsAuthenticatorVerified"] != false {
			t.Errorf("the challenge: %v", fields)
		}
		if fields["ExpireIn"] != "2026-03-01T12:10:00.123Z" || !slices.Equal(fields["Email"].([]any), []any{"a**a@example.com"}) {
			t.Errorf("the challenge: %v", fields)
		}
		loggedIn(t, a.ok(verify2FA+"authenticatorcode"+q, a.totp(uid)))
		if fields, _ := a.challenge(); fields["ManualEntryCode"] != nil {
			t.Errorf("the secret is shown again: %v", fields)
		}
	})
	t.Run("the form", func(t *testing.T) {
		for form, nested := range map[emulator.ChallengeForm][2]bool{
			emulator.ChallengeByPath: {false, true}, emulator.ChallengeNested: {true, true}, emulator.ChallengeFlat: {false, false},
		} {
			a := newAPI(t, required(emulator.WithMFAChallengeForm(form))...)
			a.add(ada)
			for i, path := range []string{doLogin, "POST " + login2FA} {
				got := a.ok(path, loginBody(adaPassword))
				if got.text("access_token") != zeroGUID || (got.object("SecondFactorAuthentication") != nil) != nested[i] || (got.text("SecondFactorAuthenticationToken") == "") != nested[i] {
					t.Errorf("form %d, %s: %s", form, path, got.raw)
				}
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		a := newAPI(t, required(emulator.WithMFARefusal())...)
		a.add(ada)
		a.refused(966, doLogin, loginBody("wrong one"))
		a.refused(1176, doLogin, loginBody(adaPassword))
		a.ok("POST "+login2FA, loginBody(adaPassword))
	})
	t.Run("by username and phone", func(t *testing.T) {
		a := newAPI(t, required()...)
		a.add(ada)
		for _, name := range []string{`"username":"ada"`, `"phone":"` + ada.Phone + `"`} {
			got := a.ok("POST "+login2FA, `{`+name+`,"password":"`+adaPassword+`"}`)
			if got.object("SecondFactorAuthentication") == nil {
				t.Errorf("%s: %s", name, got.raw)
			}
		}
	})
	t.Run("registration and verification begin no session", func(t *testing.T) {
		a := newAPI(t, required(emulator.WithEmailWorkflow(emulator.Optional), emulator.WithAutoLogin())...)
		sott := a.ok("GET "+manage+"/sott", "").text("Sott")
		got := a.with("X-Loginradius-Sott", sott).ok("POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"new@example.com"}],"Password":"correct horse"}`)
		verified := a.ok(doVerify+a.mail("emailverification").Token, "")
		for _, got := range []answer{got, verified} {
			data := got.object("Data")
			if data["SecondFactorAuthenticationToken"] == nil || data["access_token"] != zeroGUID {
				t.Errorf("answers %s", got.raw)
			}
		}
	})
}

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

func otpBody(code string) string { return `{"otp":"` + code + `"}` }

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

func answersBody(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fmt.Sprintf(`{"QuestionId":%q,"Answer":%q}`, pairs[i], pairs[i+1]))
	}
	return `{"securityquestionanswer":[` + strings.Join(list, ",") + `]}`
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

func (a *api) backupCodes(access, path string) (codes []string) {
	a.t.Helper()
	list, _ := a.as(access).ok("GET "+account2F+path, "").body["BackUpCodes"].([]any)
	for _, c := range list {
		codes = append(codes, c.(string))
	}
	if len(codes) != 10 {
		a.t.Fatalf("%d backup codes", len(codes))
	}
	return codes
}

func backupBody(code string) string { return `{"backupcode":"` + code + `"}` }

func TestBackupCodes(t *testing.T) {
	a := newAPI(t, required()...)
	none := ada
	none.Email, none.Username, none.Phone = "eve@example.com", "eve", "+15551239999"
	eve, _ := a.tokens(a.add(none))
	a.as(eve).refused(1098, "GET "+account2F+"/backupcode", "")
	uid, access := a.withTOTP()
	_, q := a.challenge()
	a.fails(1128, verify2FA+"backupcode"+q, backupBody("02ea0-de2bd"))
	old := a.backupCodes(access, "/backupcode")
	a.as(access).refused(1127, "GET "+account2F+"/backupcode", "")
	a.refused(1127, "GET "+manage+"/2fa/backupcode?uid="+uid, "")
	codes := a.backupCodes(access, "/backupcode/reset")
	a.fails(1129, verify2FA+"backupcode"+q, backupBody(old[0]))
	a.fails(1129, verify2FA+"backupcode"+q, backupBody(strings.ToUpper(codes[0])+"X"))
	a.fails(1129, verify2FA+"backupcode"+q, backupBody(strings.ReplaceAll(codes[0], "-", "")))
	loggedIn(t, a.ok(verify2FA+"backupcode"+q, backupBody(codes[0])))
	_, q = a.challenge()
	a.fails(1129, verify2FA+"backupcode"+q, backupBody(codes[0]))
	a.ok(verify2FA+"backupcode"+q, backupBody(codes[9]))
	a.ok("GET "+manage+"/2fa/backupcode/reset?uid="+uid, "")
	_, q = a.challenge()
	a.fails(1129, verify2FA+"backupcode"+q, backupBody(codes[1]))

	lenient := newAPI(t, required(emulator.WithLenientBackupCodes())...)
	_, access = lenient.withTOTP()
	codes = lenient.backupCodes(access, "/backupcode")
	_, q = lenient.challenge()
	lenient.ok(verify2FA+"backupcode"+q, backupBody(strings.ToUpper(strings.ReplaceAll(codes[0], "-", ""))))
}

// Of many who use one backup code, or one code of an authenticator, at once, exactly
// one gets in; whether they share a challenge or not.
func TestOneSecondFactorOneLogin(t *testing.T) {
	for _, shared := range []bool{true, false} {
		a := newAPI(t, required(emulator.WithLockout(0, 0))...)
		uid, access := a.withTOTP()
		code := a.backupCodes(access, "/backupcode")[0]
		for path, body := range map[string]string{"backupcode": backupBody(code), "authenticatorcode": a.totp(uid)} {
			const callers = 16
			queries := make([]string, callers)
			for i := range queries {
				if i == 0 || !shared {
					_, queries[i] = a.challenge()
				} else {
					queries[i] = queries[0]
				}
			}
			var wg sync.WaitGroup
			var in atomic.Int32
			for _, q := range queries {
				wg.Go(func() {
					if a.call(verify2FA+path+q, body).code() == 0 {
						in.Add(1)
					}
				})
			}
			wg.Wait()
			if in.Load() != 1 {
				t.Errorf("%s, shared challenge %v: %d got in", path, shared, in.Load())
			}
		}
	}
}

func TestSecondFactorLockout(t *testing.T) {
	a := newAPI(t, required(emulator.WithLockout(3, 15*time.Minute))...)
	uid, access := a.withTOTP()
	codes := a.backupCodes(access, "/backupcode")
	_, q := a.challenge()
	for range 2 {
		a.refused(1102, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"x"}`)
	}
	_, q = a.challenge() // a right password buys no more tries
	a.refused(1102, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"x"}`)
	a.fails(1263, verify2FA+"authenticatorcode"+q, a.totp(uid))
	a.refused(1198, doLogin, loginBody(adaPassword))
	loggedIn(t, a.ok(verify2FA+"backupcode"+q, backupBody(codes[0]))) // helps its owner even then
	a.ok(doLogin, loginBody(adaPassword))

	for range 3 {
		_, q = a.challenge()
		a.refused(1102, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"x"}`)
	}
	a.fails(1129, verify2FA+"backupcode"+q, backupBody("x"))
	a.refused(1103, verify2FA+"backupcode"+q, backupBody(codes[1])) // guessing ends the challenge
	a.Advance(15 * time.Minute)
	_, q = a.challenge()
	a.ok(verify2FA+"authenticatorcode"+q, a.totp(uid)) // a success starts the count anew

	// By access token wrong codes count, too.
	for range 3 {
		a.as(access).call("PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"x"}`)
	}
	fresh, _ := a.tokens(uid)
	a.as(fresh).refused(1102, "PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"x"}`)
	a.as(fresh).refused(1102, "PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"x"}`)
	a.as(fresh).refused(1102, "PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"x"}`)
	a.as(fresh).refused(1198, "PUT "+account2F+"/verification/authenticatorcode", a.totp(uid))

	table := newAPI(t, required(emulator.WithLockout(1, time.Minute), emulator.WithMFALockCode(1264))...)
	uid, _ = table.withTOTP()
	_, q = table.challenge()
	table.refused(1102, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"x"}`)
	table.refused(1264, verify2FA+"authenticatorcode"+q, table.totp(uid))
}

// A challenge is for one user and one password, for a while, and no access token.
func TestChallengeRules(t *testing.T) {
	a := newAPI(t, required(emulator.WithMFATokenLifetime(2*time.Minute))...)
	uid, access := a.withTOTP()
	right := func() string { return a.totp(uid) }

	_, q := a.challenge()
	token := strings.TrimPrefix(q, "?secondfactorauthenticationtoken=")
	a.as(token).refused(905, getProfile, "")
	a.as(zeroGUID).refused(905, getProfile, "")
	a.fails(908, verify2FA+"authenticatorcode", right())
	a.refused(1103, verify2FA+"authenticatorcode?secondfactorauthenticationtoken="+access, right())
	a.Advance(2 * time.Minute)
	a.refused(1104, verify2FA+"authenticatorcode"+q, right())

	// The password changes meanwhile, in each of the ways.
	_, q = a.challenge()
	a.as(func() string { s, _ := a.tokens(uid); return s }()).ok(doChange, changeBody(adaPassword, "another one"))
	a.refused(1103, verify2FA+"authenticatorcode"+q, right())
	got := a.ok(doLogin, loginBody("another one"))
	q = "?secondfactorauthenticationtoken=" + got.text("SecondFactorAuthenticationToken")
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"`+adaPassword+`"}`)
	a.refused(1103, verify2FA+"authenticatorcode"+q, right())
	_, q = a.challenge()
	a.ok(doForgot, adaBody)
	a.ok(doReset, resetBody(a.mail("reset").Token, adaPassword))
	a.refused(1103, verify2FA+"authenticatorcode"+q, right())

	// The codes of somebody else are no use.
	other := ada
	other.Email, other.Username, other.Phone = "eve@example.com", "eve", "+15551239999"
	eve := a.add(other)
	got = a.ok(doLogin, `{"email":"eve@example.com","password":"`+adaPassword+`"}`)
	theirs := "?secondfactorauthenticationtoken=" + got.text("SecondFactorAuthenticationToken")
	a.refused(1102, verify2FA+"authenticatorcode"+theirs, right())
	a.ok(verify2FA+"authenticatorcode"+theirs, a.totp(eve))

	// The account is blocked, disabled or gone meanwhile.
	_, q = a.challenge()
	a.ok("PUT "+manage+"/"+uid, `{"DisableLogin":true}`)
	a.refused(1130, verify2FA+"authenticatorcode"+q, right())
	a.ok("PUT "+manage+"/"+uid, `{"DisableLogin":false,"IsActive":false}`)
	a.refused(991, verify2FA+"authenticatorcode"+q, right())
	a.ok("DELETE "+manage+"/"+uid, "")
	a.refused(1103, verify2FA+"authenticatorcode"+q, `{"authenticatorcode":"x"}`)
}

func TestFactorResets(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	uid, access := a.withTOTP()
	user := a.as(access)
	before := user.ok("GET "+account2F, "")
	user.refused(1121, "DELETE "+account2F+"/authenticator", `{}`)
	user.refused(1121, "DELETE "+account2F+"/authenticator", `{"authenticator":false}`)
	user.refused(1121, "DELETE "+account2F+"/authenticator", `{"authenticator":true}`) // the last one
	user.ok("PUT "+account2F, `{"phoneno2fa":"`+smsPhone+`"}`)
	user.ok("PUT "+account2F+"/verification/otp", otpBody(a.mail("secondfactor").OTP))
	user.ok("DELETE "+account2F+"/authenticator", `{"authenticator":true}`)
	after := user.ok("GET "+account2F, "")
	if after.body["IsAuthenticatorVerified"] != false || after.body["ManualEntryCode"] == nil || before.body["ManualEntryCode"] != nil {
		t.Errorf("before %s, after %s", before.raw, after.raw)
	}
	user.refused(1121, "DELETE "+account2F+"/authenticator", `{"otpauthenticator":true}`)
	a.ok("GET "+manage+"/2fa/backupcode?uid="+uid, "")
	a.ok("DELETE "+manage+"/2fa/authenticator?uid="+uid, `{"otpauthenticator":true}`) // management may
	a.ok("DELETE "+manage+"/2fa/authenticator?uid="+uid, `{"authenticator":true}`)    // not configured: fine
	a.ok("DELETE "+manage+"/2fa/authenticator/otp/email?uid="+uid, "")
	a.ok("DELETE "+manage+"/2fa/authenticator/securityquestionanswer?uid="+uid, "")
	fields, q := a.challenge()
	if fields["ManualEntryCode"] == nil {
		t.Errorf("nothing is enrolled: %v", fields)
	}
	a.fails(1128, verify2FA+"backupcode"+q, backupBody("02ea0-de2bd")) // the backup codes went with the last factor
	a.fails(908, "DELETE "+manage+"/2fa/authenticator", `{"authenticator":true}`)
	a.refused(938, "DELETE "+manage+"/2fa/authenticator?uid=nobody", `{"authenticator":true}`)

	strict := newAPI(t, required(emulator.WithMFAResetRefusal(), emulator.WithMFALastFactorCode(909))...)
	_, access = strict.withTOTP()
	strict.as(access).refused(1101, "DELETE "+account2F+"/authenticator", `{"otpauthenticator":true}`)
	strict.as(access).refused(1101, "DELETE "+account2F+"/authenticator/otp/email", "")
	strict.as(access).refused(909, "DELETE "+account2F+"/authenticator", `{"authenticator":true}`)

	optional := newAPI(t, emulator.WithMFA(emulator.MFAOptional), emulator.WithMFAResetRefusal(), emulator.WithFrozenClock(noon))
	_, access = optional.withTOTP()
	optional.as(access).ok("DELETE "+account2F+"/authenticator", `{"googleauthenticator":true}`)
	optional.as(access).refused(1099, "DELETE "+account2F+"/authenticator", `{"authenticator":true}`)
	loggedIn(t, optional.ok(doLogin, loginBody(adaPassword)))
}

// A person without a phone reads the codes on the mailbox page.
func TestCodesOnMailboxPage(t *testing.T) {
	a := newAPI(t, required()...)
	if page := a.call("GET /mailbox", ""); strings.Contains(page.raw, "Authenticators") {
		t.Error("an empty list of authenticators")
	}
	uid := a.add(ada)
	a.challenge()
	code, err := a.TOTPCode(uid)
	if page := a.call("GET /mailbox", ""); err != nil || !strings.Contains(page.raw, "<li>ada@example.com: <strong>"+code+"</strong> <small>not enrolled yet") {
		t.Errorf("%v: code %s is not on the page: %s", err, code, page.raw)
	}
}

// Factors that the emulator cannot complete are named, and demand a challenge.
func TestFactorsElsewhere(t *testing.T) {
	a := newAPI(t, emulator.WithMFA(emulator.MFAOptional), allFactors)
	uid := a.add(ada)
	for f, flag := range map[emulator.Factor]string{
		emulator.FactorPush: "IsPushDeviceRegistered", emulator.FactorDuo: "IsDuoAuthenticatorVerified", emulator.FactorPasskey: "IsPasskeyAuthenticatorVerified",
	} {
		if err := a.EnrolFactor(uid, f); err != nil {
			t.Fatal(err)
		}
		if fields, _ := a.challenge(); fields[flag] != true || fields["ManualEntryCode"] != nil {
			t.Errorf("%s: %v", f, fields)
		}
	}
	if err := a.EnrolFactor(uid, emulator.FactorTOTP); err == nil || !strings.Contains(err.Error(), `"totp"`) {
		t.Errorf("TOTP: %v", err)
	}
	if err := a.EnrolFactor("nobody", emulator.FactorPush); err == nil {
		t.Error("an unknown uid is accepted")
	}
	if _, err := a.TOTPCode(uid); err == nil {
		t.Error("there is a code without a secret")
	}
	if _, err := a.TOTPCode("nobody"); err == nil {
		t.Error("there is a code without a user")
	}
}

// The answer to a right factor has one of four forms.
func TestMFAAnswerForms(t *testing.T) {
	token := map[emulator.MFAAnswer]func(answer) any{
		emulator.MFAAnswerLogin:      func(got answer) any { return got.object("Profile")["Uid"] },
		emulator.MFAAnswerIdentities: func(got answer) any { return got.body["Identities"].([]any)[0].(map[string]any)["Uid"] },
		emulator.MFAAnswerData:       func(got answer) any { return got.body["Data"].([]any)[0].(map[string]any)["Uid"] },
		emulator.MFAAnswerProfile:    func(got answer) any { return got.object("Profile")["Uid"] },
	}
	for form, find := range token {
		a := newAPI(t, required(emulator.WithMFAAnswer(form))...)
		uid, access := a.withTOTP()
		_, q := a.challenge()
		got := a.ok(verify2FA+"authenticatorcode"+q, a.totp(uid))
		if find(got) != uid || strings.Count(got.raw, `"access_token"`) != 1 {
			t.Errorf("form %d: %s", form, got.raw)
		}
		a.Advance(time.Minute)
		if byToken := a.as(access).ok("PUT "+account2F+"/verification/authenticatorcode", a.totp(uid)); strings.Contains(byToken.raw, "access_token") != (form == emulator.MFAAnswerIdentities) || !strings.Contains(byToken.raw, uid) {
			t.Errorf("form %d, by token: %s", form, byToken.raw)
		}
	}
}
