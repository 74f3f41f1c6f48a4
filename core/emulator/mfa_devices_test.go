package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func duoBody(state, code string) string { return fmt.Sprintf(`{"state":%q,"code":%q}`, state, code) }

func (a *api) duo(uid string) string {
	a.t.Helper()
	state, code, err := a.DuoCode(uid)
	if err != nil {
		a.t.Fatal(err)
	}
	return duoBody(state, code)
}

func TestDuo(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	uid := a.add(ada)
	if _, _, err := a.DuoCode(uid); err == nil {
		t.Error("there is a code without an attempt")
	}
	fields, q := a.challenge()
	state, code, _ := a.DuoCode(uid)
	if endpoint := fmt.Sprint(fields["DuoAuthEndpoint"]); !strings.Contains(endpoint, state) {
		t.Errorf("the endpoint %s lacks the state %s", endpoint, state)
	}
	a.refused(1333, verify2FA+"duo"+q, duoBody("x", code))
	a.refused(1332, verify2FA+"duo"+q, duoBody(state, "x"))
	loggedIn(t, a.ok(verify2FA+"duo"+q, a.duo(uid)))
	fields, q = a.challenge()
	if fields["IsDuoAuthenticatorVerified"] != true || fields["ManualEntryCode"] != nil {
		t.Errorf("the challenge: %v", fields)
	}
	a.refused(1333, verify2FA+"duo"+q, duoBody(state, code)) // used
	access := a.ok(verify2FA+"duo"+q, a.duo(uid)).text("access_token")

	u := a.as(access)
	u.ok("GET "+reauthPath+"2fa", "")
	u.refused(1332, "PUT "+reauthPath+"2fa/duo", duoBody(strings.Split(a.duo(uid), `"`)[3], "x"))
	token := u.stepped("PUT "+reauthPath+"2fa/duo", a.duo(uid))
	a.ok(a.validation(uid, "2fa"), tokenBody(token))
	u.refused(1121, "DELETE "+account2F+"/authenticator/duo", "")
	a.ok("DELETE "+manage+"/2fa/authenticator/duo?uid="+uid, "")
	u.ok("GET "+account2F, "")
	u.refused(1333, "PUT "+account2F+"/verification/duo", duoBody("x", "x"))
	u.ok("PUT "+account2F+"/verification/duo", a.duo(uid))

	other := newAPI(t, required(allFactors)...)
	otherUID, _ := other.withTOTP()
	fields, q = other.challenge()
	if fields["DuoAuthEndpoint"] != nil {
		t.Errorf("an endpoint for a user with another factor: %v", fields)
	}
	other.refused(1334, verify2FA+"duo"+q, duoBody("x", "x"))
	if _, _, err := other.DuoCode("nobody"); err == nil || otherUID == "" {
		t.Error("an unknown uid is accepted")
	}
	off := newAPI(t, required()...)
	off.add(ada)
	_, q = off.challenge()
	off.refused(1330, verify2FA+"duo"+q, duoBody("x", "x"))
}

func TestPush(t *testing.T) {
	a := newAPI(t, required(allFactors)...)
	uid := a.add(ada)
	ping := func(q string) string { return "GET " + login2FA + "/push/ping" + q }
	if err := a.AnswerPush(uid, true); err == nil {
		t.Error("a push to a user without a device")
	}
	if err := a.EnrolFactor(uid, emulator.FactorPush); err != nil {
		t.Fatal(err)
	}
	if err := a.AnswerPush(uid, true); err == nil {
		t.Error("a push without a challenge")
	}
	answer := func(approve bool) {
		if err := a.AnswerPush(uid, approve); err != nil {
			t.Fatal(err)
		}
	}
	_, denied := a.challenge()
	a.refused(1295, ping(denied), "")
	answer(false)
	a.refused(1312, ping(denied), "")
	_, q := a.challenge()
	answer(true)
	a.refused(1312, ping(denied), "") // the approval is for the newest challenge
	loggedIn(t, a.ok(ping(q), ""))
	a.refused(1103, ping(q), "")
	access, _ := a.tokens(uid)
	a.as(access).refused(1121, "DELETE "+account2F+"/authenticator/push", "")
	a.ok("DELETE "+manage+"/2fa/authenticator/push/"+uid, "")
	_, q = a.challenge()
	a.refused(1313, ping(q), "")
	if err := a.AnswerPush("nobody", true); err == nil {
		t.Error("an unknown uid is accepted")
	}
	off := newAPI(t, required()...)
	off.add(ada)
	_, q = off.challenge()
	off.refused(1299, ping(q), "")
}
