package core

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the format prescribes it; it guards nothing
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the format prescribes it for PBKDF2
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"
)

// sottLife is how long a locally minted SOTT lets its bearer register.
const sottLife = 10 * time.Minute

// sottClockSkew is how far our clock may be ahead of the service's.
const sottClockSkew = 2 * time.Minute

// SOTT mints a secured one-time token: the proof, needed to register, that the
// request comes from a holder of the API secret. It works without network and is
// valid from now (less two minutes for clock skew) for the given time; zero means
// 10 minutes. Despite its name it may be used more than once while it is valid.
//
// It must be minted with the site's primary secret: LoginRadius does not accept
// one made with an additional secret.
func (c *Client) SOTT(life time.Duration) (string, error) {
	if life < 0 {
		return "", fmt.Errorf("%w: life is negative", ErrInvalidArgument)
	}
	if life == 0 {
		life = sottLife
	}
	cred, now := c.credentials.Load(), c.cfg.Clock()
	return mintSOTT(cred.key, cred.secret, now.Add(-sottClockSkew), now.Add(life))
}

// mintSOTT encrypts start#key#end, both times UTC on a 24-hour clock, and appends
// a checksum of the result.
func mintSOTT(key, secret string, start, end time.Time) (string, error) {
	const layout = "2006/01/02 15:04:05"
	return sealSOTT(secret, start.UTC().Format(layout)+"#"+key+"#"+end.UTC().Format(layout))
}

func sealSOTT(secret, plaintext string) (string, error) {
	derived, err := pbkdf2.Key(sha1.New, secret, make([]byte, 8), 10000, 32)
	if err != nil {
		return "", fmt.Errorf("loginradius: SOTT: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return "", fmt.Errorf("loginradius: SOTT: %w", err)
	}
	pad := aes.BlockSize - len(plaintext)%aes.BlockSize
	text := append([]byte(plaintext), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, []byte("tu89geji340t89u2")).CryptBlocks(text, text)
	encoded := base64.StdEncoding.EncodeToString(text)
	sum := md5.Sum([]byte(encoded)) //nolint:gosec // see the import
	return encoded + "*" + hex.EncodeToString(sum[:]), nil
}
