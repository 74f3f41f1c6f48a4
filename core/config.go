package core

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DefaultBaseURL is the address of the hosted LoginRadius API.
const DefaultBaseURL = "https://api.loginradius.com"

// DefaultConfigurationURL is the address of the sites' public configuration.
const DefaultConfigurationURL = "https://config.lrcontent.com"

// Config says how to reach a LoginRadius site. Only APIKey and APISecret are
// required; every other zero value means a safe default. [New] copies it, so a
// later change to the struct has no effect.
type Config struct {
	// APIKey and APISecret are the site's credentials. They are replaced while
	// running with [Client.SetCredentials].
	APIKey    string
	APISecret string

	// BaseURL is the scheme and host of the API, with an optional path prefix:
	// a custom domain, a regional host or an emulator. Default: [DefaultBaseURL].
	// Plain http is accepted for loopback addresses and PlainHTTPHosts only: every call
	// carries a token or the secret.
	BaseURL string

	// ConfigurationURL is the scheme and host of the site's public configuration, which
	// [ConfigurationService.Site] reads. Default: [DefaultConfigurationURL], or BaseURL
	// if that is a loopback address.
	ConfigurationURL string

	// SiteURL is the scheme and host of the site's hosted pages, which also serve
	// OpenID Connect, OAuth and JWT: "https://acme.hub.loginradius.com" or a custom
	// domain. Default: BaseURL, unless that is [DefaultBaseURL], which does not serve
	// them; calls that need SiteURL then return ErrInvalidArgument.
	SiteURL string

	// PlainHTTPHosts names development hosts, such as "emulator" in a compose file,
	// that the URLs above may reach by plain http, as they may reach loopback
	// addresses. Tokens and the secret then cross that network readable, so that [New]
	// logs a warning for each, to slog.Default() if there is no Logger. An entry is a
	// host name or an IP address, without scheme and port; it matches exactly, without
	// case. Default: none.
	PlainHTTPHosts []string

	// Region selects a region on multi-region sites. Default: not sent.
	Region string

	// SignRequests sends a digest of management calls instead of the secret.
	// The site must have request signing switched on. Default: false.
	SignRequests bool

	// HTTPClient sends the requests. Its Transport, Jar and Timeout are used as
	// they are; redirects are never followed, because a redirect would carry a
	// token to another host. Default: a client of its own; [Client.Close] closes its
	// idle connections.
	HTTPClient *http.Client

	// Logger receives one Debug record per attempt: operation, outcome (see [CallKind]),
	// attempt, status, duration and error code; request_id, the X-Request-Id of the request
	// that a route or guard makes the call for; answer_id, the one of the answer. Default:
	// nothing is logged.
	Logger *slog.Logger

	// Observer sees the calls to LoginRadius, for traces and metrics; see the package
	// core/otellr. Default: none.
	Observer Observer

	// Timeout bounds one operation with all its retries; AttemptTimeout bounds
	// each attempt. A shorter deadline of the caller's context wins.
	// Defaults: 10 s and 5 s.
	Timeout        time.Duration
	AttemptTimeout time.Duration

	// Retry says how reads are repeated after a failure that may pass.
	Retry RetryConfig

	// Sessions configures the cached validator behind [Client.Session].
	Sessions SessionConfig

	// Shared is what the replicas of one application have in common: what one of them
	// asked LoginRadius serves all, within the same TTL, and what one of them forgets is
	// forgotten by all. If it fails, each replica goes on alone. The package
	// core/redisstore has one for Redis. Default: none.
	Shared SharedStore

	// SharedSecret is what keys and values in Shared are sealed with: at least 32 bytes,
	// the same on all replicas. Whoever reads Shared without it learns neither tokens nor
	// accounts, and cannot forge a session. Default: derived from APISecret, so that
	// replicas with different API secrets, as while one is rotated, share nothing.
	SharedSecret []byte

	// Clock tells the time for expiries, signatures and SOTTs; timeouts use real
	// time. It must be safe for concurrent use. Default: time.Now.
	Clock func() time.Time
}

// RetryConfig bounds the repetition of reads: calls that LoginRadius may be
// asked twice without changing anything. Nothing else is ever sent twice.
type RetryConfig struct {
	// MaxAttempts counts the first one. Default: 3; 1 means no retry.
	MaxAttempts int
	// BaseDelay is the mean pause before the first retry; it doubles up to
	// MaxDelay and is jittered by half. Retry-After wins if it is longer.
	// Defaults: 100 ms and 2 s.
	BaseDelay time.Duration
	MaxDelay  time.Duration
}

// A ConfigError names the field of a [Config] that [New] refuses, and why. It
// never holds the refused value, which may be a secret.
type ConfigError struct {
	Field  string // e.g. "APIKey" or "Sessions.Capacity"
	Reason string
}

func (e *ConfigError) Error() string { return "loginradius: config " + e.Field + ": " + e.Reason }

// withDefaults returns the config with every zero value replaced, or an error
// that names the first unusable field.
func (c Config) withDefaults() (Config, error) {
	if err := checkCredentials(c.APIKey, c.APISecret); err != nil {
		return c, err
	}
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	if c.ConfigurationURL == "" {
		c.ConfigurationURL = DefaultConfigurationURL
		if u, err := url.Parse(c.BaseURL); err == nil && isLoopback(u.Hostname()) {
			c.ConfigurationURL = c.BaseURL
		}
	}
	if c.SiteURL == "" && strings.TrimRight(c.BaseURL, "/") != DefaultBaseURL {
		c.SiteURL = c.BaseURL
	}
	if err := c.checkPlainHTTPHosts(); err != nil {
		return c, err
	}
	for _, u := range []struct {
		name  string
		value *string
	}{{"BaseURL", &c.BaseURL}, {"ConfigurationURL", &c.ConfigurationURL}, {"SiteURL", &c.SiteURL}} {
		if *u.value == "" {
			continue // SiteURL, which not everyone needs
		}
		if err := checkBaseURL(u.name, *u.value, c.PlainHTTPHosts); err != nil {
			return c, err
		}
		*u.value = strings.TrimRight(*u.value, "/")
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		def   time.Duration
	}{
		{"Timeout", &c.Timeout, 10 * time.Second},
		{"AttemptTimeout", &c.AttemptTimeout, 5 * time.Second},
		{"Retry.BaseDelay", &c.Retry.BaseDelay, 100 * time.Millisecond},
		{"Retry.MaxDelay", &c.Retry.MaxDelay, 2 * time.Second},
	} {
		if *d.value < 0 {
			return c, &ConfigError{d.name, "is negative"}
		}
		if *d.value == 0 {
			*d.value = d.def
		}
	}
	if c.Retry.MaxAttempts < 0 {
		return c, &ConfigError{"Retry.MaxAttempts", "is negative"}
	}
	if c.Retry.MaxAttempts == 0 {
		c.Retry.MaxAttempts = 3
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	c.warnOfPlainHTTP()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if n := len(c.SharedSecret); n > 0 && n < minSharedSecret {
		return c, &ConfigError{"SharedSecret", fmt.Sprintf("is shorter than %d bytes", minSharedSecret)}
	}
	if checked, ok := c.Shared.(interface{ Check() error }); ok {
		if err := checked.Check(); err != nil {
			return c, &ConfigError{"Shared", err.Error()}
		}
	}
	var err error
	c.Sessions, err = c.Sessions.withDefaults()
	return c, err
}

// urlOf returns the scheme and host of a host of the service.
func (c Config) urlOf(h host) string {
	switch h {
	case configHost:
		return c.ConfigurationURL
	case siteHost:
		return c.SiteURL
	case apiHost:
	}
	return c.BaseURL
}

func checkCredentials(key, secret string) error {
	for _, f := range []struct{ name, value string }{{"APIKey", key}, {"APISecret", secret}} {
		switch {
		case f.value == "":
			return &ConfigError{f.name, "is empty"}
		case strings.ContainsFunc(f.value, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
			return &ConfigError{f.name, "contains spaces, control or non-ASCII characters"}
		}
	}
	return nil
}

func checkBaseURL(field, s string, plain []string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil: // the parse error quotes its input
		return &ConfigError{field, "is not a URL"}
	case u.Scheme != "https" && u.Scheme != "http":
		return &ConfigError{field, "must start with https:// (or http:// for a loopback address)"}
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return &ConfigError{field, "must be scheme, host and optional path, without user, query or fragment"}
	case u.Scheme == "http" && !isLoopback(u.Hostname()) && !isListed(plain, u.Hostname()):
		return &ConfigError{field, "plain http is accepted for loopback addresses and PlainHTTPHosts only"}
	}
	return nil
}

// String shows the config without its secret; so do all the ways to print it.
func (c Config) String() string {
	return fmt.Sprintf("core.Config{BaseURL:%q Region:%q SignRequests:%t APISecret:%s}",
		c.BaseURL, c.Region, c.SignRequests, redacted)
}

// Format implements fmt.Formatter, so that no verb prints the credentials.
func (c Config) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(c.String())) }

// LogValue implements slog.LogValuer.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the printable form, which has no credentials.
func (c Config) MarshalJSON() ([]byte, error) { return []byte(strconv.Quote(c.String())), nil }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
