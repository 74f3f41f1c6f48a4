package jwt

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A LoginConfig describes an OpenID Connect application of the site. Issuer, ClientID
// and RedirectURL are required; every other zero value means a safe default.
type LoginConfig struct {
	// Issuer is https://{site}/service/oidc/{app}/, with or without the last slash.
	Issuer string

	ClientID     string
	ClientSecret string // "" for a public client

	// RedirectURL is where the hosted page sends browsers back to: the absolute address of
	// GET /oidc/callback, or of a page of a single-page application that posts code and
	// state to POST /oidc/callback. The application must allow it.
	RedirectURL string

	// Scopes are asked for. Default: openid, profile and email.
	Scopes []string

	// PKCEMethod is the value of code_challenge_method: the standard's "S256", or "SHA256",
	// as some documentation of LoginRadius has it. Default: S256, unless the discovery
	// document lists only SHA256.
	PKCEMethod string

	// LogoutPage is the hosted page that ends its session. Default: /auth.aspx on the
	// issuer's host.
	LogoutPage string

	// Leeway, HTTPClient, Logger and Clock are those of [Config].
	Leeway     time.Duration
	HTTPClient *http.Client
	Logger     *slog.Logger
	Clock      func() time.Time
}

// Format implements fmt.Formatter: no verb prints the secret.
func (c LoginConfig) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "jwt.LoginConfig{Issuer:%s ClientID:%s}", c.Issuer, c.ClientID)
}

// MarshalJSON writes the printable form, which has no secret.
func (c LoginConfig) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", fmt.Sprint(c)), nil }

// A Login is the login at LoginRadius' hosted page. It implements [core.OIDCProvider], is
// safe for concurrent use and needs no Close. Give it to web.OIDCLogin.
type Login struct {
	cfg  LoginConfig
	id   *Verifier // of ID tokens
	keys *remoteKeys
}

var _ core.OIDCProvider = (*Login)(nil)

// NewLogin returns the login, or a [*core.ConfigError] that names the unusable field. It
// does not use the network: the first login has the discovery document fetched, which
// names the addresses and keys.
func NewLogin(cfg LoginConfig) (*Login, error) {
	if cfg.Scopes == nil {
		cfg.Scopes = []string{oidc.ScopeOpenID, "profile", "email"}
	}
	cfg.Scopes = slices.Clone(cfg.Scopes)
	for _, f := range []struct {
		name, value string
		required    bool
	}{{"Issuer", cfg.Issuer, true}, {"RedirectURL", cfg.RedirectURL, true}, {"LogoutPage", cfg.LogoutPage, false}} {
		if err := checkURL(f.value); err != nil && (f.required || f.value != "") {
			return nil, &core.ConfigError{Field: f.name, Reason: err.Error()}
		}
	}
	switch {
	case cfg.ClientID == "":
		return nil, &core.ConfigError{Field: "ClientID", Reason: "is empty"}
	case !slices.Contains(cfg.Scopes, oidc.ScopeOpenID):
		return nil, &core.ConfigError{Field: "Scopes", Reason: "lacks openid"}
	case !slices.Contains([]string{"", "S256", "SHA256"}, cfg.PKCEMethod):
		return nil, &core.ConfigError{Field: "PKCEMethod", Reason: "is neither S256 nor SHA256"}
	}
	if cfg.LogoutPage == "" {
		u, _ := url.Parse(cfg.Issuer) // checked above
		cfg.LogoutPage = u.Scheme + "://" + u.Host + "/auth.aspx"
	}
	keys := Config{Issuer: cfg.Issuer, HTTPClient: cfg.HTTPClient, Logger: cfg.Logger, Leeway: cfg.Leeway, Clock: cfg.Clock}
	keys.Algorithms, keys.Types = []string{oidc.RS256}, []string{"JWT", ""}
	id, err := newVerifier(keys)
	if err != nil {
		return nil, err
	}
	l := &Login{cfg: cfg, id: id, keys: newRemoteKeys(keys, id.clock)}
	id.keys = l.keys
	return l, nil
}

// Format implements fmt.Formatter: no verb prints the secret.
func (l Login) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "jwt.Login{Issuer:%s ClientID:%s}", l.cfg.Issuer, l.cfg.ClientID)
}

// AuthorizeURL returns the address of the hosted page. It waits for the discovery document
// if there is none yet.
func (l *Login) AuthorizeURL(ctx context.Context, attempt core.OIDCAttempt) (string, error) {
	d, err := l.keys.document(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(attempt.Verifier))
	options := []oauth2.AuthCodeOption{
		oidc.Nonce(attempt.Nonce),
		oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:])),
		oauth2.SetAuthURLParam("code_challenge_method", l.pkceMethod(d)),
	}
	if attempt.AskAgain {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return l.oauth(d).AuthCodeURL(attempt.State, options...), nil
}

func (l *Login) oauth(d *discovery) *oauth2.Config {
	return &oauth2.Config{
		ClientID: l.cfg.ClientID, ClientSecret: l.cfg.ClientSecret, RedirectURL: l.cfg.RedirectURL, Scopes: l.cfg.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: d.AuthorizationEndpoint, TokenURL: d.TokenEndpoint, AuthStyle: oauth2.AuthStyleInParams},
	}
}

func (l *Login) pkceMethod(d *discovery) string {
	const standard, other = "S256", "SHA256"
	switch {
	case l.cfg.PKCEMethod != "":
		return l.cfg.PKCEMethod
	case !slices.Contains(d.PKCEMethods, standard) && slices.Contains(d.PKCEMethods, other):
		return other
	}
	return standard
}

// Exchange trades a code for tokens and checks the ID token: signature, issuer,
// audience, expiry, nonce, and that it belongs to the access token.
func (l *Login) Exchange(ctx context.Context, code string, attempt core.OIDCAttempt) (*core.OIDCResult, error) {
	d, err := l.keys.document(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	got, err := l.oauth(d).Exchange(context.WithValue(ctx, oauth2.HTTPClient, l.keys.http), code, oauth2.VerifierOption(attempt.Verifier))
	if err != nil {
		return nil, exchangeError(err)
	}
	result, err := l.verifyID(ctx, got, attempt.Nonce)
	if err != nil {
		return nil, err
	}
	result.Tokens = core.Tokens{AccessToken: got.AccessToken, RefreshToken: got.RefreshToken}
	if got.ExpiresIn > 0 {
		result.Tokens.ExpiresAt = l.id.clock().Add(time.Duration(got.ExpiresIn) * time.Second).UTC()
	}
	return result, nil
}

// verifyID checks the ID token of an answer and returns what it says of the user.
func (l *Login) verifyID(ctx context.Context, got *oauth2.Token, nonce string) (*core.OIDCResult, error) {
	raw, _ := got.Extra("id_token").(string)
	if raw == "" {
		raw, _ = got.Extra("Id_token").(string) // a spelling of some documentation
	}
	signed := &idTokenKeys{verifier: l.id}
	now := l.id.clock()
	verifier := oidc.NewVerifier(l.cfg.Issuer, signed, &oidc.Config{
		ClientID: l.cfg.ClientID, SupportedSigningAlgs: []string{oidc.RS256},
		SkipIssuerCheck: true, // compared below, without the last slash
		SkipExpiryCheck: true, // likewise, with leeway
	})
	id, err := verifier.Verify(ctx, raw)
	switch {
	case errors.Is(signed.err, core.ErrUnavailable):
		return nil, signed.err
	case err != nil: // its text may quote the token
		return nil, refusedLogin("the ID token is missing, forged or for another client")
	case trimSlash(id.Issuer) != trimSlash(l.cfg.Issuer):
		return nil, refusedLogin("the ID token is of another issuer")
	case !now.Before(id.Expiry.Add(l.id.leeway)):
		return nil, refusedLogin("the ID token has expired")
	case id.IssuedAt.After(now.Add(l.id.leeway)):
		return nil, refusedLogin("the ID token was issued in the future")
	case nonce == "" || id.Nonce != nonce:
		return nil, refusedLogin("the ID token is of another login")
	case id.Subject == "":
		return nil, refusedLogin("the ID token has no subject")
	case id.AccessTokenHash != "" && id.VerifyAccessToken(got.AccessToken) != nil:
		return nil, refusedLogin("the ID token is of another access token")
	}
	var claims struct {
		AuthorizedParty string  `json:"azp"`
		AuthTime        float64 `json:"auth_time"`
	}
	if id.Claims(&claims) == nil && claims.AuthorizedParty != "" && claims.AuthorizedParty != l.cfg.ClientID {
		return nil, refusedLogin("the ID token is for another client")
	}
	result := &core.OIDCResult{Subject: id.Subject}
	if at := time.Unix(int64(claims.AuthTime), 0).UTC(); claims.AuthTime > 0 && !at.After(now.Add(l.id.leeway)) {
		result.AuthenticatedAt = at
	}
	return result, nil
}

// idTokenKeys verifies signatures for go-oidc by the rules of this package. It keeps the
// error, because go-oidc drops its kind.
type idTokenKeys struct {
	verifier *Verifier
	err      error
}

func (k *idTokenKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	_, payload, err := k.verifier.verifySignature(ctx, token)
	k.err = err
	return payload, err
}

// RedirectURL returns LoginConfig.RedirectURL.
func (l *Login) RedirectURL() string { return l.cfg.RedirectURL }

// LogoutURL returns the address that ends the session of the hosted page.
func (l *Login) LogoutURL(returnTo string) string {
	q := url.Values{"action": {"logout"}}
	if returnTo != "" {
		q.Set("return_url", returnTo)
	}
	return l.cfg.LogoutPage + "?" + q.Encode()
}

// refusedLogin says that what came back from the hosted page is not acceptable.
func refusedLogin(reason string) error {
	return fmt.Errorf("jwt: the login is refused: %s: %w", reason, core.ErrInvalidRequestToken)
}

// exchangeError classifies a failed exchange, without the texts of the other side: they
// may quote the code or the secret.
func exchangeError(err error) error {
	refused, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case !ok:
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		} else {
			err = errors.New("the answer is not usable")
		}
		return fmt.Errorf("jwt: the code could not be exchanged: %w: %w", err, core.ErrUnavailable)
	case slices.Contains([]string{"invalid_client", "unauthorized_client"}, refused.ErrorCode):
		return fmt.Errorf("jwt: the client's credentials are refused: %w: %w", core.ErrAPICredentials, core.ErrUnavailable)
	case strings.HasPrefix(refused.ErrorCode, "invalid_") && refused.Response.StatusCode < http.StatusInternalServerError:
		return refusedLogin("the code is not accepted")
	}
	return fmt.Errorf("jwt: the code could not be exchanged: HTTP %d: %w", refused.Response.StatusCode, core.ErrUnavailable)
}
