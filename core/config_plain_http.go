package core

import (
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
)

// isListed compares host names without case.
func isListed(hosts []string, host string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// checkPlainHTTPHosts refuses entries that could never match, or that name the
// hosted service.
func (c Config) checkPlainHTTPHosts() error {
	for _, h := range c.PlainHTTPHosts {
		name := strings.ToLower(h)
		switch {
		case net.ParseIP(h) == nil && (h == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != ""):
			return &ConfigError{"PlainHTTPHosts", "must be host names or IP addresses, without scheme, port and wildcard"}
		case name == "loginradius.com" || strings.HasSuffix(name, ".loginradius.com"):
			return &ConfigError{"PlainHTTPHosts", "must not name a host of LoginRadius"}
		}
	}
	return nil
}

// warnOfPlainHTTP logs every URL that is reached by plain http outside of loopback.
func (c Config) warnOfPlainHTTP() {
	logger := c.Logger
	if logger == nil {
		logger = slog.Default()
	}
	warned := map[string]bool{}
	for _, s := range []string{c.BaseURL, c.ConfigurationURL, c.SiteURL} {
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "http" || isLoopback(u.Hostname()) || warned[u.Host] {
			continue
		}
		warned[u.Host] = true
		logger.Warn("loginradius: UNSAFE: the API secret, tokens and passwords are sent by plain http, readable for the network; "+
			"PlainHTTPHosts is for development only", "host", u.Host)
	}
}
