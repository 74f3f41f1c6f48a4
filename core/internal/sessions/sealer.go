package sessions

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// formatVersion is that of values and events in the store. Replicas of another version
// share nothing.
const formatVersion = "1"

// A sealer names and seals what replicas share, with a secret that they have and the
// store has not. Whoever reads the store learns neither tokens nor accounts; whoever
// writes to it can forge nothing.
type sealer struct {
	name  []byte // names keys
	box   []byte // seals values, together with the token
	group []byte // seals events
}

// newSealer derives its keys from the secret. Salt separates sites. Layout separates
// replicas with sessions that hold different things: they share revocations, not values.
func newSealer(secret, salt []byte, layout string) (*sealer, error) {
	s := new(sealer)
	for _, k := range []struct {
		key  *[]byte
		info string
	}{
		{&s.name, "name"},
		{&s.box, "box " + layout},
		{&s.group, "group"},
	} {
		derived, err := hkdf.Key(sha256.New, secret, salt, "loginradius shared "+formatVersion+" "+k.info, sha256.Size)
		if err != nil {
			return nil, err
		}
		*k.key = derived
	}
	return s, nil
}

// key returns the name of something under which nothing of it can be seen.
func (s *sealer) key(kind, id string) string {
	h := hmac.New(sha256.New, s.name)
	h.Write([]byte(kind + "\x00" + id))
	return kind + ":" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// seal encrypts a value that belongs to a token: it takes the secret and the token to
// read it or to make one.
func (s *sealer) seal(token Key, plain []byte) ([]byte, error) {
	return sealWith(s.tokenKey(token), plain)
}

func (s *sealer) open(token Key, box []byte) ([]byte, error) { return openWith(s.tokenKey(token), box) }

func (s *sealer) tokenKey(token Key) []byte {
	h := hmac.New(sha256.New, s.box)
	h.Write(token[:])
	return h.Sum(nil)
}

func (s *sealer) sealEvent(plain []byte) ([]byte, error) { return sealWith(s.group, plain) }
func (s *sealer) openEvent(box []byte) ([]byte, error)   { return openWith(s.group, box) }

func sealWith(key, plain []byte) ([]byte, error) {
	g, err := gcm(key)
	if err != nil {
		return nil, err
	}
	return g.Seal(nil, nil, plain, nil), nil
}

func openWith(key, box []byte) ([]byte, error) {
	g, err := gcm(key)
	if err != nil {
		return nil, err
	}
	return g.Open(nil, nil, box, nil)
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// A sharedValue is what the service said about a token, and when it was asked, by the
// clock of the store and by that of the replica that asked.
type sharedValue struct {
	askedStore int64 // microseconds
	askedWall  int64 // Unix nanoseconds
	expires    int64 // Unix nanoseconds; 0: unknown
	known      bool  // the service was asked for the expiry
	data       []byte
}

const valueHeader = 1 + 3*8 + 1

var errShared = errors.New("not a value of this format")

func (v *sharedValue) encode() []byte {
	b := make([]byte, 0, valueHeader+len(v.data))
	b = append(b, formatVersion[0])
	b = binary.BigEndian.AppendUint64(b, uint64(v.askedStore)) //nolint:gosec // a round trip
	b = binary.BigEndian.AppendUint64(b, uint64(v.askedWall))  //nolint:gosec // a round trip
	b = binary.BigEndian.AppendUint64(b, uint64(v.expires))    //nolint:gosec // a round trip
	if v.known {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	return append(b, v.data...)
}

func decodeShared(b []byte) (v sharedValue, err error) {
	if len(b) < valueHeader || b[0] != formatVersion[0] {
		return v, errShared
	}
	v.askedStore = int64(binary.BigEndian.Uint64(b[1:])) //nolint:gosec // a round trip
	v.askedWall = int64(binary.BigEndian.Uint64(b[9:]))  //nolint:gosec // a round trip
	v.expires = int64(binary.BigEndian.Uint64(b[17:]))   //nolint:gosec // a round trip
	v.known, v.data = b[25] == 1, b[valueHeader:]
	return v, nil
}
