package jwt_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

// An issuer is an OpenID provider that signs whatever a test wants.
type issuer struct {
	*httptest.Server

	mu       sync.Mutex
	keys     map[string]*rsa.PrivateKey // by kid, as published
	now      time.Time
	tries    int                         // requests for the discovery document
	fetches  int                         // requests for the keys
	failWith func(w http.ResponseWriter) // nil: it works
	metadata func(document map[string]any)
	answer   func(form url.Values) (int, any) // of the token endpoint
	hold     chan struct{}                    // if set, a fetch of keys waits for it
}

var (
	keyA, keyB = newKey(2048), newKey(2048)
	weakKey    = newKey(1024)
	ecKey      = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
)

func newKey(bits int) *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, bits)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := serveIssuer()
	t.Cleanup(i.Close)
	return i
}

func serveIssuer() *issuer {
	i := &issuer{keys: map[string]*rsa.PrivateKey{"201": keyA}, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /service/oidc/app/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.tries++
		if i.failWith != nil {
			i.failWith(w)
			return
		}
		document := map[string]any{
			"issuer": i.name(), "jwks_uri": i.URL + "/service/oidc/app/jwks",
			"authorization_endpoint": i.URL + "/service/oidc/app/authorize", "token_endpoint": i.URL + "/api/oidc/app/token",
		}
		if i.metadata != nil {
			i.metadata(document)
		}
		_ = json.NewEncoder(w).Encode(document)
	})
	mux.HandleFunc("GET /service/oidc/app/jwks", func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		i.fetches++
		fail, hold := i.failWith, i.hold
		var set jose.JSONWebKeySet
		for kid, key := range i.keys {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: kid, Algorithm: "RS256", Use: "sig"})
		}
		i.mu.Unlock()
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		}
		if fail != nil {
			fail(w)
			return
		}
		_ = json.NewEncoder(w).Encode(set)
	})
	mux.HandleFunc("POST /api/oidc/app/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		status, body := i.answer(r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if text, ok := body.(string); ok {
			_, _ = io.WriteString(w, text)
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	})
	i.Server = httptest.NewServer(mux)
	return i
}

func (i *issuer) name() string { return i.URL + "/service/oidc/app/" }

func (i *issuer) clock() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now
}

func (i *issuer) set(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

func (i *issuer) advance(d time.Duration) { i.set(func() { i.now = i.now.Add(d) }) }

func (i *issuer) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetches
}

// verifier returns one for the issuer's tokens.
func (i *issuer) verifier(t *testing.T, change ...func(*jwt.Config)) *jwt.Verifier {
	t.Helper()
	cfg := jwt.Config{Issuer: i.name(), Audience: []string{"client"}, Clock: i.clock, HTTPClient: i.Client()}
	for _, f := range change {
		f(&cfg)
	}
	v, err := jwt.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type object = map[string]any

// claims are those of a good access token, with changes; nil removes one.
func (i *issuer) claims(changes object) object {
	now := i.clock()
	c := object{
		"iss": i.name(), "sub": "uid-1", "aud": []string{"client"}, "jti": "id-1", "scp": []string{"openid", "read"},
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func (i *issuer) token(changes object) string {
	return sign("RS256", keyA, object{"kid": "201"}, i.claims(changes))
}

// sign signs anything with any key.
func sign(alg string, key any, header object, payload any) string {
	opts := &jose.SignerOptions{}
	for name, value := range header {
		opts.WithHeader(jose.HeaderKey(name), value)
	}
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: key}, opts))
	raw, ok := payload.(string)
	if !ok {
		raw = string(must(json.Marshal(payload)))
	}
	return must(must(signer.Sign([]byte(raw))).CompactSerialize())
}

// rawToken joins three parts without any check.
func rawToken(header, payload, signature string) string {
	return encode(header) + "." + encode(payload) + "." + encode(signature)
}

func serverError(w http.ResponseWriter) { http.Error(w, "down", http.StatusInternalServerError) }

func part(token string, n int) string { return strings.Split(token, ".")[n] }

func jsonText(v any) string { return string(must(json.Marshal(v))) }
