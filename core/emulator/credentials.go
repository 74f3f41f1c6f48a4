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

	"github.com/loginradius-contrib/go-middleware/core"
)

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// checkCredentials refuses a call with the wrong key, secret or signature.
func (e *Emulator) checkCredentials(c *call) *problem {
	if c.route.creds == noCredentials || c.route.creds == withSecret && !c.native && e.federation.manages(c) {
		return nil
	}
	if c.route.creds != withSecretOnly {
		key := first(c.r.Header.Get("X-LoginRadius-ApiKey"), c.query["apikey"], c.query["key"])
		switch {
		case key == "" && e.opt.missingKeyCode != 0:
			return refuse(e.opt.missingKeyCode)
		case key == "" && c.native:
			return refuse(core.CodeAPIKeyMissing)
		case key == "":
			return missing("apikey")
		case !equal(key, e.opt.apiKey):
			return refuse(core.CodeAPIKeyUnauthorized)
		}
	}
	if c.route.creds == withKey {
		return nil
	}
	if digest := c.r.Header.Get("Digest"); digest != "" && !c.native { // only management is signed
		if code := e.checkDigest(c, digest); code != 0 {
			return refuse(code)
		}
		return nil
	}
	if e.opt.signingRequired && !c.native {
		return refuse(core.CodeSignatureMissing)
	}
	secret := first(c.r.Header.Get("X-LoginRadius-ApiSecret"), c.query["apisecret"], c.query["secret"])
	switch {
	case secret == "":
		return refuse(core.CodeAPISecretMissing)
	case !equal(secret, e.opt.apiSecret):
		return refuse(core.CodeAPISecretUnauthorized)
	}
	return nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// checkDigest verifies the signature of a request: an HMAC over expiry, address and
// body. It returns an error code, or 0.
func (e *Emulator) checkDigest(c *call, digest string) core.ErrorCode {
	expires := c.r.Header.Get("X-Request-Expires")
	if expires == "" {
		return core.CodeRequestExpiryMissing
	}
	end := parseAny(expires, "2006-1-2 15:4:5", "2006-1-2 3:4:5 PM")
	switch {
	case end.IsZero():
		return core.CodeRequestExpiryFormatInvalid
	case e.now().After(end):
		return core.CodeRequestExpiryInvalid
	}
	address, err := url.PathUnescape(withoutSecret(c.origin() + c.r.URL.RequestURI()))
	if err != nil {
		return core.CodeSignatureInvalid
	}
	// SDKs differ in whether they escape !*'().
	for _, bare := range []string{"", "!*'()"} {
		for _, content := range e.signedContents(c) {
			mac := hmac.New(sha256.New, []byte(e.opt.apiSecret))
			mac.Write([]byte(expires + ":" + strings.ToLower(encodeComponent(address, bare)) + content))
			if equal(digest, "SHA-256="+base64.StdEncoding.EncodeToString(mac.Sum(nil))) {
				return 0
			}
		}
	}
	return core.CodeSignatureInvalid
}

// signedContents returns what may follow the address in what was signed: a colon and
// the body, or nothing. For a call without content, official SDKs send nothing, {} or
// null and sign nothing, a colon alone, or {}.
func (e *Emulator) signedContents(c *call) []string {
	sent := strings.TrimSpace(string(c.raw))
	empty := sent == "" || sent == "{}" || sent == "null"
	switch {
	case empty && !e.opt.strictSigning:
		return []string{"", ":", ":{}", ":" + string(c.raw)}
	case len(c.raw) == 0:
		return []string{""}
	}
	return []string{":" + string(c.raw)}
}

// withoutSecret removes the parameter that is never signed.
func withoutSecret(address string) string {
	path, query, _ := strings.Cut(address, "?")
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(p, "="); !strings.EqualFold(name, "apisecret") {
			kept = append(kept, p)
		}
	}
	if query == "" || len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
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

// checkSOTT verifies a secured one-time token. It returns an error code, or 0.
func (e *Emulator) checkSOTT(token string) core.ErrorCode {
	if token == "" {
		return core.CodeSOTTRequired
	}
	encoded, sum, ok := strings.Cut(token, "*")
	want := md5.Sum([]byte(encoded)) //nolint:gosec // the format of the service
	sealed, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || !equal(sum, hex.EncodeToString(want[:])) || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return core.CodeSOTTInvalid
	}
	cipher.NewCBCDecrypter(e.sealer(), []byte(sottIV)).CryptBlocks(sealed, sealed)
	pad := int(sealed[len(sealed)-1])
	if pad == 0 || pad > aes.BlockSize || !bytes.Equal(sealed[len(sealed)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return core.CodeSOTTInvalid
	}
	parts := strings.Split(string(sealed[:len(sealed)-pad]), "#")
	if len(parts) != 3 || parts[1] != e.opt.apiKey {
		return core.CodeSOTTInvalid
	}
	layouts := []string{"2006/1/2 15:4:5", "2006-1-2 15:4:5"}
	start, end := parseAny(parts[0], layouts...), parseAny(parts[2], layouts...)
	if now := e.now(); start.IsZero() || end.IsZero() || now.Before(start.Add(-time.Second)) || now.After(end) {
		return core.CodeSOTTInvalid
	}
	return 0
}

// sottIV is the same for every site.
const sottIV = "tu89geji340t89u2"

func (e *Emulator) sottCipher() cipher.Block {
	key, _ := pbkdf2.Key(sha1.New, e.opt.apiSecret, make([]byte, 8), 10000, 32) // constant, legal sizes
	block, _ := aes.NewCipher(key)
	return block
}

// sealSOTT makes a secured one-time token.
func (e *Emulator) sealSOTT(start, end time.Time) string {
	const layout = "2006/01/02 15:04:05"
	text := []byte(start.Format(layout) + "#" + e.opt.apiKey + "#" + end.Format(layout))
	pad := aes.BlockSize - len(text)%aes.BlockSize
	text = append(text, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(e.sealer(), []byte(sottIV)).CryptBlocks(text, text)
	encoded := base64.StdEncoding.EncodeToString(text)
	sum := md5.Sum([]byte(encoded)) //nolint:gosec // the format of the service
	return encoded + "*" + hex.EncodeToString(sum[:])
}

// checkBearer returns the account that the access token of a call belongs to.
func (e *Emulator) checkBearer(c *call) (*account, *problem) {
	token := c.bearer()
	if token == "" {
		return nil, refuse(core.CodeAccessTokenMissing)
	}
	s, ok := e.sessions.live.Get(token)
	now := e.now()
	if !ok || s.ended {
		return nil, refuse(e.opt.invalidTokenCode)
	}
	a := e.accounts.byUID(s.uid)
	switch {
	case a == nil:
		return nil, refuse(e.opt.invalidTokenCode)
	case !now.Before(s.expires):
		return nil, refuse(e.opt.expiredTokenCode)
	case !a.active && (e.opt.blockKillsTokens || !c.route.blockedToo):
		return nil, refuse(core.CodeAccountBlocked)
	case s.acceptOnly && c.route.operation != opAcceptPolicy:
		return nil, refuse(core.CodePrivacyPolicyMismatch)
	}
	if e.opt.sliding {
		s.expires = now.Add(e.opt.tokenLife)
	}
	c.session = s
	return a, nil
}
