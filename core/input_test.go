package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// refuse fails the test if anything is sent.
func refuse(t *testing.T) *core.Client {
	t.Helper()
	c, err := core.New(core.Config{APIKey: "k", APISecret: "s", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		return nil, errors.New("not sent")
	})}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Each required argument is asked for by name before anything is sent.
func TestMissingArguments(t *testing.T) {
	c := refuse(t)
	tried := 0
	for _, f := range fixtures(t) {
		m, err := methodOf(c, f.Operation)
		if err != nil {
			t.Fatal(err)
		}
		in, err := arguments(m, f.Minimal.Args)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range in {
			if v.Kind() == reflect.Struct {
				for _, field := range reflect.VisibleFields(v.Type()) {
					if field.Anonymous || strings.Contains(field.Tag.Get("lr"), ",always") || v.FieldByIndex(field.Index).IsZero() || f.Optional[field.Name] != "" {
						continue
					}
					less := slices.Clone(in)
					less[i] = reflect.New(v.Type()).Elem()
					less[i].Set(v)
					less[i].FieldByIndex(field.Index).SetZero()
					tried++
					if _, err := invokeWith(context.Background(), m, less); !errors.Is(err, core.ErrMissingArgument) || !strings.Contains(err.Error(), field.Name) {
						t.Errorf("%s without %s: %v, want ErrMissingArgument naming it", f.Operation, field.Name, err)
					}
				}
				continue
			}
			if v.IsZero() {
				continue // a number for which zero means the default
			}
			less := slices.Clone(in)
			less[i] = reflect.Zero(v.Type())
			tried++
			if _, err := invokeWith(context.Background(), m, less); !errors.Is(err, core.ErrMissingArgument) {
				t.Errorf("%s without an argument: %v, want ErrMissingArgument", f.Operation, err)
			}
		}
	}
	if _, err := c.Account.Create(context.Background(), core.CreateAccountRequest{}); !errors.Is(err, core.ErrMissingArgument) {
		t.Errorf("an empty account: %v", err)
	}
	for _, err := range []error{
		func() error {
			_, err := c.Account.Update(context.Background(), core.UpdateAccountRequest{UID: "u"})
			return err
		}(),
		func() error {
			_, err := c.Authentication.UpdateProfile(context.Background(), core.UpdateProfileRequest{AccessToken: "t"})
			return err
		}(),
		c.Authentication.ForgotPassword(context.Background(), core.ForgotPasswordRequest{}),
	} {
		if !errors.Is(err, core.ErrMissingArgument) {
			t.Errorf("%v, want ErrMissingArgument", err)
		}
	}
	if tried < 50 {
		t.Errorf("only %d missing arguments were tried", tried)
	}
}

func TestInvalidArguments(t *testing.T) {
	c := refuse(t)
	ctx := context.Background()
	for name, err := range map[string]error{
		"a dot segment":            c.Account.Delete(ctx, ".."),
		"a single dot":             c.Account.Delete(ctx, "."),
		"a line break in a token":  second(c.Authentication.ValidateToken(ctx, "a\r\nX-Evil: 1")),
		"a line break in a SOTT":   second(c.Authentication.Register(ctx, core.RegisterRequest{Email: "a@b.c", Password: "p", SOTT: "a\nb"})),
		"a key twice":              second(c.Authentication.Register(ctx, core.RegisterRequest{Email: "a@b.c", Password: "p", Extra: map[string]any{"password": "q"}})),
		"a value that has no JSON": second(c.Account.Update(ctx, core.UpdateAccountRequest{UID: "u", Extra: map[string]any{"a": func() {}}})),
		"a negative SOTT":          second(c.SOTT(-1)),
	} {
		if !errors.Is(err, core.ErrInvalidArgument) || strings.Contains(err.Error(), "Evil") {
			t.Errorf("%s: %v, want ErrInvalidArgument", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestConfigErrorsNameTheField(t *testing.T) {
	good := core.Config{APIKey: "k", APISecret: "s"}
	if c, err := core.New(good); err != nil {
		t.Fatal(err)
	} else {
		_ = c.Close()
	}
	for field, change := range map[string]func(*core.Config){
		"APIKey":                       func(c *core.Config) { c.APIKey = "" },
		"APISecret":                    func(c *core.Config) { c.APISecret = "very secret\n" },
		"BaseURL":                      func(c *core.Config) { c.BaseURL = "http://api.example.com" },
		"Timeout":                      func(c *core.Config) { c.Timeout = -1 },
		"AttemptTimeout":               func(c *core.Config) { c.AttemptTimeout = -1 },
		"Retry.MaxAttempts":            func(c *core.Config) { c.Retry.MaxAttempts = -1 },
		"Retry.BaseDelay":              func(c *core.Config) { c.Retry.BaseDelay = -1 },
		"Sessions.Capacity":            func(c *core.Config) { c.Sessions.Capacity = -1 },
		"Sessions.TTL":                 func(c *core.Config) { c.Sessions.TTL = -1 },
		"Sessions.RefreshAfter":        func(c *core.Config) { c.Sessions.TTL, c.Sessions.RefreshAfter = time.Minute, time.Hour },
		"Sessions.StaleIfError":        func(c *core.Config) { c.Sessions.TTL, c.Sessions.StaleIfError = time.Hour, time.Minute },
		"Sessions.NegativeTTL":         func(c *core.Config) { c.Sessions.NegativeTTL = -1 },
		"Sessions.UpstreamRate":        func(c *core.Config) { c.Sessions.UpstreamRate = -1 },
		"Sessions.UpstreamConcurrency": func(c *core.Config) { c.Sessions.UpstreamConcurrency = -1 },
		"Sessions.ProfileFields":       func(c *core.Config) { c.Sessions.ProfileFields = []string{"Password"} },
		"Sessions.UpstreamRate ":       func(c *core.Config) { c.Sessions.UpstreamRate = math.Inf(1) },
		"Sessions.UpstreamRate  ":      func(c *core.Config) { c.Sessions.UpstreamRate = math.NaN() },
	} {
		field = strings.TrimSpace(field)
		cfg := good
		change(&cfg)
		_, err := core.New(cfg)
		var e *core.ConfigError
		if !errors.As(err, &e) || e.Field != field || strings.Contains(err.Error(), "very secret") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, u := range []string{"api.example.com", "ftp://x", "https://", "https://u:p@x", "https://x?a=b", "https://x#a", "http://10.0.0.1", "://", "https://x\x7f"} {
		cfg := good
		cfg.BaseURL = u
		if _, err := core.New(cfg); err == nil {
			t.Errorf("BaseURL %q was accepted", u)
		}
	}
	for _, u := range []string{"https://x.example", "https://x.example/prefix/", "http://127.0.0.1:80", "http://[::1]:80", "http://localhost:80"} {
		cfg := good
		cfg.BaseURL = u
		c, err := core.New(cfg)
		if err != nil {
			t.Errorf("BaseURL %q: %v", u, err)
			continue
		}
		_ = c.Close()
	}
}

func TestErrorCodes(t *testing.T) {
	type row struct {
		Code    core.ErrorCode `json:"code"`
		Status  int            `json:"http_status"`
		Message string         `json:"message"`
	}
	table := load[struct {
		Codes []row `json:"codes"`
		SSO   []row `json:"sso_codes"`
	}](t, "error-codes.json")
	source, err := os.ReadFile("error_codes.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[core.ErrorCode]bool{}
	for _, c := range append(table.Codes, table.SSO...) {
		if seen[c.Code] {
			continue // the main table goes first
		}
		seen[c.Code] = true
		if !c.Code.Published() || c.Code.Message() != c.Message || c.Code.HTTPStatus() != c.Status {
			t.Errorf("%d is %q with %d, want %q with %d", c.Code, c.Code.Message(), c.Code.HTTPStatus(), c.Message, c.Status)
		}
		n, _ := json.Marshal(c.Code)
		if !strings.Contains(string(source), "ErrorCode = "+string(n)+"\n") {
			t.Errorf("%d has no constant", c.Code)
		}
	}
	if len(seen) < 330 {
		t.Errorf("only %d codes", len(seen))
	}
	if core.ErrorCode(4711).Published() || core.ErrorCode(4711).Message() != "LoginRadius error 4711" {
		t.Error("an unknown code is published")
	}
}
