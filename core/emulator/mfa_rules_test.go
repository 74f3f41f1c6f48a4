package emulator_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

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

	// The codes of someone else do not work.
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
