package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// federation are the logins of other programs: OpenID Connect and JWT applications, and
// machines.
type federation struct {
	*Emulator
	keys     []signingKey // newest first; made when the first token is signed
	rotated  int
	appKeys  map[string]*rsa.PrivateKey         // of JWT applications
	codes    *simplelru.LRU[string, *grant]     // authorization codes
	visitors *simplelru.LRU[string, visitor]    // by the cookie of the hosted page
	machines *simplelru.LRU[string, *machineID] // by token
}

type signingKey struct {
	kid     string
	private *rsa.PrivateKey
}

func newFederation(e *Emulator) *federation {
	f := &federation{Emulator: e, appKeys: map[string]*rsa.PrivateKey{}}
	// The sizes are positive, which is all that NewLRU asks for.
	f.codes, _ = simplelru.NewLRU[string, *grant](e.opt.max.links, nil)
	f.visitors, _ = simplelru.NewLRU[string, visitor](e.opt.max.links, nil)
	f.machines, _ = simplelru.NewLRU[string, *machineID](e.opt.max.sessions, nil)
	return f
}

func (f *federation) federationRoutes() []route {
	return slices.Concat(f.oidcRoutes(), f.jwtRoutes(), f.machineRoutes())
}

// RotateSigningKey signs tokens with a new key from now on. Key sets list the old keys
// as well, until [Emulator.WithdrawOldKeys].
func (e *Emulator) RotateSigningKey() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.federation.current() // so that there is an old one
	e.federation.rotate()
}

// WithdrawOldKeys takes all signing keys but the newest from the key sets.
func (e *Emulator) WithdrawOldKeys() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.federation.keys = e.federation.keys[:min(1, len(e.federation.keys))]
}

func (f *federation) rotate() {
	f.rotated++
	f.keys = slices.Insert(f.keys, 0, signingKey{strconv.Itoa(200 + f.rotated), newRSAKey()})
}

func newRSAKey() *rsa.PrivateKey {
	key, _ := rsa.GenerateKey(rand.Reader, 2048) // fails for illegal sizes only
	return key
}

// current returns the key to sign with. Making one takes a tenth of a second, which
// only those pay who need it.
func (f *federation) current() signingKey {
	if len(f.keys) == 0 {
		f.rotate()
	}
	return f.keys[0]
}

// sign makes a JWT of the site.
func (f *federation) sign(typ string, claims map[string]any) string {
	k := f.current()
	return signJWT(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.kid}}, typ, claims)
}

func signJWT(key jose.SigningKey, typ string, claims map[string]any) string {
	opts := &jose.SignerOptions{}
	if typ != "" {
		opts.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(key, opts)
	if err != nil {
		return "" // a secret that is too short, which WithJWTApp lets pass
	}
	payload, _ := json.Marshal(claims) // plain values
	signed, err := signer.Sign(payload)
	if err != nil {
		return ""
	}
	token, _ := signed.CompactSerialize() // it has one signature
	return token
}

// jwks is the key set of the site.
func (f *federation) jwks(*call, *account) (int, any) {
	f.current()
	set := jose.JSONWebKeySet{}
	for _, k := range f.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.private.Public(), KeyID: k.kid, Algorithm: "RS256", Use: "sig"})
	}
	return http.StatusOK, set
}

// times are the claims of a token that is issued now.
func (f *federation) times(claims map[string]any, expires int64) map[string]any {
	now := f.now().Unix()
	out := map[string]any{"iat": now, "nbf": now, "exp": expires, "jti": newID()}
	maps.Copy(out, claims)
	return out
}

func publicPEM(key *rsa.PrivateKey) []byte {
	der, _ := x509.MarshalPKIXPublicKey(key.Public()) // it is a kind that can be encoded
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// oauthError is a refusal as RFC 6749 spells it.
func oauthError(status int, code, description string) (int, any) {
	return status, map[string]any{"error": code, "error_description": description}
}

func unknownApp() (int, any) {
	return oauthError(http.StatusNotFound, "invalid_request", "There is no application of this name.")
}

// scopesIn splits a list with spaces.
func scopesIn(c *call, key string) []string { return strings.Fields(first(c.query[key], c.text(key))) }
