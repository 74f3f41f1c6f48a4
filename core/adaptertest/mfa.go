package adaptertest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

var allFactors = emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorSMS, emulator.FactorEmail, emulator.FactorSecurityQuestion, emulator.FactorBackupCode)

const adaLogin = `{"email":"ada@example.com","password":"correct horse"}`

// A challenge is what POST /login answers on a site with second factors.
type challenge struct {
	token             string
	methods, enrolled []string
}

// challenged logs in and wants a second factor to be asked for.
func (b *bench) challenged() challenge {
	b.t.Helper()
	r := b.refused(401, web.CodeMFARequired, "POST", "/auth/login", adaLogin)
	if len(r.cookies) > 0 || strings.Contains(r.body, "access_token") {
		b.t.Errorf("a challenge comes with a session: %s", r.body)
	}
	got := b.object(r)
	texts := func(name string) (out []string) {
		list, _ := got[name].([]any)
		for _, item := range list {
			text, _ := item.(string)
			out = append(out, text)
		}
		return out
	}
	c := challenge{methods: texts("methods"), enrolled: texts("enrolled")}
	c.token, _ = got["mfa_token"].(string)
	if c.token == "" || got["expires_at"] == nil {
		b.t.Errorf("a challenge: %s", r.body)
	}
	return c
}

// code returns the code of the newest message of a kind.
func (b *bench) code(kind string) string {
	b.t.Helper()
	for _, mail := range slices.Backward(b.lr.Mailbox()) {
		if mail.Kind == kind && mail.OTP != "" {
			return mail.OTP
		}
	}
	b.t.Errorf("no code of kind %s", kind)
	return ""
}

func (b *bench) totp(uid string) string {
	b.t.Helper()
	b.lr.Advance(30 * time.Second) // a code counts once
	code, err := b.lr.TOTPCode(uid)
	if err != nil {
		b.t.Error(err)
	}
	return code
}

// loggedIn wants tokens and returns the access token.
func (b *bench) loggedIn(path, body string) string {
	b.t.Helper()
	got := b.object(b.want(200, "POST", path, body))
	token, _ := got["access_token"].(string)
	b.who("/api/whoami", bearer(token)...)
	return token
}

// A login on a site that demands a second factor: set one up on the way, log in with
// it, and with what stands in for it.
func testSecondFactor(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), allFactors)
	uid, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	c := b.challenged()
	if len(c.enrolled) != 0 || !slices.Contains(c.methods, "totp") || !slices.Contains(c.methods, "sms") {
		t.Errorf("for a user without a factor: %+v", c)
	}
	enroll := func(method, rest string) string {
		return `{"mfa_token":"` + c.token + `","method":"` + method + `"` + rest + `}`
	}
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/enroll", enroll("sms", ""))
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/enroll", enroll("sms", `,"phone":"0170"`))
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/enroll", enroll("pigeon", ""))
	got := b.object(b.want(200, "POST", "/auth/mfa/enroll", enroll("totp", "")))
	checkTOTP(t, got)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/enroll/confirm", enroll("totp", `,"code":"000000"`))
	token := b.loggedIn("/auth/mfa/enroll/confirm", enroll("totp", `,"code":"`+b.totp(uid)+`"`))
	b.refused(401, web.CodeMFAExpired, "POST", "/auth/mfa/verify", enroll("totp", `,"code":"`+b.totp(uid)+`"`)) // used up

	// With the factor.
	c = b.challenged()
	if !slices.Equal(c.enrolled, []string{"totp", "backup_code"}) || !slices.Equal(c.methods, []string{"totp", "backup_code"}) {
		t.Errorf("for a user with an authenticator: %+v", c)
	}
	b.refused(409, web.CodeConflict, "POST", "/auth/mfa/enroll", enroll("totp", ""))
	for _, wrong := range []string{"000000", "x", strings.Repeat("1", 200)} {
		b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", enroll("totp", `,"code":"`+wrong+`"`))
	}
	code := b.totp(uid)
	b.loggedIn("/auth/mfa/verify", enroll("totp", `,"otp":"`+code+`"`)) // the older name of the field
	c = b.challenged()
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", enroll("totp", `,"code":"`+code+`"`)) // a replay
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/verify", enroll("totp", `,"code":"1","otp":"1"`))
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/verify", enroll("security_question", `,"code":"1"`))
	for _, junk := range []string{"x", "8a1b0c5e-0000-4000-8000-000000000000", c.token[:len(c.token)-4], strings.Repeat("a", 3000)} {
		b.refused(401, web.CodeMFAExpired, "POST", "/auth/mfa/verify", `{"mfa_token":"`+junk+`","method":"totp","code":"000000"}`)
	}

	// With backup codes: each counts once, also in parallel.
	list, _ := b.object(b.want(200, "POST", "/auth/me/mfa/backup-codes", "", bearer(token)...))["codes"].([]any)
	if len(list) < 5 {
		t.Fatalf("backup codes: %v", list)
	}
	backup, _ := list[0].(string)
	first, second := c, b.challenged()
	var wins sync.Map
	var tries sync.WaitGroup
	for i, c := range []challenge{first, second} {
		tries.Go(func() {
			r := b.ask("POST", "/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"backup_code","code":"`+backup+`"}`)
			if r.status == http.StatusOK {
				wins.Store(i, true)
			}
		})
	}
	tries.Wait()
	won := 0
	wins.Range(func(any, any) bool { won++; return true })
	if won != 1 {
		t.Errorf("%d of 2 logins win with one backup code", won)
	}
	b.want(200, "POST", "/auth/me/mfa/backup-codes", "", bearer(token)...)
	c = b.challenged()
	spare, _ := list[1].(string)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", enroll("backup_code", `,"code":"`+spare+`"`)) // replaced

	// The challenge ends.
	b.lr.Advance(time.Hour)
	b.refused(401, web.CodeMFAExpired, "POST", "/auth/mfa/verify", enroll("totp", `,"code":"`+b.totp(uid)+`"`))
}

func checkTOTP(t *testing.T, got map[string]any) {
	t.Helper()
	secret, _ := got["secret"].(string)
	uri, _ := got["otpauth_uri"].(string)
	picture, _ := got["qr"].(string)
	data, isPNG := strings.CutPrefix(picture, "data:image/png;base64,")
	raw, err := base64.StdEncoding.DecodeString(data)
	if secret == "" || !strings.HasPrefix(uri, "otpauth://totp/") || !strings.Contains(uri, "secret="+secret) || !isPNG || err != nil || !strings.HasPrefix(string(raw), "\x89PNG") {
		t.Errorf("an authenticator to set up: %v", got)
	}
}

// Codes by SMS and e-mail, in a login and on an account, and removing factors.
func testFactors(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFAOptional), allFactors)
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	_, stranger := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	me := bearer(token)
	enrolled := func(want ...string) {
		t.Helper()
		list, _ := b.object(b.want(200, "GET", "/auth/me/mfa", "", me...))["enrolled"].([]any)
		var got []string
		for _, item := range list {
			got = append(got, item.(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("enrolled: %v, want %v", got, want)
		}
	}
	enrolled()
	b.loggedIn("/auth/login", adaLogin) // it is optional

	b.want(202, "POST", "/auth/me/mfa/sms", `{"phone":"+1 415 555 0100"}`, me...)
	if mail, _ := b.lr.LastMail("secondfactor", "+14155550100"); mail.OTP == "" {
		t.Error("the number was not normalized, or no code was sent")
	}
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/me/mfa/sms/confirm", `{"code":"000000"}`, me...)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/me/mfa/sms/confirm", `{"code":"`+b.code("secondfactor")+`"}`, bearer(stranger)...)
	b.want(204, "POST", "/auth/me/mfa/sms/confirm", `{"code":"`+b.code("secondfactor")+`"}`, me...)
	enrolled("sms", "backup_code")

	c := b.challenged()
	b.want(202, "POST", "/auth/mfa/send", `{"mfa_token":"`+c.token+`","method":"sms"}`)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"sms","code":"000000"}`)
	b.loggedIn("/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"sms","code":"`+b.code("secondfactor")+`"}`)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/send", `{"mfa_token":"`+c.token+`","method":"totp"}`)
	b.refused(401, web.CodeMFAExpired, "POST", "/auth/mfa/send", `{"mfa_token":"`+c.token+`","method":"sms"}`)

	b.want(202, "POST", "/auth/me/mfa/email", `{}`, me...)
	b.want(204, "POST", "/auth/me/mfa/email/confirm", `{"code":"`+b.code("secondfactor")+`"}`, me...)
	enrolled("sms", "email", "backup_code")
	c = b.challenged()
	b.want(202, "POST", "/auth/mfa/send", `{"mfa_token":"`+c.token+`","method":"email"}`)
	b.loggedIn("/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"email","code":"`+b.code("secondfactor")+`"}`)

	checkTOTP(t, b.object(b.want(200, "POST", "/auth/me/mfa/totp", "", me...)))
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/me/mfa/email", `{"email":"eve@example.com"}`, me...)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/me/mfa/totp/confirm", `{"code":"000000"}`, me...)
	b.want(204, "POST", "/auth/me/mfa/totp/confirm", `{"code":"`+b.totp(uid)+`"}`, me...)
	b.refused(409, web.CodeConflict, "POST", "/auth/me/mfa/totp", "", me...)

	// An encoded slash separates nothing, and the last part of such a value is no method.
	// Routers that decode before they route find no such path and answer 404 themselves.
	before := b.want(200, "GET", "/auth/me/mfa", "", me...).body
	for _, method := range []string{"sms%2F..", "pigeon%2Fsms", "..%2femail", "a%2Fb%2Ftotp"} {
		b.want(404, "DELETE", "/auth/me/mfa/"+method, "", me...)
	}
	if after := b.want(200, "GET", "/auth/me/mfa", "", me...).body; after != before {
		t.Errorf("an encoded slash removed a factor: %s, before %s", after, before)
	}
	for _, method := range []string{"totp", "sms", "email"} {
		b.want(204, "DELETE", "/auth/me/mfa/"+method, "", me...)
	}
	for _, method := range []string{"backup_code", "push", "pigeon"} {
		b.refused(404, web.CodeNotFound, "DELETE", "/auth/me/mfa/"+method, "", me...)
	}
	enrolled()
	b.loggedIn("/auth/login", adaLogin)

	off := newBench(t, app, Site{})
	_, token = off.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	off.refused(403, web.CodeNotAllowed, "POST", "/auth/me/mfa/totp", "", bearer(token)...)
}

// Setting up a phone or an address while logging in.
func testEnrolment(t *testing.T, app *kit) {
	for method, field := range map[string]string{"sms": `,"phone":"+14155550100"`, "email": ""} {
		b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), allFactors)
		if _, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
			t.Fatal(err)
		}
		c := b.challenged()
		head := `{"mfa_token":"` + c.token + `","method":"` + method + `"`
		if method == "email" {
			b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/enroll", head+`,"email":"eve@example.com"}`)
		}
		b.want(202, "POST", "/auth/mfa/enroll", head+field+`}`)
		b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/enroll/confirm", head+`,"code":"000000"}`)
		b.loggedIn("/auth/mfa/enroll/confirm", head+`,"code":"`+b.code("secondfactor")+`"}`)
		if c = b.challenged(); !slices.Contains(c.enrolled, method) {
			t.Errorf("%s is not set up: %+v", method, c)
		}
	}
}

// A login by username names no address: the one of the enrolment counts, also with the
// mfa_token of the login. Too many wrong codes lock the account, for a time that is told.
func testEnrolmentByUsername(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), allFactors)
	if _, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Username: "ada", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	login := func(body string) string {
		t.Helper()
		token, _ := b.object(b.refused(401, web.CodeMFARequired, "POST", "/auth/login", body))["mfa_token"].(string)
		return `{"mfa_token":"` + token + `","method":"email"`
	}
	head := login(`{"username":"ada","password":"correct horse"}`)
	b.want(202, "POST", "/auth/mfa/enroll", head+`,"email":"ada@example.com"}`)
	b.loggedIn("/auth/mfa/enroll/confirm", head+`,"code":"`+b.code("secondfactor")+`"}`)

	head = login(adaLogin)
	for range 20 {
		r := b.ask("POST", "/auth/mfa/verify", head+`,"code":"000000"}`)
		if r.status == 401 {
			continue
		}
		if r.status != 403 || r.header.Get("Retry-After") == "" || !strings.Contains(r.body, web.CodeAccountLocked) {
			t.Errorf("after many wrong codes: %d %s, Retry-After %q", r.status, r.body, r.header.Get("Retry-After"))
		}
		return
	}
	t.Error("wrong codes lock no account")
}

// A site that refuses the ordinary login to users with a second factor is logged in to
// all the same.
func testRefusedLogin(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), allFactors, emulator.WithMFARefusal())
	uid, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Username: "ada", Phone: "+14155550100", Password: "correct horse", EmailVerified: true, PhoneVerified: true})
	if err != nil {
		t.Fatal(err)
	}
	c := b.challenged()
	b.loggedIn("/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"totp","code":"`+b.totp(uid)+`"}`)
	for _, name := range []string{`"username":"ada"`, `"phone":"+14155550100"`} {
		b.refused(401, web.CodeMFARequired, "POST", "/auth/login", `{`+name+`,"password":"correct horse"}`)
	}
	b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/login", `{"email":"ada@example.com","password":"wrong"}`)
}
