package jwt

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core"
)

// An AppConfig describes the tokens of a LoginRadius JWT application, which are signed
// with a key of the application. Algorithm and one of PublicKey and Secret are
// required.
type AppConfig struct {
	// Algorithm is the one that the application signs with, for example "RS256" or
	// "HS256".
	Algorithm string

	// PublicKey is the PEM of the application's public key: blocks of the type PUBLIC
	// KEY, RSA PUBLIC KEY or CERTIFICATE. Several keys are all accepted, which allows a
	// change of keys without a pause. Only the key of a certificate counts, not its
	// dates. A private key is refused.
	PublicKey []byte

	// Secret is the shared secret for HS256, HS384 or HS512, at least as long as the
	// hash: 32, 48 or 64 bytes (RFC 7518, section 3.2).
	Secret []byte

	// Issuer and Audience are checked if they are set, as in [Config]. Set them where
	// several applications share a key.
	Issuer   string
	Audience []string

	// Types lists the accepted values of typ, as in [Config]. Default: "JWT", "at+jwt"
	// and "".
	Types []string

	// Leeway and Clock are those of [Config].
	Leeway time.Duration
	Clock  func() time.Time
}

// Format implements fmt.Formatter: no verb prints the secret.
func (c AppConfig) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "jwt.AppConfig{Algorithm:%s Issuer:%s}", c.Algorithm, c.Issuer)
}

// MarshalJSON writes the printable form, which has no secret.
func (c AppConfig) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", fmt.Sprint(c)), nil }

// NewApp returns a verifier for tokens of a JWT application, or a [*core.ConfigError]
// that names the unusable field. It never uses the network.
func NewApp(cfg AppConfig) (*Verifier, error) {
	types := cfg.Types
	if types == nil {
		types = []string{"JWT", "at+jwt", ""}
	}
	v, err := newVerifier(Config{
		Issuer: cfg.Issuer, Audience: cfg.Audience, Algorithms: []string{cfg.Algorithm}, Types: types, Leeway: cfg.Leeway, Clock: cfg.Clock,
	})
	if err != nil {
		return nil, err
	}
	alg := jose.SignatureAlgorithm(cfg.Algorithm)
	hash, hmac := map[jose.SignatureAlgorithm]int{jose.HS256: 32, jose.HS384: 48, jose.HS512: 64}[alg]
	switch {
	case !hmac && !asymmetric(alg):
		return nil, &core.ConfigError{Field: "Algorithm", Reason: "is none of HS256, RS256, PS256, ES256 and their longer kinds, or EdDSA"}
	case hmac && len(cfg.PublicKey) > 0:
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "cannot check an HMAC algorithm"}
	case hmac && bytes.Contains(cfg.Secret, []byte("-----BEGIN")):
		return nil, &core.ConfigError{Field: "Secret", Reason: "is a PEM block, which is not secret if it is a public key"}
	case hmac && len(cfg.Secret) < hash:
		return nil, &core.ConfigError{Field: "Secret", Reason: fmt.Sprintf("is shorter than the %d bytes of the hash", hash)}
	case hmac:
		v.keys = pinnedKeys{bytes.Clone(cfg.Secret)}
		return v, nil
	case len(cfg.Secret) > 0:
		return nil, &core.ConfigError{Field: "Secret", Reason: "cannot check a public-key algorithm"}
	}
	keys, err := readPEM(cfg.PublicKey, alg)
	if err != nil {
		return nil, err
	}
	v.keys = keys
	return v, nil
}

// readPEM returns the public keys of PEM blocks, all of which must fit the algorithm.
func readPEM(in []byte, alg jose.SignatureAlgorithm) (pinnedKeys, error) {
	var keys pinnedKeys
	for {
		var block *pem.Block
		if block, in = pem.Decode(in); block == nil {
			break
		}
		key, err := publicKey(block)
		if err != nil {
			return nil, err
		}
		if !fits(key, alg) {
			return nil, &core.ConfigError{Field: "PublicKey", Reason: "is of another kind than Algorithm needs, or an RSA key under 2048 bits"}
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "has no PEM block"}
	}
	if len(bytes.TrimSpace(in)) > 0 {
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "has text behind its last PEM block"}
	}
	return keys, nil
}

func publicKey(block *pem.Block) (key crypto.PublicKey, err error) {
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(block.Bytes); err == nil {
			key = c.PublicKey
		}
	case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "is a private key: configure the public one"}
	default:
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "has a PEM block of another type than PUBLIC KEY, RSA PUBLIC KEY and CERTIFICATE"}
	}
	if err != nil {
		return nil, &core.ConfigError{Field: "PublicKey", Reason: "cannot be parsed"}
	}
	return key, nil
}
