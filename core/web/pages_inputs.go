package web

import (
	"net/url"
	"slices"
	"strings"
)

// An inputSpec declares a field of a form; label and hint are keys of texts.
type inputSpec struct {
	name, label, kind, autocomplete, hint string
	optional                              bool
}

var formInputs = map[string][]inputSpec{
	"register": {
		{"email", "email", "email", "email", "", false}, {"username", "username", "name", "username", "optional", true}, {"phone", "phone", "tel", "tel", "phone_hint", true}, {"password", "password", "password", "new-password", "password_hint", false},
		{"first_name", "first_name", "text", "given-name", "optional", true}, {"last_name", "last_name", "text", "family-name", "optional", true},
	},
	"login":             {{"email", "email", "email", "username", "", false}, {"password", "password", "password", "current-password", "", false}},
	"forgot":            {{"email", "email", "email", "username", "", false}},
	"pin":               {{"pin", "pin", "pin", "off", "pin_hint", false}},
	"forgot_passkey":    {{"email", "email", "email", "username", "", false}},
	"passwordless":      {{"email", "email", "email", "username", "", false}},
	"passwordless_code": {{"email", "email", "email", "username", "", false}, {"code", "code", "code", "one-time-code", "", false}},
	"verify":            {{"email", "email", "email", "email", "", false}, {"code", "code", "code", "one-time-code", "", false}},
	"resend_phone":      {{"phone", "phone", "tel", "tel", "phone_hint", false}},
	"phone_code":        {{"phone", "phone", "tel", "tel", "phone_hint", false}, {"code", "code", "code", "one-time-code", "", false}},
	"resend":            {{"email", "email", "email", "email", "", false}},
	"reset":             {{"password", "new_password", "password", "new-password", "password_hint", false}},
	"reset_code":        {{"email", "email", "email", "username", "", false}, {"code", "code", "code", "one-time-code", "", false}, {"password", "new_password", "password", "new-password", "password_hint", false}},
	"code":              {{"code", "code", "code", "one-time-code", "", false}},
	"backup":            {{"code", "backup_code", "text", "off", "backup_code_hint", false}},
	"phone":             {{"phone", "phone", "tel", "tel", "phone_hint", false}},
	"address":           {{"email", "email", "email", "email", "", false}},
	"reauth":            {{"password", "current_password", "password", "current-password", "", false}},
	"profile":           {}, // see [pages.specs]
	"consent":           {}, // see [pages.agreements]
	"password":          {{"current_password", "current_password", "password", "current-password", "", false}, {"new_password", "new_password", "password", "new-password", "password_hint", false}},
}

// pageInputs says which forms are on a page.
var pageInputs = map[string][]string{
	"register": {"register"}, "login": {"login"}, "forgot": {"forgot"}, "set_pin": {"pin"}, "reset_pin": {"pin"}, "forgot_passkey": {"forgot_passkey"}, "reset": {"reset", "reset_code"}, "verify": {"verify", "resend"}, "passwordless": {"passwordless", "passwordless_code"}, "phone": {"phone_code", "resend_phone"}, "profile": {"profile", "password"},
	"second_factor": {"code", "backup", "phone", "address"}, "add_totp": {"code"}, "add_sms": {"phone", "code"}, "add_email": {"code"}, "reauth": {"reauth"}, "consent": {"consent"},
}

// inputs returns the fields of a form, filled with what is known.
func (p *pages) inputs(form string, typed url.Values, known map[string]string) []PageInput {
	var out []PageInput
	l := p.look
	for _, s := range p.specs(form) {
		switch form {
		case "login", "forgot", "passwordless", "passwordless_code":
			if s.name == "email" {
				s = l.nameSpec(s, l.names)
			}
		case "reset_code": // a username gets no code
			if s.name == "email" {
				s = l.nameSpec(s, slices.DeleteFunc(slices.Clone(l.names), func(n string) bool { return n == "username" }))
			}
		case "register":
			if slices.Contains(loginNames, s.name) {
				if !l.allows(s.name) && (s.name != "email" || l.allows("phone")) {
					continue
				}
				s.optional = s.name == "username" || len(l.names) > 1 && l.allows("phone") || s.name == "email" && l.allows("phone")
				if s.name == "phone" && !l.allows("email") {
					s.optional = false
				}
			}
		}
		in := PageInput{ID: inputID(s.name), Name: s.name, Label: l.label(s), Hint: l.text[s.hint], Type: s.kind, Autocomplete: s.autocomplete, Value: known[s.name], Required: !s.optional}
		if in.Type == "email" && !strings.Contains(in.Value, "@") {
			in.Value = "" // an earlier form of the browser named a phone number or a username
		}
		if typed.Has(s.name) {
			in.Value = typed.Get(s.name)
		}
		if form == "login" && s.name == "email" && l.passkeys {
			in.Autocomplete = "username webauthn"
		}
		if strings.HasPrefix(form, "resend") { // beside a form with the same field
			in.ID = "resend-" + s.name
		}
		in.LTR = !slices.Contains([]string{"text", "area", "date"}, s.kind) || s.name == "code" || s.name == "time_zone"
		switch s.kind {
		case "name":
			in.Type = "text"
		case "area":
			in.Type, in.Multiline = "text", true
		case "password": // never shown again
			in.Value, in.Show, in.CapsLock = "", l.text["show_password"], l.text["caps_lock"]
		case "code":
			in.Type, in.Mode, in.Value = "text", "numeric", ""
		case "pin":
			in.Type, in.Mode, in.Value = "password", "numeric", ""
		}
		out = append(out, in)
	}
	if form == "login" && l.remember {
		out = append(out, l.checkBox(rememberField, l.text["remember_me"], typed))
	}
	return out
}

// inputID is the id of the input with a name. Dots would make it hard to select.
func inputID(name string) string { return strings.ReplaceAll(name, ".", "-") }
