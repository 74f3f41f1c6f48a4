package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// api serves the routes without pages.
func (s *site) api(opts ...web.RouteOption) {
	s.t.Helper()
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "", s.client, append(opts, web.Logger(quiet()))...); err != nil {
		s.t.Fatal(err)
	}
	srv := httptest.NewServer(mux)
	s.t.Cleanup(srv.Close)
	s.url, s.http = srv.URL, srv.Client()
}

// call posts JSON and returns status and answer.
func (s *site) call(path, body string, headers ...string) (int, map[string]any) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	got := map[string]any{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &got); err != nil {
			s.t.Fatalf("%s: %v", raw, err)
		}
	}
	return res.StatusCode, got
}

const (
	adasPassword = `{"email":"ada@example.com","password":"correct horse"}`
	deadToken    = "8a1b0c5e-0000-4000-8000-000000000000"
)

// A stolen password must not be enough to log in with a factor that the thief sets up, or
// with one that is not among the factors of the user.
func TestOtherFactorCannotReplaceTheUsersOwn(t *testing.T) {
	s := newClient(t, emulator.WithMFA(emulator.MFARequired),
		emulator.WithMFAFactors(emulator.FactorTOTP, emulator.FactorSMS, emulator.FactorEmail, emulator.FactorBackupCode))
	s.api()
	challenge := func() string {
		t.Helper()
		status, got := s.call("/login", adasPassword)
		token, _ := got["mfa_token"].(string)
		if status != http.StatusUnauthorized || token == "" {
			t.Fatalf("a login without a factor: %d %v", status, got)
		}
		return token
	}
	phone := `{"mfa_token":"` + challenge() + `","method":"sms"`
	if status, got := s.call("/mfa/enroll", phone+`,"phone":"+14155550100"}`); status != http.StatusAccepted {
		t.Fatalf("the first factor: %d %v", status, got)
	}
	mail, ok := s.lr.LastMail("secondfactor", "+14155550100")
	if status, got := s.call("/mfa/enroll/confirm", phone+`,"code":"`+mail.OTP+`"}`); !ok || status != http.StatusOK {
		t.Fatalf("the first factor: %d %v", status, got)
	}

	token := challenge()
	for _, tt := range []struct {
		path, rest, code string
		status           int
	}{
		{"/mfa/enroll", `"method":"totp"`, web.CodeConflict, 409}, // it would hand out the secret
		{"/mfa/enroll", `"method":"sms","phone":"+14155550199"`, web.CodeConflict, 409},
		{"/mfa/enroll", `"method":"email","email":"mallory@example.com"`, web.CodeConflict, 409},
		{"/mfa/enroll/confirm", `"method":"totp","code":"123456"`, web.CodeConflict, 409},
		{"/mfa/send", `"method":"email"`, web.CodeNotEnrolled, 403},
		{"/mfa/verify", `"method":"email","code":"123456"`, web.CodeNotEnrolled, 403},
		{"/mfa/verify", `"method":"totp","code":"123456"`, web.CodeNotEnrolled, 403},
		{"/mfa/verify", `"method":"security_question","answers":[{"question_id":"q","answer":"a"}]`, web.CodeNotEnrolled, 403},
	} {
		if status, got := s.call(tt.path, `{"mfa_token":"`+token+`",`+tt.rest+`}`); status != tt.status || got["code"] != tt.code {
			t.Errorf("POST %s {%s}: %d %v", tt.path, tt.rest, status, got)
		}
	}
	// A token of LoginRadius, as an application's own handler hands it out, sets nothing up.
	if status, got := s.call("/mfa/enroll", `{"mfa_token":"`+deadToken+`","method":"sms","phone":"+14155550199"}`); status != http.StatusConflict {
		t.Errorf("enrolment with LoginRadius' own token: %d %v", status, got)
	}
}

// A value that was sealed for one step opens no other.
func TestStepTokensAreNotExchangeable(t *testing.T) {
	form := emulator.ConsentForm{Event: "Login", Version: 1, Options: []emulator.ConsentOption{{ID: "terms", Required: true}}}
	s := newClient(t, emulator.WithConsent(form))
	s.api()
	status, got := s.call("/login", adasPassword)
	consent, _ := got["consent_token"].(string)
	if status != http.StatusForbidden || consent == "" {
		t.Fatalf("a login that waits for consent: %d %v", status, got)
	}
	if status, got = s.call("/mfa/verify", `{"mfa_token":"`+consent+`","method":"backup_code","code":"1"}`); status != http.StatusUnauthorized || got["code"] != web.CodeMFAExpired {
		t.Errorf("a consent token as an mfa_token: %d %v", status, got)
	}
}

// Accepting the privacy policy with an access token proves nothing about who sends it.
func TestAcceptedPolicyIsNoProofOfPresence(t *testing.T) {
	s := newClient(t, emulator.WithPrivacyPolicy("1.0", emulator.PrivacyModerated))
	s.api(web.RequireRecentAuthFor(time.Minute, web.RouteReauthSendEmail))
	stolen, _, err := s.lr.IssueTokens(s.uid)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.Session(t.Context(), stolen); err != nil {
		t.Fatal(err)
	}
	if status, got := s.call("/privacy/accept", `{"privacy_token":"`+stolen+`"}`); status != http.StatusOK {
		t.Fatalf("the policy: %d %v", status, got)
	}
	status, got := s.call("/reauth/email/send", `{}`, "Authorization", "Bearer "+stolen)
	if status != http.StatusUnauthorized || got["code"] != web.CodeReauthRequired {
		t.Errorf("a stolen access token after POST /privacy/accept: %d %v", status, got)
	}
	if age, ok := s.client.LoginAge(stolen); ok {
		t.Errorf("it counts as a login %v ago", age)
	}
}
