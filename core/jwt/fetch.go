package jwt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// fetchTimeout bounds one fetch of keys, the discovery document before it included.
const fetchTimeout = 5 * time.Second

// maxDocument bounds a discovery document or a key set. Key sets take a few KB.
const maxDocument = 1 << 20

var errNotHTTPS = errors.New("must be an absolute https URL without user, query or fragment (plain http for loopback addresses only)")

// checkURL refuses an address from which keys could be forged on the way.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errNotHTTPS
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return errNotHTTPS
	}
	return nil
}

// withoutRedirects copies a client: a redirect could lead to a host that is not trusted.
func withoutRedirects(given *http.Client) *http.Client {
	h := &http.Client{}
	if given != nil {
		*h = *given
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// getJSON fetches a document.
func getJSON(ctx context.Context, client *http.Client, where string, into any) error {
	if err := checkURL(where); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return errNotHTTPS
	}
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	switch {
	case err != nil:
		return err
	case len(body) > maxDocument:
		return errors.New("the document is too large")
	case json.Unmarshal(body, into) != nil:
		return errors.New("the document is not the expected JSON")
	}
	return nil
}

// A discovery is the part of an OpenID provider's configuration that is used here.
type discovery struct {
	Issuer                string   `json:"issuer"`
	JWKSURI               string   `json:"jwks_uri"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	PKCEMethods           []string `json:"code_challenge_methods_supported"`
}

// discover fetches the configuration of an issuer and checks that it is its own.
func discover(ctx context.Context, client *http.Client, issuer string) (*discovery, error) {
	var d discovery
	if err := getJSON(ctx, client, trimSlash(issuer)+"/.well-known/openid-configuration", &d); err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	if trimSlash(d.Issuer) != trimSlash(issuer) {
		return nil, errors.New("discovery: the document is of another issuer")
	}
	return &d, nil
}

// usable reports whether the addresses of a login may be trusted.
func (d *discovery) usable() error {
	for _, address := range []string{d.AuthorizationEndpoint, d.TokenEndpoint} {
		if err := checkURL(address); err != nil {
			return fmt.Errorf("jwt: an endpoint in the discovery document %w: %w", err, core.ErrUnavailable)
		}
	}
	return nil
}

// unavailable says that keys cannot be had now, which is no verdict on a token.
func unavailable(err error) error {
	return fmt.Errorf("jwt: the signing keys cannot be fetched: %w: %w", err, core.ErrUnavailable)
}
