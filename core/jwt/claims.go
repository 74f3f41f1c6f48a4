package jwt

import (
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/loginradius-contrib/go-middleware/core"
)

// claims are those that are checked or that a session needs.
type claims struct {
	jwt.Claims

	SCP   scopes `json:"scp"`
	Scope scopes `json:"scope"`
}

// Claims that only access tokens have, and claims that only ID tokens have.
var (
	accessTokenClaims = []string{"scp", "scope", "gty", "cid", "client_id"}
	idTokenClaims     = []string{"nonce", "at_hash", "c_hash", "s_hash"}
)

// scopes is a list of names, or one string with spaces between them.
type scopes []string

func (s *scopes) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*s = strings.Fields(text)
		return nil
	}
	return json.Unmarshal(b, (*[]string)(s))
}

// verifyClaims checks what a good signature vouches for.
func (v *Verifier) verifyClaims(h header, payload []byte) (*core.VerifiedToken, error) {
	var c claims
	var all map[string]json.RawMessage
	if json.Unmarshal(payload, &c) != nil || json.Unmarshal(payload, &all) != nil || all == nil {
		return nil, refused("its claims are malformed")
	}
	now := v.clock()
	switch {
	case c.Subject == "":
		return nil, refused("it has no sub")
	case v.issuer != "" && trimSlash(c.Issuer) != v.issuer:
		return nil, refused("it is of another issuer")
	case len(v.audience) > 0 && !slices.ContainsFunc(v.audience, c.Audience.Contains):
		return nil, refused("its audience is another one")
	case c.Expiry == nil:
		return nil, refused("it has no exp")
	case !now.Before(c.Expiry.Time().Add(v.leeway)):
		return nil, refused("it has expired")
	case c.NotBefore != nil && now.Before(c.NotBefore.Time().Add(-v.leeway)):
		return nil, refused("it is not valid yet")
	case c.IssuedAt != nil && now.Before(c.IssuedAt.Time().Add(-v.leeway)):
		return nil, refused("it was issued in the future")
	}
	if v.accessToken {
		if err := isAccessToken(h, all); err != nil {
			return nil, err
		}
	}
	return &core.VerifiedToken{
		UID:       c.Subject,
		ID:        c.ID,
		ExpiresAt: expiry(c, v.leeway),
		Scopes:    append(c.SCP, c.Scope...),
		Claims:    payload,
	}, nil
}

func expiry(c claims, leeway time.Duration) time.Time { return c.Expiry.Time().Add(leeway).UTC() }

// claimedIssue returns the iat of a token before its signature is checked, or zero. A forger
// can choose it, and thereby only how he is refused.
func claimedIssue(token *jose.JSONWebSignature) time.Time {
	var c jwt.Claims
	if json.Unmarshal(token.UnsafePayloadWithoutVerification(), &c) != nil || c.IssuedAt == nil {
		return time.Time{}
	}
	return c.IssuedAt.Time()
}

// isAccessToken refuses ID tokens, which have the same issuer, key and audience. They
// tell a client who logged in, and are no permission to call anything.
func isAccessToken(h header, all map[string]json.RawMessage) error {
	has := func(name string) bool { return all[name] != nil }
	if slices.ContainsFunc(idTokenClaims, has) {
		return refused("it is an ID token")
	}
	if mediaType(h.Type) != "at+jwt" && !slices.ContainsFunc(accessTokenClaims, has) {
		return refused("nothing shows that it is an access token")
	}
	return nil
}
