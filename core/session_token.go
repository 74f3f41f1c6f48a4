package core

import (
	"crypto/sha256"
	"unsafe"
)

// maxToken is longer than any token LoginRadius issues, encrypted ones included.
const maxToken = 8 << 10

// hashToken reads the string's bytes in place: a conversion would copy them to the
// heap on every request. sha256 neither changes nor keeps them.
func hashToken(token string) tokenKey {
	return sha256.Sum256(unsafe.Slice(unsafe.StringData(token), len(token))) //nolint:gosec // see above
}

// plausible refuses what cannot be a token, so that it costs no network: nothing,
// too much, spaces, control or non-ASCII characters, and the all-zero GUID that
// logins waiting for a second factor share.
func plausible(token string) bool {
	if token == "" || len(token) > maxToken || token == zeroGUID {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return false
		}
	}
	return true
}
