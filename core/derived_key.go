package core

import (
	"crypto/hkdf"
	"crypto/sha256"
)

// DerivedKey returns a key of 32 bytes for a purpose of the application, such as signing
// a cookie. It is derived from the API secret that the client was made with, so that
// clients with the same secret derive the same key, and no key tells anything about the
// secret or about the key of another purpose. [Client.SetCredentials] does not change it.
// Purposes that begin with "loginradius" belong to this module.
func (c *Client) DerivedKey(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(c.keySource()), nil, "derived key: "+purpose, 32)
	if err != nil { // only for lengths that HKDF cannot give
		return nil
	}
	return key
}
