package adaptertest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A user proves their presence, and what demands it lets them through.
func testReauth(t *testing.T, app *kit) {
	recent := web.RequireRecentAuth(5 * time.Minute)
	b := newBench(t, app, Site{Guard: []web.GuardOption{recent}, Routes: []web.RouteOption{web.RequireRecentAuthFor(5*time.Minute, web.RouteDeleteAccount)}},
		emulator.WithMFA(emulator.MFAOptional), allFactors, emulator.WithPIN())
	uid, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true, PIN: "4711"})
	_, stranger := b.user(emulator.User{Email: "grace@example.com", Password: "correct horse", EmailVerified: true})
	me := bearer(token)
	for path, method := range map[string]string{"/api/whoami": "GET", "/auth/account": "DELETE"} {
		r := b.refused(401, web.CodeReauthRequired, method, path, "", me...)
		if challenge := r.header.Get("Www-Authenticate"); !strings.Contains(challenge, `error="insufficient_user_authentication", max_age="300"`) {
			t.Errorf("%s: WWW-Authenticate %q", path, challenge)
		}
	}
	proven := func(path, body, method string) string {
		t.Helper()
		got := b.object(b.want(200, "POST", "/auth/reauth/"+path, body, me...))
		proof, _ := got["reauth_token"].(string)
		if proof == "" || got["method"] != method || got["expires_at"] == nil {
			t.Errorf("a proof: %v", got)
		}
		b.who("/api/whoami", append(slices.Clone(me), web.ReauthHeader, proof)...)
		b.refused(401, web.CodeReauthRequired, "GET", "/api/whoami", "", append(bearer(stranger), web.ReauthHeader, proof)...)
		return proof
	}
	b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/reauth/password", `{"password":"wrong"}`, me...)
	proof := proven("password", `{"password":"correct horse"}`, "password")
	b.want(202, "DELETE", "/auth/account", "", append(slices.Clone(me), web.ReauthHeader, proof)...)
	for _, forged := range []string{"x", proof[:len(proof)-2], strings.ToLower(proof), strings.Repeat("a", 3000)} {
		b.refused(401, web.CodeReauthRequired, "GET", "/api/whoami", "", append(slices.Clone(me), web.ReauthHeader, forged)...)
	}

	b.refused(401, web.CodeInvalidCode, "POST", "/auth/reauth/pin", `{"pin":"0000"}`, me...)
	proven("pin", `{"pin":"4711"}`, "pin")

	b.want(200, "POST", "/auth/me/mfa/totp", "", me...)
	b.want(204, "POST", "/auth/me/mfa/totp/confirm", `{"code":"`+b.totp(uid)+`"}`, me...)
	b.want(202, "POST", "/auth/me/mfa/sms", `{"phone":"+14155550100"}`, me...)
	b.want(204, "POST", "/auth/me/mfa/sms/confirm", `{"code":"`+b.code("secondfactor")+`"}`, me...)
	b.want(202, "POST", "/auth/me/mfa/email", `{}`, me...)
	b.want(204, "POST", "/auth/me/mfa/email/confirm", `{"code":"`+b.code("secondfactor")+`"}`, me...)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/reauth/totp", `{"code":"000000"}`, me...)
	proven("totp", `{"code":"`+b.totp(uid)+`"}`, "totp")
	b.want(202, "POST", "/auth/reauth/sms/send", "", me...)
	proven("sms", `{"code":"`+b.code("reauth")+`"}`, "sms")
	b.want(202, "POST", "/auth/reauth/email/send", "", me...)
	proven("email", `{"code":"`+b.code("reauth")+`"}`, "email")
	codes, _ := b.object(b.want(200, "POST", "/auth/me/mfa/backup-codes", "", me...))["codes"].([]any)
	backup, _ := codes[0].(string)
	proven("backup-code", `{"code":"`+backup+`"}`, "backup_code")
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/reauth/backup-code", `{"code":"`+backup+`"}`, me...)

	// A login counts, a refresh does not.
	fresh := b.object(b.want(200, "POST", "/auth/login", `{"email":"grace@example.com","password":"correct horse"}`))
	b.who("/api/whoami", bearer(fresh["access_token"].(string))...)
	again := b.object(b.want(200, "POST", "/auth/token/refresh", `{"refresh_token":"`+fresh["refresh_token"].(string)+`"}`))
	b.refused(401, web.CodeReauthRequired, "GET", "/api/whoami", "", bearer(again["access_token"].(string))...)

	// In cookie mode the proof is a cookie.
	cookies := newBench(t, app, Site{Guard: []web.GuardOption{web.InsecureCookies(), recent}, Routes: []web.RouteOption{web.InsecureCookies()}})
	_, token = cookies.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	session := "lr_access=" + token
	cookies.refused(401, web.CodeReauthRequired, "GET", "/api/whoami", "", "Cookie", session)
	r := cookies.want(200, "POST", "/auth/reauth/password", `{"password":"correct horse"}`, "Cookie", session)
	if len(r.cookies) != 1 || r.cookies[0].Name != "lr_reauth" || !r.cookies[0].HttpOnly {
		t.Fatalf("the cookies of a proof: %v", r.cookies)
	}
	cookies.who("/api/whoami", "Cookie", session+"; lr_reauth="+r.cookies[0].Value)

	off := newBench(t, app, Site{}, emulator.WithoutReauth())
	_, token = off.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	off.refused(403, web.CodeReauthUnavailable, "POST", "/auth/reauth/password", `{"password":"correct horse"}`, bearer(token)...)
	off.refused(403, web.CodeReauthUnavailable, "POST", "/auth/reauth/sms/send", "", bearer(token)...)
}

// PIN: changed, used for a login, forgotten and set again.
func testPIN(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithPIN(), emulator.WithSecurityQuestions(emulator.Question{ID: "q1", Text: "Which colour?"}))
	_, token := b.user(emulator.User{Email: "ada@example.com", Username: "ada", Password: "correct horse", EmailVerified: true, PIN: "4711", SecurityAnswers: map[string]string{"q1": "blue"}})
	me := bearer(token)
	if r := b.refused(422, web.CodeValidationFailed, "PUT", "/auth/me/pin", `{"current_pin":"0000","new_pin":"1234"}`, me...); !strings.Contains(r.body, `"field":"current_pin"`) {
		t.Errorf("a wrong current PIN: %s", r.body)
	}
	b.want(204, "PUT", "/auth/me/pin", `{"current_pin":"4711","new_pin":"1234"}`, me...)
	login := b.object(b.want(200, "POST", "/auth/login", adaLogin))
	session, _ := login["session_token"].(string)
	if session == "" {
		t.Fatalf("a login on a site with PIN: %v", login)
	}
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/pin/login", `{"session_token":"`+session+`","pin":"0000"}`)
	b.refused(401, web.CodeInvalidToken, "POST", "/auth/pin/login", `{"session_token":"8a1b0c5e-0000-4000-8000-000000000000","pin":"1234"}`)
	b.loggedIn("/auth/pin/login", `{"session_token":"`+session+`","pin":"1234"}`)

	// A site that demands one has it chosen in the login.
	first := newBench(t, app, Site{}, emulator.WithPIN(emulator.PINAtLogin))
	if _, err := first.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	r := first.refused(403, web.CodePINRequired, "POST", "/auth/login", adaLogin)
	waiting, _ := first.object(r)["pin_token"].(string)
	if waiting == "" || strings.Contains(r.body, "access_token") {
		t.Fatalf("a login without a PIN: %s", r.body)
	}
	first.refused(422, web.CodeValidationFailed, "POST", "/auth/pin/set", `{"pin_token":"`+waiting+`"}`)
	first.refused(422, web.CodeInvalidLink, "POST", "/auth/pin/set", `{"pin_token":"8a1b0c5e-0000-4000-8000-000000000000","pin":"4711"}`)
	first.refused(422, web.CodeValidationFailed, "POST", "/auth/pin/set", `{"pin_token":"`+waiting+`","pin":"x"}`)
	first.loggedIn("/auth/pin/set", `{"pin_token":"`+waiting+`","pin":"4711"}`)
	first.refused(422, web.CodeInvalidLink, "POST", "/auth/pin/set", `{"pin_token":"`+waiting+`","pin":"4711"}`) // used up
	first.loggedIn("/auth/login", adaLogin)

	b.want(202, "POST", "/auth/pin/forgot", `{"email":"ada@example.com"}`)
	reset := `{"token":"` + b.mailed("pinreset") + `","pin":"2345"}`
	b.want(204, "POST", "/auth/pin/reset", reset)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/pin/reset", reset)
	session, _ = b.object(b.want(200, "POST", "/auth/login", adaLogin))["session_token"].(string) // the reset has ended the one before
	b.loggedIn("/auth/pin/login", `{"session_token":"`+session+`","pin":"2345"}`)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/pin/reset", `{"username":"ada","answers":[{"question_id":"q1","answer":"red"}],"pin":"3456"}`)
	b.want(204, "POST", "/auth/pin/reset", `{"username":"ada","answers":[{"question_id":"q1","answer":"blue"}],"pin":"3456"}`)
}

// Security questions: listed, for a new password, and to unlock an account.
func testQuestions(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithSecurityQuestions(emulator.Question{ID: "q1", Text: "Which colour?"}),
		emulator.WithLockout(2, time.Hour), emulator.WithLockKind(emulator.SecurityQuestion))
	_, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true, SecurityAnswers: map[string]string{"q1": "blue"}})
	me := bearer(token)
	list, _ := b.object(b.want(200, "GET", "/auth/security-questions", "", me...))["questions"].([]any)
	if len(list) != 1 {
		t.Fatalf("questions: %v", list)
	}
	right, wrong := `"answers":[{"question_id":"q1","answer":"blue"}]`, `"answers":[{"question_id":"q1","answer":"red"}]`
	for range 2 {
		b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/login", `{"email":"ada@example.com","password":"wrong"}`)
	}
	b.refused(403, web.CodeAccountLocked, "POST", "/auth/login", adaLogin)
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/account/unlock", `{`+wrong+`}`, me...)
	b.want(204, "POST", "/auth/account/unlock", `{`+right+`}`, me...)
	b.loggedIn("/auth/login", adaLogin)

	b.refused(422, web.CodeInvalidLink, "POST", "/auth/password/reset", `{"email":"ada@example.com",`+wrong+`,"password":"second horse"}`)
	b.want(204, "POST", "/auth/password/reset", `{"email":"ada@example.com",`+right+`,"password":"second horse"}`)
	b.loggedIn("/auth/login", `{"email":"ada@example.com","password":"second horse"}`)
}
