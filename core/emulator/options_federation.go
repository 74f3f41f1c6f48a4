package emulator

import "time"

// federationOptions set up the applications of a site that log in by OpenID Connect,
// by JWT or as machines.
type federationOptions struct {
	oidc     []OIDCApp
	jwt      []JWTApp
	machines []Machine

	idTokenLife time.Duration
	codeLife    time.Duration
	accessType  string // typ of access tokens
	noSlash     bool   // of the issuer
	pkceMethods []string
	expireIn    bool // M2M's other spelling of the expiry
}

func defaultFederation() federationOptions {
	return federationOptions{idTokenLife: 10 * time.Minute, codeLife: time.Minute, accessType: "at+jwt"}
}

// An OIDCApp is an OpenID Connect application of the site. Its issuer is
// {address}/service/oidc/{Name}/.
type OIDCApp struct {
	Name         string
	ClientID     string
	ClientSecret string   // "" for a public client, which has to use PKCE
	RedirectURIs []string // compared exactly
}

// WithOIDCApp adds an OpenID Connect application. Default: there is none.
func WithOIDCApp(app OIDCApp) Option {
	return func(o *options) { o.federation.oidc = append(o.federation.oidc, app) }
}

// A JWTApp issues JWTs to users who have an access token or a password.
type JWTApp struct {
	Name string
	// Secret is the key of HS256. Without it tokens are signed with RS256 by the key
	// that [Emulator.JWTAppKey] returns.
	Secret   string
	Issuer   string        // default: the address of the emulator
	Audience string        // default: the claim is absent
	Lifetime time.Duration // default: 10 minutes
}

// WithJWTApp adds a JWT application. Default: there is none.
func WithJWTApp(app JWTApp) Option {
	return func(o *options) { o.federation.jwt = append(o.federation.jwt, app) }
}

// A Machine is a client that logs in as itself, with client credentials.
type Machine struct {
	ClientID, ClientSecret string
	Audiences              []string // identifiers of the APIs that it may ask tokens for
	Scopes                 []string
	Lifetime               time.Duration // default: one day
}

// WithMachine adds a machine. Default: there is none.
func WithMachine(m Machine) Option {
	return func(o *options) { o.federation.machines = append(o.federation.machines, m) }
}

// The options below stand for what LoginRadius does not document, or documents twice.

// WithIDTokenLifetime sets how long ID tokens live. Default: 10 minutes.
func WithIDTokenLifetime(d time.Duration) Option {
	return func(o *options) { o.federation.idTokenLife = d }
}

// WithOIDCCodeLifetime sets how long an authorization code lives. Default: one minute.
func WithOIDCCodeLifetime(d time.Duration) Option {
	return func(o *options) { o.federation.codeLife = d }
}

// WithAccessTokenType sets the typ of access tokens in JWT form; "" leaves it out.
// Default: "at+jwt".
func WithAccessTokenType(typ string) Option {
	return func(o *options) { o.federation.accessType = typ }
}

// WithoutIssuerSlash leaves out the slash at the end of the issuer.
func WithoutIssuerSlash() Option { return func(o *options) { o.federation.noSlash = true } }

// WithPKCEMethods lists the only names of the SHA-256 method that are accepted, and has
// the discovery document list them: "S256" is the standard's, "SHA256" that of some
// documentation. Default: both are accepted and none is listed.
func WithPKCEMethods(names ...string) Option {
	return func(o *options) { o.federation.pkceMethods = names }
}

// WithExpireIn has machines learn the lifetime of their tokens as "expire_in" and as
// text. Default: "expires_in", a number.
func WithExpireIn() Option { return func(o *options) { o.federation.expireIn = true } }
