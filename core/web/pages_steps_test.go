package web_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

var hiddenToken = regexp.MustCompile(`name="mfa_token" value="([^"]+)"`)

// field returns what the first match of a pattern encloses.
func field(t *testing.T, pattern *regexp.Regexp, page shown) string {
	t.Helper()
	m := pattern.FindStringSubmatch(page.body)
	if m == nil {
		t.Fatalf("%s has no %s:\n%s", page.path, pattern, page.body)
	}
	return m[1]
}

// A site that demands a second factor has its user set one up at the first login, and
// asks for it at the next.
func TestSecondFactorIsSetUpAndAsked(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithMFA(emulator.MFARequired))
	s.want(s.post("/login?next=%2Fprofile", "email", "ada@example.com", "password", "correct horse"), 200, "/second-factor?next=%2Fprofile", "Choose one to set up")
	if at := s.get("/profile").path; !strings.HasPrefix(at, "/login") {
		t.Fatal("a login that is not complete opens the profile")
	}
	step := s.want(s.get("/second-factor?method=totp&next=%2Fprofile"), 200, "/second-factor?method=totp&next=%2Fprofile", "data:image/png;base64,", "Or type this secret")
	code, err := s.lr.TOTPCode(s.uid)
	if err != nil {
		t.Fatal(err)
	}
	s.want(s.post("/second-factor/confirm?next=%2Fprofile", "mfa_token", field(t, hiddenToken, step), "method", "totp", "code", "000000"), 401, "/second-factor/confirm?next=%2Fprofile", "This code is wrong", "data:image/png")
	s.want(s.post("/second-factor/confirm?next=%2Fprofile", "mfa_token", field(t, hiddenToken, step), "method", "totp", "code", code), 200, "/profile", "ada@example.com")
	s.post("/logout")

	s.lr.Advance(60e9)
	step = s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/second-factor", "authenticator app shows")
	if code, err = s.lr.TOTPCode(s.uid); err != nil {
		t.Fatal(err)
	}
	s.want(s.post("/second-factor", "mfa_token", field(t, hiddenToken, step), "method", "totp", "code", code), 200, "/profile", "ada@example.com")
	s.want(s.get("/second-factor"), 200, "/login") // the pending login is over
}

// Where a second factor is the user's choice, the profile leads to it.
func TestUserSetsUpSecondFactor(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithMFA(emulator.MFAOptional))
	s.login()
	s.want(s.get("/profile"), 200, "/profile", "Two-step login")
	s.want(s.get("/security"), 200, "/security", "Authenticator app", "Set up")
	s.want(s.get("/security/totp"), 200, "/security/totp", "data:image/png;base64,")
	code, err := s.lr.TOTPCode(s.uid)
	if err != nil {
		t.Fatal(err)
	}
	s.want(s.post("/security/totp", "code", "000000"), 401, "/security/totp", "This code is wrong", "data:image/png")
	s.want(s.post("/security/totp", "code", code), 200, "/security", "The second step is set up.", "/security/remove/totp")
	s.want(s.post("/security/sms", "phone", "+442079460958"), 200, "/security/sms?sent=1", "sent to your phone")
	codes := s.want(s.post("/security/backup-codes"), 200, "/security/backup-codes", "They are shown only now")
	backup := field(t, regexp.MustCompile(`<li><code dir="ltr">([^<]+)</code>`), codes)
	s.post("/logout")
	step := s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/second-factor", "Backup code")
	s.want(s.post("/second-factor", "mfa_token", field(t, hiddenToken, step), "method", "backup_code", "code", backup), 200, "/profile")
	s.want(s.post("/security/remove/totp"), 200, "/security", "The second step is removed.")
}

var (
	hiddenQuestion = regexp.MustCompile(`name="(answers\.\d\.question_id)" value="([^"]+)"`)
	answerField    = regexp.MustCompile(`name="(answers\.\d\.answer)"`)
)

// answered returns the fields of the form for security questions, with one answer for all.
func answered(t *testing.T, step shown, answer string) []string {
	t.Helper()
	typed := []string{"mfa_token", field(t, hiddenToken, step), "method", "security_question"}
	for _, m := range hiddenQuestion.FindAllStringSubmatch(step.body, -1) {
		typed = append(typed, m[1], m[2])
	}
	for _, m := range answerField.FindAllStringSubmatch(step.body, -1) {
		typed = append(typed, m[1], answer)
	}
	if len(typed) < 8 {
		t.Fatalf("no questions:\n%s", step.body)
	}
	return typed
}

// The answers to security questions can be the first factor, too.
func TestSecurityQuestionsAreSetUpAndAsked(t *testing.T) {
	s := newSite(t, "", []web.RouteOption{web.WithPages()}, emulator.WithMFA(emulator.MFARequired), emulator.WithMFAFactors(emulator.FactorSecurityQuestion))
	s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/second-factor", "Choose one to set up")
	step := s.want(s.get("/second-factor?method=security_question"), 200, "/second-factor?method=security_question", "You will be asked for the answers")
	s.want(s.post("/second-factor/confirm", answered(t, step, "blue")...), 200, "/profile", "ada@example.com")
	s.post("/logout")
	step = s.want(s.post("/login", "email", "ada@example.com", "password", "correct horse"), 200, "/second-factor", "Answer your security questions")
	if at := s.post("/second-factor/confirm", answered(t, step, "red")...); at.status != 409 {
		t.Errorf("a password is enough to replace the answers: %d", at.status)
	}
	s.want(s.post("/second-factor", answered(t, step, "red")...), 401, "/second-factor", "")
	s.want(s.post("/second-factor", answered(t, step, "blue")...), 200, "/profile", "ada@example.com")
}
