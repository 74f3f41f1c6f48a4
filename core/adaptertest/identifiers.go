package adaptertest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Addresses, the username and the social identities of an account.
func testIdentifiers(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	b.user(emulator.User{Email: "grace@example.com", Username: "grace", EmailVerified: true})
	me := bearer(token)

	free := b.want(202, "POST", "/auth/me/emails", `{"email":"second@example.com","type":"Secondary"}`, me...)
	if taken := b.want(202, "POST", "/auth/me/emails", `{"email":"grace@example.com"}`, me...); taken.body != free.body {
		t.Errorf("an address of another account answers %s, a free one %s", taken.body, free.body)
	}
	b.want(204, "POST", "/auth/email/verify", `{"token":"`+b.mailed("emailverification")+`"}`)
	b.want(204, "DELETE", "/auth/me/emails", `{"email":"second@example.com"}`, me...)
	b.refused(404, web.CodeNotFound, "DELETE", "/auth/me/emails", `{"email":"nobody@example.com"}`, me...)

	b.want(204, "PUT", "/auth/me/username", `{"username":"ada"}`, me...)
	if got := b.object(b.want(200, "GET", "/auth/me", "", me...)); got["username"] != "ada" {
		t.Errorf("after setting the username: %v", got)
	}
	if r := b.refused(422, web.CodeValidationFailed, "PUT", "/auth/me/username", `{"username":"grace"}`, me...); !strings.Contains(r.body, `"code":"taken"`) {
		t.Errorf("a username that is taken: %s", r.body)
	}

	identities := func() []any {
		t.Helper()
		list, _ := b.object(b.want(200, "GET", "/auth/me/identities", "", me...))["identities"].([]any)
		return list
	}
	if list := identities(); len(list) != 0 {
		t.Errorf("identities at first: %v", list)
	}
	b.lr.AddProviderToken("facebook", "fb", "", emulator.User{Email: "fb@example.com"})
	candidate := b.loggedIn("/auth/social/facebook", `{"access_token":"fb"}`)
	b.want(204, "POST", "/auth/me/identities", `{"access_token":"`+candidate+`"}`, me...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(candidate)...) // its account is gone
	list := identities()
	if len(list) != 1 {
		t.Fatalf("identities after linking one: %v", list)
	}
	linked, _ := list[0].(map[string]any)
	id, _ := linked["id"].(string)
	if linked["provider"] != "facebook" || id == "" {
		t.Errorf("the linked identity: %v", linked)
	}
	if r := b.ask("DELETE", "/auth/me/identities", `{"provider":"facebook","id":"other"}`, me...); r.status < 400 || r.status > 499 {
		t.Errorf("unlinking what is not linked: %d %s", r.status, r.body)
	}
	b.want(204, "DELETE", "/auth/me/identities", `{"provider":"facebook","id":"`+id+`"}`, me...)
	if list := identities(); len(list) != 0 {
		t.Errorf("identities after unlinking: %v", list)
	}
}

// Logins with what an app got from a provider.
func testNative(t *testing.T, app *kit) {
	const key = "a key of thirty-two bytes or more"
	b := newBench(t, app, Site{}, emulator.WithJWTProvider("mine", []byte(key)))
	for path, field := range map[string][2]string{ // field and provider
		"apple": {"code", "apple"}, "apple/id-token": {"id_token", "apple"}, "google/id-token": {"id_token", "googlejwt"}, "google/code": {"code", "google"},
		"facebook/id-token": {"id_token", "facebookjwt"}, "linkedin": {"access_token", "linkedin"}, "foursquare": {"access_token", "foursquare"},
		"vkontakte": {"access_token", "vkontakte"}, "wechat": {"code", "wechat"},
	} {
		b.loggedIn("/auth/social/"+path, `{"`+field[0]+`":"emu:`+field[1]+`:1:`+strings.ReplaceAll(path, "/", "-")+`@example.com"}`)
		b.refused(401, web.CodeInvalidToken, "POST", "/auth/social/"+path, `{"`+field[0]+`":"bad"}`)
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode([]byte(`{"sub":"7","email":"jwt@example.com"}`))
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(signed))
	token := signed + "." + encode(mac.Sum(nil))
	b.loggedIn("/auth/social/jwt", `{"provider":"mine","id_token":"`+token+`"}`)
	if r := b.ask("POST", "/auth/social/jwt", `{"provider":"mine","id_token":"`+signed+`.x"}`); r.status < 400 || r.status > 499 {
		t.Errorf("a forged JWT: %d %s", r.status, r.body)
	}
}

// A login that waits for a consent form or the privacy policy, and both for a user who is
// logged in.
func testConsent(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, emulator.WithConsent(emulator.ConsentForm{
		Event: "Login", Version: 1, Options: []emulator.ConsentOption{{ID: "terms", Required: true}, {ID: "news"}},
	}))
	if _, err := b.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	r := b.refused(403, web.CodeConsentRequired, "POST", "/auth/login", adaLogin)
	got := b.object(r)
	waiting, _ := got["consent_token"].(string)
	if options, _ := got["options"].([]any); waiting == "" || len(options) == 0 || got["events"] == nil || len(r.cookies) > 0 {
		t.Errorf("a login that waits for consent: %s", r.body)
	}
	answer := func(terms string) string {
		return `{"consent_token":"` + waiting + `","options":[{"id":"terms","accepted":` + terms + `},{"id":"news","accepted":false}]}`
	}
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/consent", `{"consent_token":"forged","options":[{"id":"terms","accepted":true}]}`)
	b.refused(403, web.CodeConsentRequired, "POST", "/auth/consent", answer("false"))
	token := b.loggedIn("/auth/consent", answer("true"))
	me := bearer(token)
	accepted, _ := b.object(b.want(200, "GET", "/auth/me/consent", "", me...))["options"].([]any)
	if len(accepted) != 1 {
		t.Errorf("accepted: %v", accepted)
	}
	b.want(200, "PUT", "/auth/me/consent", `{"options":[{"id":"news","accepted":true}]}`, me...)

	p := newBench(t, app, Site{}, emulator.WithPrivacyPolicy("1.0", emulator.PrivacyStrict))
	if _, err := p.lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		t.Fatal(err)
	}
	r = p.refused(403, web.CodePrivacyRequired, "POST", "/auth/login", adaLogin)
	privacy, _ := p.object(r)["privacy_token"].(string)
	if privacy == "" || len(r.cookies) > 0 {
		t.Fatalf("a login that waits for the privacy policy: %s", r.body)
	}
	if r := p.ask("GET", "/api/whoami", "", bearer(privacy)...); r.status < 400 {
		t.Errorf("the token of a waiting login works as a session: %d", r.status)
	}
	p.refused(422, web.CodeValidationFailed, "POST", "/auth/privacy/accept", `{}`)
	p.refused(401, web.CodeInvalidToken, "POST", "/auth/privacy/accept", `{"privacy_token":"8a1b0c5e-0000-4000-8000-000000000000"}`)
	token = p.loggedIn("/auth/privacy/accept", `{"privacy_token":"`+privacy+`"}`)
	p.lr.SetPrivacyPolicy("2.0")
	p.want(204, "POST", "/auth/privacy/accept", `{}`, bearer(token)...)
}
