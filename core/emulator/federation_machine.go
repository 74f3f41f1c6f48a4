package emulator

import (
	"crypto/rsa"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ManagementAudience is the audience of machines' tokens for the management API.
const ManagementAudience = "https://api.loginradius.com/identity/v2/manage"

// A machineID is a token that a machine got.
type machineID struct {
	machine *Machine
	claims  map[string]any
	expires time.Time
	ended   bool
}

func (f *federation) machineRoutes() []route {
	open := func(operation, method, path string, handle handler) route {
		return route{operation: operation, method: method, path: path, handle: handle, forms: true}
	}
	return []route{
		open("m2m_token", "POST", "service/oauth/token", f.machineToken),
		open("m2m_jwks", "GET", "service/oauth/jwks", f.jwks),
		open("m2m_introspect", "POST", "service/oauth/introspect", f.introspectMachine),
		open("m2m_revoke", "POST", "service/oauth/revoke", f.revokeMachine),
	}
}

// appKey returns the key of a JWT application that signs with RS256.
func (f *federation) appKey(app *JWTApp) *rsa.PrivateKey {
	name := strings.ToLower(app.Name)
	if f.appKeys[name] == nil {
		f.appKeys[name] = newRSAKey()
	}
	return f.appKeys[name]
}

// machineOf returns the machine that a call has the credentials of.
func (f *federation) machineOf(c *call) *Machine {
	for i, m := range f.opt.federation.machines {
		if equal(m.ClientID, c.text("client_id")) && equal(m.ClientSecret, c.text("client_secret")) {
			return &f.opt.federation.machines[i]
		}
	}
	return nil
}

func (f *federation) machineToken(c *call, _ *account) (int, any) {
	m := f.machineOf(c)
	switch {
	case m == nil:
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	case c.text("grant_type") != "client_credentials":
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "The grant_type is not client_credentials.")
	case !slices.Contains(m.Audiences, c.text("audience")):
		return oauthError(http.StatusForbidden, "access_denied", "The client may not use this audience.")
	}
	life := m.Lifetime
	if life == 0 {
		life = 24 * time.Hour
	}
	id := &machineID{machine: m, expires: f.now().Add(life)}
	id.claims = f.times(map[string]any{
		"iss": c.origin() + "/service/oauth/", "sub": m.ClientID + "@client", "aud": c.text("audience"), "azp": m.ClientID,
		"gty": "client_credentials", "scp": m.Scopes,
	}, id.expires.Unix())
	token := f.sign(f.opt.federation.accessType, id.claims)
	f.machines.Add(token, id)
	out := map[string]any{"access_token": token, "token_type": "Bearer"}
	if seconds := int(life.Seconds()); f.opt.federation.expireIn {
		out["expire_in"] = strconv.Itoa(seconds)
	} else {
		out["expires_in"] = seconds
	}
	return http.StatusOK, out
}

// liveMachine returns what is known of a machine's token that is good.
func (f *federation) liveMachine(token string) *machineID {
	id, ok := f.machines.Get(token)
	if !ok || id.ended || !f.now().Before(id.expires) {
		return nil
	}
	return id
}

// manages reports whether a call comes from a machine that may use the management API.
func (f *federation) manages(c *call) bool {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	id := f.liveMachine(token)
	return strings.EqualFold(scheme, "Bearer") && id != nil && id.claims["aud"] == ManagementAudience
}

func (f *federation) introspectMachine(c *call, _ *account) (int, any) {
	m := f.machineOf(c)
	if m == nil {
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	}
	id := f.liveMachine(c.text("token"))
	if id == nil {
		return http.StatusOK, map[string]any{"active": false}
	}
	return http.StatusOK, introspected(id.claims)
}

func (f *federation) revokeMachine(c *call, _ *account) (int, any) {
	m := f.machineOf(c)
	if m == nil {
		return oauthError(http.StatusUnauthorized, "invalid_client", "The client_id or client_secret is wrong.")
	}
	if id := f.liveMachine(c.text("token")); id != nil && id.machine == m {
		id.ended = true
	}
	return emptyOK()
}
