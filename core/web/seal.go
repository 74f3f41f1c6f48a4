package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A sealer encrypts small values that a client keeps for us, so that it can neither read
// nor change them. Every replica with the same API secret can open them.
type sealer struct{ aead cipher.AEAD }

// newSealer returns the sealer of a purpose. It fails for no client only.
func newSealer(client *core.Client, purpose string) (*sealer, error) {
	if client == nil {
		return nil, optionError("the client is nil")
	}
	block, err := aes.NewCipher(client.DerivedKey("loginradius " + purpose))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &sealer{aead}, nil
}

// seal returns v, which encoding/json must be able to encode, as a text that fits a header
// and a cookie.
func (s *sealer) seal(v any) string {
	plain, err := json.Marshal(v)
	if err != nil {
		return rand.Text() // opens as nothing
	}
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, nil))
}

var errSealed = errors.New("not a sealed value of this purpose")

// open decodes a sealed value into v.
func (s *sealer) open(sealed string, v any) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return errSealed
	}
	plain, err := s.aead.Open(nil, nil, raw, nil)
	if err != nil {
		return errSealed
	}
	return json.Unmarshal(plain, v)
}
