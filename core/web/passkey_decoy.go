package web

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Who asks for the passkeys of an address must not learn whether it has any: an address
// without them gets options like the others, with passkeys that do not exist. They are
// made from the address and a secret, so that they are the same each time and on every
// replica.

// passkeySite remembers what the options of the site's logins have in common.
type passkeySite struct {
	mu       sync.Mutex
	template map[string]json.RawMessage // without challenge and passkeys; nil if unknown
}

func (s *passkeySite) learn(o *core.PasskeyOptions) {
	var keys map[string]json.RawMessage
	if json.Unmarshal(o.PublicKey, &keys) != nil {
		return
	}
	delete(keys, "challenge")
	delete(keys, "allowCredentials")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.template = keys
}

// copy returns the template, or nil.
func (s *passkeySite) copy() map[string]json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.template)
}

// hidePasskeyAccount drops the errors that depend on the account. A site without passkeys
// says so to everyone.
func hidePasskeyAccount(err error) error {
	if errors.Is(err, core.ErrFeatureDisabled) || errors.Is(err, core.ErrRateLimited) {
		return err
	}
	return hideAccountErrors(err)
}

// decoyLogin returns options to log in with passkeys that do not exist.
func (a *App) decoyLogin(ctx context.Context, identifier string) (json.RawMessage, error) {
	options := a.passkeySite.copy()
	if options == nil {
		o, err := a.client.Passkey.AutofillBegin(ctx)
		switch {
		case err == nil:
			a.passkeySite.learn(o)
			options = a.passkeySite.copy()
		case errors.Is(err, core.ErrUnavailable):
			return nil, err
		}
		if options == nil {
			options = map[string]json.RawMessage{"timeout": json.RawMessage("60000"), "userVerification": json.RawMessage(`"preferred"`)}
			if host := a.passkeyHost(); host != "" {
				options["rpId"], _ = json.Marshal(host)
			}
		}
	}
	type descriptor struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	}
	seed := a.decoyMAC("login", identifier)
	passkeys := []descriptor{{encodeURL(seed), "public-key"}}
	if seed[0] < 64 { // some users have two
		passkeys = append(passkeys, descriptor{encodeURL(a.decoyMAC("second", identifier)), "public-key"})
	}
	options["allowCredentials"], _ = json.Marshal(passkeys)
	options["challenge"], _ = json.Marshal(encodeURL(randomBytes(32)))
	return json.Marshal(options)
}

// passkeyHost is the host of the site's pages, or "".
func (a *App) passkeyHost() string {
	origins := slices.Concat(a.cfg.passkeyOrigins, a.cfg.linkOrigins())
	if len(origins) == 0 {
		return ""
	}
	_, host, _ := strings.Cut(origins[0], "://")
	name, _, _ := strings.Cut(host, ":")
	return name
}

// decoyRegistration returns options to create a passkey for an address that is registered
// already: LoginRadius' own for an address that is not, with a challenge that
// [App.isDecoy] knows again.
func (a *App) decoyRegistration(ctx context.Context, email string) (json.RawMessage, error) {
	unknown := strings.ToLower(rand.Text()) + "@example.com"
	o, err := a.client.Passkey.RegisterBegin(ctx, unknown)
	if err != nil {
		return nil, err
	}
	name, err := json.Marshal(email)
	if err != nil {
		return nil, err
	}
	// Some sites repeat the address in the options.
	own := bytes.ReplaceAll(o.PublicKey, []byte(unknown), name[1:len(name)-1])
	var options map[string]json.RawMessage
	if err := json.Unmarshal(own, &options); err != nil {
		return nil, err
	}
	nonce := randomBytes(16)
	options["challenge"], _ = json.Marshal(encodeURL(append(nonce, a.decoyMAC("challenge", hex.EncodeToString(nonce)+" "+email)[:16]...)))
	return json.Marshal(options)
}

// isDecoy reports whether a credential answers the challenge of [App.decoyRegistration].
func (a *App) isDecoy(credential json.RawMessage, email string) bool {
	data, _ := clientDataOf(credential)
	challenge, err := base64.RawURLEncoding.DecodeString(data.Challenge)
	if err != nil || len(challenge) != 32 {
		return false
	}
	return hmac.Equal(challenge[16:], a.decoyMAC("challenge", hex.EncodeToString(challenge[:16])+" "+email)[:16])
}

func (a *App) decoyMAC(kind, about string) []byte {
	h := hmac.New(sha256.New, a.client.DerivedKey("loginradius passkey decoy"))
	h.Write([]byte(kind + "\x00" + strings.ToLower(strings.TrimSpace(about))))
	return h.Sum(nil)
}

func encodeURL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// sortedKeys writes an object with its keys in one order, so that the order does not tell
// real options from others. The values stay as they are.
func sortedKeys(object json.RawMessage) (json.RawMessage, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(object, &keys); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(keys); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}
