package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// freePorts returns a port with three free ones above it.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		_ = l.Close()
		free := port+replicas <= 65535
		for i := 1; free && i <= replicas; i++ {
			above, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+i))
			if free = err == nil; free {
				_ = above.Close()
			}
		}
		if free {
			return port
		}
	}
	t.Fatal("no four free ports in a row")
	return 0
}

// program builds the example, once for all tests.
func program(t *testing.T) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "replicas")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "replicas")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
})

// A running is the example in a process of its own.
type running struct {
	base string // the proxy
	port int
	stop func()

	mu        sync.Mutex
	processes map[string]int // by the number of the replica
}

// process returns the process of a replica, once the example has printed it.
func (r *running) process(t *testing.T, number string) int {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		r.mu.Lock()
		pid := r.processes[number]
		r.mu.Unlock()
		if pid != 0 {
			return pid
		}
		if time.Now().After(end) {
			t.Fatalf("the process of replica %s was not printed", number)
		}
	}
}

var startedLine = regexp.MustCompile(`^Replica (\d): http://\S+, process (\d+)$`)

// start runs the example.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	if server, err := redisserver.Start(); errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	} else if err == nil {
		_ = server.Close()
	}
	port := freePorts(t)
	cmd := exec.Command(program(t), append([]string{"-addr", "127.0.0.1:" + strconv.Itoa(port)}, args...)...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "LOGINRADIUS_") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	r := &running{base: fmt.Sprintf("http://127.0.0.1:%d", port), port: port, processes: map[string]int{}}
	r.stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("after SIGTERM: %v", err)
			}
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			t.Error("still running long after SIGTERM")
		}
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil || first != r.base+"\n" {
		t.Fatalf("the first line is %q, want %q (%v)", first, r.base, err)
	}
	go func() {
		for text := bufio.NewScanner(lines); text.Scan(); {
			if m := startedLine.FindStringSubmatch(text.Text()); m != nil {
				r.mu.Lock()
				r.processes[m[1]], _ = strconv.Atoi(m[2])
				r.mu.Unlock()
			}
		}
		ended <- cmd.Wait()
	}()
	return r
}

// call returns status, body and which replica answered.
func call(t *testing.T, client *http.Client, method, address, token, body string) (status int, answer map[string]any, replica string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
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
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_ = json.NewDecoder(res.Body).Decode(&answer)
	return res.StatusCode, answer, res.Header.Get("X-Replica")
}

func login(t *testing.T, base string) (token string) {
	t.Helper()
	status, answer, _ := call(t, http.DefaultClient, http.MethodPost, base+"/auth/login", "", `{"email":"admin@example.com","password":"correct horse"}`)
	token, _ = answer["access_token"].(string)
	if status != http.StatusOK || token == "" {
		t.Fatalf("login: %d %v", status, answer)
	}
	return token
}

func TestReplicas(t *testing.T) {
	example := start(t)
	defer example.stop()
	base := example.base
	direct := func(i int) string { return fmt.Sprintf("http://127.0.0.1:%d", example.port+i) }

	// In turn, and each by itself.
	for i := range 6 {
		if _, _, replica := call(t, http.DefaultClient, http.MethodGet, base+"/healthz", "", ""); replica != strconv.Itoa(i%replicas+1) {
			t.Errorf("request %d was answered by replica %q", i+1, replica)
		}
	}
	for i := 1; i <= replicas; i++ {
		if _, _, replica := call(t, http.DefaultClient, http.MethodGet, direct(i)+"/healthz", "", ""); replica != strconv.Itoa(i) {
			t.Errorf("port P+%d is replica %q", i, replica)
		}
	}

	// A login on one is known to all, and asked about once at most.
	token := login(t, direct(1))
	for i := 1; i <= replicas; i++ {
		if status, user, _ := call(t, http.DefaultClient, http.MethodGet, direct(i)+"/api/me", token, ""); status != http.StatusOK || user["email"] != "admin@example.com" {
			t.Errorf("replica %d: %d %v", i, status, user)
		}
		if status, _, _ := call(t, http.DefaultClient, http.MethodGet, direct(i)+"/api/admin", token, ""); status != http.StatusOK {
			t.Errorf("replica %d, admin: %d", i, status)
		}
	}
	shared := 0.0
	for i := 1; i <= replicas; i++ {
		_, stats, _ := call(t, http.DefaultClient, http.MethodGet, direct(i)+"/stats", "", "")
		hits, ok := stats["shared_hits"].(float64)
		if _, other := stats["stale_served"]; !ok || !other {
			t.Errorf("replica %d has the stats %v", i, stats)
		}
		shared += hits
	}
	if shared < replicas-1 {
		t.Errorf("%v answers came from other replicas, want at least %d", shared, replicas-1)
	}

	// A logout on one holds on all.
	if status, _, _ := call(t, http.DefaultClient, http.MethodPost, direct(2)+"/auth/logout", token, ""); status != http.StatusNoContent {
		t.Errorf("logout: %d", status)
	}
	for i := 1; i <= replicas; i++ {
		for end := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			status, _, _ := call(t, http.DefaultClient, http.MethodGet, direct(i)+"/api/me", token, "")
			if status == http.StatusUnauthorized {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("replica %d answers %d long after the logout", i, status)
			}
		}
	}

	// Mailbox and cookies work through the proxy.
	status, box, _ := call(t, http.DefaultClient, http.MethodGet, base+"/mailbox", "", "")
	if _, ok := box["messages"]; status != http.StatusOK || !ok {
		t.Errorf("mailbox: %d %v", status, box)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if status, _, _ := call(t, browser, http.MethodPost, base+"/login", "", `{"email":"admin@example.com","password":"correct horse"}`); status != http.StatusOK {
		t.Errorf("login with cookies: %d", status)
	}
	if target, _ := url.Parse(base); len(jar.Cookies(target)) == 0 {
		t.Error("there are no cookies")
	}
	for range replicas {
		if status, _, replica := call(t, browser, http.MethodGet, base+"/api/me", "", ""); status != http.StatusOK {
			t.Errorf("replica %s with the cookies: %d", replica, status)
		}
	}
	page, err := browser.Get(base + "/profile")
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	if html, err := io.ReadAll(page.Body); err != nil || !bytes.Contains(html, []byte("Replica "+page.Header.Get("X-Replica"))) {
		t.Errorf("the page does not say which replica made it: %d, %v", page.StatusCode, err)
	}
}

// Killed replicas are left out, and no logged-in user notices a stopped Redis.
func TestFailures(t *testing.T) {
	server, err := redisserver.Start()
	if err != nil {
		if errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	defer server.Close()
	example := start(t, "-redis", server.Addr())
	defer example.stop()
	base := example.base
	token := login(t, base)
	me := func(what string) {
		t.Helper()
		for range 2 * replicas {
			if status, _, replica := call(t, http.DefaultClient, http.MethodGet, base+"/api/me", token, ""); status != http.StatusOK {
				t.Errorf("%s: replica %s answers %d", what, replica, status)
			}
		}
	}
	me("at first")
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	me("with a Redis that hangs")
	token = login(t, base)
	me("with a login while Redis hangs")
	if err := server.Resume(); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	me("without Redis")
	if status, _, _ := call(t, http.DefaultClient, http.MethodPost, base+"/auth/logout", token, ""); status != http.StatusNoContent {
		t.Errorf("logout without Redis: %d", status)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	// The logout reaches all replicas when Redis is back.
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		refused := 0
		for range replicas {
			if status, _, _ := call(t, http.DefaultClient, http.MethodGet, base+"/api/me", token, ""); status == http.StatusUnauthorized {
				refused++
			}
		}
		if refused == replicas {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d replicas know of the logout", refused, replicas)
		}
	}
}

func TestUnusableArguments(t *testing.T) {
	for _, addr := range []string{"", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65533", "127.0.0.1:http"} {
		if _, err := addresses(addr); err == nil || !strings.Contains(err.Error(), "-addr") {
			t.Errorf("-addr %q: %v", addr, err)
		}
	}
	addrs, err := addresses("127.0.0.1:8080")
	if want := "127.0.0.1:8080 127.0.0.1:8081 127.0.0.1:8082 127.0.0.1:8083"; err != nil || strings.Join(addrs, " ") != want {
		t.Errorf("addresses %v, %v", addrs, err)
	}
}
