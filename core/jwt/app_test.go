package jwt_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

func pemBlock(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestApp(t *testing.T) {
	pkix := pemBlock("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(keyA.Public())))
	ec := pemBlock("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(ecKey.Public())))
	secret := []byte(strings.Repeat("k", 32))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	claims := object{"iss": "LoginRadius", "sub": "uid-1", "jti": "id-1", "exp": now.Add(10 * time.Minute).Unix(), "email": "ada@example.com"}
	header := object{"typ": "JWT"}
	for name, c := range map[string]struct {
		cfg   jwt.AppConfig
		token string
		good  bool
	}{
		"RS256":                     {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix}, sign("RS256", keyA, header, claims), true},
		"PKCS 1":                    {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&keyA.PublicKey))}, sign("RS256", keyA, header, claims), true},
		"certificate":               {jwt.AppConfig{Algorithm: "RS256", PublicKey: certificate()}, sign("RS256", keyA, header, claims), true},
		"ES256":                     {jwt.AppConfig{Algorithm: "ES256", PublicKey: ec}, sign("ES256", ecKey, header, claims), true},
		"HS256":                     {jwt.AppConfig{Algorithm: "HS256", Secret: secret}, sign("HS256", secret, header, claims), true},
		"no type":                   {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix}, sign("RS256", keyA, nil, claims), true},
		"second of two keys":        {jwt.AppConfig{Algorithm: "RS256", PublicKey: append(pemBlock("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(keyB.Public()))), pkix...)}, sign("RS256", keyA, header, claims), true},
		"issuer":                    {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix, Issuer: "LoginRadius"}, sign("RS256", keyA, header, claims), true},
		"another issuer":            {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix, Issuer: "https://site.hub.loginradius.com/"}, sign("RS256", keyA, header, claims), false},
		"audience that is missing":  {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix, Audience: []string{"api"}}, sign("RS256", keyA, header, claims), false},
		"another secret":            {jwt.AppConfig{Algorithm: "HS256", Secret: bytes.Repeat([]byte("x"), 32)}, sign("HS256", secret, header, claims), false},
		"HS256 with the public key": {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix}, sign("HS256", pkix, header, claims), false},
		"HS512 for HS256":           {jwt.AppConfig{Algorithm: "HS256", Secret: bytes.Repeat(secret, 2)}, sign("HS512", bytes.Repeat(secret, 2), header, claims), false},
		"RS512 for RS256":           {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix}, sign("RS512", keyA, header, claims), false},
		"another key":               {jwt.AppConfig{Algorithm: "RS256", PublicKey: pkix}, sign("RS256", keyB, header, claims), false},
	} {
		c.cfg.Clock = func() time.Time { return now }
		v, err := jwt.NewApp(c.cfg)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := v.Verify(context.Background(), c.token)
		if c.good && (err != nil || got.UID != "uid-1") || !c.good && !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func certificate() []byte {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app"}, NotAfter: time.Now()}
	return pemBlock("CERTIFICATE", must(x509.CreateCertificate(rand.Reader, template, template, keyA.Public(), keyA)))
}

func TestNewAppRefuses(t *testing.T) {
	public := pemBlock("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(keyA.Public())))
	for name, c := range map[string]struct {
		cfg   jwt.AppConfig
		field string
	}{
		"no algorithm":             {jwt.AppConfig{PublicKey: public}, "Algorithm"},
		"none":                     {jwt.AppConfig{Algorithm: "none", PublicKey: public}, "Algorithm"},
		"no key":                   {jwt.AppConfig{Algorithm: "RS256"}, "PublicKey"},
		"no secret":                {jwt.AppConfig{Algorithm: "HS256"}, "Secret"},
		"short secret":             {jwt.AppConfig{Algorithm: "HS512", Secret: make([]byte, 63)}, "Secret"},
		"public key as secret":     {jwt.AppConfig{Algorithm: "HS256", Secret: public}, "Secret"},
		"HMAC and a public key":    {jwt.AppConfig{Algorithm: "HS256", PublicKey: public}, "PublicKey"},
		"a secret and RS256":       {jwt.AppConfig{Algorithm: "RS256", PublicKey: public, Secret: make([]byte, 32)}, "Secret"},
		"private key":              {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(keyA))}, "PublicKey"},
		"private key of PKCS 8":    {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(keyA)))}, "PublicKey"},
		"a key of another kind":    {jwt.AppConfig{Algorithm: "ES256", PublicKey: public}, "PublicKey"},
		"a short key":              {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(weakKey.Public())))}, "PublicKey"},
		"another block":            {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("X", []byte("x"))}, "PublicKey"},
		"broken block":             {jwt.AppConfig{Algorithm: "RS256", PublicKey: pemBlock("PUBLIC KEY", []byte("x"))}, "PublicKey"},
		"text behind the last key": {jwt.AppConfig{Algorithm: "RS256", PublicKey: append(bytes.Clone(public), "junk"...)}, "PublicKey"},
		"empty audience":           {jwt.AppConfig{Algorithm: "RS256", PublicKey: public, Audience: []string{""}}, "Audience"},
	} {
		_, err := jwt.NewApp(c.cfg)
		var e *core.ConfigError
		if !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
