package emulator_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// An access token is taken from where the site is set to look for it.
func TestTokenPlaces(t *testing.T) {
	for _, on := range []bool{false, true} {
		var opts []emulator.Option
		if on {
			opts = []emulator.Option{emulator.WithBodyTokens(), emulator.WithRawAuthorization()}
		}
		a := newAPI(t, opts...)
		access, _ := a.tokens(a.add(ada))
		a.as(access).ok(getProfile, "")
		a.ok(getProfile+"?access_token="+access, "")
		a.with("Authorization", "bearer "+access).ok(getProfile, "")
		for _, got := range []answer{
			a.with("Authorization", access).call(getProfile, ""),
			a.call("PUT /identity/v2/auth/account", `{"access_token":"`+access+`","City":"London"}`),
		} {
			if (got.status == 200) != on {
				t.Errorf("option %v: %d %s", on, got.status, got.raw)
			}
		}
		a.with("Authorization", "Basic "+access).refused(a.call(getProfile, "").code(), getProfile, "")
	}
}

// A management update changes something or is an error, and changes nothing if part
// of it is refused.
func TestManagementUpdate(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	other := ada
	other.Email, other.Username, other.Phone = "eve@example.com", "eve", "+15551239999"
	a.add(other)
	path := "PUT " + manage + "/" + uid
	for _, empty := range []string{`{}`, ``, `null`} {
		a.refused(1079, path, empty)
	}
	email := func(list string) string {
		return `{"FirstName":"Changed","Password":"another one","Email":[` + list + `]}`
	}
	a.refused(936, path, email(`{"Type":"Primary","Value":"eve@example.com"}`))
	a.refused(1038, path, email(``))
	a.refused(1216, path, `{"FirstName":"Changed","Password":"x"}`)
	if got := a.ok("GET "+manage+"/"+uid, ""); got.text("FirstName") != "Ada" {
		t.Errorf("a refused update has changed the account: %s", got.raw)
	}
	a.ok(doLogin, loginBody(adaPassword))
	got := a.ok(path, email(`{"Type":"Primary","Value":"new@example.com"},{"Type":"Work","Value":"`+adaEmail+`"}`))
	if list, _ := got.body["Email"].([]any); len(list) != 2 || got.text("FirstName") != "Changed" {
		t.Errorf("updated: %s", got.raw)
	}
	a.ok(doLogin, `{"email":"new@example.com","password":"another one"}`)
	a.ok(doLogin, loginBody("another one"))
}

// Four management calls show the hash of the password; all others mask it.
func TestHashInManagementReads(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	hash := a.ok("GET "+manage+"/"+uid+"/password", "").text("PasswordHash")
	if hash == "" {
		t.Fatal("no hash")
	}
	identities := a.ok("GET "+manage+"/identities?email="+adaEmail, "")
	for name, shown := range map[string]any{
		"by uid": a.ok("GET "+manage+"/"+uid, "").body["Password"], "by e-mail": a.ok("GET "+manage+"?email="+adaEmail, "").body["Password"],
		"identities": identities.body["Data"].([]any)[0].(map[string]any)["Password"],
	} {
		if shown != hash {
			t.Errorf("%s: %v", name, shown)
		}
	}
	for name, got := range map[string]answer{
		"by username": a.ok("GET "+manage+"?username=ada", ""), "by token": a.as(access).ok(getProfile, ""), "by phone": a.ok("GET "+manage+"?phone=%2B15551230000", ""),
	} {
		if got.body["Password"] != "**********" {
			t.Errorf("%s: %v", name, got.body["Password"])
		}
	}
}

func TestRegistrationSource(t *testing.T) {
	a := newAPI(t, emulator.WithEmailWorkflow(emulator.Optional))
	sott := a.with("X-Loginradius-Sott", a.ok("GET "+manage+"/sott", "").text("Sott"))
	for i, referer := range []string{"", "https://shop.example/join"} {
		email := string(rune('a'+i)) + "@example.com"
		got := sott.with("Referer", referer).ok("POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"`+email+`"}],"Password":"correct horse"}`)
		profile, _ := got.object("Data")["Profile"].(map[string]any)
		want := referer
		if want == "" {
			want = "API"
		}
		if profile["RegistrationSource"] != want {
			t.Errorf("from %q: %v", referer, profile["RegistrationSource"])
		}
	}
}

// fakeT records what StartT does to a test.
type fakeT struct {
	cleanups []func()
	failed   []any
}

func (f *fakeT) Helper()           {}
func (f *fakeT) Cleanup(do func()) { f.cleanups = append(f.cleanups, do) }
func (f *fakeT) Fatal(args ...any) { f.failed = append(f.failed, args...) }
func (f *fakeT) Error(args ...any) { f.failed = append(f.failed, args...) }

func (f *fakeT) end() {
	for _, do := range slices.Backward(f.cleanups) {
		do()
	}
}

// UserT fails a test if the account cannot be made.
func TestUserT(t *testing.T) {
	f := new(fakeT)
	srv := emulator.StartT(t)
	ada := srv.UserT(t, emulator.User{Email: "ada@example.com"})
	if r := ada.Request("POST", "/notes?a=b", `"x"`); r.Header.Get("Authorization") != "Bearer "+ada.AccessToken || r.Host == "" || r.URL.RawQuery != "a=b" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the request is %s %s of %q", r.Method, r.URL, r.Host)
	}
	if srv.UserT(f, emulator.User{Email: "ada@example.com"}) != nil || len(f.failed) != 1 {
		t.Errorf("an address that is taken: %v", f.failed)
	}
}

// StartT is quiet, and over when the test is.
func TestStartT(t *testing.T) {
	var log bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(old)
	f := &fakeT{}
	srv := emulator.StartT(f)
	a := &api{t, srv, nil}
	if got := a.call("GET /mailbox", ""); got.status != 200 || len(f.cleanups) != 1 || f.failed != nil {
		t.Fatalf("%d, %d cleanups, failed %v", got.status, len(f.cleanups), f.failed)
	}
	f.cleanups[0]()
	if log.Len() > 0 {
		t.Errorf("it wrote to slog.Default: %s", &log)
	}
	if emulator.StartT(f, emulator.WithAddress("192.0.2.1:1")) != nil || len(f.failed) != 1 || !strings.Contains(f.failed[0].(error).Error(), "loopback") {
		t.Errorf("a bad address: %v", f.failed)
	}
	emulator.StartT(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if !strings.Contains(log.String(), "for development and tests only") {
		t.Errorf("asked to log, it says %q", &log)
	}
}
