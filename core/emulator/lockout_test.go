package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func (a *api) fail(times int) {
	a.t.Helper()
	for range times {
		a.refused(966, doLogin, loginBody("wrong one"))
	}
}

// A suspension ends by time, or by management; it says when.
func TestSuspend(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	a.fail(4)
	a.ok(doLogin, loginBody(adaPassword)) // success starts the count anew
	a.fail(5)                             // the one that locks is answered as wrong
	got := a.refused(1198, doLogin, loginBody(adaPassword))
	if got.object("Data")["LoginLockedTimeout"] != "2026-03-01T12:15:00.123Z" {
		t.Errorf("suspended: %s", got.raw)
	}
	if p := a.ok("GET "+manage+"/"+uid, ""); p.body["IsLoginLocked"] != true || p.body["LoginLockedType"] != "Suspend" {
		t.Errorf("the profile says %v, %v", p.body["IsLoginLocked"], p.body["LoginLockedType"])
	}
	a.Advance(15*time.Minute - time.Second)
	a.refused(1198, doLogin, loginBody(adaPassword))
	a.Advance(time.Second)
	a.fail(4) // the count began anew, too
	a.ok(doLogin, loginBody(adaPassword))

	a.fail(5)
	a.ok("PUT "+manage+"/"+uid, `{"IsLoginLocked":false}`)
	got = a.ok(doLogin, loginBody(adaPassword))
	if p := got.object("Profile"); p["IsLoginLocked"] != false || p["LoginLockedType"] != "None" {
		t.Errorf("unlocked, the profile says %v, %v", p["IsLoginLocked"], p["LoginLockedType"])
	}
	a.ok("PUT "+manage+"/"+uid, `{"IsLoginLocked":true}`)
	a.refused(1198, doLogin, loginBody(adaPassword))
}

// The other locks end by a correct login that brings the proof.
func TestLocksWithProof(t *testing.T) {
	body := `{"email":"` + adaEmail + `","password":"` + adaPassword + `"`
	for _, test := range []struct {
		kind         emulator.LockKind
		code         int
		wrong, right string // ends of a login
	}{
		{emulator.Captcha, 1132, body + `,"g-recaptcha-response":"x"}`, body + `,"g-recaptcha-response":"test-captcha"}`},
		{emulator.SecurityQuestion, 1148, body + `,"securityanswer":{"q1":"red"}}`, body + `,"securityanswer":{"q1":"blue"}}`},
	} {
		a := newAPI(t, emulator.WithLockKind(test.kind), emulator.WithLockout(2, time.Minute))
		uid := a.add(ada)
		a.fail(2)
		if p := a.ok("GET "+manage+"/"+uid, ""); p.text("LoginLockedType") != test.kind.String() {
			t.Errorf("the profile says %q", p.text("LoginLockedType"))
		}
		a.Advance(24 * time.Hour) // time does not end it
		a.refused(test.code, doLogin, test.wrong)
		a.ok(doLogin, test.right)
		a.ok(doLogin, loginBody(adaPassword))
	}
	a := newAPI(t, emulator.WithLockKind(emulator.Captcha), emulator.WithLockout(1, 0))
	a.add(ada)
	a.fail(1)
	a.ok(doLogin+"?g-recaptcha-response=test-captcha", loginBody(adaPassword))
}

// Wrong current passwords, and wrong codes, count as failed logins do.
func TestWhatCountsAsFailure(t *testing.T) {
	a := newAPI(t, emulator.WithLockout(2, time.Minute))
	access, _ := a.tokens(a.add(ada))
	a.as(access).refused(967, doChange, changeBody("wrong one", "another one"))
	a.fail(1)
	a.refused(1198, doLogin, loginBody(adaPassword))

	// A right one starts the count anew.
	a = newAPI(t, emulator.WithLockout(2, time.Minute))
	access, _ = a.tokens(a.add(ada))
	a.as(access).refused(967, doChange, changeBody("wrong one", "another one"))
	a.as(access).ok(doChange, changeBody(adaPassword, "another one"))
	a.fail(1)
	a.ok(doLogin, loginBody("another one"))

	a = newAPI(t, emulator.WithLockout(2, time.Minute), emulator.WithEmailOTP())
	a.add(ada)
	a.ok(doForgot, adaBody)
	wrong := `{"email":"` + adaEmail + `","otp":"no code","password":"another one"}`
	a.refused(1185, doReset, wrong)
	a.refused(1185, doReset, wrong)
	a.refused(1198, doReset, wrong)
	a.refused(1198, doLogin, loginBody(adaPassword))

	never := newAPI(t, emulator.WithLockout(0, time.Minute))
	never.add(ada)
	never.fail(20)
	never.ok(doLogin, loginBody(adaPassword))
}

func TestMinPassword(t *testing.T) {
	a := newAPI(t, emulator.WithMinPassword(10))
	uid := a.add(ada)
	a.refused(1216, "PUT "+manage+"/"+uid+"/password", `{"password":"nine long"}`)
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"exactly 10"}`)
}
