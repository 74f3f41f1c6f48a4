package core_test

import (
	"bytes"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// setEnv sets variables and unsets all other LOGINRADIUS_ variables.
func setEnv(t *testing.T, vars map[string]string) {
	t.Helper()
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "LOGINRADIUS_") {
			t.Setenv(name, "") // so that it is restored
		}
	}
	for name, value := range vars {
		t.Setenv(name, value)
	}
}

func TestConfigFromEnv(t *testing.T) {
	setEnv(t, map[string]string{
		"LOGINRADIUS_API_KEY": "key", "LOGINRADIUS_API_SECRET": "secret",
		"LOGINRADIUS_BASE_URL": "http://emulator:9090", "LOGINRADIUS_SITE_URL": "http://emulator:9090", "LOGINRADIUS_REGION": "eu",
		"LOGINRADIUS_SIGN_REQUESTS": "true", "LOGINRADIUS_PLAIN_HTTP_HOSTS": "emulator, 10.0.0.7,",
		"LOGINRADIUS_SESSION_TTL": "90s", "LOGINRADIUS_SESSION_CAPACITY": "5000", "LOGINRADIUS_UPSTREAM_RATE": "4.5",
		"LOGINRADIUS_SHARED_SECRET": "0123456789abcdef0123456789abcdef",
	})
	c, err := core.ConfigFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if c.APIKey != "key" || c.APISecret != "secret" || c.BaseURL != "http://emulator:9090" || c.SiteURL != c.BaseURL || c.Region != "eu" ||
		!c.SignRequests || !slices.Equal(c.PlainHTTPHosts, []string{"emulator", "10.0.0.7"}) ||
		c.Sessions.TTL != 90*time.Second || c.Sessions.Capacity != 5000 || c.Sessions.UpstreamRate != 4.5 ||
		string(c.SharedSecret) != "0123456789abcdef0123456789abcdef" {
		t.Errorf("read %v %v %+v", c, c.PlainHTTPHosts, c.Sessions)
	}
	client, err := core.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Error(err)
	}
}

// Every malformed variable is named, and no value is.
func TestConfigFromEnvRefuses(t *testing.T) {
	const value = "hunter2"
	bad := []string{
		"LOGINRADIUS_SIGN_REQUESTS", "LOGINRADIUS_SESSION_TTL", "LOGINRADIUS_SESSION_CAPACITY", "LOGINRADIUS_UPSTREAM_RATE",
	}
	vars := map[string]string{}
	for _, name := range bad {
		vars[name] = value
	}
	setEnv(t, vars)
	_, err := core.ConfigFromEnv()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range append(bad, "LOGINRADIUS_API_KEY", "LOGINRADIUS_API_SECRET") {
		if !strings.Contains(err.Error(), name+" is ") {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), value) {
		t.Errorf("the error quotes a value: %v", err)
	}
	for name, value := range map[string]string{"LOGINRADIUS_SESSION_TTL": "-1m", "LOGINRADIUS_SESSION_CAPACITY": "0", "LOGINRADIUS_UPSTREAM_RATE": "NaN"} {
		setEnv(t, map[string]string{"LOGINRADIUS_API_KEY": "key", "LOGINRADIUS_API_SECRET": "secret", name: value})
		if _, err := core.ConfigFromEnv(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

// Plain http reaches listed hosts only, and is logged each time.
func TestPlainHTTPHosts(t *testing.T) {
	open := func(cfg core.Config) (logged string, err error) {
		var log bytes.Buffer
		cfg.APIKey, cfg.APISecret, cfg.Logger = "key", "hunter2", slog.New(slog.NewTextHandler(&log, nil))
		client, err := core.New(cfg)
		if err == nil {
			err = client.Close()
		}
		return log.String(), err
	}
	for _, test := range []struct {
		url   string
		hosts []string
		want  string // in the error; "" for none
		loud  bool
	}{
		{"http://emulator:9090", []string{"emulator"}, "", true},
		{"http://EMULATOR:9090/base", []string{"Emulator"}, "", true},
		{"http://10.0.0.7", []string{"other", "10.0.0.7"}, "", true},
		{"http://[fd00::7]:80", []string{"fd00::7"}, "", true},
		{"https://emulator", []string{"emulator"}, "", false},
		{"http://127.0.0.1:9090", []string{"emulator"}, "", false},
		{"http://emulator", nil, "PlainHTTPHosts", false},
		{"http://emulator.example.com", []string{"emulator", "example.com"}, "PlainHTTPHosts", false},
		{"http://emulator", []string{"http://emulator"}, "PlainHTTPHosts: must be host names", false},
		{"http://emulator", []string{"emulator:9090"}, "PlainHTTPHosts: must be host names", false},
		{"http://emulator", []string{"*"}, "PlainHTTPHosts: must be host names", false},
		{"http://emulator", []string{""}, "PlainHTTPHosts: must be host names", false},
		{"http://api.loginradius.com", []string{"api.LoginRadius.com"}, "must not name a host of LoginRadius", false},
	} {
		logged, err := open(core.Config{BaseURL: test.url, PlainHTTPHosts: test.hosts})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s with %q: %v, want %q", test.url, test.hosts, err, test.want)
		}
		if loud := strings.Contains(logged, "UNSAFE"); loud != test.loud || strings.Contains(logged, "hunter2") {
			t.Errorf("%s with %q logged %q", test.url, test.hosts, logged)
		}
	}
}

// README's table has every variable that the modules of the library read.
func TestREADMEListsVariables(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`"(LOGINRADIUS_[A-Z_]+)"`)
	found := 0
	for _, file := range []string{"config_env.go", "redisstore/env.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllSubmatch(source, -1) {
			found++
			if !bytes.Contains(readme, []byte("| `"+string(m[1])+"` |")) {
				t.Errorf("README's table of variables does not have %s", m[1])
			}
		}
	}
	if found < 12 {
		t.Errorf("only %d variables were found", found)
	}
}
