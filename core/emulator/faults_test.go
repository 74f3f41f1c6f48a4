package emulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// Each fault as it is on the wire.
func TestFaultsOnTheWire(t *testing.T) {
	for _, test := range []struct {
		name        string
		fault       emulator.Fault
		status      int
		contentType string
		body        string
	}{
		{"429", emulator.TooManyRequests(), 429, "text/plain", "Too many requests"},
		{"5xx", emulator.ServerError(503), 503, "application/json", `{"ErrorCode":950,"Message":"Operation failed due to an unknown error"}`},
		{"HTML", emulator.HTML(403), 403, "text/html", "<html><body>Request blocked</body></html>"},
		{"empty 502", emulator.Fault{Status: 502}, 502, "", ""},
		{"truncated", emulator.TruncatedJSON(), 200, "application/json", `{"access_token":"0a1b`},
		{"200 with error", emulator.ErrorWith200(905), 200, "application/json", `{"ErrorCode":905,"Message":"Access token is invalid"}`},
		{"a header", emulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"7"}}}, 429, "", ""},
	} {
		a := newAPI(t)
		a.Inject(test.fault.Next(1))
		got := a.call(getValidate, "")
		if got.status != test.status || got.raw != test.body || got.header.Get("Content-Type") != test.contentType || got.header.Get("Retry-After") != test.fault.Header.Get("Retry-After") {
			t.Errorf("%s: %d %q %v", test.name, got.status, got.raw, got.header)
		}
		a.refused(1060, getValidate, "") // as without the fault
	}
}

func TestReset(t *testing.T) {
	a := newAPI(t)
	a.Inject(emulator.Reset().Next(1))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+"/identity/v2/auth/login", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req) // without a key: a fault comes before all checks
	if err == nil {
		_ = res.Body.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("a reset connection: %v", err)
	}
	a.refused(965, doLogin, "")
}

// A late answer comes, unless the caller has left. Only that it leaves is measured:
// the latency is longer than any test lasts.
func TestLatency(t *testing.T) {
	a := newAPI(t)
	a.Inject(emulator.Latency(time.Millisecond).Next(1))
	a.refused(1060, getValidate, "") // and then as usual
	a.Inject(emulator.Latency(time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL()+"/identity/v2/serverinfo", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
		done <- err
	}()
	for len(a.Requests("get_server_info")) == 0 { // it has arrived, and waits
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("a late answer: %v", err)
	}
}

// Faults are aimed at operations, counted, taken in order, and cleared.
func TestFaultsAreAimed(t *testing.T) {
	a := newAPI(t)
	a.add(ada)
	a.Inject(emulator.ServerError(503).On("login_by_email").Next(2))
	a.Inject(emulator.TooManyRequests().On("login_by_email").Next(1))
	a.Inject(emulator.HTML(502).On("forgot_password"))
	a.ok("POST /identity/v2/auth/login", `{"username":"ada","password":"`+adaPassword+`"}`)
	for i, want := range []int{503, 503, 429, 200} {
		if got := a.call(doLogin, loginBody(adaPassword)); got.status != want {
			t.Errorf("login %d: %d, want %d", i, got.status, want)
		}
	}
	for range 3 {
		if got := a.call(doForgot, adaBody); got.status != 502 {
			t.Errorf("forgot: %d", got.status)
		}
	}
	a.ClearFaults()
	a.ok(doForgot, adaBody)
	if n := len(a.Requests("forgot_password")); n != 4 {
		t.Errorf("%d calls were counted, those with faults included; want 4", n)
	}
}

// A fault that could never happen is a mistake, and says so.
func TestFaultsThatCannotHappen(t *testing.T) {
	e := emulator.New()
	for want, fault := range map[string]emulator.Fault{
		`no operation "login_by_mail"`: emulator.ServerError(500).On("login_by_mail"),
		"does nothing":                 {Times: 3},
		"a Status from 200 to 599":     emulator.HTML(99),
		"no negative Times":            emulator.Reset().Next(-1),
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, want) {
					t.Errorf("panic %q, want %q", text, want)
				}
			}()
			e.Inject(fault)
		}()
	}
	for _, operation := range e.Operations() {
		e.Inject(emulator.Reset().On(operation))
	}
	if n := len(e.Operations()); n < 55 {
		t.Errorf("%d operations", n)
	}
}

// Requests tell what came, without its secrets.
func TestRequests(t *testing.T) {
	a := newAPI(t)
	a.add(ada)
	a.with("X-Origin-IP", "203.0.113.7").with("X-Origin-User-Agent", "Firefox").ok("POST /Identity/v2/auth/LOGIN?fields=Uid", loginBody(adaPassword))
	a.ok("GET /identity/v2/serverinfo", "")
	want := emulator.Request{Operation: "login_by_email", Method: "POST", Path: "/identity/v2/auth/login", OriginIP: "203.0.113.7", UserAgent: "Firefox"}
	if got := a.Requests("login_by_email", "login_by_phone"); len(got) != 1 || got[0] != want {
		t.Errorf("requests %+v", got)
	}
	if got := a.Requests(); len(got) != 2 || got[1].Operation != "get_server_info" {
		t.Errorf("requests %+v", got)
	}
}

// What the client of core makes of each fault.
func TestFaultsThroughCore(t *testing.T) {
	a := newAPI(t)
	cfg := a.Config()
	cfg.Retry.MaxAttempts = 1
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	access, _ := a.tokens(a.add(ada))
	for _, fault := range []emulator.Fault{
		emulator.TooManyRequests(), emulator.ServerError(500), emulator.HTML(403), emulator.TruncatedJSON(), emulator.Reset(),
		emulator.ErrorWith200(950), {Status: 502},
	} {
		a.Inject(fault)
		if _, err := client.Authentication.ValidateToken(t.Context(), access); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("%+v: %v", fault, err)
		}
		a.ClearFaults()
	}
}
