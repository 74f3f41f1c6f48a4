package emulator

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // the format of the service
	"crypto/pbkdf2"
	"crypto/sha1" //nolint:gosec // the format of the service
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
)

// codeMissingKeyParameter stands for the 908 that identity calls without a key get.
const codeMissingKeyParameter = -1

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// checkCredentials returns the error code of a call that may not be made, or 0.
func (e *Emulator) checkCredentials(c *call) int {
	if c.route.creds == noCredentials {
		return 0
	}
	if c.route.creds != withSecretOnly {
		key := first(c.r.Header.Get("X-LoginRadius-ApiKey"), c.query["apikey"], c.query["key"])
		switch {
		case key == "" && c.native:
			return 922
		case key == "":
			return codeMissingKeyParameter
		case !equal(key, e.opt.apiKey):
			return 901
		}
	}
	if c.route.creds == withKey {
		return 0
	}
	if digest := c.r.Header.Get("Digest"); digest != "" {
		return e.checkDigest(c, digest)
	}
	secret := first(c.r.Header.Get("X-LoginRadius-ApiSecret"), c.query["apisecret"], c.query["secret"])
	switch {
	case secret == "":
		return 923
	case !equal(secret, e.opt.apiSecret):
		return 902
	}
	return 0
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// checkDigest verifies a signed request: HMAC over expiry, address and body.
func (e *Emulator) checkDigest(c *call, digest string) int {
	expires := c.r.Header.Get("X-Request-Expires")
	if expires == "" {
		return 1210
	}
	end := parseAny(expires, "2006-1-2 15:4:5", "2006-1-2 3:4:5 PM")
	switch {
	case end.IsZero():
		return 1211
	case e.now().After(end):
		return 1212
	}
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	address, err := url.PathUnescape(scheme + "://" + c.r.Host + c.r.URL.RequestURI())
	if err != nil {
		return 1208
	}
	// SDKs differ in whether they escape these.
	for _, bare := range []string{"", "!*'()"} {
		signed := expires + ":" + strings.ToLower(encodeComponent(address, bare))
		if len(c.raw) > 0 {
			signed += ":" + string(c.raw)
		}
		mac := hmac.New(sha256.New, []byte(e.opt.apiSecret))
		mac.Write([]byte(signed))
		if equal(digest, "SHA-256="+base64.StdEncoding.EncodeToString(mac.Sum(nil))) {
			return 0
		}
	}
	return 1208
}

// encodeComponent escapes all but the unreserved characters and those in bare.
func encodeComponent(s, bare string) string {
	plain := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~" + bare
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(plain, s[i]) >= 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte('%')
		b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{s[i]})))
	}
	return b.String()
}

func parseAny(s string, layouts ...string) time.Time {
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// checkSOTT opens a secured one-time token and returns an error code, or 0.
func (e *Emulator) checkSOTT(token string) int {
	if token == "" {
		return 1048
	}
	encoded, sum, ok := strings.Cut(token, "*")
	want := md5.Sum([]byte(encoded)) //nolint:gosec // the format of the service
	sealed, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || !equal(sum, hex.EncodeToString(want[:])) || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return 1049
	}
	block, err := aes.NewCipher(e.sottKey())
	if err != nil {
		return 1049
	}
	cipher.NewCBCDecrypter(block, []byte("tu89geji340t89u2")).CryptBlocks(sealed, sealed)
	pad := int(sealed[len(sealed)-1])
	if pad == 0 || pad > aes.BlockSize {
		return 1049
	}
	parts := strings.Split(string(sealed[:len(sealed)-pad]), "#")
	if len(parts) != 3 || parts[1] != e.opt.apiKey {
		return 1049
	}
	layouts := []string{"2006/1/2 15:4:5", "2006-1-2 15:4:5"}
	start, end := parseAny(parts[0], layouts...), parseAny(parts[2], layouts...)
	if now := e.now(); start.IsZero() || end.IsZero() || now.Before(start.Add(-time.Second)) || now.After(end) {
		return 1049
	}
	return 0
}

func (e *Emulator) sottKey() []byte {
	key, _ := pbkdf2.Key(sha1.New, e.opt.apiSecret, make([]byte, 8), 10000, 32) // constant, legal sizes
	return key
}

// sealSOTT is the other direction, for the operation that mints one.
func (e *Emulator) sealSOTT(start, end time.Time) string {
	const layout = "2006/01/02 15:04:05"
	text := []byte(start.Format(layout) + "#" + e.opt.apiKey + "#" + end.Format(layout))
	pad := aes.BlockSize - len(text)%aes.BlockSize
	text = append(text, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(e.sottKey())
	if err != nil {
		return ""
	}
	cipher.NewCBCEncrypter(block, []byte("tu89geji340t89u2")).CryptBlocks(text, text)
	encoded := base64.StdEncoding.EncodeToString(text)
	sum := md5.Sum([]byte(encoded)) //nolint:gosec // the format of the service
	return encoded + "*" + hex.EncodeToString(sum[:])
}

// checkBearer returns whose token a call carries, or an error code.
func (e *Emulator) checkBearer(c *call) (*account, int) {
	token := c.bearer()
	if token == "" {
		return nil, 1060
	}
	s, ok := e.sessions.Get(token)
	now := e.now()
	if !ok || s.ended {
		return nil, 905
	}
	a := e.accounts[s.uid]
	switch {
	case a == nil:
		return nil, 905
	case !now.Before(s.expires):
		return nil, 906
	case !a.active && (e.opt.blockKillsTokens || !strings.Contains(c.route.operation, "validate")):
		return nil, 991
	}
	if e.opt.sliding {
		s.expires = now.Add(e.opt.tokenLife)
	}
	return a, 0
}
