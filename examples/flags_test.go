package examples_test

import (
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// message returns the newest message of a kind in the mailbox.
func (a *app) message(t *testing.T, kind string) map[string]any {
	t.Helper()
	mails := a.mails(t, kind)
	if len(mails) == 0 {
		t.Fatalf("there is no message of kind %s", kind)
	}
	return mails[len(mails)-1]
}

// With -mfa required a login waits for a second factor, and -codes mails codes. Logins by
// phone are on.
func TestFlags(t *testing.T) {
	a := start(t, "gin", "-mfa", "required", "-codes")
	status, got := a.call(t, "POST", "/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`)
	if status != http.StatusUnauthorized || got["code"] != "mfa_required" || got["mfa_token"] == nil {
		t.Errorf("with -mfa required a login answers %d %v", status, got)
	}
	if status, _ := a.call(t, "POST", "/auth/password/forgot", "", `{"email":"admin@example.com"}`); status != http.StatusAccepted {
		t.Errorf("forgot: %d", status)
	}
	if m := a.message(t, "reset"); m["otp"] == "" || m["link"] != "" {
		t.Errorf("with -codes the mail holds %v", m)
	}
	if status, got := a.call(t, "POST", "/auth/register", "", `{"phone":"+1 415 555 2671","password":"correct horse"}`); status != http.StatusCreated {
		t.Fatalf("registration by phone: %d %v", status, got)
	}
	m := a.message(t, "phoneverification")
	if code, _ := m["otp"].(string); m["to"] != "+14155552671" || code == "" {
		t.Errorf("the text message is %v", m)
	}
	if status, got := a.call(t, "POST", "/auth/register", "", `{"phone":"+1 555","password":"correct horse"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("a number that does not exist: %d %v", status, got)
	}
}

// Flags that do not fit are refused with the reason.
func TestUnusableFlags(t *testing.T) {
	for _, tt := range []struct {
		args, env []string
		want      string
	}{
		{[]string{"-mfa", "sometimes"}, nil, "off, optional or required"},
		{[]string{"-mfa", "required"}, []string{"LOGINRADIUS_API_KEY=key", "LOGINRADIUS_API_SECRET=secret"}, "settings of the emulator"},
		{[]string{"-codes"}, []string{"LOGINRADIUS_API_KEY=key", "LOGINRADIUS_API_SECRET=secret"}, "settings of the emulator"},
	} {
		cmd := exec.CommandContext(t.Context(), build(t, "gin"), append([]string{"-addr", "127.0.0.1:0"}, tt.args...)...)
		cmd.Env = cleanEnv(tt.env...)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), tt.want) {
			t.Errorf("%v: %v %s", tt.args, err, out)
		}
	}
}

// If the address is in use, the error names the flag that chooses another one.
func TestAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, name := range []string{"gin", "emulator"} {
		out, err := exec.CommandContext(t.Context(), build(t, name), "-addr", taken.Addr().String()).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "with -addr") {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}
