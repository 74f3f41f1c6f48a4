package emulator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

const (
	submitConsent = "POST /identity/v2/auth/consent/profile"
	tokenConsent  = "POST /identity/v2/auth/consent?consenttoken="
	updateConsent = "PUT /identity/v2/auth/consent"
	verifyConsent = "GET /identity/v2/auth/consent/verify?event="
	consentLogs   = "GET /identity/v2/auth/consent/logs"
)

// consentBody accepts or refuses options at events: "+id" and "-id".
func consentBody(events string, options ...string) string {
	var data, list []string
	for _, o := range options {
		data = append(data, fmt.Sprintf(`{"ConsentOptionId":%q,"IsAccepted":%t}`, o[1:], o[0] == '+'))
	}
	for e := range strings.FieldsSeq(events) {
		list = append(list, fmt.Sprintf(`{"Event":%q,"IsCustom":%t}`, e, e == "Newsletter"))
	}
	return `{"data":[` + strings.Join(data, ",") + `],"events":[` + strings.Join(list, ",") + `]}`
}

func TestConsentAtLogin(t *testing.T) {
	login := emulator.ConsentForm{Event: "Login", Version: 1, Options: []emulator.ConsentOption{{ID: "terms", Required: true}, {ID: "news"}}}
	newer := login
	newer.Version = 2
	s := newSubscriber(t)
	a := newAPI(t, emulator.WithConsent(login), emulator.WithFrozenClock(noon), emulator.WithWebhook(s.URL, "ConsentProfileUpdate", "Login"))
	uid := a.add(ada)
	r := a.refused(1226, doLogin, loginBody(adaPassword))
	data := r.object("Data")
	token, _ := data["ConsentToken"].(string)
	if got := fmt.Sprint(data["Events"], data["ConsentProfile"]); token == "" || got != "[map[IsCustom:false Name:Login]] map[AcceptedConsentVersions:[] Consents:map[Options:[map[ConsentOptionId:terms] map[ConsentOptionId:news]]]]" {
		t.Errorf("data: %s", r.raw)
	}
	a.as(token).refused(905, getProfile, "") // it is no access token
	a.refused(1226, tokenConsent+token, `{}`)
	a.refused(1225, tokenConsent+token, consentBody("Login", "-terms", "+news"))
	a.refused(1225, tokenConsent+token, consentBody("Login", "+terms", "+other"))
	a.refused(1224, tokenConsent+token, consentBody("Logout", "+terms"))
	r = a.ok(tokenConsent+token, consentBody("Login", "+terms", "-news"))
	a.isLogin(r, uid)
	want := "map[AcceptedConsentVersions:[map[Event:Login IsCustom:false Version:1]] Consents:[map[AcceptOnDate:2026-03-01T12:00:00.123Z ConsentOptionId:terms]]]"
	if got := fmt.Sprint(r.object("Profile")["ConsentProfile"]); got != want {
		t.Errorf("profile: %s", got)
	}
	a.refused(1229, tokenConsent+token, consentBody("Login", "+terms"))
	a.refused(1229, tokenConsent+"unknown", consentBody("Login", "+terms"))
	a.lacks("consenttoken", "POST /identity/v2/auth/consent", "{}")
	user := a.as(a.ok(doLogin, loginBody(adaPassword)).text("access_token"))

	if r := user.ok(verifyConsent+"Login", ""); r.body["IsValid"] != true {
		t.Errorf("valid: %s", r.raw)
	}
	user.refused(1224, verifyConsent+"Login&isCustom=true", "")
	if r := user.ok(updateConsent, `{"consents":[{"ConsentOptionId":"news","IsAccepted":true},{"ConsentOptionId":"terms","IsAccepted":false}]}`); fmt.Sprint(r.body["Consents"]) != "[map[AcceptOnDate:2026-03-01T12:00:00.123Z ConsentOptionId:news]]" {
		t.Errorf("updated: %s", r.raw)
	}
	user.refused(1225, updateConsent, `{"consents":[{"ConsentOptionId":"other","IsAccepted":true}]}`)
	user.lacks("consents", updateConsent, `{"consents":[]}`)
	if r := user.ok(verifyConsent+"Login", ""); r.body["IsValid"] != false {
		t.Errorf("withdrawn: %s", r.raw)
	}
	r = a.refused(1226, doLogin, loginBody(adaPassword)) // a required option was withdrawn
	token, _ = r.object("Data")["ConsentToken"].(string)
	a.Advance(10 * time.Minute)
	a.refused(1230, tokenConsent+token, consentBody("Login", "+terms"))
	if r := a.ok("GET "+manage+"/"+uid+"/consent/logs", ""); r.raw != user.ok(consentLogs, "").raw || len(r.body["ConsentLogs"].([]any)) != 2 {
		t.Errorf("logs: %s", r.raw)
	}
	user.ok(submitConsent, consentBody("Login", "+terms"))
	if got := s.names(a); !slices.Equal(got, []string{"consentprofileupdate", "login", "login", "consentprofileupdate", "consentprofileupdate"}) {
		t.Errorf("events: %s", got)
	}

	a = newAPI(t, emulator.WithConsent(login, newer), emulator.WithMFA(emulator.MFARequired))
	access, _ := a.tokens(a.add(ada))
	a.as(access).refused(1228, consentLogs, "")
	token, _ = a.refused(1226, doLogin, loginBody(adaPassword)).object("Data")["ConsentToken"].(string)
	if r := a.ok(tokenConsent+token, consentBody("Login", "+terms")); r.text("SecondFactorAuthenticationToken") == "" {
		t.Errorf("no second factor after the consent: %s", r.raw)
	}
}

func TestConsentAtRegistration(t *testing.T) {
	a := newAPI(t,
		emulator.WithConsent(
			emulator.ConsentForm{Event: "Register", Version: 1, Options: []emulator.ConsentOption{{ID: "terms", Required: true}}},
			emulator.ConsentForm{Event: "Newsletter", Custom: true, Version: 3, Options: []emulator.ConsentOption{{ID: "news"}}},
			emulator.ConsentForm{Event: "FirstLogin", Version: 1, Options: []emulator.ConsentOption{{ID: "tour"}}},
		), emulator.WithEmailWorkflow(emulator.NoVerification))
	body := func(consents string) string {
		return `{"Email":[{"Type":"Primary","Value":"ada@example.com"}],"Password":"` + adaPassword + `"` + consents + `}`
	}
	a.registering().refused(1226, doRegister, body(""))
	a.registering().refused(1225, doRegister, body(`,"Consents":`+consentBody("Register", "-terms")))
	if r := a.registering().ok(doRegister, body(`,"Consents":`+consentBody("Register", "+terms"))); r.body["Data"] != nil {
		t.Errorf("logged in without the consent of the first login: %s", r.raw)
	}
	r := a.refused(1226, doLogin, loginBody(adaPassword))
	token, _ := r.object("Data")["ConsentToken"].(string)
	user := a.as(a.ok(tokenConsent+token, consentBody("FirstLogin", "-tour")).text("access_token"))
	a.ok(doLogin, loginBody(adaPassword)) // that was the first one
	user.ok(submitConsent, consentBody("Newsletter", "+news"))
	if r := user.ok(verifyConsent+"Newsletter&isCustom=true", ""); r.body["IsValid"] != true {
		t.Errorf("custom: %s", r.raw)
	}
	off := newAPI(t)
	access, _ := off.tokens(off.add(ada))
	off.as(access).refused(1227, consentLogs, "")
}

func TestPrivacyPolicy(t *testing.T) {
	const accept, history = "GET /identity/v2/auth/privacypolicy/accept", "GET /identity/v2/auth/privacypolicy/history"
	a := newAPI(t, emulator.WithPrivacyPolicy("1.0", emulator.PrivacyStrict), emulator.WithEmailWorkflow(emulator.Optional))
	const body = `{"Email":[{"Type":"Primary","Value":"ada@example.com"}],"Password":"` + adaPassword + `"`
	a.registering().refused(1196, doRegister, body+"}")
	r := a.registering().ok(doRegister, body+`,"AcceptPrivacyPolicy":true}`)
	if got := r.object("Data")["Profile"].(map[string]any)["PrivacyPolicy"].(map[string]any); got["Version"] != "1.0" || got["AcceptSource"] != "API" {
		t.Errorf("registered: %s", r.raw)
	}
	user := a.as(a.ok(doLogin, loginBody(adaPassword)).text("access_token"))
	user.refused(1222, accept, "")

	a.SetPrivacyPolicy("2.0")
	user.ok(getProfile, "") // a session that has begun
	r = a.refused(1194, doLogin, loginBody(adaPassword))
	token, _ := r.object("Data")["access_token"].(string)
	if token == "" || r.object("Data")["expires_in"] == nil || r.object("Data")["refresh_token"] != nil {
		t.Fatalf("data: %s", r.raw)
	}
	limited := a.as(token)
	for _, call := range []string{getProfile, getValidate, history} {
		limited.refused(1194, call, "")
	}
	if r := limited.ok(accept, ""); r.object("PrivacyPolicy")["Version"] != "2.0" {
		t.Errorf("accepted: %s", r.raw)
	}
	limited.ok(getProfile, "")
	limited.refused(1222, accept, "")
	if r := limited.ok(history, ""); r.object("Current")["Version"] != "2.0" || len(r.body["History"].([]any)) != 2 {
		t.Errorf("history: %s", r.raw)
	}
	a.isLogin(a.ok(doLogin, loginBody(adaPassword)), "")

	moderated := newAPI(t, emulator.WithPrivacyPolicy("1.0", emulator.PrivacyModerated))
	moderated.add(ada)
	moderated.ok(doLogin, loginBody(adaPassword))
	without := newAPI(t)
	access, _ := without.tokens(without.add(ada))
	without.as(access).refused(1195, accept, "")
	without.as(access).refused(1195, history, "")
}
