package adaptertest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

func testJourney(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	b.want(200, "GET", "/auth/openapi.json", "")
	const register = `{"email":"ada@example.com","password":"correct horse","first_name":"Ada","last_name":"L","username":"Ada1"}`
	if got := b.object(b.want(201, "POST", "/auth/register", register)); got["status"] != "verification_pending" {
		t.Errorf("register: %v", got)
	}
	b.refused(403, web.CodeEmailNotVerified, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
	b.want(202, "POST", "/auth/email/verify/resend", `{"email":"ada@example.com"}`)
	verification := `{"token":"` + b.mailed("emailverification") + `"}`
	b.want(204, "POST", "/auth/email/verify", verification)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/email/verify", verification)
	for _, name := range []string{`"email":"Ada@Example.com"`, `"username":"ada1"`} {
		got := b.object(b.want(200, "POST", "/auth/login", `{`+name+`,"password":"correct horse"}`))
		user, _ := got["user"].(map[string]any)
		if got["access_token"] == "" || got["refresh_token"] == "" || user["email"] != "ada@example.com" || user["first_name"] != "Ada" || user["email_verified"] != true {
			t.Errorf("login: %v", got)
		}
		if at, err := time.Parse(time.RFC3339, got["expires_at"].(string)); err != nil || !at.After(b.lr.Now()) {
			t.Errorf("expires_at %v: %v", got["expires_at"], err)
		}
	}
	r := b.want(200, "POST", "/auth/login", `email=ada%40example.com&password=correct+horse`, "Content-Type", "application/x-www-form-urlencoded")
	session := b.object(r)
	access, refresh := session["access_token"].(string), session["refresh_token"].(string)
	if me := b.object(b.want(200, "GET", "/auth/me", "", bearer(access)...)); me["email"] != "ada@example.com" || me["username"] != "ada1" {
		t.Errorf("me: %v", me)
	}
	if me := b.object(b.want(200, "PATCH", "/auth/me", `{"last_name":"Lovelace"}`, bearer(access)...)); me["last_name"] != "Lovelace" || me["full_name"] != "Ada Lovelace" {
		t.Errorf("after the change: %v", me)
	}
	for _, field := range []string{"email_verified", "roles", "uid", "email", "is_active", "custom_fields.plan"} {
		b.refused(400, web.CodeInvalidBody, "PATCH", "/auth/me", `{"`+field+`":"x"}`, bearer(access)...)
	}
	list, _ := b.object(b.want(200, "GET", "/auth/sessions", "", bearer(access)...))["sessions"].([]any)
	if len(list) != 3 || strings.Contains(b.ask("GET", "/auth/sessions", "", bearer(access)...).body, access) {
		t.Errorf("sessions: %v", list)
	}
	r = b.refused(422, web.CodeValidationFailed, "POST", "/auth/password/change", `{"current_password":"wrong","new_password":"second horse"}`, bearer(access)...)
	if !strings.Contains(r.body, `"field":"current_password"`) {
		t.Errorf("a wrong current password: %s", r.body)
	}
	r = b.refused(422, web.CodeValidationFailed, "POST", "/auth/password/change", `{"current_password":"correct horse","new_password":"x"}`, bearer(access)...)
	if !strings.Contains(r.body, `"field":"new_password"`) {
		t.Errorf("a weak password: %s", r.body)
	}
	b.want(204, "POST", "/auth/password/change", `{"current_password":"correct horse","new_password":"second horse"}`, bearer(access)...)
	b.want(202, "POST", "/auth/password/forgot", `{"email":"ada@example.com"}`)
	reset := `{"token":"` + b.mailed("reset") + `","password":"third horse"}`
	b.want(204, "POST", "/auth/password/reset", reset)
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/password/reset", reset)
	b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/login", `{"email":"ada@example.com","password":"second horse"}`)

	fresh := b.object(b.want(200, "POST", "/auth/token/refresh", `{"refresh_token":"`+refresh+`"}`, bearer(access)...))
	b.refused(401, web.CodeInvalidToken, "POST", "/auth/token/refresh", `{"refresh_token":"`+refresh+`"}`)
	b.refused(401, web.CodeInvalidToken, "GET", "/auth/me", "", bearer(access)...)
	access = fresh["access_token"].(string)
	b.who("/api/whoami", bearer(access)...)
	b.want(204, "POST", "/auth/logout", "", bearer(access)...)
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(access)...)
	b.refused(401, web.CodeInvalidToken, "POST", "/auth/token/refresh", `{"refresh_token":"`+fresh["refresh_token"].(string)+`"}`)
	b.want(204, "POST", "/auth/logout", "", bearer(access)...) // a dead token, too
	b.refused(401, web.CodeUnauthenticated, "POST", "/auth/logout", "")

	access = b.object(b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"third horse"}`))["access_token"].(string)
	other := b.object(b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"third horse"}`))["access_token"].(string)
	b.who("/api/whoami", bearer(other)...)
	b.want(202, "DELETE", "/auth/account", "", bearer(access)...)
	b.who("/api/whoami", bearer(other)...) // nothing has happened yet
	b.want(204, "POST", "/auth/account/delete", `{"token":"`+b.mailed("deleteuser")+`"}`)
	for _, token := range []string{access, other} {
		b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", bearer(token)...)
	}
	b.refused(422, web.CodeInvalidLink, "POST", "/auth/account/delete", `{"token":"0123456789abcdef0123456789abcdef"}`)
	testSocial(t, b)
}

func testSocial(t *testing.T, b *bench) {
	t.Helper()
	uid, _ := b.user(emulator.User{Email: "grace@example.com", EmailVerified: true})
	requestToken, err := b.lr.RequestToken(uid)
	if err != nil {
		t.Fatal(err)
	}
	got := b.object(b.want(200, "POST", "/auth/social/exchange", `{"token":"`+requestToken+`"}`))
	if user, _ := got["user"].(map[string]any); user["uid"] != uid {
		t.Errorf("exchange: %v", got)
	}
	b.refused(401, web.CodeInvalidToken, "POST", "/auth/social/exchange", `{"token":"`+requestToken+`"}`)
	for _, provider := range []string{"facebook", "google", "twitter"} {
		b.lr.AddProviderToken(provider, "good", "its-secret", emulator.User{Email: provider + "@example.com", FirstName: "Pro"})
		secret := map[bool]string{true: `,"token_secret":"its-secret"`}[provider == "twitter"]
		got := b.object(b.want(200, "POST", "/auth/social/"+provider, `{"access_token":"good"`+secret+`}`))
		if user, _ := got["user"].(map[string]any); user["email"] != provider+"@example.com" {
			t.Errorf("%s: %v", provider, got)
		}
		b.refused(401, web.CodeInvalidToken, "POST", "/auth/social/"+provider, `{"access_token":"bad"`+secret+`}`)
	}
}

func testBadBodies(t *testing.T, app *kit) {
	b := newBench(t, app, Site{})
	_, token := b.user(emulator.User{Email: "ada@example.com", EmailVerified: true})
	const form = "application/x-www-form-urlencoded"
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	for _, tt := range []struct {
		name, body, contentType string
		status                  int
		code                    string
	}{
		{"broken", `{"email":`, "", 400, web.CodeInvalidBody},
		{"no object", `["email"]`, "", 400, web.CodeInvalidBody},
		{"a text", `"email"`, "", 400, web.CodeInvalidBody},
		{"two objects", `{"email":"a@b.c","password":"p"}{}`, "", 400, web.CodeInvalidBody},
		{"unknown field", `{"email":"a@b.c","password":"p","admin":true}`, "", 400, web.CodeInvalidBody},
		{"duplicate field", `{"email":"a@b.c","password":"p","email":"c@d.e"}`, "", 400, web.CodeInvalidBody},
		{"other case", `{"Email":"a@b.c","password":"p"}`, "", 400, web.CodeInvalidBody},
		{"invalid UTF-8", "{\"email\":\"a\xff@b.c\",\"password\":\"p\"}", "", 400, web.CodeInvalidBody},
		{"wrong type", `{"email":5,"password":"p"}`, "", 422, web.CodeValidationFailed},
		{"an object for a text", `{"email":{"a":1},"password":"p"}`, "", 422, web.CodeValidationFailed},
		{"deep nesting", `{"email":` + deep + `}`, "", 422, web.CodeValidationFailed},
		{"deep nesting of something unknown", deep, "", 400, web.CodeInvalidBody},
		{"nothing", ``, "application/json", 422, web.CodeValidationFailed},
		{"null", `{"email":null,"password":null}`, "", 422, web.CodeValidationFailed},
		{"missing", `{"email":"a@b.c"}`, "", 422, web.CodeValidationFailed},
		{"two names", `{"email":"a@b.c","username":"a","password":"p"}`, "", 422, web.CodeValidationFailed},
		{"a NUL", `{"email":"a\u0000@b.c","password":"p"}`, "", 422, web.CodeValidationFailed},
		{"a long field", `{"email":"` + strings.Repeat("a", 5000) + `","password":"p"}`, "", 422, web.CodeValidationFailed},
		{"200 KB", `{"email":"` + strings.Repeat("a", 200<<10) + `"}`, "", 413, web.CodeBodyTooLarge},
		{"XML", `<a/>`, "text/xml", 415, web.CodeUnsupportedMediaType},
		{"no content type", `{"email":"a@b.c"}`, " ", 415, web.CodeUnsupportedMediaType},
		{"another charset", `{"email":"a@b.c"}`, "application/json; charset=utf-16", 415, web.CodeUnsupportedMediaType},
		{"a form with a repeated field", `email=a%40b.c&email=b&password=p`, form, 400, web.CodeInvalidBody},
		{"a form with an unknown field", `email=a%40b.c&password=p&x=1`, form, 400, web.CodeInvalidBody},
		{"a broken form", `email=%zz`, form, 400, web.CodeInvalidBody},
		{"a form that is not UTF-8", `email=%ff&password=p`, form, 400, web.CodeInvalidBody},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b.t = t
			var headers []string
			if tt.contentType != "" {
				headers = []string{"Content-Type", strings.TrimSpace(tt.contentType)}
			}
			if tt.name == "no content type" {
				headers = []string{"Content-Type", "application/octet-stream"}
			}
			b.refused(tt.status, tt.code, "POST", "/auth/login", tt.body, headers...)
		})
	}
	b.t = t
	r := b.refused(422, web.CodeValidationFailed, "POST", "/auth/register", `{"first_name":"A"}`)
	for _, field := range []string{`"field":"email"`, `"field":"password"`} {
		if !strings.Contains(r.body, field) {
			t.Errorf("not every missing field is named: %s", r.body)
		}
	}
	b.refused(400, web.CodeInvalidBody, "POST", "/auth/register", `{"email":"a@b.c","password":"correct horse","custom_fields":{"plan":"gold"}}`)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/password/reset", `{"password":"p"}`)
	b.refused(422, web.CodeValidationFailed, "POST", "/auth/register", `{"email":"no address","password":"correct horse"}`)
	b.refused(422, web.CodeValidationFailed, "PATCH", "/auth/me", `{}`, bearer(token)...)

	// Whatever is sent to whichever route, it is the sender's fault.
	for path, item := range b.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.RequestBody == nil {
				continue
			}
			for kind, bodies := range map[string][]string{
				"application/json": {
					`{`, `[]`, `null`, `5`, `"x"`, `{"a":1}`, `{"token":5}`, `{"email":[],"password":{}}`, deep, "\xff", `{"email":"a@b.c","email":"a@b.c"}`, `{"__proto__":{}}`,
					`{"token":"` + strings.Repeat("a", 200<<10) + `"}`, `{"refresh_token":"\u0000"}`, `{"custom_fields":[]}`, `{"custom_fields":{"a":{}}}`, "{\"token\":\"a\nb\"}", `{"token":"x"}{"token":"x"}`,
				},
				form:                               {"%zz", "a=1", "email=a&email=b", "token=%ff", "token=%00", "custom_fields=x", "custom_fields.=x", strings.Repeat("a", 200<<10), "=", ";"},
				"text/plain":                       {"x"},
				"application/xml":                  {"<x/>"},
				"multipart/form-data; boundary=x":  {"--x--"},
				"application/json; charset=latin1": {"{}"},
				"a/b/c":                            {"{}"},
			} {
				for _, body := range bodies {
					r := b.ask(method, "/auth"+path, body, slices.Concat([]string{"Content-Type", kind}, bearer(token))...)
					if r.status < 400 || r.status > 499 {
						t.Errorf("%s %s with %s %.60q: %d %s", method, path, kind, body, r.status, r.body)
					}
				}
			}
		}
	}
}

func testRefusals(t *testing.T, app *kit) {
	for _, form := range []emulator.ChallengeForm{emulator.ChallengeNested, emulator.ChallengeFlat} {
		b := newBench(t, app, Site{}, emulator.WithMFA(emulator.MFARequired), emulator.WithMFAChallengeForm(form))
		b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
		r := b.refused(401, web.CodeMFARequired, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
		mfa := b.object(r)
		token, _ := mfa["mfa_token"].(string)
		methods, _ := mfa["methods"].([]any)
		if len(r.cookies) > 0 || strings.Contains(r.body, "access_token") || token == "" || !slices.Contains(methods, any("totp")) {
			t.Errorf("a challenge: %s %v", r.body, r.cookies)
		}
	}
	b := newBench(t, app, Site{}, emulator.WithLockout(2, 15*time.Minute))
	b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	b.user(emulator.User{Email: "eve@example.com", Password: "correct horse", EmailVerified: true, Blocked: true})
	b.refused(403, web.CodeAccountBlocked, "POST", "/auth/login", `{"email":"eve@example.com","password":"correct horse"}`)
	for range 2 {
		b.refused(401, web.CodeInvalidCredentials, "POST", "/auth/login", `{"email":"ada@example.com","password":"wrong"}`)
	}
	r := b.refused(403, web.CodeAccountLocked, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
	if r.header.Get("Retry-After") != "900" && r.header.Get("Retry-After") != "899" {
		t.Errorf("Retry-After of a locked account = %q", r.header.Get("Retry-After"))
	}
	b.lr.Advance(16 * time.Minute)
	b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)

	b.lr.Inject(emulator.Fault{Status: 403, ContentType: "application/json", Body: `{"ErrorCode":1317,"Message":"Password must be reset"}`}.Next(1))
	b.refused(403, web.CodePasswordExpired, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
	b.lr.Inject(emulator.Fault{Status: 403, ContentType: "application/json", Body: `{"ErrorCode":99999,"Message":"A code of tomorrow"}`}.Next(1))
	b.refused(403, web.CodeNotAllowed, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)

	free := newBench(t, app, Site{}, emulator.WithEmailWorkflow(emulator.Optional))
	if got := free.object(free.want(201, "POST", "/auth/register", `{"email":"ada@example.com","password":"correct horse"}`)); got["access_token"] == nil {
		t.Errorf("a site without verification: %v", got)
	}
}

func testCookies(t *testing.T, app *kit) {
	b := newBench(t, app, Site{Guard: []web.GuardOption{web.InsecureCookies()}, Routes: []web.RouteOption{web.InsecureCookies()}})
	uid, _ := b.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	r := b.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`)
	if got := b.object(r); got["access_token"] != nil || got["refresh_token"] != nil || got["user"] == nil {
		t.Errorf("the tokens are in the body: %s", r.body)
	}
	jar := ""
	for _, c := range r.cookies {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure {
			t.Errorf("cookie %+v", c)
		}
		jar += c.Name + "=" + c.Value + "; "
	}
	if len(r.cookies) != 2 {
		t.Fatalf("%d cookies", len(r.cookies))
	}
	cookie := []string{"Cookie", strings.TrimSuffix(jar, "; ")}
	if w := b.who("/api/whoami", cookie...); w != (Who{Accessor: uid, Context: uid}) {
		t.Errorf("with the cookie: %+v", w)
	}
	post := func(status int, path string, headers ...string) reply {
		t.Helper()
		return b.want(status, "POST", path, "", slices.Concat(cookie, headers)...)
	}
	post(200, "/api/whoami")
	post(200, "/api/whoami", "Sec-Fetch-Site", "same-origin")
	post(200, "/api/whoami", "Origin", b.url)
	for _, foreign := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		b.refused(403, web.CodeCrossOrigin, "POST", "/api/whoami", "", slices.Concat(cookie, foreign)...)
		b.refused(403, web.CodeCrossOrigin, "POST", "/auth/logout", "", slices.Concat(cookie, foreign)...)
		b.refused(403, web.CodeCrossOrigin, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`, foreign...)
	}
	b.who("/api/whoami", cookie...)
	r = post(200, "/auth/token/refresh")
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", cookie...)
	jar = ""
	for _, c := range r.cookies {
		jar += c.Name + "=" + c.Value + "; "
	}
	cookie[1] = strings.TrimSuffix(jar, "; ")
	b.who("/api/whoami", cookie...)
	r = post(204, "/auth/logout")
	for _, c := range r.cookies {
		if c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("logout leaves %+v", c)
		}
	}
	if len(r.cookies) != 2 {
		t.Errorf("logout clears %d cookies", len(r.cookies))
	}
	b.refused(401, web.CodeInvalidToken, "GET", "/api/whoami", "", cookie...)

	secure := newBench(t, app, Site{Routes: []web.RouteOption{web.Cookies()}})
	secure.user(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	for _, c := range secure.want(200, "POST", "/auth/login", `{"email":"ada@example.com","password":"correct horse"}`).cookies {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly {
			t.Errorf("cookie %+v", c)
		}
	}
}
