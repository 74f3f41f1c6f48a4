package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core"
)

// PasskeyOrigins names the origins that may use passkeys, such as
// "https://app.example.com". A credential made for another page is refused before
// LoginRadius is asked, which checks the origin by the site's settings as well. The
// request's own Host and Origin are never asked. Default: the origins of [Links]; without
// any, LoginRadius alone checks.
func PasskeyOrigins(origins ...string) RouteOption {
	origins = slices.Clone(origins)
	return routeOption(func(c *routeConfig) {
		for _, o := range origins {
			if u, err := url.Parse(o); err != nil || u.Host == "" || originOf(o) != o {
				c.fail(optionError("PasskeyOrigins: " + o + " is not an origin such as https://app.example.com"))
			}
		}
		c.passkeyOrigins = origins
	})
}

// originOf returns scheme and host of an address, or "".
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// linkOrigins are the origins of the pages that [Links] names.
func (c *routeConfig) linkOrigins() []string {
	var out []string
	for _, link := range []string{c.links.Verify, c.links.Reset, c.links.Delete, c.links.ResetPasskey} {
		if o := originOf(link); o != "" && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// clientData is what a browser says about a ceremony, and signs.
type clientData struct {
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
}

// clientDataOf reads the client data of a credential. ok is false if there is none.
func clientDataOf(credential json.RawMessage) (data clientData, ok bool) {
	var c struct {
		Response struct {
			ClientData string `json:"clientDataJSON"`
		} `json:"response"`
	}
	if json.Unmarshal(credential, &c) != nil {
		return data, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Response.ClientData)
	return data, err == nil && json.Unmarshal(raw, &data) == nil && data.Challenge != ""
}

// checkPasskeyOrigin refuses a credential that a browser made for another page.
func (a *App) checkPasskeyOrigin(credential json.RawMessage) error {
	data, ok := clientDataOf(credential)
	if !ok {
		return fieldProblem("credential", "invalid", "This field must be the credential as the browser made it.")
	}
	origins := a.cfg.passkeyOrigins
	if origins == nil {
		origins = a.cfg.linkOrigins()
	}
	if len(origins) > 0 && !slices.Contains(origins, data.Origin) {
		return problem(http.StatusForbidden, CodeCrossOrigin)
	}
	return nil
}

// refusedCredential says which field LoginRadius does not accept, where there is no login
// that could fail.
func refusedCredential(err error) error {
	if errors.Is(err, core.ErrInvalidCredentials) {
		return fieldProblem("credential", "not_acceptable", "The passkey could not be verified. Begin again.")
	}
	return err
}
