package sessions

import (
	"crypto/sha256"
	"encoding/binary"
	"unsafe"
)

// A Key is the SHA-256 of a token: no raw token stays in memory, and a string that
// changes later cannot name another user's entry.
type Key [32]byte

// KeyOf reads the string's bytes in place: a conversion would copy them to the heap on
// every request. sha256 neither changes nor keeps them.
func KeyOf(token string) Key {
	return sha256.Sum256(unsafe.Slice(unsafe.StringData(token), len(token))) //nolint:gosec // see above
}

// prefix returns the first eight bytes, by which maps and the read index find a key.
func (k *Key) prefix() uint64 { return binary.LittleEndian.Uint64(k[:]) }

// with returns the key of the same token as a Source other than the default one
// validates it, so that what one of them accepted is never a hit for another. The prefix
// changes too: of two keys with one prefix the store holds one.
func (k Key) with(id uint64) Key {
	const spread = 0x9e3779b97f4a7c15
	binary.LittleEndian.PutUint64(k[:], k.prefix()^id*spread)
	binary.LittleEndian.PutUint64(k[16:], binary.LittleEndian.Uint64(k[16:])^id)
	return k
}
