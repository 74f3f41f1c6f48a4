package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	doPIN       = "POST /identity/v2/auth/login/pin?session_token="
	doChangePIN = "PUT /identity/v2/auth/pin/change"
	setPIN      = "POST /identity/v2/auth/pin/set/pinauthtoken?pinauthtoken="
	resetPIN    = "PUT /identity/v2/auth/pin/reset/"
	forgotPIN   = "POST /identity/v2/auth/pin/forgot/"
)

// withPIN adds a user who has a PIN, and returns the session token of a login.
func (a *api) withPIN() (uid, access, session string) {
	a.t.Helper()
	user := ada
	user.PIN = "1234"
	uid = a.add(user)
	got := a.ok(doLogin, loginBody(adaPassword))
	if got.text("session_token") == "" || got.text("session_expires_in") == "" {
		a.t.Fatalf("no session token: %s", got.raw)
	}
	return uid, got.text("access_token"), got.text("session_token")
}

func TestPINLogin(t *testing.T) {
	a := newAPI(t, emulator.WithPIN(), emulator.WithFrozenClock(noon), emulator.WithLockout(3, time.Minute))
	_, _, session := a.withPIN()
	for range 2 { // the session token stays valid
		got := a.ok(doPIN+session, `{"PIN":"1234"}`)
		loggedIn(t, got)
		if s := got.text("session_token"); s == "" || s == session {
			t.Errorf("session token %q after %q", s, session)
		}
	}
	a.fails(908, doPIN+session, `{}`)
	a.fails(908, doPIN, `{"pin":"1234"}`)
	a.refused(1245, doPIN+"junk", `{"pin":"1234"}`)
	a.refused(1236, doPIN+session, `{"pin":"4321"}`)
	a.ok("GET /identity/v2/auth/session_token/invalidate?session_token="+session, "")
	a.refused(1245, doPIN+session, `{"pin":"1234"}`)
	a.refused(1245, "GET /identity/v2/auth/session_token/invalidate?session_token="+session, "")

	// Wrong PINs lock the account as wrong passwords do.
	session = a.ok(doLogin, loginBody(adaPassword)).text("session_token")
	for range 3 {
		a.refused(1236, doPIN+session, `{"pin":"4321"}`)
	}
	a.refused(1198, doPIN+session, `{"pin":"1234"}`)
	a.refused(1198, doLogin, loginBody(adaPassword))
	a.Advance(time.Minute)
	a.ok(doPIN+session, `{"pin":"1234"}`)
	a.Advance(10 * time.Minute)
	a.refused(1246, doPIN+session, `{"pin":"1234"}`)

	newAPI(t).refused(1244, doPIN+session, `{"pin":"1234"}`)

	brief := newAPI(t, emulator.WithPIN(), emulator.WithFrozenClock(noon), emulator.WithPINSessionLifetime(time.Minute))
	uid, _, session := brief.withPIN()
	brief.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	brief.refused(991, doPIN+session, `{"pin":"1234"}`)
	brief.ok("DELETE "+manage+"/"+uid, "")
	brief.refused(1245, doPIN+session, `{"pin":"1234"}`)
	_, _, session = brief.withPIN()
	brief.Advance(time.Minute)
	brief.refused(1246, doPIN+session, `{"pin":"1234"}`)
}

// A site can demand a PIN: there is no session before it is set.
func TestPINRequired(t *testing.T) {
	a := newAPI(t, emulator.WithPIN(emulator.PINAtLogin), emulator.WithFrozenClock(noon), emulator.WithPINDigits(6, 6), emulator.WithPINTokenLifetime(time.Minute))
	a.add(ada)
	ask := func() string {
		got := a.refused(1243, doLogin, loginBody(adaPassword))
		token, _ := got.object("Data")["PINAuthToken"].(string)
		if token == "" || got.text("access_token") != "" {
			t.Fatalf("asked: %s", got.raw)
		}
		return token
	}
	token := ask()
	a.as(token).refused(905, getProfile, "")
	a.refused(1239, setPIN+"junk", `{"pin":"123456"}`)
	a.refused(1134, setPIN+token, `{"pin":"1234"}`)
	a.refused(1134, setPIN+token, `{"pin":"12345x"}`)
	got := a.ok(setPIN+token, `{"PIN":"123456"}`)
	loggedIn(t, got)
	if got.text("session_token") == "" {
		t.Errorf("no session token: %s", got.raw)
	}
	a.refused(1239, setPIN+token, `{"pin":"123456"}`)
	loggedIn(t, a.ok(doLogin, loginBody(adaPassword)))

	late := newAPI(t, emulator.WithPIN(emulator.PINAtFirstLogin), emulator.WithFrozenClock(noon))
	late.add(ada)
	token, _ = late.refused(1243, doLogin, loginBody(adaPassword)).object("Data")["PINAuthToken"].(string)
	late.Advance(10 * time.Minute)
	late.refused(1240, setPIN+token, `{"pin":"1234"}`)

	// With second factors required as well, the PIN is not enough.
	both := newAPI(t, required(emulator.WithPIN(emulator.PINAtLogin))...)
	both.add(ada)
	token, _ = both.refused(1243, doLogin, loginBody(adaPassword)).object("Data")["PINAuthToken"].(string)
	if got := both.ok(setPIN+token, `{"pin":"1234"}`); got.text("access_token") != zeroGUID || got.text("SecondFactorAuthenticationToken") == "" {
		t.Errorf("no challenge: %s", got.raw)
	}

	at := newAPI(t, emulator.WithPIN(emulator.PINAtRegistration), emulator.WithEmailWorkflow(emulator.Optional))
	sott := at.with("X-Loginradius-Sott", at.ok("GET "+manage+"/sott", "").text("Sott"))
	const register = "POST /identity/v2/auth/register"
	const fields = `"Email":[{"Type":"Primary","Value":"new@example.com"}],"Password":"correct horse"`
	sott.refused(1234, register, `{`+fields+`}`)
	data := sott.ok(register, `{`+fields+`,"PINInfo":{"PIN":"1234","Skipped":false}}`).object("Data")
	session, _ := data["session_token"].(string)
	at.ok(doPIN+session, `{"pin":"1234"}`)
}

func TestPINChange(t *testing.T) {
	a := newAPI(t, emulator.WithPIN(), emulator.WithForceLogout())
	_, access, session := a.withPIN()
	other := a.ok(doLogin, loginBody(adaPassword)).text("access_token")
	a.as(access).refused(1241, doChangePIN, `{"OldPIN":"4321","NewPIN":"9999"}`)
	a.as(access).refused(1134, doChangePIN, `{"OldPIN":"1234","NewPIN":"99"}`)
	a.as(access).fails(908, doChangePIN, `{"OldPIN":"1234"}`)
	a.as(access).ok(doChangePIN, `{"oldPIN":"1234","newPIN":"9999"}`)
	a.as(other).refused(905, getProfile, "")
	a.as(access).ok(getProfile, "")
	a.refused(1236, doPIN+session, `{"pin":"1234"}`)
	a.ok(doPIN+session, `{"pin":"9999"}`)
	// A new password ends all of them, the acting one too.
	a.as(access).ok(doChange, changeBody(adaPassword, "another one"))
	a.refused(1245, doPIN+session, `{"pin":"9999"}`)

	without := newAPI(t)
	access, _ = without.tokens(without.add(ada))
	without.as(access).refused(1235, doChangePIN, `{"oldPIN":"1234","newPIN":"9999"}`)
}

func TestPINReset(t *testing.T) {
	a := newAPI(t, emulator.WithPIN(), emulator.WithFrozenClock(noon), emulator.WithLockout(0, 0))
	_, _, session := a.withPIN()
	a.refused(938, forgotPIN+"email", `{"email":"nobody@example.com"}`)
	a.ok(forgotPIN+"email?resetpinurl=http://localhost/pin", adaBody)
	m := a.mail("pinreset")
	if m.Link != "http://localhost/pin?vtype=pinreset&vtoken="+m.Token {
		t.Errorf("the mail: %+v", m)
	}
	a.refused(1063, resetPIN+"token", `{"ResetToken":"junk","PIN":"5678"}`)
	a.refused(1134, resetPIN+"token", `{"ResetToken":"`+m.Token+`","PIN":"x"}`)
	a.ok(resetPIN+"token", `{"ResetToken":"`+m.Token+`","PIN":"5678"}`)
	a.refused(1242, resetPIN+"token", `{"ResetToken":"`+m.Token+`","PIN":"5678"}`)
	a.refused(1245, doPIN+session, `{"pin":"5678"}`) // began with the old PIN
	session = a.ok(doLogin, loginBody(adaPassword)).text("session_token")
	a.ok(doPIN+session, `{"pin":"5678"}`)
	a.ok(forgotPIN+"username", `{"userName":"ada"}`)
	m = a.mail("pinreset")
	a.Advance(73 * time.Hour)
	a.refused(975, resetPIN+"token", `{"ResetToken":"`+m.Token+`","PIN":"5678"}`)

	if got := a.ok(forgotPIN+"otp", `{"phone":"`+ada.Phone+`"}`); got.object("Data")["Sid"] == nil {
		t.Errorf("SMS: %s", got.raw)
	}
	code := a.mail("pinreset").OTP
	a.refused(1067, resetPIN+"otp/phone", `{"phone":"`+ada.Phone+`","otp":"x","pin":"2222"}`)
	a.ok(resetPIN+"otp/phone", `{"phone":"`+ada.Phone+`","otp":"`+code+`","pin":"2222"}`)
	a.refused(1068, resetPIN+"otp/phone", `{"phone":"`+ada.Phone+`","otp":"`+code+`","pin":"2222"}`)

	for _, who := range []string{`"email":"` + adaEmail + `"`, `"username":"ada"`, `"phone":"` + ada.Phone + `"`} {
		kind := map[byte]string{'e': "email", 'u': "username", 'p': "phone"}[who[1]]
		a.refused(1093, resetPIN+"securityanswer/"+kind, `{`+who+`,"securityAnswer":{"q1":"red"},"pin":"3333"}`)
		a.ok(resetPIN+"securityanswer/"+kind, `{`+who+`,"securityAnswer":{"q1":"blue"},"pin":"3333"}`)
	}
	if got := a.call(resetPIN+"otp/pigeon", `{}`); got.status != 404 || got.code() != 404 || got.text("Message") != "Resource not found" {
		t.Errorf("an unknown kind: %d %s", got.status, got.raw)
	}

	mailed := newAPI(t, emulator.WithPIN(), emulator.WithEmailOTP(), emulator.WithFrozenClock(noon))
	mailed.withPIN()
	mailed.ok(forgotPIN+"email", adaBody)
	code = mailed.mail("pinreset").OTP
	mailed.refused(1185, resetPIN+"otp/email", `{"email":"`+adaEmail+`","otp":"x","pin":"2222"}`)
	mailed.ok(resetPIN+"otp/email", `{"email":"`+adaEmail+`","otp":"`+code+`","pin":"2222"}`)
	mailed.refused(974, resetPIN+"otp/username", `{"username":"ada","otp":"`+code+`","pin":"2222"}`)

	none := newAPI(t, emulator.WithPIN())
	none.add(ada)
	none.refused(1233, forgotPIN+"email", adaBody)
	limited := newAPI(t, emulator.WithPIN(), emulator.WithCodeLimit(1, time.Hour))
	limited.withPIN()
	limited.ok(forgotPIN+"email", adaBody)
	limited.refused(1122, forgotPIN+"username", `{"username":"ada"}`)
	limited.ok(forgotPIN+"otp", `{"phone":"`+ada.Phone+`"}`)
	limited.refused(1123, forgotPIN+"otp", `{"phone":"`+ada.Phone+`"}`)
}
