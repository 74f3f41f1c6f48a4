package core

import (
	"net/http"
	"sync/atomic"
	"time"
)

// A Client talks to one LoginRadius site. It is safe for concurrent use, keeps
// nothing about users but the session cache, and is meant to live as long as the
// program: make one with [New] and share it.
//
// The operations hang on its services, named as in the official SDKs.
type Client struct {
	Authentication *AuthenticationService // what users do themselves
	Account        *AccountService        // what the site's backend does with accounts
	Social         *SocialService         // tokens of the older native API, and sessions
	NativeSocial   *NativeSocialService   // logins with a provider's own token
	Role           *RoleService           // roles of accounts
	Configuration  *ConfigurationService  // the service's clock, SOTTs

	cfg         Config
	http        *http.Client
	ownHTTP     bool
	credentials atomic.Pointer[keyAndSecret]
	sessions    *sessionCache
}

type keyAndSecret struct{ key, secret string }

// New returns a client, or a [*ConfigError] that names the unusable field. It
// does not use the network.
func New(cfg Config) (*Client, error) {
	clock := cfg.Clock
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg}
	c.credentials.Store(&keyAndSecret{cfg.APIKey, cfg.APISecret})
	c.cfg.APIKey, c.cfg.APISecret = "", "" // one place only, so that rotation cannot be missed
	c.http = c.newHTTPClient(cfg.HTTPClient)
	c.Authentication = &AuthenticationService{c}
	c.Account = &AccountService{c}
	c.Social = &SocialService{c}
	c.NativeSocial = &NativeSocialService{c}
	c.Role = &RoleService{c}
	c.Configuration = &ConfigurationService{c}
	c.sessions = newSessionCache(c, cfg.Sessions, clock)
	return c, nil
}

func (c *Client) newHTTPClient(given *http.Client) *http.Client {
	h := &http.Client{}
	if given != nil {
		*h = *given
	} else {
		c.ownHTTP = true
		t := http.DefaultTransport.(*http.Transport).Clone()
		// The default keeps two idle connections a host and dials anew for every
		// further call of a busy server.
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 100, 100
		t.IdleConnTimeout = 90 * time.Second
		t.TLSHandshakeTimeout = 5 * time.Second
		h.Transport = t
	}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// SetCredentials replaces the API key and secret for all calls that start from
// now on, without touching cached sessions: use it to rotate a secret while
// running. It returns a [*ConfigError] and changes nothing if one is unusable.
func (c *Client) SetCredentials(apiKey, apiSecret string) error {
	if err := checkCredentials(apiKey, apiSecret); err != nil {
		return err
	}
	c.credentials.Store(&keyAndSecret{apiKey, apiSecret})
	return nil
}

// Close waits for background work to end and closes idle connections. Calls made
// afterwards fail. It may be called more than once.
func (c *Client) Close() error {
	c.sessions.close()
	if c.ownHTTP {
		c.http.CloseIdleConnections()
	}
	return nil
}
