package emulator_test

import (
	"fmt"
	"slices"
	"strings"
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

func otpBody(code string) string { return `{"otp":"` + code + `"}` }

func answersBody(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, fmt.Sprintf(`{"QuestionId":%q,"Answer":%q}`, pairs[i], pairs[i+1]))
	}
	return `{"securityquestionanswer":[` + strings.Join(list, ",") + `]}`
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

// The newer paths of the API reference do the same.
func TestNewerMFAPaths(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	uid := a.add(ada)
	_, q := a.challenge()
	a.ok("PUT "+login2FA+"/sms/phone"+q, `{"phoneno2fa":"`+smsPhone+`"}`)
	a.ok("GET "+login2FA+"/sms/resend"+q, "")
	a.ok("POST "+login2FA+"/email"+q, `{"email":"`+adaEmail+`"}`)
	access := a.ok("PUT "+login2FA+"/totp"+q, a.totp(uid)).text("access_token")
	u := a.as(access)
	u.ok("PUT "+account2F, `{"phoneno2fa":"`+smsPhone+`"}`)
	u.ok("PUT "+account2F+"/sms", otpBody(a.mail("secondfactor").OTP))
	u.ok("DELETE "+account2F+"/totp", "")
	u.ok("GET "+account2F, "")
	a.Advance(time.Minute)
	u.ok("PUT "+account2F+"/totp", a.totp(uid))
	u.ok("DELETE "+account2F+"/sms", "")
	u.ok("DELETE "+account2F+"/email", "")
	u.refused(1121, "DELETE "+account2F+"/totp", "")
	for _, factor := range []string{"totp", "sms", "email", "duo", "push"} {
		a.ok("DELETE "+manage+"/2fa/"+factor+"?uid="+uid, "")
	}
	if fields, _ := a.challenge(); fields["ManualEntryCode"] == nil {
		t.Errorf("a factor is left: %v", fields)
	}
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
