package adaptertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// accountStates are the states of an account that must not show to a stranger. Each
// prepares the account "known", with the address, username and phone of known.
var accountStates = map[string]func(*bench, emulator.User){
	"active": func(b *bench, u emulator.User) { b.user(u) },
	"unverified": func(b *bench, u emulator.User) {
		u.EmailVerified, u.PhoneVerified = false, false
		b.user(u)
	},
	"blocked": func(b *bench, u emulator.User) {
		u.Blocked = true
		b.user(u)
	},
	"without a password": func(b *bench, u emulator.User) {
		u.Password = ""
		b.user(u)
	},
	"at its limit of mails": func(b *bench, u emulator.User) {
		b.user(u)
		for range 8 {
			b.ask("POST", "/auth/password/forgot", `{"email":"`+u.Email+`"}`)
		}
	},
}

var knownUser = emulator.User{
	Email: "known@example.com", Username: "known", Phone: "+14155550100", Password: "correct horse", EmailVerified: true, PhoneVerified: true,
}

// siteOptions are settings of the site under which the answers must be alike.
var siteOptions = map[string][]emulator.Option{
	"default":           nil,
	"codes":             {emulator.WithEmailOTP()},
	"optional MFA":      {emulator.WithMFA(emulator.MFAOptional)},
	"required MFA":      {emulator.WithMFA(emulator.MFARequired)},
	"limits":            {emulator.WithCodeLimit(1, time.Hour), emulator.WithEmailOTP()},
	"one error for all": {emulator.WithGenericAuthErrors()},
	"unknown is 966":    {emulator.WithUnknownUserCode(966)},
}

// strangerRequests are requests to every route that takes an identifier; NAME stands for
// the account's name, and EMAIL and PHONE for its address and number.
var strangerRequests = []struct{ what, path, body string }{
	{"login by email", "/auth/login", `{"email":"EMAIL","password":"wrong"}`},
	{"login by username", "/auth/login", `{"username":"NAME","password":"wrong"}`},
	{"login by phone", "/auth/login", `{"phone":"PHONE","password":"wrong"}`},
	{"forgot by email", "/auth/password/forgot", `{"email":"EMAIL"}`},
	{"forgot by username", "/auth/password/forgot", `{"username":"NAME"}`},
	{"reset by code", "/auth/password/reset", `{"email":"EMAIL","code":"000000","password":"third horse"}`},
	{"reset by code, weak password", "/auth/password/reset", `{"email":"EMAIL","code":"000000","password":"x"}`},
	{"verify by code", "/auth/email/verify", `{"email":"EMAIL","code":"000000"}`},
	{"resend", "/auth/email/verify/resend", `{"email":"EMAIL"}`},
	{"register", "/auth/register", `{"email":"EMAIL","password":"another horse"}`},
	{"register, weak password", "/auth/register", `{"email":"EMAIL","password":"x"}`},
	{"forgot by phone", "/auth/password/forgot", `{"phone":"PHONE"}`},
	{"reset by phone code", "/auth/password/reset", `{"phone":"PHONE","code":"000000","password":"third horse"}`},
	{"link or code by email", "/auth/passwordless/start", `{"email":"EMAIL"}`},
	{"link or code by username", "/auth/passwordless/start", `{"username":"NAME"}`},
	{"code by phone", "/auth/passwordless/start", `{"phone":"PHONE"}`},
	{"login by mailed code", "/auth/passwordless/verify", `{"email":"EMAIL","code":"000000"}`},
	{"login by username and code", "/auth/passwordless/verify", `{"username":"NAME","code":"000000"}`},
	{"login by phone code", "/auth/passwordless/verify", `{"phone":"PHONE","code":"000000"}`},
	{"verify a phone", "/auth/phone/verify", `{"phone":"PHONE","code":"000000"}`},
	{"resend a phone code", "/auth/phone/verify/resend", `{"phone":"PHONE"}`},
	{"register by phone", "/auth/register", `{"phone":"PHONE","password":"another horse"}`},
	{"register with a phone", "/auth/register", `{"email":"third-EMAIL","phone":"PHONE","password":"another horse"}`},
	{"reset by answers", "/auth/password/reset", `{"email":"EMAIL","answers":[{"question_id":"q","answer":"a"}],"password":"third horse"}`},
	{"forgotten PIN by email", "/auth/pin/forgot", `{"email":"EMAIL"}`},
	{"forgotten PIN by username", "/auth/pin/forgot", `{"username":"NAME"}`},
	{"forgotten PIN by phone", "/auth/pin/forgot", `{"phone":"PHONE"}`},
	{"PIN by code", "/auth/pin/reset", `{"email":"EMAIL","code":"000000","pin":"1234"}`},
	{"PIN by answers", "/auth/pin/reset", `{"username":"NAME","answers":[{"question_id":"q","answer":"a"}],"pin":"1234"}`},
	{"register, taken username", "/auth/register", `{"email":"EMAIL","password":"another horse","username":"taken"}`},
}

// A stranger who names an account gets the same answer whether it exists or not, in
// whatever state it is. With -short, each option is tried with one state only: package web
// makes these answers, and the whole table costs more than the rest of the kit.
func testStrangers(t *testing.T, app *kit) {
	policy := web.PasswordPolicy(func(password string) error {
		if len(password) < 6 {
			return errShort
		}
		return nil
	})
	for i, option := range slices.Sorted(maps.Keys(siteOptions)) {
		for j, state := range slices.Sorted(maps.Keys(accountStates)) {
			if testing.Short() && j != i%len(accountStates) {
				continue
			}
			site, prepare := siteOptions[option], accountStates[state]
			b := newBench(t, app, Site{Routes: []web.RouteOption{policy}}, site...)
			b.user(emulator.User{Email: "third@example.com", Username: "taken", Password: "correct horse", EmailVerified: true})
			prepare(b, knownUser)
			for i, tt := range strangerRequests {
				stranger := fmt.Sprintf("stranger%d", i) // registered by none of the requests before
				known := b.ask("POST", tt.path, naming(tt.body, "known", "+14155550100"))
				unknown := b.ask("POST", tt.path, naming(tt.body, stranger, fmt.Sprintf("+141555502%02d", i)))
				if known.status != unknown.status || known.body != unknown.body || !slices.Equal(headerNames(known), headerNames(unknown)) {
					t.Errorf("%s, site %q, account %q: %d %s, and %d %s for an unknown one", tt.what, option, state, known.status, known.body, unknown.status, unknown.body)
				}
				if known.status >= 500 {
					t.Errorf("%s, site %q, account %q: %d %s", tt.what, option, state, known.status, known.body)
				}
			}
		}
	}
	b := newBench(t, app, Site{})
	b.user(knownUser)
	b.want(201, "POST", "/auth/register", `{"email":"known@example.com","password":"another horse"}`)
	b.want(200, "POST", "/auth/login", `{"email":"known@example.com","password":"correct horse"}`) // and it changed nothing

	told := newBench(t, app, Site{Routes: []web.RouteOption{web.TellTaken()}})
	told.user(emulator.User{Email: "ada@example.com"})
	if r := told.refused(422, web.CodeValidationFailed, "POST", "/auth/register", `{"email":"ada@example.com","password":"another horse"}`); !strings.Contains(r.body, `"code":"taken"`) {
		t.Errorf("with TellTaken: %s", r.body)
	}
}

func naming(body, name, phone string) string {
	return strings.NewReplacer("EMAIL", name+"@example.com", "NAME", name, "PHONE", phone).Replace(body)
}

func headerNames(r reply) []string { return slices.Sorted(maps.Keys(r.header)) }

type shortPassword struct{}

func (shortPassword) Error() string { return "the password is too short" }

var errShort shortPassword
