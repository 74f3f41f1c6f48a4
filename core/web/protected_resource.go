package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A ProtectedResource describes an API to clients that do not know it yet, as RFC 9728
// defines it: which authorization servers issue tokens for it, and which scopes there
// are. MCP clients need it. Resource and AuthorizationServers are required.
//
// Serve the description with [ProtectedResource.Handler] at the path of
// [ProtectedResource.MetadataURL], and point refused clients to it with
// [ResourceMetadata].
type ProtectedResource struct {
	// Resource is the https address that identifies the API; it is the audience of
	// its tokens. Plain http is accepted for loopback addresses.
	Resource string `json:"resource"`
	// AuthorizationServers are the issuers of tokens, for example
	// https://{site}/service/oidc/{app}/.
	AuthorizationServers []string `json:"authorization_servers"`
	// Scopes are those that a client may ask for.
	Scopes []string `json:"scopes_supported,omitempty"`
	// Name and Documentation are for people: a name, and the address of a page.
	Name          string `json:"resource_name,omitempty"`
	Documentation string `json:"resource_documentation,omitempty"`
	// BearerMethods says how tokens are sent. Default: "header" alone.
	BearerMethods []string `json:"bearer_methods_supported"`
}

const wellKnownResource = "/.well-known/oauth-protected-resource"

// MetadataURL returns where clients look for the description: the well-known path is
// put between host and path of Resource. It is "" if Resource is unusable.
func (p ProtectedResource) MetadataURL() string {
	u, ok := httpsURL(p.Resource)
	if !ok {
		return ""
	}
	return u.Scheme + "://" + u.Host + wellKnownResource + strings.TrimSuffix(u.EscapedPath(), "/")
}

// Handler serves the description to GET and HEAD, to pages of every origin. The error
// names the unusable field.
func (p ProtectedResource) Handler() (http.Handler, error) {
	if _, ok := httpsURL(p.Resource); !ok {
		return nil, optionError("ProtectedResource: Resource must be an absolute https address without query or fragment")
	}
	if len(p.AuthorizationServers) == 0 {
		return nil, optionError("ProtectedResource: AuthorizationServers is empty")
	}
	for _, server := range p.AuthorizationServers {
		if _, ok := httpsURL(server); !ok {
			return nil, optionError("ProtectedResource: AuthorizationServers must be absolute https addresses without query or fragment")
		}
	}
	if p.BearerMethods == nil {
		p.BearerMethods = []string{"header"}
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, optionError("ProtectedResource: cannot be encoded")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(body)
	}), nil
}

// ResourceMetadata adds the address of the API's description to WWW-Authenticate, as
// resource_metadata. Take it from [ProtectedResource.MetadataURL].
func ResourceMetadata(address string) Option {
	return option(func(c *settings) {
		if _, ok := httpsURL(address); !ok || strings.ContainsAny(address, "\"\\ ") {
			c.fail(optionError("ResourceMetadata: must be an absolute https address without query or fragment"))
		}
		c.resourceMetadata = address
	})
}

// httpsURL parses an address that clients will trust.
func httpsURL(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, false
	}
	loopback := slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
	return u, u.Scheme == "https" || u.Scheme == "http" && loopback
}
