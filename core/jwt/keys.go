package jwt

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// minRSABits is the least that RFC 7518, section 3.3, allows.
const minRSABits = 2048

// fits reports whether a key can make signatures of an algorithm. HMAC never fits, so
// that a public key is never taken for a shared secret.
func fits(key crypto.PublicKey, alg jose.SignatureAlgorithm) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= minRSABits && (strings.HasPrefix(string(alg), "RS") || strings.HasPrefix(string(alg), "PS"))
	case *ecdsa.PublicKey:
		return map[jose.SignatureAlgorithm]int{jose.ES256: 256, jose.ES384: 384, jose.ES512: 521}[alg] == k.Curve.Params().BitSize
	case ed25519.PublicKey:
		return alg == jose.EdDSA
	}
	return false
}

// A keySet holds the signing keys of a JWKS document.
type keySet []jose.JSONWebKey

// readKeySet keeps the public signing keys of a document. A key of an unknown kind is
// skipped, as RFC 7517, section 5, wants; a document without any usable key is an error,
// so that it does not replace good keys.
func readKeySet(raw []json.RawMessage) (keySet, error) {
	var set keySet
	for _, one := range raw {
		var k jose.JSONWebKey
		if json.Unmarshal(one, &k) != nil || !k.IsPublic() || !k.Valid() || k.Use != "" && k.Use != "sig" {
			continue
		}
		if rsaKey, ok := k.Key.(*rsa.PublicKey); ok && rsaKey.N.BitLen() < minRSABits {
			continue
		}
		set = append(set, k)
	}
	if len(set) == 0 {
		return nil, errors.New("the key set has no usable key")
	}
	return set, nil
}

// match returns the keys that may have made a signature. Without a key id that is every
// key of the algorithm.
func (set keySet) match(kid string, alg jose.SignatureAlgorithm) (keys []crypto.PublicKey) {
	for _, k := range set {
		if (kid == "" || k.KeyID == kid) && (k.Algorithm == "" || k.Algorithm == string(alg)) && fits(k.Key, alg) {
			keys = append(keys, k.Key)
		}
	}
	return keys
}

// pinnedKeys are configured, so they have no ids.
type pinnedKeys []crypto.PublicKey

func (p pinnedKeys) find(context.Context, string, jose.SignatureAlgorithm, time.Time) ([]crypto.PublicKey, error) {
	return p, nil
}
