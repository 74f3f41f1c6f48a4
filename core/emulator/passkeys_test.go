package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/internal/authenticator"
)

const (
	passkeyRegister = "/identity/v2/auth/register/passkey/"
	passkeyLogin    = "/identity/v2/auth/login/passkey/"
	passkeyAdd      = "/identity/v2/auth/account/register/passkey/"
	passkeyReset    = "/identity/v2/auth/passkey/reset/"
	passkeyList     = "/identity/v2/auth/account/passkey"
)

// A device is a browser with a passkey on a page of the site.
type device struct {
	*authenticator.Device
	t *testing.T
}

func newDevice(t *testing.T) *device { return &device{authenticator.New("http://localhost:8080"), t} }

func (d *device) create(options string) string { return d.must(d.Create([]byte(options))) }

func (d *device) use(options string) string { return d.must(d.Get([]byte(options))) }

func (d *device) must(answer []byte, err error) string {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	return string(answer)
}

// within returns the options in the answer of a call that begins a ceremony.
func (r answer) within(wrapper string) string {
	if wrapper == "" {
		return r.raw
	}
	raw, _ := json.Marshal(r.object(wrapper))
	return string(raw)
}

func (a *api) begin(line, wrapper string) string {
	a.t.Helper()
	return a.ok(line, "").within(wrapper)
}

// enrolled adds a user with a passkey on the device.
func (a *api) enrolled(d *device, u emulator.User) (uid string) {
	a.t.Helper()
	uid = a.add(u)
	access, _ := a.tokens(uid)
	user := a.as(access)
	user.ok("POST "+passkeyAdd+"finish", d.create(user.begin("GET "+passkeyAdd+"begin", "")))
	return uid
}

func wrapped(email, credential string) string {
	return `{"Email":"` + email + `","PasskeyCredential":` + credential + `}`
}

func TestPasskeyRegistration(t *testing.T) {
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithEmailWorkflow(emulator.Optional))
	d := newDevice(t)
	const body = `{"Email":[{"Type":"Primary","Value":"Ada@example.com"}],"FirstName":"Ada","EmailVerified":true,"PasskeyCredential":`
	options := a.begin("GET "+passkeyRegister+"begin?identifier="+adaEmail, "RegisterBeginCredential")
	r := a.ok("POST "+passkeyRegister+"finish", body+d.create(options)+"}")
	a.isLogin(r, "")
	if p := r.object("Profile"); r.body["IsPosted"] != true || p["FirstName"] != "Ada" || p["EmailVerified"] != false || p["Password"] != nil {
		t.Errorf("registered: %s", r.raw)
	}
	login := a.begin("GET "+passkeyLogin+"begin?identifier="+adaEmail, "LoginBeginCredential")
	uid, _ := r.object("Profile")["Uid"].(string)
	a.isLogin(a.ok("POST "+passkeyLogin+"finish", wrapped(adaEmail, d.use(login))), uid)

	a.refused(936, "GET "+passkeyRegister+"begin?identifier="+adaEmail, "")
	a.refused(1038, "GET "+passkeyRegister+"begin?identifier=ada", "")
	a.lacks("identifier", "GET "+passkeyRegister+"begin", "")
	a.lacks("passkeycredential", "POST "+passkeyRegister+"finish", `{"Email":[{"Type":"Primary","Value":"bob@example.com"}]}`)
	options = a.begin("GET "+passkeyRegister+"begin?identifier=bob@example.com", "RegisterBeginCredential")
	answer := newDevice(t).create(options)
	a.refused(1321, "POST "+passkeyRegister+"finish", strings.Replace(body, "Ada@", "eve@", 1)+answer+"}") // another address than the one that began
	a.with("X-LoginRadius-Sott", "wrong").refused(1049, "POST "+passkeyRegister+"finish", body+answer+"}")

	a = newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}))
	options = a.begin("GET "+passkeyRegister+"begin?identifier="+adaEmail, "RegisterBeginCredential")
	if r := a.ok("POST "+passkeyRegister+"finish", body+newDevice(t).create(options)+"}"); r.raw != `{"IsPosted":true}`+"\n" {
		t.Errorf("before verification: %s", r.raw)
	}
	a.refused(970, "GET "+passkeyLogin+"begin?identifier="+adaEmail, "")
	a.ok(doVerify+a.mail("emailverification").Token, "")
	a.ok("GET "+passkeyLogin+"begin?identifier="+adaEmail, "")
}

// What the browser gets has the keys that the vendor documents, and no others.
func TestPasskeyOptions(t *testing.T) {
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}))
	d := newDevice(t)
	a.enrolled(d, ada)
	creation := a.ok("GET "+passkeyRegister+"begin?identifier=bob@example.com", "").object("RegisterBeginCredential")["publicKey"].(map[string]any)
	if got := fmt.Sprint(slices.Sorted(maps.Keys(creation))); got != "[authenticatorSelection challenge pubKeyCredParams rp timeout user]" {
		t.Errorf("creation: %s", got)
	}
	if got := fmt.Sprint(creation["rp"], creation["timeout"], creation["authenticatorSelection"]); got != "map[id:localhost name:LoginRadius App] 60000 map[requireResidentKey:false userVerification:preferred]" {
		t.Errorf("creation: %s", got)
	}
	var algorithms []any
	for _, p := range creation["pubKeyCredParams"].([]any) {
		algorithms = append(algorithms, p.(map[string]any)["alg"])
	}
	if got := fmt.Sprint(algorithms); got != "[-7 -35 -36 -257 -258 -259 -37 -38 -39 -8]" {
		t.Errorf("algorithms: %s", got)
	}
	user := creation["user"].(map[string]any)
	if name, _ := user["name"].(string); len(name) != 32 || user["displayName"] != name || len(user["id"].(string)) != 43 {
		t.Errorf("user: %v", user)
	}
	if challenge := creation["challenge"].(string); len(challenge) != 43 {
		t.Errorf("challenge: %s", challenge)
	}
	login := a.ok("GET "+passkeyLogin+"begin?identifier="+adaEmail, "").object("LoginBeginCredential")["publicKey"].(map[string]any)
	if got := fmt.Sprint(slices.Sorted(maps.Keys(login))); got != "[allowCredentials challenge rpId timeout userVerification]" {
		t.Errorf("login: %s", got)
	}
	autofill := a.ok("GET "+passkeyLogin+"autofill/begin", "").object("LoginBeginCredential")["publicKey"].(map[string]any)
	if got := fmt.Sprint(slices.Sorted(maps.Keys(autofill))); got != "[challenge rpId timeout userVerification]" {
		t.Errorf("autofill: %s", got)
	}
}

func TestPasskeyAutofill(t *testing.T) {
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}))
	d, other := newDevice(t), newDevice(t)
	uid := a.enrolled(d, ada)
	bob := a.enrolled(other, emulator.User{Email: "bob@example.com", EmailVerified: true})
	begin := func() string { return a.begin("GET "+passkeyLogin+"autofill/begin", "LoginBeginCredential") }
	finish := "POST " + passkeyLogin + "autofill/finish"
	a.isLogin(a.ok(finish, `{"PasskeyCredential":`+d.use(begin())+`}`), uid)
	a.isLogin(a.ok(finish, `{"PasskeyCredential":`+other.use(begin())+`}`), bob)
	other.Handle = d.Handle
	a.refused(1321, finish, `{"PasskeyCredential":`+other.use(begin())+`}`) // the handle of another user
	d.Handle = nil
	a.refused(1321, finish, `{"PasskeyCredential":`+d.use(begin())+`}`)
	a.refused(1321, finish, `{"PasskeyCredential":`+newDevice(t).use(begin())+`}`)

	off := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{WithoutAutofill: true}))
	off.refused(1326, "GET "+passkeyLogin+"autofill/begin", "")
	off.refused(1326, finish, `{}`)
}

// Whatever is wrong with an answer, there is no login.
func TestPasskeyForgeries(t *testing.T) {
	const begin, finish = "GET " + passkeyLogin + "begin?identifier=" + adaEmail, "POST " + passkeyLogin + "finish"
	for name, forge := range map[string]func(a *api, d *device) string{
		"another origin": func(a *api, d *device) string {
			d.Origin = "http://localhost.example.com"
			return d.use(a.begin(begin, "LoginBeginCredential"))
		},
		"another relying party": func(a *api, d *device) string {
			d.RPID = "example.com"
			return d.use(a.begin(begin, "LoginBeginCredential"))
		},
		"an unknown challenge": func(_ *api, d *device) string {
			return d.use(`{"publicKey":{"challenge":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE","rpId":"localhost"}}`)
		},
		"the challenge of another user": func(a *api, d *device) string {
			other := newDevice(a.t)
			a.enrolled(other, emulator.User{Email: "bob@example.com", EmailVerified: true})
			return d.use(a.begin("GET "+passkeyLogin+"begin?identifier=bob@example.com", "LoginBeginCredential"))
		},
		"the challenge of autofill": func(a *api, d *device) string {
			return d.use(a.begin("GET "+passkeyLogin+"autofill/begin", "LoginBeginCredential"))
		},
		"a replayed answer": func(a *api, d *device) string {
			used := d.use(a.begin(begin, "LoginBeginCredential"))
			a.ok(finish, wrapped(adaEmail, used))
			return used
		},
		"a late answer": func(a *api, d *device) string {
			late := d.use(a.begin(begin, "LoginBeginCredential"))
			a.Advance(90 * time.Second)
			return late
		},
		"a counter that went back": func(a *api, d *device) string {
			a.ok(finish, wrapped(adaEmail, d.use(a.begin(begin, "LoginBeginCredential"))))
			d.Counter = 0
			return d.use(a.begin(begin, "LoginBeginCredential"))
		},
		"another key with the same id": func(a *api, d *device) string {
			d.Rekey()
			return d.use(a.begin(begin, "LoginBeginCredential"))
		},
		"a foreign passkey": func(a *api, _ *device) string {
			other := newDevice(a.t)
			a.enrolled(other, emulator.User{Email: "bob@example.com", EmailVerified: true})
			return other.use(a.begin(begin, "LoginBeginCredential"))
		},
		"no user present": func(a *api, d *device) string {
			d.NotPresent = true
			return d.use(a.begin(begin, "LoginBeginCredential"))
		},
		"a creation": func(a *api, _ *device) string {
			return newDevice(a.t).create(a.begin("GET "+passkeyRegister+"begin?identifier=bob@example.com", "RegisterBeginCredential"))
		},
		"not a credential": func(*api, *device) string { return `{"rawId":"x"}` },
	} {
		t.Run(name, func(t *testing.T) {
			a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithFrozenClock(noon))
			d := newDevice(t)
			a.enrolled(d, ada)
			if r := a.refused(1321, finish, wrapped(adaEmail, forge(a, d))); r.text("access_token") != "" {
				t.Errorf("logged in: %s", r.raw)
			}
		})
	}
}

func TestPasskeyOrigins(t *testing.T) {
	for origin, right := range map[string]bool{
		"https://app.example.com": true, "https://example.com": true, "http://app.example.com": false, "https://app.example.com.evil.org": false,
		"https://evil.org": false, "http://localhost:8080": false,
	} {
		t.Run(origin, func(t *testing.T) {
			a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{RPID: "example.com", RPName: "App", Origins: []string{"https://app.example.com", "https://example.com"}}))
			d := newDevice(t)
			d.Origin = origin
			access, _ := a.tokens(a.add(ada))
			user := a.as(access)
			code := 0
			if !right {
				code = 1321
			}
			user.refused(code, "POST "+passkeyAdd+"finish", d.create(user.begin("GET "+passkeyAdd+"begin", "")))
		})
	}
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{RPID: "no domain"}))
	a.refused(1322, "GET "+passkeyLogin+"autofill/begin", "")
}

func TestPasskeyList(t *testing.T) {
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithFrozenClock(noon))
	d := newDevice(t)
	uid := a.enrolled(d, ada)
	access, _ := a.tokens(uid)
	user := a.as(access)
	options := user.begin("GET "+passkeyAdd+"begin", "")
	if !strings.Contains(options, `"timeout":30000`) {
		t.Errorf("options: %s", options)
	}
	second := newDevice(t)
	added := second.create(options)
	r := user.ok("POST "+passkeyAdd+"finish", added)
	user.refused(1321, "POST "+passkeyAdd+"finish", added) // it serves once
	keys, _ := r.body["Credentials"].([]any)
	if len(keys) != 2 {
		t.Fatalf("passkeys: %s", r.raw)
	}
	key := keys[0].(map[string]any)
	if key["Identifier"] != string(d.Handle) || string(second.Handle) != string(d.Handle) || key["CreatedAt"] != "2026-03-01T12:00:00.123Z" {
		t.Errorf("passkey: %v", key)
	}
	if byUID := a.ok("GET "+manage+"/passkey?uid="+uid, ""); byUID.raw != user.ok("GET "+passkeyList, "").raw || byUID.raw != r.raw {
		t.Errorf("by uid: %s", byUID.raw)
	}
	// A passkey of one account cannot become that of another.
	bob, _ := a.tokens(a.add(emulator.User{Email: "bob@example.com"}))
	a.as(bob).refused(1321, "POST "+passkeyAdd+"finish", d.create(a.as(bob).begin("GET "+passkeyAdd+"begin", "")))
	a.as(bob).refused(1325, "DELETE "+passkeyList+"/"+key["Id"].(string), "")

	user.ok("DELETE "+passkeyList+"/"+key["Id"].(string), "")
	user.refused(1325, "DELETE "+passkeyList+"/"+key["Id"].(string), "")
	login := a.begin("GET "+passkeyLogin+"begin?identifier="+adaEmail, "LoginBeginCredential")
	a.refused(1321, "POST "+passkeyLogin+"finish", wrapped(adaEmail, d.use(login)))
	a.ok("DELETE "+manage+"/passkey/"+keys[1].(map[string]any)["Id"].(string)+"?uid="+uid, "")
	a.refused(1323, "GET "+passkeyLogin+"begin?identifier="+adaEmail, "")
	a.lacks("uid", "GET "+manage+"/passkey", "")
}

func TestPasskeyReset(t *testing.T) {
	const forgot = "POST /identity/v2/auth/passkey/forgot?resetpasskeyurl=http://localhost/passkey"
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithFrozenClock(noon))
	lost, fresh := newDevice(t), newDevice(t)
	uid := a.enrolled(lost, ada)
	a.refused(938, forgot, `{"email":"bob@example.com"}`)
	a.ok(forgot, adaBody)
	m := a.mail("passkeyreset")
	if !strings.HasPrefix(m.Link, "http://localhost/passkey?vtype=") {
		t.Errorf("mail: %+v", m)
	}
	a.refused(1063, "GET "+passkeyReset+"begin?vtoken=unknown", "")
	a.ok("GET "+passkeyReset+"begin?vtoken="+m.Token, "") // which uses nothing up
	options := a.begin("GET "+passkeyReset+"begin?vtoken="+m.Token, "RegisterBeginCredential")
	answer := fresh.create(options)
	a.ok("POST "+passkeyReset+"finish?vtoken="+m.Token, `{"PasskeyCredential":`+answer+`}`)
	a.refused(974, "POST "+passkeyReset+"finish?vtoken="+m.Token, answer)
	a.refused(974, "GET "+passkeyReset+"begin?vtoken="+m.Token, "")
	login := func(d *device) string {
		return wrapped(adaEmail, d.use(a.begin("GET "+passkeyLogin+"begin?identifier="+adaEmail, "LoginBeginCredential")))
	}
	a.isLogin(a.ok("POST "+passkeyLogin+"finish", login(fresh)), uid)
	a.refused(1321, "POST "+passkeyLogin+"finish", login(lost))
	a.ok(forgot, adaBody)
	a.Advance(72 * time.Hour)
	a.refused(975, "GET "+passkeyReset+"begin?vtoken="+a.mail("passkeyreset").Token, "")
}

func TestPasskeyRefusals(t *testing.T) {
	newAPI(t).refused(1320, "GET "+passkeyLogin+"begin?identifier="+adaEmail, "")
	a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithLockout(2, time.Minute))
	d := newDevice(t)
	uid := a.enrolled(d, ada)
	a.add(emulator.User{Email: "bob@example.com", EmailVerified: true})
	byPhone, _ := a.tokens(a.add(emulator.User{Phone: newPhone, PhoneVerified: true}))
	begin := "GET " + passkeyLogin + "begin?identifier="
	a.refused(938, begin+"eve@example.com", "")
	a.refused(1323, begin+"bob@example.com", "")
	a.as(byPhone).refused(1324, "GET "+passkeyAdd+"begin", "")
	answer := wrapped(adaEmail, d.use(a.begin(begin+adaEmail, "LoginBeginCredential")))
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	a.refused(991, "POST "+passkeyLogin+"finish", answer)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":true}`)
	d.Origin = "http://evil.example.com"
	for range 2 {
		a.refused(1321, "POST "+passkeyLogin+"finish", wrapped(adaEmail, d.use(a.begin(begin+adaEmail, "LoginBeginCredential"))))
	}
	a.refused(1198, begin+adaEmail, "")
}

func TestPasskeyAsSecondFactor(t *testing.T) {
	const factor, own = "/identity/v2/auth/login/2fa/", "/identity/v2/auth/account/2fa/"
	start := func(t *testing.T, mode emulator.MFAMode, factors ...emulator.Factor) (*api, string) {
		t.Helper()
		a := newAPI(t, emulator.WithPasskeys(emulator.Passkeys{}), emulator.WithMFA(mode), emulator.WithMFAFactors(factors...))
		return a, a.add(ada)
	}
	challenge := func(a *api) string {
		a.t.Helper()
		r := a.ok(doLogin, loginBody(adaPassword))
		token := r.text("SecondFactorAuthenticationToken")
		if token == "" || r.object("Profile") != nil {
			a.t.Fatalf("no challenge: %s", r.raw)
		}
		return "?secondfactorauthenticationtoken=" + token
	}
	credential := func(answer string) string { return `{"PasskeyCredential":` + answer + `}` }

	t.Run("enrolled as the user logs in", func(t *testing.T) {
		a, uid := start(t, emulator.MFARequired, emulator.FactorPasskey)
		d := newDevice(t)
		token := challenge(a)
		a.refused(1328, "GET "+factor+"passkey/begin"+token, "")
		options := a.begin("GET "+factor+"register/passkey/begin"+token, "RegisterBeginCredential")
		a.isLogin(a.ok("POST "+factor+"register/passkey/finish"+token, credential(d.create(options))), uid)
		a.refused(1103, "GET "+factor+"register/passkey/begin"+token, "")

		token = challenge(a)
		a.refused(1258, "GET "+factor+"register/passkey/begin"+token, "") // a stolen password must not enrol another
		options = a.begin("GET "+factor+"passkey/begin"+token, "LoginBeginCredential")
		other := challenge(a)
		answer := credential(d.use(options))
		a.refused(1321, "POST "+factor+"passkey/finish"+other, answer) // of another challenge
		a.isLogin(a.ok("POST "+factor+"passkey/finish"+token, answer), uid)
		a.refused(1103, "POST "+factor+"passkey/finish"+token, answer)
	})
	t.Run("by access token", func(t *testing.T) {
		a, uid := start(t, emulator.MFAOptional, emulator.FactorPasskey, emulator.FactorTOTP)
		d := newDevice(t)
		access, _ := a.tokens(uid)
		user := a.as(access)
		user.begin("GET "+factor+"register/passkey/begin", "RegisterBeginCredential") // the guides' path
		options := user.begin("GET "+own+"register/passkey/begin", "RegisterBeginCredential")
		if r := user.ok("POST "+own+"register/passkey/finish", credential(d.create(options))); len(r.body["Credentials"].([]any)) != 1 {
			t.Errorf("enrolled: %s", r.raw)
		}
		token := challenge(a)
		a.isLogin(a.ok("POST "+factor+"passkey/finish"+token, credential(d.use(a.begin("GET "+factor+"passkey/begin"+token, "LoginBeginCredential")))), uid)
		user.ok("DELETE "+own+"authenticator/passkey", "")
		a.isLogin(a.ok(doLogin, loginBody(adaPassword)), uid)
		a.ok("DELETE "+manage+"/2fa/passkey?uid="+uid, "")
	})
	t.Run("wrong ones lock", func(t *testing.T) {
		a, _ := start(t, emulator.MFARequired, emulator.FactorPasskey)
		d := newDevice(t)
		token := challenge(a)
		a.ok("POST "+factor+"register/passkey/finish"+token, credential(d.create(a.begin("GET "+factor+"register/passkey/begin"+token, "RegisterBeginCredential"))))
		token = challenge(a)
		d.Rekey()
		for range 5 {
			a.refused(1321, "POST "+factor+"passkey/finish"+token, credential(d.use(a.begin("GET "+factor+"passkey/begin"+token, "LoginBeginCredential"))))
		}
		if r := a.call("GET "+factor+"passkey/begin"+token, ""); r.code() != 1263 {
			t.Errorf("after five: %s", r.raw)
		}
	})
	t.Run("not a factor of the site", func(t *testing.T) {
		a, uid := start(t, emulator.MFARequired, emulator.FactorTOTP)
		access, _ := a.tokens(uid)
		a.refused(1327, "GET "+factor+"register/passkey/begin"+challenge(a), "")
		a.as(access).refused(1327, "GET "+own+"register/passkey/begin", "")
		off, uid := start(t, emulator.MFAOff, emulator.FactorPasskey)
		access, _ = off.tokens(uid)
		off.as(access).refused(1097, "GET "+own+"register/passkey/begin", "")
	})
}
