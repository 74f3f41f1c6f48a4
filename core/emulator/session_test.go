package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	getInvalidate = "GET /identity/v2/auth/access_token/invalidate"
	getSessions   = "GET /api/v2/access_token/activesession?"
)

// A refresh token works once, its access token dies with it, and the chain goes on.
func TestRefreshRotates(t *testing.T) {
	a := newAPI(t)
	access, refresh := a.tokens(a.add(ada))
	for range 3 {
		got := a.ok(getRefresh+refresh, "")
		a.refused(1217, getRefresh+refresh, "")
		a.as(access).refused(905, getProfile, "")
		if got.text("access_token") == access || got.text("refresh_token") == refresh || got.text("expires_in") == "" {
			t.Fatalf("refresh: %s", got.raw)
		}
		access, refresh = got.text("access_token"), got.text("refresh_token")
		a.as(access).ok(getProfile, "")
	}
	// Using one twice does not end the chain: the service took that back.
	a.ok(getRefresh+refresh, "")
	a.refused(1217, getRefresh+"junk", "")
}

func TestRefreshOfAccountsThatMayNot(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	_, refresh := a.tokens(uid)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, getRefresh+refresh, "")
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
	_, other := a.tokens(uid)
	a.ok(getRefresh+refresh, "") // the refusal did not use it up
	a.ok("DELETE "+manage+"/"+uid, "")
	a.refused(1217, getRefresh+other, "")
}

func TestRevokeRefreshTokens(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, refresh := a.tokens(uid)
	if got := a.ok("GET "+manage+"/access_token/refresh/revoke?refresh_token="+refresh, ""); got.body["IsDeleted"] != true {
		t.Errorf("revoke: %s", got.raw)
	}
	a.refused(1217, getRefresh+refresh, "")
	a.refused(1217, "GET "+manage+"/access_token/refresh/revoke?refresh_token="+refresh, "")
	a.as(access).ok(getProfile, "") // the access token lives on

	_, first := a.tokens(uid)
	_, second := a.tokens(uid)
	other := ada
	other.Email, other.Username, other.Phone = "bob@example.com", "bob", ""
	_, bobs := a.tokens(a.add(other))
	a.ok("DELETE "+manage+"/"+uid+"/access_token/refresh/revoke", "")
	a.refused(1217, getRefresh+first, "")
	a.refused(1217, getRefresh+second, "")
	a.ok(getRefresh+bobs, "")
}

func TestInvalidate(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, refresh := a.tokens(uid)
	if got := a.as(access).ok(getInvalidate, ""); got.body["IsPosted"] != true {
		t.Errorf("invalidate: %s", got.raw)
	}
	a.as(access).refused(905, getInvalidate, "")
	a.as(access).refused(905, getValidate, "")
	access = a.ok(getRefresh+refresh, "").text("access_token") // was not told to prevent it
	refresh = a.as(access).ok(getValidate, "").text("refresh_token")
	a.as(access).ok(getInvalidate+"?preventRefresh=True", "")
	a.refused(1217, getRefresh+refresh, "")

	access, refresh = a.tokens(uid)
	native := "key=" + a.APIKey() + "&secret=" + a.APISecret() + "&access_token=" + access
	if got := a.ok("GET /api/v2/access_token/validate?"+native, ""); got.text("access_token") != access || len(got.body) != 2 {
		t.Errorf("native validate: %s", got.raw)
	}
	if got := a.ok("GET /api/v2/access_token/invalidate?preventRefresh=true&"+native, ""); got.body["isPosted"] != true {
		t.Errorf("native invalidate: %s", got.raw)
	}
	a.refused(905, "GET /api/v2/access_token/validate?"+native, "")
	a.refused(1217, getRefresh+refresh, "")
}

func TestActiveSessions(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	first, _ := a.tokens(uid)
	second := a.with("X-Origin-IP", "203.0.113.7").with("X-Origin-User-Agent", "Mozilla/5.0 Firefox/140.0").
		ok(doLogin, loginBody(adaPassword)).text("access_token")
	id := a.ok("GET "+manage+"/"+uid, "").text("ID")
	for _, by := range []string{"token=" + first, "accountId=" + uid, "profileId=" + id} {
		got := a.ok(getSessions+by, "")
		list, _ := got.body["data"].([]any)
		if len(list) != 2 {
			t.Fatalf("by %s: %s", by, got.raw)
		}
		newest, _ := list[0].(map[string]any)
		if newest["AccessToken"] != second || newest["Ip"] != "203.0.113.7" || newest["Browser"] != "Firefox" || newest["LoginDate"] != "2026-03-01T12:00:00.123Z" {
			t.Errorf("by %s: %v", by, newest)
		}
	}
	a.as(second).ok(getInvalidate, "")
	if list, _ := a.ok(getSessions+"accountId="+uid, "").body["data"].([]any); len(list) != 1 {
		t.Errorf("%d sessions after one ended", len(list))
	}
	a.refused(1055, getSessions+"token="+second, "")
	a.Advance(15 * time.Minute)
	for _, by := range []string{"accountId=" + uid, "accountId=unknown", "profileId=unknown", ""} {
		if list, ok := a.ok(getSessions+by, "").body["data"].([]any); !ok || len(list) != 0 {
			t.Errorf("by %q: %v", by, list)
		}
	}
}

// What a changed or reset password does to sessions, with Force Logout and without.
func TestForceLogout(t *testing.T) {
	for _, on := range []bool{false, true} {
		a, want, wantRefresh := newAPI(t), 0, 0
		if on {
			a, want, wantRefresh = newAPI(t, emulator.WithForceLogout()), 905, 1217
		}
		uid := a.add(ada)
		acting, actingRefresh := a.tokens(uid)
		other, otherRefresh := a.tokens(uid)
		a.as(acting).ok(doChange, changeBody(adaPassword, "another one"))
		a.as(acting).ok(getProfile, "")
		a.as(other).refused(want, getProfile, "")
		a.refused(wantRefresh, getRefresh+otherRefresh, "")
		a.ok(getRefresh+actingRefresh, "")

		access, refresh := a.tokens(uid)
		a.ok(doForgot, adaBody)
		a.ok(doReset, resetBody(a.mail("reset").Token, "yet another"))
		a.as(access).refused(want, getProfile, "")
		a.refused(wantRefresh, getRefresh+refresh, "")
	}
}

// A deletion ends all that was given out, at once, and frees the names.
func TestDeletionEndsEverything(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, refresh := a.tokens(uid)
	reset := a.ok("POST "+manage+"/forgot/token", adaBody).text("ForgotToken")
	if got := a.as(access).ok("DELETE /identity/v2/auth/account?deleteurl=http://localhost/bye", ""); got.body["IsDeleteRequestAccepted"] != true {
		t.Errorf("request: %s", got.raw)
	}
	a.as(access).ok(getProfile, "") // nothing is gone yet
	token := a.mail("deleteuser").Token
	a.ok("GET /identity/v2/auth/account/delete?deletetoken="+token, "")
	a.refused(1119, "GET /identity/v2/auth/account/delete?deletetoken="+token, "")
	a.as(access).refused(905, getProfile, "")
	a.refused(1217, getRefresh+refresh, "")
	a.refused(1217, "GET "+manage+"/access_token/refresh/revoke?refresh_token="+refresh, "")
	a.refused(1055, getSessions+"token="+access, "")
	if list, _ := a.ok(getSessions+"accountId="+uid, "").body["data"].([]any); len(list) != 0 {
		t.Errorf("%d sessions of a deleted account", len(list))
	}
	a.refused(1063, doReset, resetBody(reset, "another one"))
	a.refused(938, "GET "+manage+"/"+uid, "")
	if again := a.add(ada); again == uid {
		t.Error("a new account has the old uid")
	}
	a.as(access).refused(905, getProfile, "")

	late := a.ok("POST "+manage+"/forgot/token", adaBody).text("ForgotToken")
	if late == reset {
		t.Error("tokens repeat")
	}
	if got := a.ok("DELETE "+manage+"?email="+adaEmail, ""); got.body["RecordsDeleted"] != 1.0 {
		t.Errorf("by e-mail: %s", got.raw)
	}
	a.refused(938, "DELETE "+manage+"?email="+adaEmail, "")
}

// An impersonation token is one like any other.
func TestImpersonation(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	got := a.ok("GET "+manage+"/access_token?uid="+uid, "")
	a.as(got.text("access_token")).ok(doChange, changeBody(adaPassword, "another one"))
	a.refused(938, "GET "+manage+"/access_token?uid=unknown", "")
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, "GET "+manage+"/access_token?uid="+uid, "")
}
