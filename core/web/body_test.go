package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// refusedBy sends a body to one route and returns the problem, and its raw text.
func refusedBy(t *testing.T, client *core.Client, route web.RouteName, token, contentType, body string) (web.Problem, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res := single(t, client, route, web.ResponseFloor(0), web.CustomFields("plan")).Serve(web.HTTPView(r))
	var p web.Problem
	if err := json.Unmarshal(res.Body, &p); err != nil || res.Status < 400 {
		t.Fatalf("%s %q: %d %s", route, body, res.Status, res.Body)
	}
	return p, string(res.Body)
}

const (
	jsonBody = "application/json"
	formBody = "application/x-www-form-urlencoded"
)

// Whoever sends what cannot be used learns which field it is, and all of them at once.
func TestRefusalsNameTheField(t *testing.T) {
	_, client, token := oneUser(t, emulator.User{Email: "ada@example.com", EmailVerified: true})
	for _, tt := range []struct {
		route             web.RouteName
		contentType, body string
		status            int
		want              string // field code, field code
	}{
		{"register", jsonBody, `{"email":"notmail","password":"correct horse"}`, 422, "email not_acceptable"},
		{"login", jsonBody, `{}`, 422, "email required, password required"},
		{"login", jsonBody, `{"email":"a@b.c","username":"a"}`, 422, "email ambiguous, password required"},
		{"verify_email", jsonBody, ``, 422, "token required"},
		{"reset_password", formBody, `otp=1`, 422, "email required, password required"},
		{"login", jsonBody, `{"admin":true}`, 400, "admin unknown"},
		{"login", jsonBody, `{"email":"a","email":"b"}`, 400, "email duplicate"},
		{"login", formBody, `admin=1`, 400, "admin unknown"},
		{"login", formBody, `admin=1&admin=1`, 400, "admin unknown"},
		{"login", formBody, `email=a&email=b`, 400, "email duplicate"},
		{"update_me", jsonBody, `{"custom_fields":{"plan":"a","plan":"b"}}`, 400, "custom_fields.plan duplicate"},
		{"update_me", jsonBody, `{"custom_fields":{"role":"admin"}}`, 400, "custom_fields.role unknown"},
		{"login", jsonBody, `{"email":"a\u0000","password":"b"}`, 422, "email invalid"},
	} {
		p, raw := refusedBy(t, client, tt.route, token, tt.contentType, tt.body)
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Field+" "+e.Code)
		}
		if p.Status != tt.status || strings.Join(got, ", ") != tt.want {
			t.Errorf("%s %s: %s, want %d %s", tt.route, tt.body, raw, tt.status, tt.want)
		}
	}
	if p, raw := refusedBy(t, client, "update_me", token, jsonBody, `{}`); p.Code != web.CodeValidationFailed || !strings.HasPrefix(p.Detail, "Send at least one field of first_name, last_name,") {
		t.Errorf("a change of nothing: %s", raw)
	}
	if p, raw := refusedBy(t, client, "login", token, jsonBody, `{"admin":true}`); strings.Join(p.Errors[0].Allowed, " ") != "email username phone password" {
		t.Errorf("an unknown field does not bring the known ones: %s", raw)
	}
	if p, raw := refusedBy(t, client, "update_me", token, jsonBody, `{"custom_fields":{"role":"admin"}}`); strings.Join(p.Errors[0].Allowed, " ") != "plan" {
		t.Errorf("an unknown custom field does not bring the known ones: %s", raw)
	}
	if p, raw := refusedBy(t, client, "login", token, jsonBody, `{"email":"`+strings.Repeat("a", 5000)+`","password":"b"}`); len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Message, "at most 4096 bytes") {
		t.Errorf("a long field: %s", raw)
	}
}

// LoginRadius has a code of its own for some fields, and then names none.
func TestCodesThatAreAboutAField(t *testing.T) {
	for code, field := range map[core.ErrorCode]string{
		core.CodeEmailAddressInvalid: "email", core.CodeEmailInvalid: "email", core.CodePhoneNumberInvalid: "phone",
		core.CodeUsernameInvalid: "username", core.CodeUsernameFormatInvalid: "username",
		core.CodeDateInvalid: "birth_date", core.CodeInvalidDate: "birth_date", core.CodeCustomFieldInvalid: "custom_fields",
	} {
		lr, client, _ := oneUser(t, emulator.User{Email: "ada@example.com"})
		lr.Inject(emulator.Fault{Status: 400, ContentType: jsonBody, Body: fmt.Sprintf(`{"ErrorCode":%d,"Message":"its words"}`, code)}.Next(1))
		p, raw := refusedBy(t, client, "register", "", jsonBody, `{"email":"new@example.com","password":"correct horse"}`)
		if p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Field != field {
			t.Errorf("%d: %s, want the field %s", code, raw, field)
		}
	}
}

// A body under the wrong content type is told the right one. Nothing of it comes
// back: what looks like a field's name may be a password.
func TestBodiesAreNotEchoed(t *testing.T) {
	_, client, _ := oneUser(t, emulator.User{Email: "ada@example.com"})
	for _, tt := range []struct {
		contentType, body string
		status            int
		detail            string
	}{
		{formBody, `{"email":"ada@example.com","password":"hunter2"}`, 415, "The body looks like JSON: send Content-Type: application/json."},
		{formBody, " \n{\"password\":\"hunter2\"}", 415, "The body looks like JSON: send Content-Type: application/json."},
		{"text/plain", `{"password":"hunter2"}`, 415, "application/json"},
		{"a/b/c", `{"password":"hunter2"}`, 415, "application/json"},
		{"application/json; charset=utf-16", `{"password":"hunter2"}`, 415, "UTF-8"},
		{formBody, `hunter2`, 400, "not known"},
		{formBody, `"password":"hunter2=="`, 400, "not known"},
		{formBody, `password: hunter2=x`, 400, "not known"},
		{jsonBody, `{"password:hunter2`, 400, "not a JSON object"},
	} {
		p, raw := refusedBy(t, client, "login", "", tt.contentType, tt.body)
		if p.Status != tt.status || !strings.Contains(p.Detail, tt.detail) || strings.Contains(raw, "hunter2") {
			t.Errorf("%s as %s: %s, want %d and %q", tt.body, tt.contentType, raw, tt.status, tt.detail)
		}
	}
}

// What can be read as UTF-8 is read, with or without a byte order mark.
func TestCharsets(t *testing.T) {
	_, client, _ := oneUser(t, emulator.User{Email: "ada@example.com"})
	for contentType, status := range map[string]int{
		"application/json": 401, "application/json; charset=UTF-8": 401, `application/json; charset="utf-8"`: 401, "application/json;charset=utf8": 401, "application/json; charset=us-ascii": 401,
		"application/json; charset=iso-8859-1": 415, "application/json; charset=utf-16": 415,
	} {
		for _, mark := range []string{"", "\ufeff"} {
			if p, raw := refusedBy(t, client, "login", "", contentType, mark+`{"email":"nobody@example.com","password":"x"}`); p.Status != status {
				t.Errorf("%s, %d bytes of mark: %s, want %d", contentType, len(mark), raw, status)
			}
		}
	}
	if p, raw := refusedBy(t, client, "login", "", formBody, "\ufeffemail=nobody%40example.com&password=x"); p.Status != 401 {
		t.Errorf("a form with a mark: %s", raw)
	}
}

// Every code of a field has a text of the pages.
func TestPagesHaveATextForEveryFieldCode(t *testing.T) {
	texts := web.PageTexts()
	for _, code := range []string{"required", "unknown", "duplicate", "ambiguous", "wrong_type", "too_long", "invalid", "not_acceptable", "taken", "wrong"} {
		if texts["error_"+code] == "" {
			t.Errorf("there is no text error_%s", code)
		}
	}
}
