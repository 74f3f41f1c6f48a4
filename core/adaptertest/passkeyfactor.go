package adaptertest

import (
	"slices"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/internal/authenticator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A passkey as a second factor: set up in a login and on an account, used, forged and removed.
func testPasskeyFactor(t *testing.T, app *kit) {
	factors := emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorPasskey)
	methods := Site{Routes: []web.RouteOption{web.MFAMethods("totp", "passkey")}}
	b := newBench(t, app, methods, emulator.WithMFA(emulator.MFARequired), factors, withPasskeys)
	if _, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	device := authenticator.New(passkeyOrigin)
	input := func(c challenge, rest string) string {
		return `{"mfa_token":"` + c.token + `","method":"passkey"` + rest + `}`
	}
	c := b.challenged()
	if !slices.Contains(c.methods, "passkey") {
		t.Errorf("for a user without a factor: %+v", c)
	}
	credential := b.ceremony("/auth/mfa/enroll", input(c, ""), device.Create)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/enroll/confirm", input(c, `,"code":"000000"`))
	b.loggedIn("/auth/mfa/enroll/confirm", input(c, `,"credential":`+credential))

	c = b.challenged()
	if !slices.Equal(c.enrolled, []string{"passkey", "backup_code"}) || !slices.Equal(c.methods, []string{"passkey"}) {
		t.Errorf("for a user with a passkey: %+v", c)
	}
	b.refused(409, web.CodeConflict, "POST", "/auth/mfa/enroll", input(c, ""))
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/mfa/verify", input(c, `,"code":"000000"`))
	evil := *device
	evil.Origin = "https://evil.example.com"
	b.refused(403, web.CodeCrossOrigin, "POST", "/auth/mfa/verify", input(c, `,"credential":`+b.ceremony("/auth/mfa/send", input(c, ""), evil.Get)))
	foreign := *device
	foreign.Rekey()
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", input(c, `,"credential":`+b.ceremony("/auth/mfa/send", input(c, ""), foreign.Get)))
	credential = b.ceremony("/auth/mfa/send", input(c, ""), device.Get)
	token := b.loggedIn("/auth/mfa/verify", input(c, `,"credential":`+credential))
	b.refused(401, web.CodeMFAExpired, "POST", "/auth/mfa/verify", input(c, `,"credential":`+credential)) // a replay
	c = b.challenged()
	b.refused(401, web.CodeInvalidCode, "POST", "/auth/mfa/verify", input(c, `,"credential":`+credential)) // for another login
	b.want(200, "GET", "/auth/me/mfa", "", bearer(token)...)

	// On an account.
	b = newBench(t, app, methods, emulator.WithMFA(emulator.MFAOptional), factors, withPasskeys)
	_, token = b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	me := bearer(token)
	b.ceremony("/auth/me/mfa/passkey", "", device.Create, me...)
	b.refused(403, web.CodeCrossOrigin, "POST", "/auth/me/mfa/passkey/confirm", `{"credential":`+b.ceremony("/auth/me/mfa/passkey", "", evil.Create, me...)+`}`, me...)
	credential = b.ceremony("/auth/me/mfa/passkey", "", device.Create, me...)
	b.want(204, "POST", "/auth/me/mfa/passkey/confirm", `{"credential":`+credential+`}`, me...)
	c = b.challenged()
	b.loggedIn("/auth/mfa/verify", input(c, `,"credential":`+b.ceremony("/auth/mfa/send", input(c, ""), device.Get)))
	b.want(204, "DELETE", "/auth/me/mfa/passkey", "", me...)
	b.loggedIn("/auth/login", adaLogin)
}
