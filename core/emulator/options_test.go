package emulator_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// noon is where the clock of tests stands that read dates.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123_000_000, time.UTC)

// Every function that returns an Option must be used by a test.
func TestEveryOptionIsTested(t *testing.T) {
	var tests strings.Builder
	files, _ := filepath.Glob("*_test.go")
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(data)
	}
	n := 0
	sources, _ := filepath.Glob("*.go")
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Recv != nil || f.Type.Results == nil || fmt.Sprint(f.Type.Results.List[0].Type) != "Option" {
				continue
			}
			if n++; !regexp.MustCompile(`\b` + f.Name.Name + `\(`).MatchString(tests.String()) {
				t.Errorf("no test uses %s", f.Name.Name)
			}
		}
	}
	if n < 30 {
		t.Errorf("found %d options: is this test looking in the right files?", n)
	}
}

// What a site does without options, as far as no other test shows it.
func TestDefaults(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon))
	uid := a.add(ada)
	got := a.ok(doLogin, loginBody(adaPassword))
	if want := "2026-03-01T12:15:00.123Z"; got.text("expires_in") != want {
		t.Errorf("a token expires at %s, want %s", got.text("expires_in"), want)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(got.text("access_token")) {
		t.Errorf("access token %s", got.text("access_token"))
	}
	refresh := got.text("refresh_token")
	a.Advance(60*24*time.Hour - time.Second)
	refresh = a.ok(getRefresh+refresh, "").text("refresh_token")
	a.Advance(60 * 24 * time.Hour)
	a.refused(1217, getRefresh+refresh, "")
	access, _ := a.tokens(uid)
	a.Advance(14 * time.Minute)
	a.as(access).ok(getProfile, "") // does not slide
	a.Advance(time.Minute)
	a.as(access).refused(906, getProfile, "")
	if roles := a.ok("GET /identity/v2/manage/role", "").raw; !strings.Contains(roles, `"Name":"admin"`) {
		t.Errorf("roles of the site: %s", roles)
	}
	a.refused(1216, "PUT "+manage+"/"+uid+"/password", `{"password":"five5"}`)
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"sixsix"}`)
	a.ok("PUT "+manage+"/"+uid+"/password", `{"password":"sixsix"}`) // no history
}

func TestCredentialsOption(t *testing.T) {
	a := newAPI(t, emulator.WithCredentials("my-key", "my-secret"))
	if a.APIKey() != "my-key" || a.APISecret() != "my-secret" || a.Config().APIKey != "my-key" || a.Config().APISecret != "my-secret" {
		t.Error("the emulator tells other credentials")
	}
	a.ok("GET /identity/v2/manage/role", "")
	a.with("X-Loginradius-Apikey", "emulator-key").refused(901, "GET /identity/v2/manage/role", "")
	a.with("X-Loginradius-Apisecret", "emulator-secret").refused(902, "GET /identity/v2/manage/role", "")
}

func TestAddressAndLogger(t *testing.T) {
	var log bytes.Buffer
	a := newAPI(t, emulator.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), emulator.WithAddress("localhost:0"))
	if line := log.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, "emulator") || !strings.Contains(line, a.URL()) || strings.Contains(line, a.APISecret()) {
		t.Errorf("line at start: %s", line)
	}
	// The address from the documentation blocks cannot be listened on, but is refused
	// for another reason first.
	_, err := emulator.Start(emulator.WithAddress("192.0.2.1:0"))
	if err == nil || !strings.Contains(err.Error(), "not a loopback address") {
		t.Errorf("without leave: %v", err)
	}
	srv, err := emulator.Start(emulator.WithAddress("0.0.0.0:0"), emulator.WithNonLoopback(), emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	_ = srv.Close()
}

func TestClockOption(t *testing.T) {
	now := noon
	a := newAPI(t, emulator.WithClock(func() time.Time { return now }))
	a.Advance(time.Hour)
	now = noon.Add(time.Minute)
	if want := noon.Add(61 * time.Minute); !a.Now().Equal(want) || !a.Config().Clock().Equal(want) {
		t.Errorf("it is %v, and %v for the client; want %v", a.Now(), a.Config().Clock(), want)
	}
}

func TestLifetimeOptions(t *testing.T) {
	a := newAPI(t, emulator.WithFrozenClock(noon), emulator.WithAccessTokenLifetime(time.Hour),
		emulator.WithRefreshTokenLifetime(2*time.Hour), emulator.WithLinkLifetime(3*time.Hour))
	uid := a.add(ada)
	access, refresh := a.tokens(uid)
	_, other := a.tokens(uid)
	link := a.ok("POST "+manage+"/forgot/token", adaBody).text("ForgotToken")
	a.Advance(time.Hour - time.Second)
	a.as(access).ok(getValidate, "")
	a.Advance(time.Second)
	a.as(access).refused(906, getValidate, "")
	a.Advance(time.Hour - time.Second)
	a.ok(getRefresh+refresh, "")
	a.Advance(time.Second)
	a.refused(1217, getRefresh+other, "")
	a.refused(1217, "GET "+manage+"/access_token/refresh/revoke?refresh_token="+other, "")
	a.Advance(time.Hour)
	a.refused(975, doReset, resetBody(link, "another one"))
}

func TestSlidingTokens(t *testing.T) {
	a := newAPI(t, emulator.WithSlidingTokens())
	access, _ := a.tokens(a.add(ada))
	for range 3 {
		a.Advance(14 * time.Minute)
		a.as(access).ok(getProfile, "")
	}
	a.Advance(15 * time.Minute)
	a.as(access).refused(906, getProfile, "")

	// A call of its own does it, too, but only on such sites.
	a = newAPI(t, emulator.WithSlidingTokens(), emulator.WithFrozenClock(noon))
	access, _ = a.tokens(a.add(ada))
	a.Advance(10 * time.Minute)
	got := a.as(access).ok("GET /identity/v2/auth/access_token/sliding_token", "")
	if got.text("access_token") != access || got.text("expires_in") != "2026-03-01T12:25:00.123Z" {
		t.Errorf("sliding: %s", got.raw)
	}
	a = newAPI(t)
	access, _ = a.tokens(a.add(ada))
	a.as(access).refused(909, "GET /identity/v2/auth/access_token/sliding_token", "")
}

func TestEmailWorkflowOption(t *testing.T) {
	const register = `{"Email":[{"Type":"Primary","Value":"` + adaEmail + `"}],"Password":"` + adaPassword + `"}`
	for _, test := range []struct {
		workflow         emulator.EmailWorkflow
		loggedIn, proven bool
		mails            []string
	}{
		{emulator.Mandatory, false, false, []string{"emailverification"}},
		{emulator.Optional, true, false, []string{"emailverification"}},
		{emulator.NoVerification, true, true, []string{"welcome"}},
	} {
		a := newAPI(t, emulator.WithEmailWorkflow(test.workflow))
		sott := a.ok("GET "+manage+"/sott", "").text("Sott")
		got := a.with("X-LoginRadius-Sott", sott).ok("POST /identity/v2/auth/register", register)
		if (got.object("Data")["access_token"] != nil) != test.loggedIn {
			t.Errorf("workflow %d: registration answers %s", test.workflow, got.raw)
		}
		var kinds []string
		for _, m := range a.Mailbox() {
			kinds = append(kinds, m.Kind)
		}
		if !slices.Equal(kinds, test.mails) {
			t.Errorf("workflow %d: mails %v", test.workflow, kinds)
		}
		if p := a.ok("GET "+manage+"?email="+adaEmail, ""); p.body["EmailVerified"] != test.proven {
			t.Errorf("workflow %d: EmailVerified is %v", test.workflow, p.body["EmailVerified"])
		}
	}
	a := newAPI(t)
	sott := a.ok("GET "+manage+"/sott", "").text("Sott")
	a.with("X-LoginRadius-Sott", sott).ok("POST /identity/v2/auth/register?options=PreventVerificationEmail", register)
	if len(a.Mailbox()) != 0 {
		t.Error("PreventVerificationEmail did not")
	}
}

func TestAutoLogin(t *testing.T) {
	user := ada
	user.EmailVerified = false
	for _, on := range []bool{false, true} {
		a := newAPI(t)
		if on {
			a = newAPI(t, emulator.WithAutoLogin())
		}
		a.add(user)
		a.ok(doResend, adaBody)
		got := a.ok(doVerify+a.mail("emailverification").Token, "")
		token, _ := got.object("Data")["access_token"].(string)
		if got.body["IsPosted"] != true || (token != "") != on {
			t.Errorf("auto login %v: %s", on, got.raw)
		}
		if on {
			a.as(token).ok(getProfile, "")
		}
		if _, welcome := a.LastMail("welcome", adaEmail); welcome {
			t.Error("a welcome mail after verification, without WithWelcomeOnVerification")
		}
	}
}

func TestEmailOTP(t *testing.T) {
	a := newAPI(t, emulator.WithEmailOTP())
	user := ada
	user.EmailVerified = false
	a.add(user)
	a.ok(doResend, adaBody)
	m := a.mail("emailverification")
	if m.Link != "" || m.Token != "" || !regexp.MustCompile(`^\d{6}$`).MatchString(m.OTP) {
		t.Fatalf("a mailed code: %+v", m)
	}
	verify := func(otp string) string { return `{"email":"` + adaEmail + `","otp":"` + otp + `"}` }
	a.refused(1188, "PUT /identity/v2/auth/email", verify("000000x"))
	a.ok("PUT /identity/v2/auth/email", verify(m.OTP))
	a.refused(1186, "PUT /identity/v2/auth/email", verify(m.OTP))
	a.ok(doForgot, `{"username":"ada"}`)
	reset := a.mail("reset").OTP
	a.refused(1185, doReset, `{"username":"ada","otp":"000000x","password":"another one"}`)
	a.ok(doReset, `{"username":"ada","otp":"`+reset+`","password":"another one"}`)
	a.refused(1185, doReset, `{"username":"ada","otp":"`+reset+`","password":"another one"}`)
	a.ok(doLogin, loginBody("another one"))

	user.Email, user.Username, user.Phone = "late@example.com", "late", "+1"
	a.add(user)
	a.ok(doResend, `{"email":"late@example.com"}`)
	a.Advance(73 * time.Hour)
	a.refused(1187, "PUT /identity/v2/auth/email", `{"email":"late@example.com","otp":"`+a.mail("emailverification").OTP+`"}`)

	off := newAPI(t)
	off.add(ada)
	off.refused(1237, "PUT /identity/v2/auth/email", verify("123456"))
}

func TestJWETokens(t *testing.T) {
	a := newAPI(t, emulator.WithJWETokens())
	access, refresh := a.tokens(a.add(ada))
	for _, token := range []string{access, refresh} {
		if parts := strings.Split(token, "."); len(parts) != 5 || len(token) < 200 {
			t.Errorf("token %s", token)
		}
	}
	a.as(access).ok(getProfile, "")
	a.ok(getRefresh+refresh, "")
}

func TestRolesAndCustomFieldsOptions(t *testing.T) {
	a := newAPI(t, emulator.WithRoles("editor"), emulator.WithCustomFields("plan"))
	uid := a.add(ada)
	a.refused(1047, "PUT "+manage+"/"+uid+"/role", `{"roles":["admin"]}`)
	a.ok("PUT "+manage+"/"+uid+"/role", `{"roles":["editor"]}`)
	a.refused(993, "PUT "+manage+"/"+uid, `{"CustomFields":{"shoe":"44"}}`)
	got := a.ok("PUT "+manage+"/"+uid, `{"CustomFields":{"plan":"gold"}}`)
	if got.object("CustomFields")["plan"] != "gold" {
		t.Errorf("custom fields: %s", got.raw)
	}
}

// The options that stand for undocumented behaviour, each against its default.
func TestGuesses(t *testing.T) {
	nobody := `{"email":"nobody@example.com","password":"whatever"}`
	newAPI(t).refused(938, doLogin, nobody)
	newAPI(t, emulator.WithUnknownUserCode(core.CodeCredentialsInvalid)).refused(966, doLogin, nobody)

	a := newAPI(t, emulator.WithTokenCodes(2024, 1409))
	access, _ := a.tokens(a.add(ada))
	a.as("junk").refused(2024, getProfile, "")
	a.Advance(time.Hour)
	if got := a.as(access).call(getProfile, ""); got.status != 401 || got.body["errorCode"] != 1409.0 || got.text("message") != "Authentication failed" {
		t.Errorf("1409: %d %s", got.status, got.raw)
	}

	noKey := newAPI(t).with("X-Loginradius-Apikey", "")
	if got := noKey.call(doLogin, adaBody); got.code() != 908 || got.status != 400 || !strings.Contains(got.text("Description"), "apikey") {
		t.Errorf("without a key: %d %s", got.status, got.raw)
	}
	noKey.refused(922, "GET /api/v2/access_token/facebook?fb_access_token=x", "")
	newAPI(t, emulator.WithMissingKeyCode(922)).with("X-Loginradius-Apikey", "").refused(922, doLogin, adaBody)

	for _, keep := range []bool{false, true} {
		a, want := newAPI(t), 905
		if keep {
			a, want = newAPI(t, emulator.WithRefreshKeepingToken()), 0
		}
		access, refresh := a.tokens(a.add(ada))
		a.ok(getRefresh+refresh, "")
		a.as(access).refused(want, getValidate, "")
	}
	for _, parallel := range []bool{false, true} {
		a, want := newAPI(t), 974
		if parallel {
			a, want = newAPI(t, emulator.WithParallelResetLinks()), 0
		}
		a.add(ada)
		a.ok(doForgot, adaBody)
		old := a.mail("reset").Token
		a.ok(doForgot, adaBody)
		a.refused(want, doReset, resetBody(old, "another one"))
		a.ok(doReset, resetBody(a.mail("reset").Token, "yet another"))
	}
	for _, proves := range []bool{true, false} {
		a, want := newAPI(t), 0
		if !proves {
			a, want = newAPI(t, emulator.WithResetNotVerifying()), 970
		}
		user := ada
		user.EmailVerified = false
		a.add(user)
		a.ok(doForgot, adaBody)
		a.ok(doReset, resetBody(a.mail("reset").Token, "another one"))
		a.refused(want, doLogin, loginBody("another one"))
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z", "2006-01-02T15:04:05.0000000Z", "2006-01-02T15:04:05"} {
		a := newAPI(t, emulator.WithFrozenClock(noon), emulator.WithDateLayout(layout))
		a.add(ada)
		if got := a.ok(doLogin, loginBody(adaPassword)).text("expires_in"); got != noon.Add(15*time.Minute).Format(layout) {
			t.Errorf("date as %s: %s", layout, got)
		}
	}
}
