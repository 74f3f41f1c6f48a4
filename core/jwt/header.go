package jwt

import (
	"encoding/base64"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json" // unlike encoding/json, it minds case and refuses duplicate keys
)

// A header is the part of a JOSE header that decides how a token is checked.
type header struct {
	Algorithm jose.SignatureAlgorithm `json:"alg"`
	Type      string                  `json:"typ"`
	KeyID     string                  `json:"kid"`
}

// untrusted are header parameters that would let the token itself say which key to use
// (RFC 8725, section 3.10), or that change how the rest has to be read. Nothing that
// LoginRadius issues has them.
var untrusted = []string{"jwk", "jku", "x5c", "x5u", "crit", "b64", "zip", "enc"}

// readHeader decodes the header of a token in compact form, and refuses what no
// verifier accepts.
func readHeader(token string) (header, error) {
	encoded, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return header{}, refused("its header is malformed")
	}
	var h header
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &h) != nil || json.Unmarshal(raw, &all) != nil {
		return header{}, refused("its header is malformed")
	}
	for _, name := range untrusted {
		if _, ok := all[name]; ok {
			return header{}, refused("its header has " + name)
		}
	}
	return h, nil
}
