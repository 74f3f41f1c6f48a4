package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
)

// TestMain runs the fiber application of TestPrefork if the environment says so: as the
// parent that Prefork makes of the first process, and as its children.
func TestMain(m *testing.M) {
	addr := os.Getenv("PREFORK_ADDR")
	if addr == "" {
		code := m.Run()
		if binary, err := built(); err == nil {
			_ = os.RemoveAll(filepath.Dir(binary))
		}
		os.Exit(code)
	}
	if err := prefork(addr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func prefork(addr string) error {
	store, closeStore, err := redisstore.FromEnv()
	if err != nil {
		return err
	}
	defer func() { _ = closeStore() }()
	cfg, err := core.ConfigFromEnv()
	if err != nil {
		return err
	}
	cfg.Shared = store
	client, err := core.New(cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	app := fiber.New(fiber.Config{Prefork: true, DisableStartupMessage: true})
	app.Use(func(c *fiber.Ctx) error {
		c.Set("X-Process", strconv.Itoa(os.Getpid()))
		return c.Next()
	})
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	cookies, refresh := web.InsecureCookies(), web.AutoRefresh()
	if err := fiberlr.Mount(app, client, cookies, refresh); err != nil {
		return err
	}
	return app.Listen(addr)
}

// The processes of fiber's Prefork are replicas: they share logins, logouts and
// refreshes.
func TestPrefork(t *testing.T) {
	redis, err := redisserver.Start()
	if errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer redis.Close()
	addr := fmt.Sprintf("127.0.0.1:%d", freePorts(t))
	lr, env, err := site.StartEmulator("http://"+addr, "off", false)
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), env...), "PREFORK_ADDR="+addr, "GOMAXPROCS=3", "LOGINRADIUS_REDIS_URL=redis://"+redis.Addr())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill() // children notice that their parent is gone
		_ = cmd.Wait()
	}()
	if err := await(t.Context(), addr); err != nil {
		t.Fatal(err)
	}

	// Each request on a connection of its own, so that the kernel chooses a process.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	request := func(method, path, body string, cookies ...*http.Cookie) (*http.Response, map[string]any) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for _, c := range cookies {
			req.AddCookie(c)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return &http.Response{Header: http.Header{}}, nil
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		var answer map[string]any
		_ = json.Unmarshal(text, &answer)
		return res, answer
	}
	processes := map[string]bool{}
	for end := time.Now().Add(20 * time.Second); len(processes) < 3 && time.Now().Before(end); {
		res, _ := request(http.MethodGet, "/healthz", "")
		processes[res.Header.Get("X-Process")] = true
	}
	if len(processes) < 3 {
		t.Fatalf("only the processes %v answer", processes)
	}

	login, answer := request(http.MethodPost, "/login", `{"email":"admin@example.com","password":"correct horse"}`)
	if login.StatusCode != http.StatusOK {
		t.Fatalf("login: %d %v", login.StatusCode, answer)
	}
	cookies := login.Cookies()
	for range 12 {
		if res, _ := request(http.MethodGet, "/me", "", cookies...); res.StatusCode != http.StatusOK {
			t.Errorf("process %s: %d", res.Header.Get("X-Process"), res.StatusCode)
		}
	}

	// The access cookie is gone: many requests at once refresh, in several processes.
	var refreshOnly []*http.Cookie
	for _, c := range cookies {
		if strings.Contains(c.Name, "refresh") {
			refreshOnly = append(refreshOnly, c)
		}
	}
	if len(refreshOnly) != 1 {
		t.Fatalf("cookies: %v", cookies)
	}
	var (
		all     sync.WaitGroup
		mu      sync.Mutex
		granted = map[string]bool{}
		renewed []*http.Cookie
	)
	for range 24 {
		all.Go(func() {
			res, _ := request(http.MethodGet, "/me", "", refreshOnly...)
			mu.Lock()
			defer mu.Unlock()
			if res.StatusCode != http.StatusOK {
				t.Errorf("process %s refreshes: %d", res.Header.Get("X-Process"), res.StatusCode)
			}
			for _, c := range res.Cookies() {
				granted[c.Name+"="+c.Value] = true
			}
			renewed = res.Cookies()
		})
	}
	all.Wait()
	if len(granted) != len(renewed) {
		t.Errorf("there are %d different new cookies, want one of each of %d", len(granted), len(renewed))
	}

	if res, answer := request(http.MethodPost, "/logout", "", renewed...); res.StatusCode != http.StatusNoContent {
		t.Errorf("logout: %d %v", res.StatusCode, answer)
	}
	var access []*http.Cookie
	for _, c := range renewed {
		if !strings.Contains(c.Name, "refresh") {
			access = append(access, c)
		}
	}
	heard := map[string]bool{}
	for end := time.Now().Add(20 * time.Second); len(heard) < len(processes); time.Sleep(5 * time.Millisecond) {
		res, _ := request(http.MethodGet, "/me", "", access...)
		if res.StatusCode == http.StatusUnauthorized {
			heard[res.Header.Get("X-Process")] = true
		}
		if time.Now().After(end) {
			t.Fatalf("only %d of %d processes know of the logout", len(heard), len(processes))
		}
	}
}
