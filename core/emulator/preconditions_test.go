package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A state is an account in some condition, with what was given out before.
type state struct {
	*api
	uid, access string
	reset       string // token of a mailed link
	verify      string
}

// Every cell of the table of preconditions: what a call answers, with its published
// status and message, for an account in a given condition. 0 is success.
func TestPreconditions(t *testing.T) {
	otp := func(s state) string {
		s.refused(0, doForgot, adaBody)
		return s.mail("reset").OTP
	}
	lock := func(s state) {
		for range 5 {
			s.refused(966, doLogin, loginBody("wrong one"))
		}
	}
	tests := []struct {
		name string
		opts []emulator.Option
		user func(*emulator.User)
		into func(state) // brings the account into its condition

		login, profile, validate, change, forgot, resend int // resend 1025: verified already
		reset, verify                                    int
		manage                                           int // by uid, and setting the password
	}{
		{name: "none", resend: 1025, verify: 0},
		{name: "unknown user, because deleted", into: func(s state) { s.ok("DELETE "+manage+"/"+s.uid, "") },
			login: 938, profile: 905, validate: 905, change: 905, forgot: 938, resend: 938, reset: 1063, verify: 973, manage: 938},
		{name: "e-mail unverified", user: func(u *emulator.User) { u.EmailVerified = false }, login: 970},
		{name: "e-mail unverified, optional", opts: []emulator.Option{emulator.WithEmailWorkflow(emulator.Optional)},
			user: func(u *emulator.User) { u.EmailVerified = false }},
		{name: "e-mail unverified, no workflow", opts: []emulator.Option{emulator.WithEmailWorkflow(emulator.NoVerification)},
			user: func(u *emulator.User) { u.EmailVerified = false }, resend: 1034},
		{name: "blocked", into: func(s state) { s.ok("PUT "+manage+"/"+s.uid, `{"IsActive":false}`) },
			login: 991, profile: 991, validate: 0, change: 991, forgot: 991, resend: 991, reset: 991, verify: 991},
		{name: "blocked, which ends tokens", opts: []emulator.Option{emulator.WithBlockEndingTokens()},
			into:  func(s state) { s.ok("PUT "+manage+"/"+s.uid, `{"IsActive":false}`) },
			login: 991, profile: 991, validate: 991, change: 991, forgot: 991, resend: 991, reset: 991, verify: 991},
		{name: "login disabled", into: func(s state) { s.ok("PUT "+manage+"/"+s.uid, `{"DisableLogin":true}`) }, login: 1130, resend: 1025},
		{name: "suspended", into: lock, login: 1198, resend: 1025},
		{name: "locked with captcha", opts: []emulator.Option{emulator.WithLockKind(emulator.Captcha)}, into: lock, login: 1132, change: 1132, resend: 1025},
		{name: "locked with question", opts: []emulator.Option{emulator.WithLockKind(emulator.SecurityQuestion)}, into: lock, login: 1148, change: 1148, resend: 1025},
		{name: "token and links used", into: func(s state) {
			s.as(s.access).ok("GET /identity/v2/auth/access_token/invalidate", "")
			s.ok(doReset, resetBody(s.reset, adaPassword))
			s.ok(doVerify+s.verify, "")
		}, profile: 905, validate: 905, change: 905, resend: 1025, reset: 974, verify: 974},
		{name: "token and links expired", into: func(s state) { s.Advance(73 * time.Hour) },
			profile: 906, validate: 906, change: 906, resend: 1025, reset: 975, verify: 975},
		{name: "second factor required", opts: []emulator.Option{emulator.WithMFA(emulator.MFARequired), emulator.WithMFARefusal()}, login: 1176, resend: 1025},
		{name: "second factor by challenge", opts: []emulator.Option{emulator.WithMFA(emulator.MFARequired)}, resend: 1025},
	}
	for _, test := range tests {
		// Each call starts from the condition anew: some of them end it.
		fresh := func(t *testing.T) state {
			t.Helper()
			user := ada
			user.EmailVerified = false // so that there is a link to verify
			s := state{api: newAPI(t, test.opts...)}
			s.uid = s.add(user)
			s.access, _ = s.tokens(s.uid)
			s.verify = s.ok("POST "+manage+"/verify/token", adaBody).text("VerificationToken")
			if user = ada; test.user != nil {
				test.user(&user)
			}
			if user.EmailVerified {
				s.ok("PUT "+manage+"/"+s.uid, `{"EmailVerified":true}`)
			}
			s.reset = s.ok("POST "+manage+"/forgot/token", adaBody).text("ForgotToken")
			if test.into != nil {
				test.into(s)
			}
			return s
		}
		for _, call := range []struct {
			name string
			want int
			do   func(s state, want int)
		}{
			{"login", test.login, func(s state, want int) { s.refused(want, doLogin, loginBody(adaPassword)) }},
			{"profile", test.profile, func(s state, want int) { s.as(s.access).refused(want, getProfile, "") }},
			{"validate", test.validate, func(s state, want int) { s.as(s.access).refused(want, getValidate, "") }},
			{"change", test.change, func(s state, want int) {
				s.as(s.access).refused(want, doChange, changeBody(adaPassword, "another one"))
			}},
			{"forgot", test.forgot, func(s state, want int) { s.refused(want, doForgot, adaBody) }},
			{"resend", test.resend, func(s state, want int) { s.refused(want, doResend, adaBody) }},
			{"reset", test.reset, func(s state, want int) { s.refused(want, doReset, resetBody(s.reset, "another one")) }},
			{"verify", test.verify, func(s state, want int) { s.refused(want, doVerify+s.verify, "") }},
			{"manage", test.manage, func(s state, want int) {
				s.refused(want, "GET "+manage+"/"+s.uid, "")
				s.refused(want, "PUT "+manage+"/"+s.uid+"/password", `{"password":"another one"}`)
				s.refused(want, "POST "+manage+"/forgot/token", adaBody)
			}},
		} {
			t.Run(test.name+"/"+call.name, func(t *testing.T) { call.do(fresh(t), call.want) })
		}
	}

	// The reset by code is locked out; that by token is not.
	for kind, want := range map[emulator.LockKind]int{emulator.Suspend: 1198, emulator.Captcha: 1132, emulator.SecurityQuestion: 1148} {
		t.Run("reset by code/"+kind.String(), func(t *testing.T) {
			s := state{api: newAPI(t, emulator.WithEmailOTP(), emulator.WithLockKind(kind))}
			s.add(ada)
			code := otp(s)
			lock(s)
			s.refused(want, doReset, `{"email":"`+adaEmail+`","otp":"`+code+`","password":"another one"}`)
		})
	}
}

// A wrong password, and passwords that the site refuses, wherever one can be set.
func TestRefusedPasswords(t *testing.T) {
	a := newAPI(t, emulator.WithBreachedPasswords("password"), emulator.WithPasswordHistory(2), emulator.WithPasswordRule(func(p string) string {
		if !strings.ContainsAny(p, "aeiou") {
			return "A vowel is required."
		}
		return ""
	}))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	a.refused(966, doLogin, loginBody("wrong one"))
	a.as(access).refused(967, doChange, changeBody("wrong one", "another one"))
	link := a.ok("POST "+manage+"/forgot/token", adaBody).text("ForgotToken")
	for password, code := range map[string]int{"short": 1216, "password": 1315, "xxxxxxxx": 1134, adaPassword: 1015} {
		a.as(access).refused(code, doChange, changeBody(adaPassword, password))
		a.refused(code, doReset, resetBody(link, password))
		a.refused(code, "PUT "+manage+"/"+uid+"/password", `{"password":"`+password+`"}`)
		if code == 1015 {
			continue // a new account has no history
		}
		a.refused(code, "POST "+manage, `{"Email":[{"Type":"Primary","Value":"new@example.com"}],"Password":"`+password+`"}`)
	}
	got := a.refused(1134, "PUT "+manage+"/"+uid+"/password", `{"password":"xxxxxxxx"}`)
	if list, _ := got.body["Errors"].([]any); len(list) != 1 ||
		list[0].(map[string]any)["FieldName"] != "Password" || list[0].(map[string]any)["ErrorMessage"] != "A vowel is required." {
		t.Errorf("a 1134 names its field: %s", got.raw)
	}
	// What was refused used up neither the link nor the password.
	a.ok(doLogin, loginBody(adaPassword))
	a.ok(doReset, resetBody(link, "second one"))
	a.refused(1015, "PUT "+manage+"/"+uid+"/password", `{"password":"`+adaPassword+`"}`)
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"third one"}`)
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"`+adaPassword+`"}`) // the history holds two
}

// An unverified login mails the link again, every time.
func TestUnverifiedLoginMailsAgain(t *testing.T) {
	a := newAPI(t)
	user := ada
	user.EmailVerified = false
	a.add(user)
	for n := 1; n <= 2; n++ {
		a.refused(970, doLogin+"?verificationurl=http://localhost/v", loginBody(adaPassword))
		if m := a.mail("emailverification"); len(a.Mailbox()) != n || !strings.HasPrefix(m.Link, "http://localhost/v?vtype=emailverification&vtoken="+m.Token) {
			t.Errorf("login %d: %+v", n, a.Mailbox())
		}
	}
	a.refused(966, doLogin, loginBody("wrong one"))
	if len(a.Mailbox()) != 2 {
		t.Error("a wrong password mails a link")
	}
}
