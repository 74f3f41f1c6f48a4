package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// signatureLife is how long a signed request may travel, clock skew included.
const signatureLife = 20 * time.Minute

// signRequest sets the two headers that replace the API secret:
//
//	X-Request-Expires: 2006-01-02 15:04:05                (UTC)
//	digest: SHA-256=base64(HMAC-SHA256(secret, expires:url[:body]))
func signRequest(h http.Header, secret, target string, body []byte, now time.Time) {
	expires := now.Add(signatureLife).UTC().Format("2006-01-02 15:04:05")
	h.Set("X-Request-Expires", expires)
	h.Set("Digest", requestDigest(secret, expires, target, body))
}

func requestDigest(secret, expires, target string, body []byte) string {
	decoded, err := url.PathUnescape(target) // + stays +: the target writes spaces as %20
	if err != nil {
		decoded = target
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(expires + ":" + strings.ToLower(percentEncode(decoded))))
	if body != nil {
		mac.Write([]byte(":"))
		mac.Write(body)
	}
	return "SHA-256=" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percentEncode escapes all but the unreserved characters of RFC 3986.
func percentEncode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
