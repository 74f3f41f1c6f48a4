package core

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An IntrospectionConfig says how tokens are introspected. ClientID is required.
type IntrospectionConfig struct {
	// App is the name of the OpenID Connect application that the tokens must belong to.
	// Default: tokens of machines.
	App string

	// ClientID and ClientSecret are the credentials of this program.
	ClientID     string
	ClientSecret string `lr:",,secret"`

	// Audience lists the audiences that are accepted; one of them must be among those of
	// the token. Default: ClientID, if App is set; required otherwise.
	Audience []string

	// Issuer is compared without one trailing slash, if it is set.
	Issuer string

	// AllTokens also introspects tokens that are not signed JWTs. An opaque token of
	// LoginRadius then counts only if introspection knows it.
	AllTokens bool
}

// IntrospectionVerifier returns a [TokenVerifier] that asks LoginRadius about each token,
// or a [*ConfigError] that names the unusable field. Unlike a local check it sees that a
// token was revoked; the cached session of a token is still used for as long as that of
// an opaque token.
//
// It is POST /api/oidc/{app}/introspect, or POST /service/oauth/introspect for machines.
func (c *Client) IntrospectionVerifier(cfg IntrospectionConfig) (TokenVerifier, error) {
	cfg.Audience = slices.Clone(cfg.Audience)
	switch {
	case cfg.ClientID == "":
		return nil, &ConfigError{"ClientID", "is empty"}
	case c.cfg.SiteURL == "":
		return nil, &ConfigError{"SiteURL", "of the client's Config is not set"}
	case slices.Contains(cfg.Audience, ""):
		return nil, &ConfigError{"Audience", "lists an empty value"}
	case len(cfg.Audience) == 0 && cfg.App == "":
		return nil, &ConfigError{"Audience", "is empty: without it a machine's token for another service would be accepted"}
	case len(cfg.Audience) == 0:
		cfg.Audience = []string{cfg.ClientID}
	}
	return &introspector{c, cfg}, nil
}

// maxIntrospected is longer than any token that LoginRadius issues.
const maxIntrospected = 8 << 10

type introspector struct {
	client *Client
	cfg    IntrospectionConfig
}

// Format implements fmt.Formatter: no verb prints the client's secret.
func (v *introspector) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "core.IntrospectionVerifier{App:%s ClientID:%s}", v.cfg.App, v.cfg.ClientID)
}

func (*introspector) asksLoginRadius() bool { return true }

func (v *introspector) Accepts(token string) bool {
	return v.cfg.AllTokens || strings.Count(token, ".") == 2
}

func (v *introspector) Verify(ctx context.Context, token string) (*VerifiedToken, error) {
	if token == "" || len(token) > maxIntrospected || strings.ContainsFunc(token, isControl) {
		return nil, refusedToken("the token is malformed")
	}
	var got *Introspection
	var err error
	if v.cfg.App != "" {
		got, err = v.client.OIDC.Introspect(ctx, OIDCTokenRequest{v.cfg.App, v.cfg.ClientID, v.cfg.ClientSecret, token})
	} else {
		got, err = v.client.M2M.Introspect(ctx, M2MIntrospectRequest{v.cfg.ClientID, v.cfg.ClientSecret, token})
	}
	if err != nil {
		// Whatever was refused, it was the question: the verdict on a token is no error.
		return nil, fmt.Errorf("introspection: %w: %w", err, ErrUnavailable)
	}
	now := v.client.cfg.Clock()
	switch {
	case !got.Active:
		return nil, refusedToken("the token is not active")
	case got.Subject == "":
		return nil, fmt.Errorf("introspection names no subject: %w", ErrUnavailable)
	case v.cfg.Issuer != "" && strings.TrimSuffix(got.Issuer, "/") != strings.TrimSuffix(v.cfg.Issuer, "/"):
		return nil, refusedToken("the token is of another issuer")
	case !slices.ContainsFunc(v.cfg.Audience, func(a string) bool { return slices.Contains(got.Audience, a) }):
		return nil, refusedToken("the token is for another audience")
	case !got.ExpiresAt.IsZero() && !now.Before(got.ExpiresAt), now.Add(time.Minute).Before(got.NotBefore):
		return nil, refusedToken("the token has expired or is not valid yet")
	}
	return &VerifiedToken{UID: got.Subject, ID: got.ID, ExpiresAt: got.ExpiresAt, Scopes: got.Scopes, Claims: got.claims}, nil
}

func refusedToken(text string) error {
	return fmt.Errorf("introspection: %s: %w", text, ErrInvalidToken)
}
