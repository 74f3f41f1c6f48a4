package web_test

import (
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// news and terms are options of a consent form.
var (
	news  = web.ConsentEntry{ID: "news", Title: "Send me news", Description: "Once a month."}
	terms = web.ConsentEntry{ID: "terms", Title: "I agree to the terms", Required: true}
)

func consentForm(event string) emulator.Option {
	return emulator.WithConsent(emulator.ConsentForm{Event: event, Version: 1, Options: []emulator.ConsentOption{{ID: "news"}, {ID: "terms", Required: true}}})
}

// A login that waits for the privacy policy shows it, and goes on where the visitor was
// going once it is accepted. The token of the login is not on the page.
func TestPagesAskForThePrivacyPolicy(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.PrivacyPolicy("https://example.com/privacy")}, emulator.WithPrivacyPolicy("2", emulator.PrivacyStrict))
	s.want(s.get("/privacy"), 200, "/login")
	s.want(s.post("/privacy"), 200, "/login")
	page := s.want(s.post("/login?next=%2Fsecurity", "email", "ada@example.com", "password", "correct horse"), 200, "/privacy?next=%2Fsecurity",
		"The privacy policy has changed", `href="https://example.com/privacy"`, `action="/privacy?next=%2Fsecurity"`)
	s.lacks(page, "token", "Your profile")
	s.want(s.get("/profile"), 200, "/login?next=%2Fprofile") // there is no session before the last step
	s.get("/login")
	s.want(s.post("/privacy?next=%2Fsecurity"), 200, "/security", "Two-step login")
	s.want(s.get("/privacy"), 200, "/login") // the step is over
	s.post("/logout")
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/profile")
}

// A registration asks for what the site requires, and says beside the box what is missing.
func TestPagesAskForConsentAtRegistration(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{
		web.WithPages(), web.PrivacyPolicy("https://example.com/privacy"), web.ConsentOptions(news, terms), web.RegistrationConsents("news", "terms"),
	}, emulator.WithPrivacyPolicy("2", emulator.PrivacyStrict), consentForm("Register"))
	s.want(s.get("/register"), 200, "/register", `name="consents.0.id" value="news"`, `name="consents.0.accepted" type="checkbox" value="on" aria-describedby="consents-0-accepted-hint"`, "Once a month.",
		`name="consents.1.accepted" type="checkbox" value="on" required> I agree to the terms`, `name="accept_privacy_policy" type="checkbox" value="on" required`, `href="https://example.com/privacy"`)
	form := []string{"email", "grace@example.com", "password", "correct horse", "consents.0.id", "news", "consents.1.id", "terms"}
	page := s.want(s.post("/register", append(form, "consents.0.accepted", "on")...), 422, "/register",
		`<a href="#consents-1-accepted">This consent is required`, `id="consents-1-accepted-error"`, `<a href="#accept_privacy_policy">Accept the privacy policy`, `value="on" checked`)
	if n := strings.Count(page.body, "checked"); n != 1 {
		t.Errorf("%d boxes are ticked", n)
	}
	s.want(s.post("/register", append(form, "consents.1.accepted", "on", "accept_privacy_policy", "on")...), 200, "/login", "we have mailed you a link")
	p := s.profile("grace@example.com")
	if p.PrivacyPolicy == nil || p.PrivacyPolicy.Version != "2" || p.ConsentProfile == nil || len(p.ConsentProfile.Consents) != 1 || p.ConsentProfile.Consents[0].ConsentOptionID != "terms" {
		t.Errorf("the account has agreed to %+v and %+v", p.PrivacyPolicy, p.ConsentProfile)
	}
}

// A login that waits for a consent form shows it with the application's words.
func TestPagesAskForConsentAtLogin(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages(), web.ConsentOptions(news, terms)}, consentForm("Login"))
	page := s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/consent", "Send me news", "I agree to the terms", `name="options.1.accepted"`)
	s.lacks(page, "consent_token", "Your profile")
	form := []string{"options.0.id", "news", "options.1.id", "terms"}
	s.want(s.post("/consent", append(form, "options.0.accepted", "on")...), 422, "/consent", `<a href="#options-1-accepted">This consent is required`, `name="options.0.accepted" type="checkbox" value="on" checked`)
	s.want(s.post("/consent", append(form, "options.1.accepted", "on")...), 200, "/profile", "ada@example.com")
	s.want(s.get("/consent"), 200, "/login")
}

func TestUnusableAgreements(t *testing.T) {
	s := newClient(t)
	for want, opt := range map[string]web.RouteOption{
		"has no ID": web.ConsentOptions(web.ConsentEntry{Title: "x"}), "has no title in ConsentOptions": web.RegistrationConsents("news"), "absolute http(s) address": web.PrivacyPolicy("/privacy"),
	} {
		if _, err := web.NewApp(s.client, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
	}
}
