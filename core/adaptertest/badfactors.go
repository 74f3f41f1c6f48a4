package adaptertest

import (
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// What completes no login: codes that are wrong, expired, used or another user's, and a
// challenge from before a change of the password. No refusal leaves a session.
func testBadFactors(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Routes: []web.RouteOption{web.InsecureCookies()}}, emulator.WithMFA(emulator.MFAOptional), allFactors)
	ada, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	eve, hers := b.user(emulator.User{Email: "eve@example.com", Password: "correct horse", EmailVerified: true})
	for uid, token := range map[string]string{ada: token, eve: hers} {
		b.want(200, "POST", "/auth/me/mfa/totp", "", bearer(token)...)
		b.want(204, "POST", "/auth/me/mfa/totp/confirm", `{"code":"`+b.totp(uid)+`"}`, bearer(token)...)
		b.refused(409, web.CodeConflict, "POST", "/auth/me/mfa/totp", "", bearer(token)...) // a second time
	}
	b.want(202, "POST", "/auth/me/mfa/sms", `{"phone":"+14155550100"}`, bearer(token)...)
	b.want(204, "POST", "/auth/me/mfa/sms/confirm", `{"code":"`+b.code("secondfactor")+`"}`, bearer(token)...)
	refused := func(what, code string, c challenge, method, value string) {
		t.Helper()
		r := b.refused(401, code, "POST", "/auth/mfa/verify", `{"mfa_token":"`+c.token+`","method":"`+method+`","code":"`+value+`"}`)
		if len(r.cookies) > 0 || strings.Contains(r.body, "access_token") {
			t.Errorf("%s: the refusal comes with a session: %v %s", what, r.cookies, r.body)
		}
	}
	c := b.challenged()
	refused("a wrong code", web.CodeInvalidCode, c, "totp", "000000")
	refused("another user's code", web.CodeInvalidCode, c, "totp", b.totp(eve))
	b.want(202, "POST", "/auth/mfa/send", `{"mfa_token":"`+c.token+`","method":"sms"}`)
	old := b.code("secondfactor")
	b.lr.Advance(6 * time.Minute)
	refused("an expired code", web.CodeInvalidCode, c, "sms", old)

	right := b.totp(ada)
	other := b.object(b.refused(401, web.CodeMFARequired, "POST", "/auth/login", `{"email":"eve@example.com","password":"correct horse"}`))
	stolen, _ := other["mfa_token"].(string)
	refused("another user's login", web.CodeInvalidCode, challenge{token: stolen}, "totp", right)

	c = b.challenged()
	b.want(204, "POST", "/auth/password/change", `{"current_password":"correct horse","new_password":"second horse"}`, bearer(token)...)
	refused("a challenge from before the new password", web.CodeMFAExpired, c, "totp", b.totp(ada))
}
