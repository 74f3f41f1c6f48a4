package emulator_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// An api calls an emulator by raw HTTP: what tests see is the wire, not what core
// makes of it.
type api struct {
	t *testing.T
	*emulator.Server
	header http.Header // of every call
}

func newAPI(t *testing.T, opts ...emulator.Option) *api {
	t.Helper()
	srv, err := emulator.Start(append([]emulator.Option{emulator.WithLogger(slog.New(slog.DiscardHandler))}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	return &api{t, srv, http.Header{"X-Loginradius-Apikey": {srv.APIKey()}, "X-Loginradius-Apisecret": {srv.APISecret()}}}
}

// as returns an api that sends a user's token.
func (a *api) as(token string) *api {
	h := a.header.Clone()
	h.Set("Authorization", "Bearer "+token)
	return &api{a.t, a.Server, h}
}

// with returns an api that sends a header; an empty value takes it away.
func (a *api) with(name, value string) *api {
	h := a.header.Clone()
	h.Set(name, value)
	if value == "" {
		h.Del(name)
	}
	return &api{a.t, a.Server, h}
}

type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// code returns the answer's error code in either spelling, or 0.
func (r answer) code() int {
	for _, k := range []string{"ErrorCode", "errorCode"} {
		if n, ok := r.body[k].(float64); ok {
			return int(n)
		}
	}
	return 0
}

func (r answer) text(key string) string { s, _ := r.body[key].(string); return s }

func (r answer) object(key string) map[string]any { m, _ := r.body[key].(map[string]any); return m }

// call sends what is written as "PUT /identity/v2/auth/email?apikey=…", with a JSON
// body or "".
func (a *api) call(line, body string) answer {
	a.t.Helper()
	method, target, _ := strings.Cut(line, " ")
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.URL()+target, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header = a.header.Clone()
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	out := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body)
	return out
}

// ok calls and insists on a 200 without an error code.
func (a *api) ok(line, body string) answer {
	a.t.Helper()
	r := a.call(line, body)
	if r.status != http.StatusOK || r.code() != 0 {
		a.t.Fatalf("%s: %d %s", line, r.status, r.raw)
	}
	return r
}

// refused calls and insists on an error with its published status and message.
// Code 0 insists on success.
func (a *api) refused(code int, line, body string) answer {
	a.t.Helper()
	if code == 0 {
		return a.ok(line, body)
	}
	r := a.call(line, body)
	want, published := published(a.t)[code]
	message := r.text("Message") + r.text("message")
	switch {
	case !published:
		a.t.Fatalf("%s: test wants %d, which is not published", line, code)
	case r.code() != code:
		a.t.Errorf("%s: %d %s, want code %d", line, r.status, r.raw, code)
	case r.status != want.status || message != want.message:
		a.t.Errorf("%s: %d %q, want %d %q", line, r.status, message, want.status, want.message)
	}
	return r
}

// fails calls and insists on an error code that the table of codes lacks, or has
// with another meaning.
func (a *api) fails(code int, line, body string) answer {
	a.t.Helper()
	r := a.call(line, body)
	if r.code() != code || r.status < 400 || strings.HasPrefix(r.text("Message"), "LoginRadius error") {
		a.t.Errorf("%s: %d %s, want code %d", line, r.status, r.raw, code)
	}
	return r
}

type publishedCode struct {
	status  int
	message string
}

// published reads the vendor's table of error codes.
func published(t *testing.T) map[int]publishedCode {
	t.Helper()
	var file struct {
		Codes []struct {
			Code    int    `json:"code"`
			Status  int    `json:"http_status"`
			Message string `json:"message"`
		} `json:"codes"`
	}
	fromFile(t, "../testdata/error-codes.json", &file)
	out := map[int]publishedCode{}
	for _, c := range file.Codes {
		out[c.Code] = publishedCode{c.Status, c.Message}
	}
	return out
}

func fromFile(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func (a *api) add(u emulator.User) (uid string) {
	a.t.Helper()
	uid, err := a.AddUser(u)
	if err != nil {
		a.t.Fatal(err)
	}
	return uid
}

func (a *api) tokens(uid string) (access, refresh string) {
	a.t.Helper()
	access, refresh, err := a.IssueTokens(uid)
	if err != nil {
		a.t.Fatal(err)
	}
	return access, refresh
}

// mail returns the newest mail of a kind.
func (a *api) mail(kind string) emulator.Mail {
	a.t.Helper()
	m, ok := a.LastMail(kind, "")
	if !ok {
		a.t.Fatalf("no mail of kind %q among %d", kind, len(a.Mailbox()))
	}
	return m
}

// The calls that most tests make. Bodies are JSON; names need no escaping.
const (
	adaEmail    = "ada@example.com"
	adaPassword = "correct horse"
)

// ada is a verified user with a password, name and phone.
var ada = emulator.User{
	Email: adaEmail, Username: "ada", Phone: "+15551230000", Password: adaPassword, FirstName: "Ada",
	EmailVerified: true, PhoneVerified: true, SecurityAnswers: map[string]string{"q1": "blue"},
}

const (
	doLogin     = "POST /identity/v2/auth/login"
	doChange    = "PUT /identity/v2/auth/password/change"
	doForgot    = "POST /identity/v2/auth/password?resetpasswordurl=http://localhost/reset"
	doReset     = "PUT /identity/v2/auth/password/reset"
	doResend    = "PUT /identity/v2/auth/register?verificationurl=http://localhost/verify"
	doVerify    = "GET /identity/v2/auth/email?verificationtoken="
	getProfile  = "GET /identity/v2/auth/account"
	getValidate = "GET /identity/v2/auth/access_token/validate"
	getRefresh  = "GET /identity/v2/manage/account/access_token/refresh?refresh_token="
	manage      = "/identity/v2/manage/account"
)

func loginBody(password string) string {
	return `{"email":"` + adaEmail + `","password":"` + password + `"}`
}

func changeBody(from, to string) string {
	return `{"oldpassword":"` + from + `","newpassword":"` + to + `"}`
}

func resetBody(token, password string) string {
	return `{"resettoken":"` + token + `","password":"` + password + `"}`
}

var adaBody = `{"email":"` + adaEmail + `"}`
