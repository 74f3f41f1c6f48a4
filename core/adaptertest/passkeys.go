package adaptertest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/internal/authenticator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// passkeyOrigin is where the pages of the kit's application are, by its mail links.
const passkeyOrigin = "https://app.example.com"

var withPasskeys = emulator.WithPasskeys(emulator.Passkeys{RPID: "app.example.com", Origins: []string{passkeyOrigin, "https://other.example.com"}})

// ceremony asks for options, lets the device answer them, and returns the answer.
func (b *bench) ceremony(path, input string, answer func([]byte) ([]byte, error), headers ...string) string {
	b.t.Helper()
	options := b.want(200, "POST", path, input, headers...)
	credential, err := answer([]byte(options.body))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(credential)
}

// An account's life with passkeys, with a browser in software.
func testPasskeys(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, withPasskeys)
	device := authenticator.New(passkeyOrigin)
	credential := b.ceremony("/auth/passkey/register/begin", `{"email":"ada@example.com","first_name":"Ada"}`, device.Create)
	b.want(201, "POST", "/auth/passkey/register/finish", `{"email":"ada@example.com","first_name":"Ada","credential":`+credential+`}`)
	b.want(204, "POST", "/auth/email/verify", `{"token":"`+b.mailed("emailverification")+`"}`)

	const login, finish = "/auth/passkey/login/begin", "/auth/passkey/login/finish"
	credential = b.ceremony(login, `{"identifier":"ada@example.com"}`, device.Get)
	first := b.object(b.want(200, "POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`))
	token, _ := first["access_token"].(string)
	b.who("/api/whoami", bearer(token)...)
	b.refused(401, web.CodeInvalidCredentials, "POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`) // a replay
	credential = b.ceremony(login, `{}`, device.Get)
	b.want(200, "POST", finish, `{"credential":`+credential+`}`) // autofill sends no identifier

	// A second one is added, and the first removed.
	second := authenticator.New(passkeyOrigin)
	credential = b.ceremony("/auth/me/passkeys/begin", "", second.Create, bearer(token)...)
	added := b.object(b.want(201, "POST", "/auth/me/passkeys/finish", `{"name":"Phone","credential":`+credential+`}`, bearer(token)...))
	if added["name"] != "Phone" || added["id"] == "" {
		t.Errorf("added: %v", added)
	}
	ids := b.passkeyIDs(token)
	if len(ids) != 2 || !slices.Contains(ids, added["id"].(string)) {
		t.Fatalf("passkeys: %v", ids)
	}
	b.refused(404, web.CodeNotFound, "DELETE", "/auth/me/passkeys/nothing", "", bearer(token)...)
	for _, id := range ids {
		if id != added["id"] {
			b.want(204, "DELETE", "/auth/me/passkeys/"+id, "", bearer(token)...)
		}
	}
	if left := b.passkeyIDs(token); !reflect.DeepEqual(left, []string{added["id"].(string)}) {
		t.Errorf("left: %v", left)
	}
	credential = b.ceremony(login, `{"identifier":"ada@example.com"}`, device.Get)
	b.refused(401, web.CodeInvalidCredentials, "POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`)

	// What a relying party must refuse.
	for name, forge := range map[string]func(*authenticator.Device){
		"a foreign key":          (*authenticator.Device).Rekey,
		"a counter that is back": func(d *authenticator.Device) { d.Counter = 0 },
		"another site's page":    func(d *authenticator.Device) { d.Origin = "https://evil.example.com" },
		"another relying party":  func(d *authenticator.Device) { d.RPID = "evil.example.com" },
	} {
		second.Counter += 10
		b.want(200, "POST", finish, `{"identifier":"ada@example.com","credential":`+b.ceremony(login, `{"identifier":"ada@example.com"}`, second.Get)+`}`)
		forged := *second
		forge(&forged)
		credential := b.ceremony(login, `{"identifier":"ada@example.com"}`, forged.Get)
		r := b.ask("POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`)
		if want := 401; r.status != want && (name != "another site's page" || r.status != 403) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	// LoginRadius would take this origin. The application's configuration does not.
	other := *second
	other.Origin = "https://other.example.com"
	credential = b.ceremony(login, `{"identifier":"ada@example.com"}`, other.Get)
	b.refused(403, web.CodeCrossOrigin, "POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`, "Origin", "https://other.example.com", "Host", "other.example.com")
	for _, bad := range []string{`{}`, `[]`, `"text"`, `{"response":{"clientDataJSON":"!"}}`} {
		if r := b.ask("POST", finish, `{"identifier":"ada@example.com","credential":`+bad+`}`); r.status != 422 && r.status != 400 {
			t.Errorf("the credential %s: %d %s", bad, r.status, r.body)
		}
	}

	// Lost: a mailed link sets up a new one.
	b.want(202, "POST", "/auth/passkey/forgot", `{"email":"ada@example.com"}`)
	mailed := b.mailed("passkeyreset")
	third := authenticator.New(passkeyOrigin)
	credential = b.ceremony("/auth/passkey/reset/begin", `{"token":"`+mailed+`"}`, third.Create)
	b.want(204, "POST", "/auth/passkey/reset/finish", `{"token":"`+mailed+`","credential":`+credential+`}`)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/passkey/reset/begin", `{"token":"`+mailed+`"}`)
	credential = b.ceremony(login, `{"identifier":"ada@example.com"}`, third.Get)
	b.want(200, "POST", finish, `{"identifier":"ada@example.com","credential":`+credential+`}`)
}

func (b *bench) passkeyIDs(token string) (ids []string) {
	b.t.Helper()
	type passkey struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	var list struct {
		Passkeys []passkey `json:"passkeys"`
	}
	r := b.want(200, "GET", "/auth/me/passkeys", "", bearer(token)...)
	if err := json.Unmarshal([]byte(r.body), &list); err != nil {
		b.t.Fatal(err)
	}
	for _, p := range list.Passkeys {
		if p.Name == "" {
			b.t.Errorf("a passkey has no name: %s", r.body)
		}
		ids = append(ids, p.ID)
	}
	return ids
}

// An address without passkeys, and one without an account, get answers like one that has
// them.
func testPasskeyStrangers(t *testing.T, app *kit) {
	b := newBench(t, app, Site{}, withPasskeys)
	device := authenticator.New(passkeyOrigin)
	b.user(emulator.User{Email: "grace@example.com", EmailVerified: true}) // has a password only
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	credential := b.ceremony("/auth/me/passkeys/begin", "", device.Create, bearer(token)...)
	b.want(201, "POST", "/auth/me/passkeys/finish", `{"credential":`+credential+`}`, bearer(token)...)

	shape := func(path, input string) (keys []string, options map[string]any) {
		o := b.object(b.want(200, "POST", path, input))
		options, _ = o["publicKey"].(map[string]any)
		for key := range options {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return keys, options
	}
	const login = "/auth/passkey/login/begin"
	known, genuine := shape(login, `{"identifier":"ada@example.com"}`)
	for _, email := range []string{"grace@example.com", "nobody@example.com", "nobody2@example.com", "no address"} {
		keys, options := shape(login, `{"identifier":"`+email+`"}`)
		if !slices.Equal(keys, known) {
			t.Errorf("%s: options %v, and %v for an account with a passkey", email, keys, known)
		}
		for _, same := range []string{"rpId", "timeout", "userVerification"} {
			if !reflect.DeepEqual(options[same], genuine[same]) {
				t.Errorf("%s: %s is %v, not %v", email, same, options[same], genuine[same])
			}
		}
		_, again := shape(login, `{"identifier":"`+strings.ToUpper(email)+`"}`)
		if !reflect.DeepEqual(options["allowCredentials"], again["allowCredentials"]) {
			t.Errorf("%s: other passkeys when asked again", email)
		}
		if reflect.DeepEqual(options["challenge"], again["challenge"]) {
			t.Errorf("%s: the same challenge when asked again", email)
		}
		credential := b.ceremony(login, `{"identifier":"`+email+`"}`, device.Get)
		b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/passkey/login/finish", `{"identifier":"`+email+`","credential":`+credential+`}`)
	}

	// The registration of a known address goes like that of a new one.
	const begin, finish = "/auth/passkey/register/begin", "/auth/passkey/register/finish"
	unknown, _ := shape(begin, `{"email":"new@example.com"}`)
	if keys, _ := shape(begin, `{"email":"ada@example.com"}`); !slices.Equal(keys, unknown) {
		t.Errorf("to register: options %v for a known address, and %v for a new one", keys, unknown)
	}
	var answers []string
	for _, email := range []string{"new@example.com", "ada@example.com"} {
		credential := b.ceremony(begin, `{"email":"`+email+`"}`, authenticator.New(passkeyOrigin).Create)
		answers = append(answers, b.want(201, "POST", finish, `{"email":"`+email+`","credential":`+credential+`}`).body)
		b.refused(422, web.CodeValidationFailed, "POST", finish, `{"email":"`+email+`","credential":{"response":{"clientDataJSON":"e30"}}}`)
	}
	if answers[0] != answers[1] {
		t.Errorf("a new address: %s, a known one: %s", answers[0], answers[1])
	}
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		b.want(202, "POST", "/auth/passkey/forgot", `{"email":"`+email+`"}`)
	}
}
