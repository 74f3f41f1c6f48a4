package examples_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// An authenticatorApp is the app on the user's phone.
type authenticatorApp struct {
	secret string
	last   int64 // the step of its last code
}

// code returns a code that was not used yet. Each step's code counts once, and those of the
// steps before and after as well, so that three of them need no waiting.
func (a *authenticatorApp) code(t *testing.T) string {
	t.Helper()
	const period = 30
	a.last = max(a.last+1, time.Now().Unix()/period-1)
	code, err := totp.GenerateCodeCustom(a.secret, time.Unix(a.last*period, 0), totp.ValidateOpts{Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// A user sets an authenticator app up in a login that demands a second factor, logs in with
// its codes and with a backup code, and proves their presence before a change.
func TestSecondFactorInBrowser(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := start(t, name, "-mfa", "required", "-step-up", "5m")
			v := newVisitor(t, a)
			withoutScripts(t, v.ctx)
			v.registered("ada@example.com", "correct horse")

			v.password("ada@example.com", "correct horse", `main a[href*="method=totp"]`)
			v.out("before the second step")
			v.open("/second-factor", `main a[href*="method=totp"]`)
			v.follow(`main a[href*="method=totp"]`, "figure code")
			phone := authenticatorApp{secret: v.text("figure code")}
			v.does("a wrong code", fill("code", "000000"), press("second-factor/confirm", ".errors"))
			v.says("a wrong code", "wrong or too old")
			v.out("after a wrong code")
			v.open("/second-factor?method=totp", "figure code")
			v.does("set up", fill("code", phone.code(t)), press("second-factor/confirm", "dl"))
			v.in("set up", "ada@example.com")

			v.open("/security", `main form[action="/security/backup-codes"]`)
			v.does("make backup codes", press("security/backup-codes", ".codes li"))
			backup := strings.Fields(v.text(".codes"))
			if len(backup) < 5 {
				t.Fatalf("backup codes: %q", backup)
			}
			v.logout()

			v.password("ada@example.com", "correct horse", `main form[action^="/second-factor"] [name="code"]`)
			v.does("log in", fill("code", phone.code(t)), press("second-factor", "dl"))
			v.in("log in", "ada@example.com")
			v.logout()

			withBackup := func(code, until string) {
				t.Helper()
				v.password("ada@example.com", "correct horse", `main a[href*="method=backup_code"]`)
				v.follow(`main a[href*="method=backup_code"]`, `main [name="method"][value="backup_code"] ~ .field input`)
				v.does("backup code", fill("code", code), press("second-factor", until))
			}
			withBackup(backup[0], "dl")
			v.in("backup code", "ada@example.com")
			v.logout()
			withBackup(backup[0], ".errors") // each counts once
			v.out("after a used backup code")

			// A refresh of the session proves no presence.
			v.password("ada@example.com", "correct horse", `main form[action^="/second-factor"] [name="code"]`)
			v.does("log in again", fill("code", phone.code(t)), press("second-factor", "dl"))
			if !v.asks(`fetch("/token/refresh", {method: "POST"}).then((r) => r.ok)`) {
				t.Fatal("the session was not refreshed")
			}
			v.open("/security", `main form[action="/security/backup-codes"]`)
			v.does("step-up", press("security/backup-codes", `main form[action^="/reauth"]`))
			v.does("a wrong password", fill("password", "wrong horse"), press("reauth", ".errors"))
			v.does("the password", fill("password", "correct horse"), press("reauth", `main form[action="/security/backup-codes"]`))
			v.does("after the proof", press("security/backup-codes", ".codes li"))
		})
	}
}
