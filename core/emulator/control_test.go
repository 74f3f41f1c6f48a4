package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// What a test in another language does with an emulator.
func TestControlAPI(t *testing.T) {
	a := newAPI(t, emulator.WithControl("control-key"), emulator.WithMFA(emulator.MFAOptional), emulator.WithFrozenClock(noon)).with("X-Emulator-Key", "control-key")
	uid := a.ok("POST /control/users", `{"email":"`+adaEmail+`","password":"`+adaPassword+`","roles":["chef"],"email_verified":true,"security_answers":{"q":"a"}}`).text("uid")
	if got := a.ok("GET "+manage+"/"+uid, ""); got.body["Roles"].([]any)[0] != "chef" || got.body["EmailVerified"] != true {
		t.Errorf("seeded: %s", got.raw)
	}
	uidBody := `{"uid":"` + uid + `"}`
	access := a.ok("POST /control/tokens", uidBody).text("access_token")
	a.as(access).ok("GET "+account2F, "")
	code := a.ok("POST /control/totp", uidBody).text("code")
	a.as(access).ok("PUT "+account2F+"/verification/authenticatorcode", `{"authenticatorcode":"`+code+`"}`)
	a.ok("POST /control/factors", `{"uid":"`+uid+`","factor":"push"}`)
	a.ok("POST /control/privacy-policies", `{"uid":"`+uid+`","version":"2"}`)
	a.ok("GET "+manage+"/"+uid+"/privacypolicy/history", "")
	request := a.ok("POST /control/request-tokens", uidBody).text("token")
	a.ok("GET /api/v2/access_token?secret="+a.APISecret()+"&token="+request, "")
	a.ok("POST /control/provider-tokens", `{"provider":"google","token":"g","user":{"email":"g@example.com"}}`)
	a.ok("GET /api/v2/access_token/google?key="+a.APIKey()+"&google_access_token=g", "")
	if got := a.ok("POST /control/clock", `{"advance":"1h"}`); got.text("now") != "2026-03-01T13:00:00.123Z" {
		t.Errorf("the clock: %s", got.raw)
	}
	a.as(access).refused(906, getProfile, "")
	a.ok("POST /control/faults", `{"operation":"get_server_info","times":1,"error_code":1001}`)
	a.ok("POST /control/faults", `{"status":503,"body":"down","latency":"1ms"}`)
	if got := a.call("GET /identity/v2/serverinfo", ""); got.code() != 1001 {
		t.Errorf("a fault: %s", got.raw)
	}
	if got := a.call("GET /identity/v2/serverinfo", ""); got.status != 503 || got.raw != "down" {
		t.Errorf("a fault: %d %s", got.status, got.raw)
	}
	a.ok("POST /control/faults/clear", `{}`)
	a.ok("GET /identity/v2/serverinfo", "")

	for _, bad := range [][3]string{
		{"POST /control/users", `{"email":"` + adaEmail + `"}`, "taken"},
		{"POST /control/users", `{"Email_":"x"}`, "unknown field"},
		{"POST /control/users", `nonsense`, "not what is expected"},
		{"POST /control/tokens", `{"uid":"nobody"}`, `"nobody"`},
		{"POST /control/provider-tokens", `{}`, "required"},
		{"POST /control/push", `{"uid":"` + uid + `","approve":true}`, "no challenge"},
		{"POST /control/duo", `{"uid":"` + uid + `"}`, "no attempt"},
		{"POST /control/clock", `{"advance":"-1h"}`, "not negative"},
		{"POST /control/clock", `{"advance":"soon"}`, "duration"},
		{"POST /control/faults", `{"operation":"nothing","status":500}`, `"nothing"`},
		{"POST /control/faults", `{}`, "does nothing"},
		{"POST /control/faults", `{"latency":"soon"}`, "duration"},
	} {
		if got := a.call(bad[0], bad[1]); got.status != 400 || !strings.Contains(got.text("error"), bad[2]) {
			t.Errorf("%s %s: %d %s", bad[0], bad[1], got.status, got.raw)
		}
	}
	if got := a.call("GET /control/users", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got.status)
	}
	if got := a.call("POST /control/nothing", "{}"); got.status != http.StatusNotFound {
		t.Errorf("an unknown path: %d", got.status)
	}
	for _, key := range []string{"", "another key", a.APISecret()} {
		if got := a.with("X-Emulator-Key", key).call("POST /control/clock", `{"advance":"1h"}`); got.status != http.StatusUnauthorized {
			t.Errorf("key %q: %d %s", key, got.status, got.raw)
		}
	}
	if now := a.Now(); now != noon.Add(time.Hour) {
		t.Errorf("a refused call has moved the clock to %s", now)
	}
}

// Without a key there is no control API; from elsewhere it does not answer.
func TestControlAPIIsClosed(t *testing.T) {
	off := newAPI(t)
	for _, key := range []string{"", "x"} {
		if got := off.with("X-Emulator-Key", key).call("POST /control/clock", `{"advance":"1h"}`); got.status != http.StatusNotFound {
			t.Errorf("switched off: %d %s", got.status, got.raw)
		}
	}
	e := emulator.New(emulator.WithControl("control-key"))
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/control/clock", strings.NewReader(`{"advance":"1h"}`))
	r.Header.Set("X-Emulator-Key", "control-key")
	for _, from := range []string{"192.0.2.1:1234", "", "[2001:db8::1]:80"} {
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("from %q: %d %s", from, w.Code, w.Body)
		}
	}
}
