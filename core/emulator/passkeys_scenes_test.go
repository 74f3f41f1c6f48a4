package emulator_test

import (
	"encoding/json"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The recorded calls about passkeys carry answers of an authenticator that no longer
// exists. Their scenes replace them with those of an emulated device.

func passkeySettings() map[string]setting {
	passkeys := emulator.WithPasskeys(emulator.Passkeys{})
	factor := []emulator.Option{passkeys, emulator.WithMFA(emulator.MFARequired), emulator.WithMFAFactors(emulator.FactorPasskey)}
	optional := []emulator.Option{passkeys, emulator.WithMFA(emulator.MFAOptional), emulator.WithMFAFactors(emulator.FactorPasskey)}
	return map[string]setting{
		"passkey_register_begin": {options: []emulator.Option{passkeys}, user: anotherUser, prepare: replaced("email-value", "jane@example.com")},
		"passkey_register_finish": {
			options: []emulator.Option{passkeys, emulator.WithEmailWorkflow(emulator.Optional)}, user: anotherUser, prepare: func(s scene, _, _ string) {
				s.replace["sott-value"] = s.ok("GET "+manage+"/sott", "").text("Sott")
				d := newDevice(s.t)
				s.answers(d.create(s.begin("GET "+passkeyRegister+"begin?identifier=jane@example.com", "RegisterBeginCredential")))
			},
		},
		"passkey_login_begin": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) { s.device(access) }},
		"passkey_login_finish": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) {
			s.answers(s.device(access).use(s.begin("GET "+passkeyLogin+"begin?identifier=jane@example.com", "LoginBeginCredential")))
		}},
		"passkey_autofill_begin": {options: []emulator.Option{passkeys}},
		"passkey_autofill_finish": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) {
			s.answers(s.device(access).use(s.begin("GET "+passkeyLogin+"autofill/begin", "LoginBeginCredential")))
		}},
		"passkey_add_begin": {options: []emulator.Option{passkeys}},
		"passkey_add_finish": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) {
			s.answers(newDevice(s.t).create(s.as(access).begin("GET "+passkeyAdd+"begin", "")))
		}},
		"passkey_list":        {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) { s.device(access) }},
		"passkey_list_by_uid": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) { s.device(access) }},
		"passkey_remove":      {options: []emulator.Option{passkeys}, prepare: removable},
		"passkey_remove_by_uid": {
			options: []emulator.Option{passkeys}, prepare: removable,
		},
		"passkey_forgot": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) {
			s.device(access)
			s.replace["user@example.com"] = "jane@example.com"
		}},
		"passkey_reset_begin": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) { s.forgotten(access) }},
		"passkey_reset_finish": {options: []emulator.Option{passkeys}, prepare: func(s scene, _, access string) {
			s.forgotten(access)
			s.answers(newDevice(s.t).create(s.begin("GET "+passkeyReset+"begin?vtoken="+s.replace["vtoken-value"], "RegisterBeginCredential")))
		}},
		"mfa_passkey_register_begin": {options: factor, prepare: func(s scene, _, _ string) { s.challenged() }},
		"mfa_passkey_register_finish": {options: factor, prepare: func(s scene, _, _ string) {
			q := s.challenged()
			s.answers(newDevice(s.t).create(s.begin("GET /identity/v2/auth/login/2fa/register/passkey/begin"+q, "RegisterBeginCredential")))
		}},
		"mfa_passkey_add_begin": {options: optional},
		"mfa_passkey_add_finish": {options: optional, prepare: func(s scene, _, access string) {
			s.answers(newDevice(s.t).create(s.as(access).begin("GET /identity/v2/auth/account/2fa/register/passkey/begin", "RegisterBeginCredential")))
		}},
		"mfa_passkey_begin": {options: optional, prepare: func(s scene, _, access string) { s.factor(access); s.challenged() }},
		"mfa_passkey_finish": {options: optional, prepare: func(s scene, _, access string) {
			d := s.factor(access)
			q := s.challenged()
			s.answers(d.use(s.begin("GET /identity/v2/auth/login/2fa/passkey/begin"+q, "LoginBeginCredential")))
		}},
		"mfa_passkey_remove":        {options: optional, prepare: func(s scene, _, access string) { s.factor(access) }},
		"mfa_passkey_remove_by_uid": {options: optional, prepare: func(s scene, _, access string) { s.factor(access) }},
	}
}

// answers puts what a device answered in place of the recorded answer.
func (s scene) answers(answer string) {
	s.t.Helper()
	var got struct {
		ID       string            `json:"id"`
		Response map[string]string `json:"response"`
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		s.t.Fatal(err)
	}
	s.replace["AY_pe5z7GTBX53LE7f7gpshcvh7H2Fu1"] = got.ID
	for recorded, field := range map[string]string{
		"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVjF":           "attestationObject",
		"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0":                "clientDataJSON",
		"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0":                    "clientDataJSON",
		"SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAw": "authenticatorData",
		"MEQCICVYd4CBBsGs5pF3oNdiro3WUnA2":                   "signature",
		"ZWZkYzIzMzE4MmNkNGY1Nzg0MzJkMjEz":                   "userHandle",
	} {
		s.replace[recorded] = got.Response[field]
	}
}

// device gives the account of the scene a passkey.
func (s scene) device(access string) *device {
	d, user := newDevice(s.t), s.as(access)
	user.ok("POST "+passkeyAdd+"finish", d.create(user.begin("GET "+passkeyAdd+"begin", "")))
	return d
}

// factor is device, with the passkey as a second factor.
func (s scene) factor(access string) *device {
	const own = "/identity/v2/auth/account/2fa/register/passkey/"
	d, user := newDevice(s.t), s.as(access)
	user.ok("POST "+own+"finish", `{"PasskeyCredential":`+d.create(user.begin("GET "+own+"begin", "RegisterBeginCredential"))+`}`)
	return d
}

func removable(s scene, uid, access string) {
	s.device(access)
	keys := s.ok("GET "+manage+"/passkey?uid="+uid, "").body["Credentials"].([]any)
	s.replace["passkey_id-value"], _ = keys[0].(map[string]any)["Id"].(string)
}

func (s scene) forgotten(access string) {
	s.device(access)
	s.ok("POST /identity/v2/auth/passkey/forgot", `{"email":"jane@example.com"}`)
	s.replace["vtoken-value"] = s.mail("passkeyreset").Token
}

// challenged begins a login that waits for its second factor.
func (s scene) challenged() (query string) {
	s.t.Helper()
	token := s.ok(doLogin, `{"email":"jane@example.com","password":"Passw0rd!x"}`).text("SecondFactorAuthenticationToken")
	s.replace["mfa_token-value"] = token
	return "?secondfactorauthenticationtoken=" + token
}
