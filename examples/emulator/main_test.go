package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The program from outside: what it prints, serves, refuses, and how it ends.
func TestProgram(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "emulator")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	for want, args := range map[string][]string{
		"not a loopback address":    {"-addr", "0.0.0.0:0"},
		"not host:port":             {"-addr", "9090"},
		"address already in use":    {"-addr", busy.Addr().String()},
		`unexpected argument "run"`: {"run"},
		`-mfa "sometimes"`:          {"-mfa", "sometimes"},
	} {
		out, err := exec.CommandContext(t.Context(), bin, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}

	for _, args := range [][]string{{"-addr", "127.0.0.1:0", "-mfa", "required", "-control-key", "a key", "-codes", "-passkeys", "localhost", "-webhook", "http://127.0.0.1:1/hook"}, {"-addr", "0.0.0.0:0", "-allow-non-loopback"}} {
		var log bytes.Buffer
		cmd := exec.CommandContext(t.Context(), bin, args...)
		cmd.Stderr = &log
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(stdout)
		url, _ := lines.ReadString('\n')
		credentials, _ := lines.ReadString('\n')
		url = strings.TrimSpace(url)
		if !strings.HasPrefix(url, "http://") || !strings.Contains(credentials, "emulator-key") || !strings.Contains(credentials, "emulator-secret") {
			t.Fatalf("printed %q %q", url, credentials)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.Contains(string(page), "Mailbox") {
			t.Errorf("the printed address shows %d %s", res.StatusCode, page)
		}
		// The control API answers only if a key was set.
		want := http.StatusNotFound
		if slices.Contains(args, "-control-key") {
			want = http.StatusOK
		}
		move, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/control/clock", strings.NewReader(`{"advance":"15m"}`))
		if err != nil {
			t.Fatal(err)
		}
		move.Header.Set("X-Emulator-Key", "a key")
		if res, err = http.DefaultClient.Do(move); err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%v: the control API answers %d, want %d", args, res.StatusCode, want)
		}
		// The site's configuration tells what the flags have set.
		if req, err = http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/ciam/appinfo?apikey=emulator-key", http.NoBody); err != nil {
			t.Fatal(err)
		}
		if res, err = http.DefaultClient.Do(req); err != nil {
			t.Fatal(err)
		}
		info, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		for flag, sign := range map[string]string{
			"-codes": `"OTPEmailVerification":true`, "-passkeys": `"PasskeySelection":"Both","ProgressiveEnrollment":false,"ProgressiveEnrollmentDelay":0,"RPDisplayName":"LoginRadius App","RPID":"localhost"`,
			"-mfa": `"IsRequired":true`,
		} {
			if strings.Contains(string(info), sign) != slices.Contains(args, flag) {
				t.Errorf("%v: the configuration does not go with %s: %s", args, flag, info)
			}
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
		if line := log.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, "emulator") || !strings.Contains(line, url) {
			t.Errorf("logged %q", line)
		}
	}
}
