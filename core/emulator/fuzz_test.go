package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// Whatever is asked, the answer is JSON with a status of the service, and the next
// caller gets one, too.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range [][3]string{
		{"POST", "identity/v2/auth/login?fields=Uid,Email(Value", loginBody(adaPassword)},
		{"PUT", "identity/v2/auth/account?nullsupport=true", `{"Addresses":[{"op":"delete"},1,null],"CustomFields":{"a":null},"Email":"x"}`},
		{"PUT", "identity/v2/auth/password/reset", `{"resettoken":[1],"password":{}}`},
		{"POST", "identity/v2/manage/account", `{"email":[null,{"type":1,"value":"a@b"}],"password":1,"securityquestionanswer":[]}`},
		{"POST", "identity/v2/manage/role", `{"roles":[{"name":"x","permissions":{"a":1}},2]}`},
		{"GET", "identity/v2/manage/account/sott?timedifference=-9", ""},
		{"GET", "api/v2/access_token/twitter?tw_access_token=%00", ""},
		{"POST", "identity/v2/auth/login/2fa", loginBody(adaPassword)},
		{"PUT", "identity/v2/auth/login/2fa/verification/otp/email?secondfactorauthenticationtoken=x", `{"emailid":{},"otp":[1]}`},
		{"PUT", "identity/v2/auth/account/2fa/securityquestionanswer", `{"securityquestionanswer":[1,{"QuestionId":2,"Answer":null}],"replacesecurityquestionanswer":"x"}`},
		{"PUT", "identity/v2/auth/account/2fa", `{"phoneno2fa":"+1 (555) 1"}`},
		{"GET", "identity/v2/auth/account/2fa/backupcode/reset", ""},
		{"DELETE", "identity/v2/auth/account/2fa/authenticator", `{"otpauthenticator":1}`},
		{"PUT", "identity/v2/auth/account/reauth/2fa/authenticatorcode", `{"authenticatorcode":-1}`},
		{"POST", "identity/v2/manage/account/x/reauth/2fa", `{"secondfactorvalidationtoken":null}`},
		{"POST", "identity/v2/auth/login/pin?session_token=%F0", `{"pin":1e9}`},
		{"PUT", "identity/v2/auth/pin/reset/securityanswer/email", `{"email":"ada@example.com","securityanswer":{"q1":{}},"pin":"1234"}`},
		{"PUT", "identity/v2/auth/password/securityanswer", `{"email":"ada@example.com","securityanswer":[]}`},
		{"POST", "identity/v2/auth/register/captcha?g-recaptcha-response=test-captcha", `{"pininfo":[],"email":"x"}`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	e := emulator.New(emulator.WithSlidingTokens(), emulator.WithMFA(emulator.MFAOptional), allFactors, emulator.WithPIN(), emulator.WithRiskRule(emulator.RiskIP, emulator.RiskAskEmailCode))
	uid, err := e.AddUser(ada)
	if err != nil {
		f.Fatal(err)
	}
	token, _, err := e.IssueTokens(uid)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1/"+target, strings.NewReader(body))
		if err != nil || strings.Trim(strings.ToLower(r.URL.Path), "/") == "mailbox" || strings.Trim(strings.ToLower(r.URL.Path), "/") == "auth.aspx" || strings.Trim(r.URL.Path, "/") == "" {
			return // not a request, or a page
		}
		r.Header = http.Header{
			"X-Loginradius-Apikey": {e.APIKey()}, "X-Loginradius-Apisecret": {e.APISecret()},
			"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"},
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code < 200 || w.Code > 500 || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s %q: %d %s", method, target, body, w.Code, w.Body)
		}
	})
}
