package core_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Each operation goes to its host, and to no other with the same credentials.
func TestHosts(t *testing.T) {
	ctx := context.Background()
	for name, tt := range map[string]struct {
		cfg  core.Config
		call func(*core.Client) error
		want string
	}{
		"the API":           {core.Config{}, func(c *core.Client) error { return c.Account.Delete(ctx, "u") }, "api.loginradius.com"},
		"the configuration": {core.Config{}, func(c *core.Client) error { return second(c.Configuration.Site(ctx)) }, "config.lrcontent.com"},
		"a configured host": {core.Config{ConfigurationURL: "https://c.example/"}, func(c *core.Client) error { return second(c.Configuration.Site(ctx)) }, "c.example"},
		"an emulator":       {core.Config{BaseURL: "http://127.0.0.1:1"}, func(c *core.Client) error { return second(c.Configuration.Site(ctx)) }, "127.0.0.1:1"},
		"a site": {core.Config{SiteURL: "https://acme.hub.example"}, func(c *core.Client) error {
			return second(c.JWT.ByAccessToken(ctx, core.JWTByAccessTokenRequest{App: "a", AccessToken: "t"}))
		}, "acme.hub.example"},
		"a site of its domain": {core.Config{BaseURL: "https://id.example"}, func(c *core.Client) error {
			return second(c.JWT.ByAccessToken(ctx, core.JWTByAccessTokenRequest{App: "a", AccessToken: "t"}))
		}, "id.example"},
	} {
		host := ""
		tt.cfg.APIKey, tt.cfg.APISecret = "k", "s"
		tt.cfg.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			host = r.URL.Host
			return respond(200, `{"signature":"a.b.c"}`, nil), nil
		})}
		c, err := core.New(tt.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := tt.call(c); err != nil || host != tt.want {
			t.Errorf("%s: sent to %q (%v), want %q", name, host, err, tt.want)
		}
		_ = c.Close()
	}
	c := refuse(t)
	if _, err := c.JWT.ByAccessToken(ctx, core.JWTByAccessTokenRequest{App: "a", AccessToken: "t"}); !errors.Is(err, core.ErrInvalidArgument) {
		t.Errorf("without a site: %v", err)
	}
	for field, cfg := range map[string]core.Config{"SiteURL": {SiteURL: "http://acme.example"}, "ConfigurationURL": {ConfigurationURL: "ftp://x"}} {
		cfg.APIKey, cfg.APISecret = "k", "s"
		if e, ok := errors.AsType[*core.ConfigError](second(core.New(cfg))); !ok || e.Field != field {
			t.Errorf("%s: %v", field, e)
		}
	}
}
