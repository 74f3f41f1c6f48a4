package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// inProcess calls a handler without a network, so that time can be faked.
type inProcess struct{ h http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	p.h.ServeHTTP(w, r)
	return w.Result(), nil
}

// bubble is an emulator and a client of it in one process.
func bubble(t *testing.T, change ...func(*core.Config)) (*emulator.Emulator, *core.Client) {
	t.Helper()
	lr := emulator.New(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	cfg := core.Config{
		APIKey: lr.APIKey(), APISecret: lr.APISecret(), BaseURL: "https://emulator.invalid",
		HTTPClient: &http.Client{Transport: inProcess{lr}}, Retry: core.RetryConfig{MaxAttempts: 1},
	}
	for _, f := range change {
		f(&cfg)
	}
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return lr, client
}

// The time of an answer does not tell whether an account exists: neither when the
// service is quick, nor when it takes longer than the floor.
func TestTimeTellsNothing(t *testing.T) {
	const floor = 250 * time.Millisecond
	for _, tt := range []struct {
		route                web.RouteName
		path, known, unknown string
	}{
		{"login", "/login", `{"email":"ada@example.com","password":"wrong"}`, `{"email":"nobody@example.com","password":"wrong"}`},
		{"login", "/login", `{"username":"ada","password":"wrong"}`, `{"username":"nobody","password":"wrong"}`},
		{"forgot_password", "/password/forgot", `{"email":"ada@example.com"}`, `{"email":"nobody@example.com"}`},
		{"resend_verification", "/email/verify/resend", `{"email":"new@example.com"}`, `{"email":"nobody@example.com"}`},
		{"register", "/register", `{"email":"ada@example.com","password":"correct horse"}`, `{"email":"fresh@example.com","password":"correct horse"}`},
		{"reset_password", "/password/reset", `{"email":"ada@example.com","otp":"1","password":"correct horse"}`, `{"email":"nobody@example.com","otp":"1","password":"correct horse"}`},
		{"verify_email", "/email/verify", `{"email":"new@example.com","otp":"1"}`, `{"email":"nobody@example.com","otp":"1"}`},
		{"login", "/login", `{"phone":"+14155550100","password":"wrong"}`, `{"phone":"+14155550101","password":"wrong"}`},
		{"forgot_password", "/password/forgot", `{"phone":"+14155550100"}`, `{"phone":"+14155550101"}`},
		{"reset_password", "/password/reset", `{"phone":"+14155550100","code":"1","password":"correct horse"}`, `{"phone":"+14155550101","code":"1","password":"correct horse"}`},
		{"reset_password", "/password/reset", `{"username":"ada","answers":[{"question_id":"q","answer":"a"}],"password":"correct horse"}`, `{"username":"nobody","answers":[{"question_id":"q","answer":"a"}],"password":"correct horse"}`},
		{"register", "/register", `{"phone":"+14155550100","password":"correct horse"}`, `{"phone":"+14155550102","password":"correct horse"}`},
		{"passwordless_start", "/passwordless/start", `{"email":"ada@example.com"}`, `{"email":"nobody@example.com"}`},
		{"passwordless_start", "/passwordless/start", `{"phone":"+14155550100"}`, `{"phone":"+14155550101"}`},
		{"passwordless_verify", "/passwordless/verify", `{"email":"ada@example.com","code":"1"}`, `{"email":"nobody@example.com","code":"1"}`},
		{"passwordless_verify", "/passwordless/verify", `{"phone":"+14155550100","code":"1"}`, `{"phone":"+14155550101","code":"1"}`},
		{"verify_phone", "/phone/verify", `{"phone":"+14155550100","code":"1"}`, `{"phone":"+14155550101","code":"1"}`},
		{"resend_phone_code", "/phone/verify/resend", `{"phone":"+14155550100"}`, `{"phone":"+14155550101"}`},
		{"forgot_pin", "/pin/forgot", `{"username":"ada"}`, `{"username":"nobody"}`},
		{"reset_pin", "/pin/reset", `{"email":"ada@example.com","code":"1","pin":"1234"}`, `{"email":"nobody@example.com","code":"1","pin":"1234"}`},
	} {
		for _, latency := range []struct{ known, unknown, want time.Duration }{
			{80 * time.Millisecond, time.Millisecond, floor},
			{time.Millisecond, 200 * time.Millisecond, floor},
			{400 * time.Millisecond, 260 * time.Millisecond, 2 * floor},
		} {
			synctest.Test(t, func(t *testing.T) {
				lr, client := bubble(t)
				defer client.Close()
				for _, u := range []emulator.User{
					{Email: "ada@example.com", Username: "ada", Phone: "+14155550100", Password: "correct horse", EmailVerified: true, PhoneVerified: true}, {Email: "new@example.com", Password: "correct horse"},
				} {
					if _, err := lr.AddUser(u); err != nil {
						t.Fatal(err)
					}
				}
				route := single(t, client, tt.route, web.ResponseFloor(floor), web.Logger(slog.New(slog.DiscardHandler)))
				took := func(body string, latency time.Duration) time.Duration {
					lr.Inject(emulator.Latency(latency).Next(1))
					req := httptest.NewRequest("POST", tt.path, strings.NewReader(body))
					req.Header.Set("Content-Type", "application/json")
					start := time.Now()
					if res := route.Serve(web.HTTPView(req)); res.Status >= 500 {
						t.Errorf("%s: %d %s", body, res.Status, res.Body)
					}
					return time.Since(start)
				}
				if known, unknown := took(tt.known, latency.known), took(tt.unknown, latency.unknown); known != latency.want || unknown != latency.want {
					t.Errorf("%s takes %v for %s and %v for %s, want %v for both", tt.route, known, tt.known, unknown, tt.unknown, latency.want)
				}
			})
		}
	}
}

// What succeeds tells nothing by its time that its answer does not tell anyway.
func TestSuccessIsNotHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lr, client := bubble(t)
		defer client.Close()
		if _, err := lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("POST", "/login", strings.NewReader(`{"email":"ada@example.com","password":"correct horse"}`))
		req.Header.Set("Content-Type", "application/json")
		start := time.Now()
		res := single(t, client, "login", web.ResponseFloor(time.Hour)).Serve(web.HTTPView(req))
		if took := time.Since(start); res.Status != http.StatusOK || took != 0 {
			t.Errorf("%d after %v", res.Status, took)
		}
	})
}

// While LoginRadius hangs, a page of a cached session does not.
func TestProfileDoesNotWaitForTheSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lr, client := bubble(t)
		defer client.Close()
		uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := lr.IssueTokens(uid)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		h, err := nethttp.Handler(client, web.Cookies(), web.WithPages())
		if err != nil {
			t.Fatal(err)
		}
		lr.Inject(emulator.Latency(time.Minute))
		req, w := httptest.NewRequest("GET", "/profile", nil), httptest.NewRecorder()
		req.Header.Set("Cookie", "__Host-lr_access="+token)
		start := time.Now()
		h.ServeHTTP(w, req)
		if took := time.Since(start); took > time.Second || w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ada@example.com") {
			t.Errorf("%d after %v: %s", w.Code, took, w.Body)
		}
	})
}
