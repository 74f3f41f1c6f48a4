// Package examples_test starts the examples as a newcomer does and walks through
// them, with HTTP calls and in a browser.
package examples_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var frameworks = []string{"gin", "nethttp", "echo", "fiber", "echo-v5", "fiber-v3"}

var builds struct {
	sync.Mutex
	dir  string
	done map[string]string
}

func TestMain(m *testing.M) {
	var err error
	if builds.dir, err = os.MkdirTemp("", "examples"); err != nil {
		panic(err)
	}
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	_ = os.RemoveAll(builds.dir)
	os.Exit(code)
}

// build compiles an example once.
func build(t *testing.T, name string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if bin := builds.done[name]; bin != "" {
		return bin
	}
	bin := filepath.Join(builds.dir, name)
	cmd := exec.Command("go", "build", "-o", bin, ".")
	cmd.Dir = name // some are modules of their own
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", name, err, out)
	}
	if builds.done == nil {
		builds.done = map[string]string{}
	}
	builds.done[name] = bin
	return bin
}

// cleanEnv is the environment without any LoginRadius setting of the machine.
func cleanEnv(extra ...string) []string {
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "LOGINRADIUS_") {
			env = append(env, kv)
		}
	}
	return append(env, extra...)
}

type app struct {
	url  string
	cmd  *exec.Cmd
	exit chan error
}

// start runs an example on a free port and returns when it has printed its address.
func start(t *testing.T, name string, args ...string) *app {
	t.Helper()
	cmd := exec.Command(build(t, name), append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = cleanEnv()
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	a := &app{cmd: cmd, exit: make(chan error, 1)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "http://127.0.0.1:") {
		t.Fatalf("the first line is %q, not the address to open", lines.Text())
	}
	a.url = lines.Text()
	go func() {
		_, _ = io.Copy(io.Discard, out)
		a.exit <- cmd.Wait()
	}()
	return a
}

// stop sends a signal and wants a clean exit.
func (a *app) stop(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := a.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-a.exit:
		if err != nil {
			t.Errorf("after %v: %v", sig, err)
		}
	case <-time.After(20 * time.Second):
		t.Errorf("still running long after %v", sig)
	}
}

// call sends a JSON request and returns status and body.
func (a *app) call(t *testing.T, method, path, token, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, a.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if len(bytes.TrimSpace(raw)) > 0 && strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &m); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
	return res.StatusCode, m
}

func (a *app) want(t *testing.T, status int, method, path, token, body string) map[string]any {
	t.Helper()
	got, m := a.call(t, method, path, token, body)
	if got != status {
		t.Fatalf("%s %s: %d %v, want %d", method, path, got, m, status)
	}
	return m
}

// opens fails unless something is shown at an address.
func opens(t *testing.T, address string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s answers %d", address, res.StatusCode)
	}
}

// mails returns the mails of a kind, newest last.
func (a *app) mails(t *testing.T, kind string) []map[string]any {
	t.Helper()
	var out []map[string]any
	messages, _ := a.want(t, 200, "GET", "/mailbox", "", "")["messages"].([]any)
	for _, message := range messages {
		if m, _ := message.(map[string]any); m["kind"] == kind {
			out = append(out, m)
		}
	}
	return out
}

// mailed returns the token of the newest mail of a kind.
func (a *app) mailed(t *testing.T, kind string) (token, link string) {
	t.Helper()
	mails := a.mails(t, kind)
	if len(mails) == 0 {
		t.Fatalf("there is no mail of kind %s", kind)
	}
	newest := mails[len(mails)-1]
	return newest["token"].(string), newest["link"].(string)
}

// The whole journey, on every framework, with the same script.
func TestJourneyByHTTP(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			a := start(t, name)
			a.want(t, 200, "GET", "/healthz", "", "")
			a.want(t, 401, "GET", "/api/me", "", "")
			a.want(t, 201, "POST", "/auth/register", "", `{"email":"ada@example.com","password":"correct horse","first_name":"Ada"}`)
			if got := a.want(t, 403, "POST", "/auth/login", "", `{"email":"ada@example.com","password":"correct horse"}`); got["code"] != "email_not_verified" {
				t.Errorf("login before verification: %v", got)
			}
			token, _ := a.mailed(t, "emailverification")
			a.want(t, 204, "POST", "/auth/email/verify", "", `{"token":"`+token+`"}`)
			session := a.want(t, 200, "POST", "/auth/login", "", `{"email":"ada@example.com","password":"correct horse"}`)
			access, refresh := session["access_token"].(string), session["refresh_token"].(string)
			if me := a.want(t, 200, "GET", "/api/me", access, ""); me["email"] != "ada@example.com" || me["first_name"] != "Ada" {
				t.Errorf("me = %v", me)
			}
			a.want(t, 403, "GET", "/api/admin", access, "")
			admin := a.want(t, 200, "POST", "/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`)["access_token"].(string)
			a.want(t, 200, "GET", "/api/admin", admin, "")
			if me := a.want(t, 200, "PATCH", "/auth/me", access, `{"last_name":"Lovelace"}`); me["last_name"] != "Lovelace" {
				t.Errorf("after the change: %v", me)
			}
			a.want(t, 204, "POST", "/auth/password/change", access, `{"current_password":"correct horse","new_password":"second horse"}`)
			a.want(t, 202, "POST", "/auth/password/forgot", "", `{"email":"ada@example.com"}`)
			token, _ = a.mailed(t, "reset")
			a.want(t, 204, "POST", "/auth/password/reset", "", `{"token":"`+token+`","password":"third horse"}`)
			a.want(t, 401, "POST", "/auth/login", "", `{"email":"ada@example.com","password":"second horse"}`)
			session = a.want(t, 200, "POST", "/auth/token/refresh", access, `{"refresh_token":"`+refresh+`"}`)
			a.want(t, 401, "GET", "/api/me", access, "")
			access = session["access_token"].(string)
			a.want(t, 200, "GET", "/auth/sessions", access, "")
			a.want(t, 202, "DELETE", "/auth/account", access, "")
			a.want(t, 200, "GET", "/api/me", access, "")
			token, _ = a.mailed(t, "deleteuser")
			a.want(t, 204, "POST", "/auth/account/delete", "", `{"token":"`+token+`"}`)
			a.want(t, 401, "GET", "/api/me", access, "")
			a.want(t, 204, "POST", "/auth/logout", access, "")
			a.stop(t, syscall.SIGTERM)
		})
	}
}

// A request under way when the signal comes is answered: here one that has mailed a
// link and is held for a moment, so that it does not tell whether the address is known.
func TestStopFinishesRequests(t *testing.T) {
	for i, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			a := start(t, name)
			a.want(t, 201, "POST", "/auth/register", "", `{"email":"ada@example.com","password":"correct horse"}`)
			status := make(chan int, 1)
			go func() {
				res, err := http.Post(a.url+"/auth/password/forgot", "application/json", strings.NewReader(`{"email":"ada@example.com"}`))
				if err != nil {
					status <- 0
					return
				}
				_ = res.Body.Close()
				status <- res.StatusCode
			}()
			for len(a.mails(t, "reset")) == 0 { // until it is at work
				if len(status) > 0 {
					t.Fatalf("answered %d without a mail", <-status)
				}
			}
			a.stop(t, []os.Signal{syscall.SIGTERM, os.Interrupt}[i%2])
			if got := <-status; got != http.StatusAccepted {
				t.Errorf("the request under way got %d", got)
			}
		})
	}
}

func TestHalfSetEnvironmentNamesTheMissingVariable(t *testing.T) {
	for set, missing := range map[string]string{"LOGINRADIUS_API_KEY": "LOGINRADIUS_API_SECRET", "LOGINRADIUS_API_SECRET": "LOGINRADIUS_API_KEY"} {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, build(t, "gin"), "-addr", "127.0.0.1:0")
		cmd.Env = cleanEnv(set + "=some-secret-value")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), missing) || strings.Contains(string(out), "some-secret-value") {
			t.Errorf("with only %s: %v, %s", set, err, out)
		}
	}
}

// With both variables set, the same program talks to the configured service.
func TestCredentialsSelectTheService(t *testing.T) {
	emulator := start(t, "emulator")
	cmd := exec.Command(build(t, "gin"), "-addr", "127.0.0.1:0")
	cmd.Env = cleanEnv("LOGINRADIUS_API_KEY=emulator-key", "LOGINRADIUS_API_SECRET=emulator-secret", "LOGINRADIUS_BASE_URL="+emulator.url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	lines := bufio.NewScanner(out)
	lines.Scan()
	a := &app{url: lines.Text()}
	a.want(t, 201, "POST", "/auth/register", "", `{"email":"ada@example.com","password":"correct horse"}`)
	token, _ := emulator.mailed(t, "emailverification")
	a.want(t, 204, "POST", "/auth/email/verify", "", `{"token":"`+token+`"}`)
	a.want(t, 404, "GET", "/mailbox", "", "")
}

// An application that was there before keeps its errors and its routes.
func TestExistingApp(t *testing.T) {
	a := start(t, "existing-app")
	a.want(t, 200, "GET", "/healthz", "", "")
	code := func(m map[string]any) any { e, _ := m["error"].(map[string]any); return e["code"] }
	if got := code(a.want(t, 404, "GET", "/nowhere", "", "")); got != "not_found" {
		t.Errorf("its own error has the code %v", got)
	}
	if got := code(a.want(t, 401, "GET", "/orders", "", "")); got != "unauthenticated" {
		t.Errorf("a refusal in its format has the code %v", got)
	}
	token := a.want(t, 200, "POST", "/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`)["access_token"].(string)
	if got := code(a.want(t, 401, "POST", "/auth/login", "", `{"email":"admin@example.com","password":"wrong"}`)); got != "invalid_credentials" {
		t.Errorf("a refused login in its format has the code %v", got)
	}
	a.want(t, 400, "POST", "/orders", token, `{}`)
	a.want(t, 201, "POST", "/auth/register", "", `{"email":"ada@example.com","password":"correct horse"}`)
	_, verify := a.mailed(t, "emailverification")
	a.want(t, 202, "POST", "/auth/password/forgot", "", `{"email":"ada@example.com"}`)
	_, reset := a.mailed(t, "reset")
	for _, address := range []string{a.url, verify, reset} {
		opens(t, address)
	}
	a.want(t, 201, "POST", "/orders", token, `{"item":"tea"}`)
	if got := a.want(t, 200, "GET", "/orders", token, "")["orders"].([]any); len(got) != 1 || got[0] != "tea" {
		t.Errorf("orders: %v", got)
	}
	a.stop(t, os.Interrupt)
}

// The spa's server, without a browser: files under a strict policy, tokens in
// cookies only.
func TestSPA(t *testing.T) {
	a := start(t, "spa")
	a.want(t, 401, "GET", "/api/notes", "", "")
	for path, kind := range map[string]string{"/": "text/html", "/verify?vtoken=x": "text/html", "/app.js": "text/javascript", "/client.js": "text/javascript", "/app.css": "text/css"} {
		res, err := http.Get(a.url + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
	}
	a.want(t, 201, "POST", "/auth/register", "", `{"email":"ada@example.com","password":"correct horse"}`)
	_, verify := a.mailed(t, "emailverification")
	a.want(t, 202, "POST", "/auth/password/forgot", "", `{"email":"ada@example.com"}`)
	_, reset := a.mailed(t, "reset")
	opens(t, verify)
	opens(t, reset)
	if got := a.want(t, 200, "POST", "/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`); got["access_token"] != nil || got["user"] == nil {
		t.Errorf("login answers %v", got)
	}
	a.stop(t, os.Interrupt)
}
