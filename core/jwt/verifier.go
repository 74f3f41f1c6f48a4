package jwt

import (
	"context"
	"crypto"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Config describes the access tokens that [New] accepts. Issuer and Audience are
// required; every other zero value means a safe default.
type Config struct {
	// Issuer is the iss claim of the tokens, compared without one trailing slash. For an
	// OIDC application it is https://{site}/service/oidc/{app}/.
	Issuer string

	// Audience lists the values of aud that are accepted; one of them must be in the
	// token. For an OIDC application that is its client id, for M2M tokens the
	// identifier of your API.
	Audience []string

	// JWKSURL is where the public keys are. Default: the jwks_uri of the discovery
	// document of Issuer. M2M clients have no such document: set it to
	// https://{site}/service/oauth/jwks.
	JWKSURL string

	// Algorithms lists the accepted values of alg. HMAC algorithms and "none" are
	// refused. Default: RS256 alone, which is what LoginRadius uses.
	Algorithms []string

	// Types lists the accepted values of typ, compared without case and without the
	// prefix "application/"; "" stands for a token without typ.
	// Default: "at+jwt" and "".
	Types []string

	// Leeway is the difference between clocks that is tolerated in exp, nbf and iat.
	// Default: one minute. Negative: none.
	Leeway time.Duration

	// RefreshAfter is the age at which the keys are fetched again, in the background.
	// An unknown key id has them fetched at once, at most once a minute. Until the next
	// fetch is due, a token with an unknown key id is refused if it claims to be older than
	// the keys, and otherwise undecided (503): its key may be newer than they are.
	// Default: one hour.
	RefreshAfter time.Duration

	// HTTPClient fetches discovery document and keys; redirects are never followed.
	// Default: a client of the default transport. A fetch takes at most 5 s either way.
	HTTPClient *http.Client

	// Logger receives a warning when keys cannot be fetched. Default: nothing is logged.
	Logger *slog.Logger

	// Clock tells the time for expiries and for the age of keys. It must be safe for
	// concurrent use. Default: time.Now.
	Clock func() time.Time
}

// A Verifier checks signed JWTs. It implements [core.TokenVerifier] and is safe for
// concurrent use. A Verifier needs no Close: its fetches end after 5 s at most.
type Verifier struct {
	algorithms  []jose.SignatureAlgorithm
	types       []string
	issuer      string   // without trailing slash; "" accepts any
	audience    []string // empty accepts any
	leeway      time.Duration
	clock       func() time.Time
	accessToken bool // refuse what is no access token
	keys        keySource
}

var _ core.TokenVerifier = (*Verifier)(nil)

// A keySource finds the keys that may have signed a token. A failure matches
// core.ErrUnavailable, or core.ErrInvalidToken if there is no such key. issued is when the
// token claims to be issued, which is not verified yet; zero means that it does not say.
type keySource interface {
	find(ctx context.Context, kid string, alg jose.SignatureAlgorithm, issued time.Time) ([]crypto.PublicKey, error)
}

// New returns a verifier for access tokens of an OIDC application or of M2M clients,
// or a [*core.ConfigError] that names the unusable field. It does not use the network:
// the first token has the keys fetched. Keys that were fetched once stay in use while
// the issuer cannot be reached.
//
// ID tokens are refused: a token must have the type at+jwt or a claim that only access
// tokens have (scp, scope, gty, cid, client_id), and none that only ID tokens have
// (nonce, at_hash, c_hash, s_hash).
func New(cfg Config) (*Verifier, error) {
	if cfg.Issuer == "" {
		return nil, &core.ConfigError{Field: "Issuer", Reason: "is empty"}
	}
	if len(cfg.Audience) == 0 {
		return nil, &core.ConfigError{Field: "Audience", Reason: "is empty: without it a token for another service would be accepted"}
	}
	where := cfg.JWKSURL
	field := "JWKSURL"
	if where == "" {
		where, field = cfg.Issuer, "Issuer"
	}
	if err := checkURL(where); err != nil {
		return nil, &core.ConfigError{Field: field, Reason: err.Error()}
	}
	if cfg.RefreshAfter < 0 {
		return nil, &core.ConfigError{Field: "RefreshAfter", Reason: "is negative"}
	}
	v, err := newVerifier(cfg)
	if err != nil {
		return nil, err
	}
	if len(v.algorithms) == 0 {
		v.algorithms = []jose.SignatureAlgorithm{jose.RS256}
	}
	for _, a := range v.algorithms {
		if !asymmetric(a) {
			return nil, &core.ConfigError{Field: "Algorithms", Reason: "lists an algorithm that is not a public-key signature of JWS"}
		}
	}
	if cfg.Types == nil {
		v.types = []string{"at+jwt", ""}
	}
	v.accessToken = true
	v.keys = newRemoteKeys(cfg, v.clock)
	return v, nil
}

func newVerifier(cfg Config) (*Verifier, error) {
	v := &Verifier{
		issuer:   trimSlash(cfg.Issuer),
		audience: slices.Clone(cfg.Audience),
		leeway:   cfg.Leeway,
		clock:    cfg.Clock,
	}
	for _, a := range cfg.Algorithms {
		v.algorithms = append(v.algorithms, jose.SignatureAlgorithm(a))
	}
	for _, t := range cfg.Types {
		v.types = append(v.types, mediaType(t))
	}
	if slices.Contains(cfg.Audience, "") {
		return nil, &core.ConfigError{Field: "Audience", Reason: "lists an empty value"}
	}
	if cfg.Types != nil && len(cfg.Types) == 0 {
		return nil, &core.ConfigError{Field: "Types", Reason: "is an empty list, which refuses every token"}
	}
	switch {
	case cfg.Leeway == 0:
		v.leeway = time.Minute
	case cfg.Leeway < 0:
		v.leeway = 0
	case cfg.Leeway > 10*time.Minute:
		return nil, &core.ConfigError{Field: "Leeway", Reason: "is over ten minutes"}
	}
	if v.clock == nil {
		v.clock = time.Now
	}
	return v, nil
}

// Accepts reports whether a token has the three parts of a signed JWT. A JWE has five:
// it is encrypted for LoginRadius and stays an opaque token.
func (v *Verifier) Accepts(token string) bool {
	if v == nil || !strings.HasPrefix(token, "ey") { // a JSON object in base64
		return false
	}
	_, rest, _ := strings.Cut(token, ".")
	claims, signature, ok := strings.Cut(rest, ".")
	return ok && claims != "" && strings.IndexByte(signature, '.') < 0
}

// Verify checks signature, header and claims. Its errors match core.ErrInvalidToken,
// or core.ErrUnavailable if the keys could not be fetched.
func (v *Verifier) Verify(ctx context.Context, token string) (*core.VerifiedToken, error) {
	h, payload, err := v.verifySignature(ctx, token)
	if err != nil {
		return nil, err
	}
	return v.verifyClaims(h, payload)
}

// verifySignature returns header and payload of a token if one of the keys signed it.
func (v *Verifier) verifySignature(ctx context.Context, token string) (header, []byte, error) {
	if !v.Accepts(token) || len(token) > maxToken || !canonical(token) {
		return header{}, nil, refused("it is not a signed JWT in compact form")
	}
	h, err := readHeader(token)
	if err != nil {
		return header{}, nil, err
	}
	if !slices.Contains(v.algorithms, h.Algorithm) {
		return header{}, nil, refused("its algorithm is not accepted")
	}
	if !slices.Contains(v.types, mediaType(h.Type)) {
		return header{}, nil, refused("its type is not accepted")
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{h.Algorithm})
	if err != nil { // its text may quote the token
		return header{}, nil, refused("it is malformed")
	}
	keys, err := v.keys.find(ctx, h.KeyID, h.Algorithm, claimedIssue(signed))
	if err != nil {
		return header{}, nil, err
	}
	for _, key := range keys {
		if payload, err := signed.Verify(key); err == nil {
			return h, payload, nil
		}
	}
	return header{}, nil, refused("its signature is wrong")
}

// Format implements fmt.Formatter: no verb prints keys.
func (v Verifier) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "jwt.Verifier{Issuer:%s Audience:%q}", v.issuer, v.audience)
}

// canonical reports whether a token has the one spelling that its bytes have. Decoders skip
// line breaks and ignore spare bits, which would give one token many spellings: what is
// forgotten under one of them must not pass under another.
func canonical(token string) bool {
	for part := range strings.SplitSeq(token, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil || strings.ContainsAny(part, "\r\n") {
			return false
		}
	}
	return true
}

// maxToken bounds what is parsed. It is the bound of the core.
const maxToken = 8 << 10

// refused is a definite no. The reason holds nothing of the token.
func refused(reason string) error {
	return fmt.Errorf("jwt: the token is refused: %s: %w", reason, core.ErrInvalidToken)
}

func trimSlash(s string) string { return strings.TrimSuffix(s, "/") }

// mediaType makes values of typ comparable, see RFC 7515, section 4.1.9.
func mediaType(s string) string {
	s = strings.ToLower(s)
	if rest, ok := strings.CutPrefix(s, "application/"); ok && !strings.Contains(rest, "/") {
		return rest
	}
	return s
}

func asymmetric(a jose.SignatureAlgorithm) bool {
	switch a {
	case jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
		jose.ES256, jose.ES384, jose.ES512, jose.EdDSA:
		return true
	}
	return false
}
