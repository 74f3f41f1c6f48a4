// Package container_test builds what the Dockerfile builds, and runs what the compose
// file runs, as processes on this machine.
package container_test

import (
	"bufio"
	"bytes"
	"debug/elf"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// binaries is where the examples are built, once each.
var binaries string

func TestMain(m *testing.M) {
	var err error
	if binaries, err = os.MkdirTemp("", "container"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(binaries)
	os.Exit(code)
}

// build runs the go build of the Dockerfile for an example and an operating system: a
// container's, or this one.
func build(t *testing.T, example, system string) (binary string) {
	t.Helper()
	binary = filepath.Join(binaries, example+"-"+system)
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	line := regexp.MustCompile(`(?m)^\s*(\w+=\w+) (go build .*) -o /app \./examples/\$\{EXAMPLE\}$`).FindStringSubmatch(read(t, "Dockerfile"))
	if line == nil {
		t.Fatal("the Dockerfile has no go build line of the form that this test knows")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", line[2]+` -o "$1" "./examples/$2"`, "sh", binary, example)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), line[1], "GOOS="+system, "GOWORK="+filepath.Join(root, "go.work"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", example, err, out)
	}
	return binary
}

// A base of scratch has no libraries.
func TestBinariesAreStatic(t *testing.T) {
	for _, example := range []string{"gin", "emulator", "replicas"} {
		file, err := elf.Open(build(t, example, "linux"))
		if err != nil {
			t.Fatal(err)
		}
		libraries, err := file.ImportedLibraries()
		if err != nil || len(libraries) > 0 || slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
			t.Errorf("%s needs libraries: %v, %v", example, libraries, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

// service returns the environment and the command of a service of the compose file.
func service(t *testing.T, name string) (example string, env map[string]string, args []string) {
	t.Helper()
	_, after, ok := strings.Cut(read(t, "compose.yml"), "\n  "+name+":\n")
	if !ok {
		t.Fatalf("the compose file has no service %s", name)
	}
	env = map[string]string{}
	inEnvironment := false
	for line := range strings.Lines(after) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		line = strings.TrimSpace(line)
		if indent <= 2 && line != "" {
			break // the next service
		}
		key, value, _ := strings.Cut(line, ": ")
		value = strings.Trim(value, `"`)
		switch {
		case indent == 4:
			inEnvironment = line == "environment:"
			if key == "command" {
				if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "command: ")), &args); err != nil {
					t.Fatal(err)
				}
			}
		case inEnvironment:
			env[key] = value
		case key == "args":
			example = strings.Trim(strings.TrimPrefix(value, "{EXAMPLE: "), "}")
		}
	}
	return example, env, args
}

// outward returns an address of this machine that is not loopback, as a container has. A
// machine without one runs the test on loopback, where plain http needs no permission.
func outward(t *testing.T) string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// run starts a process and returns the first line that it prints, and what it logs.
func run(t *testing.T, binary string, env map[string]string, args ...string) (first string, logged func() string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "LOGINRADIUS_") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	log := new(lockedBuffer)
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			_ = cmd.Process.Kill()
			t.Errorf("%s runs long after SIGTERM", filepath.Base(binary))
		}
	})
	lines := bufio.NewReader(out)
	first, err = lines.ReadString('\n')
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		_ = cmd.Wait()
		close(ended)
	}()
	if err != nil {
		t.Fatalf("%s printed no address: %v\n%s", filepath.Base(binary), err, log)
	}
	return strings.TrimSpace(first), log.String
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// The services of the compose file work together: the site reaches the emulator by
// plain http at an address that is not loopback, and shares sessions through Redis.
func TestCompose(t *testing.T) {
	redis, err := redisserver.Start()
	if errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	host := outward(t)
	example, env, args := service(t, "emulator")
	emulator, _ := run(t, build(t, example, runtime.GOOS), env, slices.Replace(args, 1, 2, host+":0")...)

	example, env, args = service(t, "app")
	if args[0] != "-addr" || env["LOGINRADIUS_BASE_URL"] != "http://emulator:9090" || env["LOGINRADIUS_REDIS_URL"] != "redis://redis:6379" {
		t.Fatalf("the compose file is not what this test knows: %v %v", args, env)
	}
	for name, value := range env { // names of services and published ports become addresses of this machine
		value = strings.ReplaceAll(value, "http://emulator:9090", emulator)
		value = strings.ReplaceAll(value, "http://localhost:9090", emulator)
		env[name] = strings.ReplaceAll(value, "redis:6379", redis.Addr())
	}
	env["LOGINRADIUS_PLAIN_HTTP_HOSTS"] = host
	delete(env, "SITE_URL") // the port is another one
	site, logged := run(t, build(t, example, runtime.GOOS), env, slices.Replace(args, 1, 2, "127.0.0.1:0")...)

	post := func(path, body string) (int, string) {
		t.Helper()
		res, err := http.Post(site+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(text)
	}
	if status, body := post("/auth/register", `{"email":"ada@example.com","password":"correct horse"}`); status != http.StatusCreated {
		t.Errorf("register: %d %s", status, body)
	}
	res, err := http.Get(site + "/mailbox")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); err != nil || !bytes.Contains(text, []byte("ada@example.com")) {
		t.Errorf("the mailbox has no mail: %v\n%s", err, text)
	}
	if status, _ := post("/auth/login", `{"email":"ada@example.com","password":"wrong one"}`); status != http.StatusUnauthorized {
		t.Errorf("login with a wrong password: %d", status)
	}
	if log := logged(); host != "127.0.0.1" && (!strings.Contains(log, "UNSAFE") || !strings.Contains(log, host)) {
		t.Errorf("plain http is not logged: %q", log)
	}
}
