// Package authenticator is a browser with a passkey, in software: tests create and use
// passkeys with it as browsers do with hardware. It keeps keys in memory and asks
// for no consent: use it in tests only.
package authenticator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// A Device holds one passkey: an ECDSA key on P-256. Tests change its fields to make
// answers that a relying party must refuse. It is not safe for concurrent use.
type Device struct {
	Origin     string // of the page that asks, such as "http://localhost:8080"
	RPID       string // signed instead of the one in the options, unless it is ""
	ID         []byte // of the passkey
	Handle     []byte // of the user, which Create takes from the options
	Counter    uint32 // of uses; Get adds one first
	NotPresent bool   // claim that no user touched the device
	key        *ecdsa.PrivateKey
}

// New returns a device with a new passkey, in a browser that shows a page of origin.
func New(origin string) *Device {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // fails only without randomness, which ends the program
	id := make([]byte, 32)
	_, _ = rand.Read(id) // never fails
	return &Device{Origin: origin, ID: id, key: key}
}

// options are what both calls of the browser's API read.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Allow []struct {
		ID string `json:"id"`
	} `json:"allowCredentials"`
}

// read takes the options apart, which may be under the key publicKey.
func read(raw []byte) (options, error) {
	var o struct {
		options
		PublicKey *options `json:"publicKey"`
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return options{}, fmt.Errorf("authenticator: options: %w", err)
	}
	if o.PublicKey != nil {
		o.options = *o.PublicKey
	}
	if o.Challenge == "" {
		return options{}, errors.New("authenticator: the options have no challenge")
	}
	return o.options, nil
}

var encode = base64.RawURLEncoding.EncodeToString

// Create answers the options of navigator.credentials.create in the JSON form of
// PublicKeyCredential, with attestation "none".
func (d *Device) Create(raw []byte) ([]byte, error) {
	o, err := read(raw)
	if err != nil {
		return nil, err
	}
	if d.Handle, err = base64.RawURLEncoding.DecodeString(o.User.ID); err != nil {
		return nil, fmt.Errorf("authenticator: user.id: %w", err)
	}
	const attested = 0x40
	data := d.data(o.RP.ID, attested)
	data = append(data, make([]byte, 16)...)                      // the model of the authenticator, which it does not tell
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.ID))) //nolint:gosec // an ID has 32 bytes
	data = append(append(data, d.ID...), d.publicKey()...)
	object := []byte{0xa3, 0x63, 'f', 'm', 't', 0x64, 'n', 'o', 'n', 'e', 0x67, 'a', 't', 't', 'S', 't', 'm', 't', 0xa0, 0x68, 'a', 'u', 't', 'h', 'D', 'a', 't', 'a', 0x59}
	object = append(binary.BigEndian.AppendUint16(object, uint16(len(data))), data...) //nolint:gosec // some 200 bytes
	return d.credential(map[string]string{"attestationObject": encode(object), "clientDataJSON": encode(d.client("webauthn.create", o))})
}

// Get answers the options of navigator.credentials.get in the same form. It answers
// with its passkey whether or not the options allow that.
func (d *Device) Get(raw []byte) ([]byte, error) {
	o, err := read(raw)
	if err != nil {
		return nil, err
	}
	d.Counter++
	data, client := d.data(o.RPID, 0), d.client("webauthn.get", o)
	clientHash := sha256.Sum256(client)
	digest := sha256.Sum256(slices.Concat(data, clientHash[:]))
	signature, err := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	if err != nil {
		return nil, fmt.Errorf("authenticator: %w", err)
	}
	response := map[string]string{"authenticatorData": encode(data), "clientDataJSON": encode(client), "signature": encode(signature)}
	if len(d.Handle) > 0 {
		response["userHandle"] = encode(d.Handle)
	}
	return d.credential(response)
}

// Rekey replaces the private key and keeps the passkey's id: signatures are then
// those of a forger who has seen the id.
func (d *Device) Rekey() { d.key = New("").key }

func (d *Device) credential(response map[string]string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"id": encode(d.ID), "rawId": encode(d.ID), "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response,
	})
}

func (d *Device) client(kind string, o options) []byte {
	raw, _ := json.Marshal(map[string]any{"type": kind, "challenge": o.Challenge, "origin": d.Origin, "crossOrigin": false}) // texts always encode
	return raw
}

// data is the authenticator data: the relying party, the flags and the counter.
func (d *Device) data(rpID string, flags byte) []byte {
	if d.RPID != "" {
		rpID = d.RPID
	}
	const present, verified = 0x01, 0x04
	if !d.NotPresent {
		flags |= present | verified
	}
	hash := sha256.Sum256([]byte(rpID))
	return binary.BigEndian.AppendUint32(append(hash[:], flags), d.Counter)
}

// publicKey is the COSE form of the key: a CBOR map with EC2, ES256, P-256, x and y.
func (d *Device) publicKey() []byte {
	point, _ := d.key.PublicKey.Bytes() // a generated key is always valid
	out := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32}
	out = append(out, point[1:33]...)
	return append(append(out, 0x22, 0x58, 32), point[33:]...)
}
