package emulator_test

import (
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A request token is exchanged once, in time.
func TestRequestToken(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	exchange := "GET /api/v2/access_token?secret=" + a.APISecret() + "&token="
	mint := func() string {
		t.Helper()
		token, err := a.RequestToken(uid)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := mint()
	got := a.ok(exchange+token, "")
	a.as(got.text("access_token")).ok(getProfile, "")
	a.ok(getRefresh+got.text("refresh_token"), "")
	a.refused(903, exchange+token, "")
	a.refused(903, exchange+"junk", "")
	token = mint()
	a.Advance(15 * time.Minute)
	a.refused(904, exchange+token, "")
	token = mint()
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, exchange+token, "")
	a.ok("DELETE "+manage+"/"+uid, "")
	a.refused(903, exchange+token, "")
	if _, err := a.RequestToken(uid); err == nil {
		t.Error("a request token for an unknown uid")
	}
}

// A native login finds the account by what it used before, then by address, and
// else makes one.
func TestNativeLogin(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	a.AddProviderToken("facebook", "fb-ada", "", emulator.User{Email: "ADA@example.com", FirstName: "Ada"})
	a.AddProviderToken("google", "g-new", "", emulator.User{Email: "grace@example.com", FirstName: "Grace"})
	a.AddProviderToken("twitter", "tw", "tw-secret", emulator.User{Username: "no-mail"})
	const native = "GET /api/v2/access_token/"
	profile := func(got answer) answer {
		t.Helper()
		if len(got.body) != 3 {
			t.Errorf("a native login answers %s", got.raw)
		}
		return a.as(got.text("access_token")).ok(getProfile, "")
	}

	p := profile(a.ok(native+"facebook?fb_access_token=fb-ada", ""))
	if p.text("Uid") != uid || p.text("Provider") != "Email" || p.body["Identities"] == nil {
		t.Errorf("an account with the address: %v %v %v", p.text("Uid"), p.text("Provider"), p.body["Identities"])
	}
	grace := profile(a.ok(native+"google?google_access_token=g-new", ""))
	if grace.text("Provider") != "google" || grace.text("FirstName") != "Grace" || grace.body["EmailVerified"] != true {
		t.Errorf("a new account: %s", grace.raw)
	}
	if again := profile(a.ok(native+"google?google_access_token=g-new", "")); again.text("Uid") != grace.text("Uid") {
		t.Error("the second login made another account")
	}
	first := profile(a.ok(native+"twitter?tw_access_token=tw&tw_token_secret=tw-secret", ""))
	if again := profile(a.ok(native+"twitter?tw_access_token=tw&tw_token_secret=tw-secret", "")); again.text("Uid") != first.text("Uid") || first.body["Email"] != nil {
		t.Errorf("an account without an address: %s", again.raw)
	}
	session := a.ok(native+"facebook?fb_access_token=fb-ada", "").text("access_token")
	if got := a.ok("GET /api/v2/userprofile?access_token="+session, ""); got.text("Provider") != "facebook" || got.text("Uid") != uid {
		t.Errorf("the provider's profile: %v", got.text("Provider"))
	}
	if got := a.as(session).ok("GET /identity/v2/auth/access_token", ""); got.text("provider") != "facebook" {
		t.Errorf("token info: %s", got.raw)
	}

	for line, code := range map[string]int{
		"facebook": 929, "google": 929, "twitter?tw_token_secret=tw-secret": 929, "twitter?tw_access_token=tw": 930,
		"facebook?fb_access_token=junk": 1000, "google?google_access_token=fb-ada": 1000, "twitter?tw_access_token=tw&tw_token_secret=wrong": 1000,
	} {
		got := a.refused(code, native+line, "")
		if failed := got.body["isProviderError"] == true && got.text("providerErrorResponse") != ""; failed != (code == 1000) {
			t.Errorf("%s: %s", line, got.raw)
		}
	}
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, native+"facebook?fb_access_token=fb-ada", "")

	// It has no password, so that none can be changed, and its address is taken.
	a.as(profileToken(a)).refused(1039, doChange, changeBody("any", "another one"))
	sott := a.ok("GET "+manage+"/sott", "").text("Sott")
	a.with("X-LoginRadius-Sott", sott).refused(988, "POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"grace@example.com"}],"Password":"Passw0rd!"}`)
}

func profileToken(a *api) string {
	return a.ok("GET /api/v2/access_token/google?google_access_token=g-new", "").text("access_token")
}

func TestPrivacyPolicyHistory(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	history := "GET " + manage + "/" + uid + "/privacypolicy/history"
	a.refused(1195, history, "")
	for _, version := range []string{"1.0", "2.0"} {
		if err := a.AcceptPrivacyPolicy(uid, version); err != nil {
			t.Fatal(err)
		}
		a.Advance(time.Hour)
	}
	got := a.ok(history, "")
	current := got.object("Current")
	if list, _ := got.body["History"].([]any); got.text("Uid") != uid || len(list) != 2 || current["Version"] != "2.0" ||
		current["AcceptSource"] != "API" || current["AcceptDateTime"] != "2026-03-01T13:00:00.123Z" {
		t.Errorf("history: %s", got.raw)
	}
	if err := a.AcceptPrivacyPolicy("unknown", "1.0"); err == nil {
		t.Error("an unknown user accepted the policy")
	}
}
