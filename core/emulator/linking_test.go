package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	socialIdentity = "/identity/v2/auth/socialidentity"
	byFacebook     = "GET /api/v2/access_token/facebook?fb_access_token="
	byGoogle       = "GET /api/v2/access_token/google?google_access_token="
)

func TestLinking(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithWebhook(s.URL, "LinkAccount", "UnlinkAccount"))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	user := a.as(access)
	a.AddProviderToken("facebook", "fb", "", emulator.User{Email: "fb@example.com", FirstName: "F"})
	a.AddProviderToken("facebook", "fb2", "", emulator.User{Email: "fb2@example.com"})
	a.AddProviderToken("google", "g", "", emulator.User{Email: "g@example.com"})
	candidate := func(call string) string { t.Helper(); return a.ok(call, "").text("access_token") }
	link := func(token string) string { return `{"candidateToken":"` + token + `"}` }

	token := candidate(byFacebook + "fb")
	gone := a.as(token).ok(getProfile, "").text("Uid")
	user.ok("POST "+socialIdentity, link(token))
	a.refused(938, "GET "+manage+"/"+gone, "")
	a.as(token).refused(905, getProfile, "")
	p := a.ok("GET "+manage+"/"+uid, "")
	identities := p.body["Identities"].([]any)
	first := identities[0].(map[string]any)
	if len(identities) != 1 || first["Provider"] != "facebook" || first["ID"] == p.text("ID") {
		t.Errorf("linked: %v", identities)
	}
	if got := a.as(candidate(byFacebook+"fb")).ok(getProfile, "").text("Uid"); got != uid {
		t.Errorf("the provider's token now logs %s in, want %s", got, uid)
	}
	if got := fmt.Sprint(a.ok("POST "+manage+"/forgot/token", adaBody).body["IdentityProviders"]); got != "[Email facebook]" {
		t.Errorf("providers: %s", got)
	}

	user.refused(983, "POST "+socialIdentity, link(access))
	if r := user.call("POST "+socialIdentity, link(candidate(byFacebook+"fb2"))); r.code() != 1251 {
		t.Errorf("a second facebook: %s", r.raw)
	}
	user.refused(905, "POST "+socialIdentity, link("unknown"))
	user.lacks("candidatetoken", "POST "+socialIdentity, "{}")
	user.ok("PUT "+socialIdentity, link(candidate(byGoogle+"g"))) // as the vendor's SDK for Go sends it

	unlink := func(provider, id string) string { return `{"provider":"` + provider + `","providerId":"` + id + `"}` }
	id := first["ID"].(string)
	user.refused(987, "DELETE "+socialIdentity, unlink("twitter", id))
	user.refused(989, "DELETE "+socialIdentity, unlink("facebook", "other"))
	user.refused(1219, "DELETE "+socialIdentity, unlink("email", p.text("ID")))
	user.lacks("providerid", "DELETE "+socialIdentity, `{"provider":"facebook"}`)
	user.ok("DELETE "+socialIdentity, unlink("Facebook", id))
	user.refused(987, "DELETE "+socialIdentity, unlink("facebook", id))
	if got := a.as(candidate(byFacebook+"fb")).ok(getProfile, "").text("Uid"); got == uid {
		t.Error("the provider's token still logs the user in")
	}
	if got := fmt.Sprint(s.names(a)); got != "[linkaccount linkaccount unlinkaccount]" {
		t.Errorf("events: %s", got)
	}

	off := newAPI(t, emulator.Without(emulator.FeatureLinking))
	off.AddProviderToken("facebook", "fb", "", emulator.User{Email: "fb@example.com"})
	mine, _ := off.tokens(off.add(ada))
	off.as(mine).refused(1054, "POST "+socialIdentity, link(off.ok(byFacebook+"fb", "").text("access_token")))
}

func TestLinkingByBrowser(t *testing.T) {
	const send = "GET /identity/v2/auth/email/sendverificationemail?verificationurl=http://localhost/v&clientguid="
	const ping = "GET /identity/v2/auth/account/ping?clientguid="
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	a.AddProviderToken("facebook", "fb", "", emulator.User{Email: "fb@example.com"})
	social := a.as(a.ok(byFacebook+"fb", "").text("access_token"))
	a.refused(1140, ping+"g1", "")
	social.lacks("clientguid", send, "")
	if r := social.ok(send+"g1", ""); len(r.text("UUID")) != 36 {
		t.Errorf("sent: %s", r.raw)
	}
	social.refused(1136, send+"g1", "")
	a.refused(1139, ping+"g1", "")
	a.as(access).refused(1139, "POST "+socialIdentity, `{"clientguid":"g1"}`)
	a.ok(doVerify+a.mail("emailverification").Token, "")
	r := a.ok(ping+"g1", "")
	if fmt.Sprint(r.body["Email"]) != "[map[Type:Primary Value:fb@example.com]]" || r.text("refresh_token") == "" {
		t.Errorf("pinged: %s", r.raw)
	}
	a.as(r.text("access_token")).ok(getProfile, "")
	if again := a.ok(ping+"g1", ""); again.body["access_token"] != nil || again.text("Uid") != r.text("Uid") {
		t.Errorf("pinged again: %s", again.raw)
	}
	a.as(access).ok("POST "+socialIdentity+"/ping", `{"clientguid":"g1"}`)
	a.refused(1140, ping+"g1", "") // that account is gone

	t.Run("by code", func(t *testing.T) {
		a := newAPI(t, emulator.WithEmailOTP(), emulator.WithFrozenClock(noon))
		a.AddProviderToken("facebook", "fb", "", emulator.User{Email: "fb@example.com"})
		uuid := a.as(a.ok(byFacebook+"fb", "").text("access_token")).ok(send+"g1", "").text("UUID")
		a.refused(938, "PUT /identity/v2/auth/email", `{"uuid":"unknown","otp":"`+a.mail("emailverification").OTP+`"}`)
		a.ok("PUT /identity/v2/auth/email", `{"uuid":"`+uuid+`","otp":"`+a.mail("emailverification").OTP+`"}`)
		a.ok(ping+"g1", "")
		a.Advance(72 * time.Hour)
		a.refused(1140, ping+"g1", "")
	})
}

func TestUIDChange(t *testing.T) {
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithWebhook(s.URL, "UpdateUid"))
	old := a.add(ada)
	access, refresh := a.tokens(old)
	a.ok(doForgot, adaBody)
	taken := a.add(emulator.User{Email: "bob@example.com"})
	change := "PUT " + manage + "/uid?uid="
	for _, bad := range []string{"a b", "ä", "a/b", "012345678901234567890123456789012345678901234567890"} {
		a.refused(1200, change+old, `{"newUid":"`+bad+`"}`)
	}
	a.refused(1044, change+old, `{"newUid":"`+taken+`"}`)
	a.refused(938, change+"unknown", `{"newUid":"x"}`)
	a.lacks("newuid", change+old, `{}`)
	a.lacks("uid", "PUT "+manage+"/uid", `{"newUid":"x"}`)
	a.ok(change+old, `{"newUid":"customer_1-A"}`)
	p := a.as(access).ok(getProfile, "")
	if p.text("Uid") != "customer_1-A" || fmt.Sprint(p.body["PreviousUids"]) != "["+old+"]" || p.body["IsCustomUid"] != true {
		t.Errorf("profile: %v %v", p.text("Uid"), p.body["PreviousUids"])
	}
	a.refused(938, "GET "+manage+"/"+old, "")
	a.ok(getRefresh+refresh, "")
	a.ok(doReset, resetBody(a.mail("reset").Token, "brand new"))
	a.ok(doLogin, loginBody("brand new"))
	if e := s.events(a); len(e) != 1 || e[0].Data["Uid"] != "customer_1-A" {
		t.Errorf("events: %v", e)
	}
}
