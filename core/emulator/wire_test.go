package emulator_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// A vector is a request of the official SDK for Python, as it was recorded.
type vector struct {
	Verb   string            `json:"method"`
	Path   string            `json:"path"`
	Query  map[string]string `json:"query"`
	Header map[string]string `json:"headers"`
	Body   json.RawMessage   `json:"body"`
}

// A fixture has the two recorded requests of an operation and its documented answer.
type fixture struct {
	name      string // of the operation in the vendor's SDK
	Operation string // of the client
	Minimal   struct{ Request vector }
	Full      struct{ Request vector }
	Answer    json.RawMessage
}

// fixtures returns every fixture of the client's tests.
func fixtures(t *testing.T) (out []fixture) {
	t.Helper()
	names, err := filepath.Glob("../testdata/ops/*.json")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	for _, name := range names {
		f := fixture{name: strings.TrimSuffix(filepath.Base(name), ".json")}
		fromFile(t, name, &f)
		out = append(out, f)
	}
	return out
}

// The made-up tokens of the recorded requests cannot exist here, so they stand for
// those of the account that every replay starts with.
type scene struct {
	*api
	replace map[string]string // recorded value → ours
}

func newScene(t *testing.T, operation string) scene {
	t.Helper()
	opts := []emulator.Option{emulator.WithCredentials("test-key", "test-secret"), emulator.WithRoles("admin", "editor"), emulator.WithAutoLogin()}
	switch operation {
	case "verify_email_by_otp", "reset_password_by_email_otp", "reset_password_by_otp_and_user_name":
		opts = append(opts, emulator.WithEmailOTP())
	case "user_registration_by_email":
		opts = append(opts, emulator.WithEmailWorkflow(emulator.Optional))
	}
	set, ok := settings[operation]
	if !ok {
		set, ok = secondFactorSettings[operation]
	}
	if !ok {
		set = passkeySettings()[operation]
	}
	s := scene{api: newAPI(t, append(opts, set.options...)...), replace: map[string]string{}}
	const creating = "create_account user_registration_by_email"
	user := ada
	user.Email, user.Username, user.Phone, user.Password = "jane@example.com", "jane", "15551230000", "Passw0rd!x"
	if strings.Contains(creating, operation) {
		user.Email, user.Username = "other@example.com", "other"
	}
	user.EmailVerified = !strings.Contains("auth_resend_email_verification get_email_verification_token verify_email verify_email_by_otp", operation)
	if operation == "change_password" {
		user.Password = "old_password-value"
	}
	user.Roles = []string{"admin", "editor"}
	if set.user != nil {
		set.user(&user)
	}
	uid := s.add(user)
	access, refresh := s.tokens(uid)
	if err := s.AcceptPrivacyPolicy(uid, "1.0"); err != nil {
		t.Fatal(err)
	}
	if operation == "remove_email" {
		s.ok("DELETE "+manage+"/"+uid, "")
		uid = s.ok("POST "+manage, `{"Email":[{"Type":"Primary","Value":"jane@example.com"},{"Type":"Work","Value":"work@example.com"}]}`).text("Uid")
	}
	request, err := s.RequestToken(uid)
	if err != nil && operation != "remove_email" {
		t.Fatal(err)
	}
	for _, provider := range []string{"facebook", "google", "twitter"} {
		s.AddProviderToken(provider, provider+"-token", "the-secret", emulator.User{Email: provider + "@example.com"})
	}
	profile := s.ok("GET "+manage+"/"+uid, "")
	s.replace = map[string]string{
		"uid-value": uid, "account_id-value": uid, "profile_id-value": profile.text("ID"), "email-value": user.Email,
		"access_token-value": access, "refresh__token-value": refresh, "token-value": access,
		"fb__access__token-value": "facebook-token", "google__access__token-value": "google-token",
		"tw__access__token-value": "twitter-token", "tw__token__secret-value": "the-secret", "fields-value": "", "options-value": "",
	}
	link := func(recorded, kind, call, body string) {
		s.ok(call, body)
		if m := s.mail(kind); m.OTP != "" {
			s.replace["123456"] = m.OTP
		} else {
			s.replace[recorded] = m.Token
		}
	}
	switch operation {
	case "exchange_access_token":
		s.replace["token-value"] = request
	case "delete_account_by_delete_token":
		link("deletetoken-value", "deleteuser", "DELETE /identity/v2/auth/account?access_token="+access, "")
	case "reset_password_by_reset_token", "reset_password_by_email_otp", "reset_password_by_otp_and_user_name":
		link("reset-1", "reset", doForgot, `{"email":"jane@example.com"}`)
	case "verify_email", "verify_email_by_otp":
		link("verification_token-value", "emailverification", doResend, `{"email":"jane@example.com"}`)
	case "user_registration_by_email":
		s.replace["sott-value"] = s.ok("GET "+manage+"/sott", "").text("Sott")
	}
	if set.prepare != nil {
		set.prepare(s, uid, access)
	}
	return s
}

// value returns what stands for a recorded value.
func (s scene) value(recorded string) string {
	if v, ok := s.replace[recorded]; ok {
		return v
	}
	return recorded
}

// replay sends a request as it was recorded, spelling and casing included.
func (s scene) replay(v vector) answer {
	s.t.Helper()
	query := url.Values{}
	for k, value := range v.Query {
		if value = s.value(value); value != "" {
			query.Set(k, value)
		}
	}
	path := v.Path
	for recorded, ours := range s.replace {
		path = strings.ReplaceAll(path, "/"+recorded, "/"+ours)
	}
	body := string(v.Body)
	for recorded, ours := range s.replace {
		body = strings.ReplaceAll(body, strconv.Quote(recorded), strconv.Quote(ours))
	}
	if body == "null" {
		body = ""
	}
	req, err := http.NewRequestWithContext(s.t.Context(), v.Verb, s.URL()+path+"?"+query.Encode(), strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for k, value := range v.Header {
		scheme, token, _ := strings.Cut(value, " ")
		switch {
		case strings.EqualFold(scheme, "Bearer"):
			value = scheme + " " + s.value(token)
		default:
			value = s.value(value)
		}
		req.Header.Set(k, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, _ := io.ReadAll(res.Body)
	out := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body)
	return out
}

// Every recorded request is understood, reaches the operation it was recorded for,
// and its answer has every key of the documented sample, spelled the same.
func TestRecordedRequests(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.name, func(t *testing.T) {
			var problems []string
			for variant, v := range map[string]vector{"minimal": f.Minimal.Request, "full": f.Full.Request} {
				for _, problem := range replayProblems(t, f, v) {
					problems = append(problems, variant+": "+problem)
				}
			}
			if len(problems) > 0 {
				t.Error(strings.Join(problems, "\n"))
			}
		})
	}
}

// replayProblems returns what is wrong with the answer to a recorded request.
func replayProblems(t *testing.T, f fixture, v vector) (out []string) {
	t.Helper()
	s := newScene(t, f.name)
	got := s.replay(v)
	if got.status != http.StatusOK || got.code() != 0 {
		return []string{fmt.Sprintf("%s %s: %d %s", v.Verb, v.Path, got.status, got.raw)}
	}
	calls := s.Requests()
	if last := calls[len(calls)-1].Operation; last != f.name && last != sameRequest[f.name] {
		out = append(out, "was taken for "+last)
	}
	var want, have any
	if err := json.Unmarshal(f.Answer, &want); err != nil {
		t.Fatalf("no sample: %v", err)
	}
	_ = json.Unmarshal([]byte(got.raw), &have)
	for _, key := range missingKeys(want, have) {
		out = append(out, "the answer lacks "+key)
	}
	return out
}

// missingKeys returns the keys of a documented object, or of the first one of a
// list, that the answer lacks: at the top and in objects that the service defines.
func missingKeys(want, got any) (out []string) {
	if wants, ok := want.([]any); ok && len(wants) > 0 {
		gots, _ := got.([]any)
		if len(gots) == 0 {
			return []string{"an item"}
		}
		return missingKeys(wants[0], gots[0])
	}
	wanted, _ := want.(map[string]any)
	have, _ := got.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		switch key {
		case "phoneId": // older samples; the newest, and all of management, have PhoneId
			key = "PhoneId"
		case "session_token", "session_expires_in": // on sites with logins by PIN
			continue
		}
		if _, ok := have[key]; !ok {
			out = append(out, key)
			continue
		}
		switch key {
		case "Data", "data", "Profile", "SecondFactorAuthentication", "Sott", "Current", "History", "Email":
			for _, below := range missingKeys(wanted[key], have[key]) {
				out = append(out, key+"."+below)
			}
		}
	}
	return out
}

// The emulator answers every operation that core declares.
func TestEveryOperationOfTheClient(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	a := newAPI(t)
	n := 0
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			lit, ok := node.(*ast.CompositeLit)
			if !ok || fmt.Sprint(lit.Type) != "operation" || len(lit.Elts) == 0 {
				return true
			}
			field := map[string]string{}
			for _, e := range lit.Elts {
				kv, _ := e.(*ast.KeyValueExpr)
				if text, ok := kv.Value.(*ast.BasicLit); ok {
					field[fmt.Sprint(kv.Key)], _ = strconv.Unquote(text.Value)
				}
			}
			n++
			before := len(a.Requests())
			got := a.call(field["method"]+" "+strings.NewReplacer("{", "a-", "}", "").Replace(field["path"]), "")
			if len(a.Requests()) == before {
				t.Errorf("%s is not emulated: %s %s gets %d: add it to a feature in core/emulator", field["name"], field["method"], field["path"], got.status)
			}
			return true
		})
	}
	if n < 53 {
		t.Errorf("found %d operations in core: are they declared in another way now?", n)
	}
}

// Names of paths, parameters and body keys are matched without case; values are not.
func TestCaseOfNames(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	a.as(access).ok("GET /Identity/V2/Auth/access_token/InValidate?PREVENTREFRESH=True", "")
	a.ok("POST /IDENTITY/v2/auth/LOGIN?Fields=Uid", `{"EMAIL":"ADA@Example.com","PassWord":"`+adaPassword+`"}`)
	a.ok("POST /identity/v2/auth/login/", `{"UserName":"ADA","password":"`+adaPassword+`"}`)
	a.refused(966, doLogin, loginBody(strings.ToUpper(adaPassword)))
	a.refused(938, "GET "+manage+"/"+strings.ToUpper(uid), "")
	if got := a.call("GET /identity/v3/auth/login", ""); got.status != 404 {
		t.Errorf("an unknown path: %d", got.status)
	}
	if got := a.call("PATCH /identity/v2/auth/login", ""); got.status != 405 {
		t.Errorf("a wrong method: %d", got.status)
	}
}

// The profile of an ordinary account has the keys, and the kinds of values, that
// the vendor documents.
func TestProfileFields(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	a.Advance(time.Second)
	a.add(ada)
	p := a.ok(doLogin, loginBody(adaPassword)).object("Profile")
	if len(p) < 119 {
		t.Errorf("the profile has %d keys", len(p))
	}
	var models map[string]map[string]string
	fromFile(t, "../testdata/profile-fields.json", &models)
	models["Identity"]["DisableLogin"] = "boolean" // in the text of the documentation, not in its model
	for name, value := range p {
		documented, kind := models["Identity"][name], kindOf(value)
		if documented == "" || kind != "null" && kind != documented {
			t.Errorf("%s is a %s, documented as %q", name, kind, documented)
		}
	}
	for name := range models["Identity"] {
		if _, ok := p[name]; !ok {
			t.Errorf("the profile lacks %s", name)
		}
	}
	if p["CreatedDate"] != "2026-03-01T12:00:01.123Z" || p["LastPasswordChangeDate"] != nil || p["Password"] != "**********" || p["FullName"] != "Ada" {
		t.Errorf("created %v, password changed %v, is %v, name %v", p["CreatedDate"], p["LastPasswordChangeDate"], p["Password"], p["FullName"])
	}
}

func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "integer"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}
