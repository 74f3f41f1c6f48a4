package core

import (
	"context"
	"encoding/base64"
	"strings"
	"time"
)

// M2MService logs in as a machine: a program that acts for itself, not for a user.
type M2MService struct{ c *Client }

// M2MTokenRequest is the input of [M2MService.Token].
type M2MTokenRequest struct {
	ClientID     string `lr:"body,client_id,required"`
	ClientSecret string `lr:"body,client_secret,required,secret"`
	// Audience is the identifier of the API that the token is for. That of the
	// management API is [ManagementAudience].
	Audience string `lr:"body,audience,required"`

	GrantType string `lr:"body,grant_type,always"` // default: client_credentials
}

// ManagementAudience is the audience of machines' tokens for the management API.
const ManagementAudience = "https://api.loginradius.com/identity/v2/manage"

// Token logs in with client credentials. A program that needs the token more than once
// takes it from a [M2MService.TokenSource], which caches it.
//
// POST /service/oauth/token on the site's host with the client's ID and secret.
// Sentinels: ErrAPICredentials.
func (s *M2MService) Token(ctx context.Context, in M2MTokenRequest) (*MachineToken, error) {
	in.GrantType = firstOf(in.GrantType, "client_credentials")
	return do[MachineToken](ctx, s.c, opM2MToken, in)
}

// A MachineToken is an access token of a machine.
type MachineToken struct {
	AccessToken string `json:"access_token" lr:",,secret"`
	// ExpiresAt is when the token ends, in UTC. Zero means unknown.
	ExpiresAt time.Time `json:"-"`
}

// finish reads the expiry: documents differ in how they spell it, and the token has it
// as well.
func (t *MachineToken) finish(op operation, got answer, now time.Time) error {
	t.ExpiresAt = expiryIn(got, now)
	if t.ExpiresAt.IsZero() {
		var w struct {
			ExpireIn flexString `json:"expire_in"`
		}
		got.decode(&w)
		t.ExpiresAt = parseExpiry(string(w.ExpireIn), now)
	}
	if t.ExpiresAt.IsZero() {
		t.ExpiresAt = expiryOfJWT(t.AccessToken)
	}
	return requireToken(op, t.AccessToken)
}

// expiryOfJWT reads exp from a JWT without checking it: good enough for a token that
// the issuer has just handed out. Zero means that there is none.
func expiryOfJWT(token string) time.Time {
	_, rest, _ := strings.Cut(token, ".")
	encoded, _, _ := strings.Cut(rest, ".")
	payload, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return time.Time{}
	}
	all, err := parseAnswer(payload)
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp flexString `json:"exp"`
	}
	all.decode(&claims)
	return unixTime(claims.Exp)
}

// M2MIntrospectRequest is the input of [M2MService.Introspect] and [M2MService.Revoke].
type M2MIntrospectRequest struct {
	ClientID     string `lr:"body,client_id,required"`
	ClientSecret string `lr:"body,client_secret,required,secret"`
	Token        string `lr:"body,token,required,secret"`
}

// Introspect asks what a machine's token is good for. A token that is unknown, ended or
// expired is no error: Active is false then.
//
// POST /service/oauth/introspect on the site's host with the client's ID and secret; a
// read. Sentinels: ErrAPICredentials.
func (s *M2MService) Introspect(ctx context.Context, in M2MIntrospectRequest) (*Introspection, error) {
	return do[Introspection](ctx, s.c, opM2MIntrospect, in)
}

// Revoke ends a machine's token. A cached session of it is forgotten here at once.
//
// POST /service/oauth/revoke on the site's host with the client's ID and secret.
// Sentinels: ErrAPICredentials.
func (s *M2MService) Revoke(ctx context.Context, in M2MIntrospectRequest) error {
	s.c.Forget(in.Token)
	defer s.c.Forget(in.Token) // if it came back while the call was under way
	return acknowledged(do[ackResponse](ctx, s.c, opM2MRevoke, in))
}
