package core

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// OIDCService asks about tokens of the site's OpenID Connect applications, and ends
// them. The login itself is in the package core/jwt.
type OIDCService struct{ c *Client }

// OIDCTokenRequest names a token of an OpenID Connect application.
type OIDCTokenRequest struct {
	App          string `lr:"path,app,required"` // the name of the application
	ClientID     string `lr:"body,client_id,required"`
	ClientSecret string `lr:"body,client_secret,secret"` // "" for a public client
	Token        string `lr:"body,token,required,secret"`
}

// Introspect asks what a token is good for. A token that is unknown, ended or expired is
// no error: Active is false then.
//
// POST /api/oidc/{app}/introspect on the site's host with the client's ID and secret; a
// read. Sentinels: ErrAPICredentials.
func (s *OIDCService) Introspect(ctx context.Context, in OIDCTokenRequest) (*Introspection, error) {
	return do[Introspection](ctx, s.c, opOIDCIntrospect, in)
}

// Revoke ends an access token or a refresh token. A cached session of it is forgotten
// here at once.
//
// POST /api/oidc/{app}/revoke on the site's host with the client's ID and secret.
// Sentinels: ErrAPICredentials.
func (s *OIDCService) Revoke(ctx context.Context, in OIDCTokenRequest) error {
	s.c.Forget(in.Token)
	defer s.c.Forget(in.Token) // if it came back while the call was under way
	err := acknowledged(do[ackResponse](ctx, s.c, opOIDCRevoke, in))
	var e *Error
	if errors.As(err, &e) && e.Message == "invalid_request" {
		// Documents differ in how they name the parameter.
		err = acknowledged(do[ackResponse](ctx, s.c, opOIDCRevoke, revokeUnderBothNames{in, in.Token}))
	}
	return err
}

type revokeUnderBothNames struct {
	OIDCTokenRequest `lr:"inline"`

	RefreshToken string `lr:"body,refresh_token,secret"`
}

// An Introspection is what the service says of a token. Fields that it left out are
// zero.
type Introspection struct {
	Active    bool
	Subject   string `json:"sub"` // the Uid of an account, or the name of a machine
	ClientID  string `json:"-"`
	Issuer    string `json:"iss"`
	ID        string `json:"jti"`
	GrantType string `json:"gty"`

	Scopes   []string `json:"-"`
	Audience []string `json:"-"`

	ExpiresAt time.Time `json:"-"`
	IssuedAt  time.Time `json:"-"`
	NotBefore time.Time `json:"-"`

	claims json.RawMessage
}

func (i *Introspection) finish(op operation, got answer, _ time.Time) error {
	if !got.has("active") {
		return unusable(op, "the answer does not say whether the token is active")
	}
	var w struct {
		CID        string          `json:"cid"`
		ClientID   string          `json:"client_id"`
		Authorized string          `json:"azp"`
		Exp        flexString      `json:"exp"`
		Iat        flexString      `json:"iat"`
		Nbf        flexString      `json:"nbf"`
		Scp        json.RawMessage `json:"scp"`
		Scope      json.RawMessage `json:"scope"`
		Aud        json.RawMessage `json:"aud"`
	}
	got.decode(&w)
	i.ClientID = firstOf(w.CID, firstOf(w.ClientID, w.Authorized))
	i.Scopes = append(wordsIn(w.Scp), wordsIn(w.Scope)...)
	i.Audience = wordsIn(w.Aud)
	i.ExpiresAt, i.IssuedAt, i.NotBefore = unixTime(w.Exp), unixTime(w.Iat), unixTime(w.Nbf)
	i.claims, _ = json.Marshal(got) // it was JSON before
	return nil
}

// wordsIn reads a list of texts, or one text with spaces between words.
func wordsIn(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return strings.Fields(text)
	}
	return nil
}

// unixTime reads a NumericDate. An unusable one becomes the zero time.
func unixTime(s flexString) time.Time {
	f, err := json.Number(s).Float64()
	if err != nil || f <= 0 || f > 1e11 {
		return time.Time{}
	}
	return time.Unix(int64(f), 0).UTC()
}
