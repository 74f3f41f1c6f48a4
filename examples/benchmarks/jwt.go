package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"time"

	"github.com/auth0/go-jwt-middleware/v2/validator"
	"github.com/golang-jwt/jwt/v5"

	"github.com/loginradius-contrib/go-middleware/core"
	lrjwt "github.com/loginradius-contrib/go-middleware/core/jwt"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// jwtCosts are those of a request with a cached JWT and with a cached opaque token of the
// same length, and of the first check of a token, by us and by others.
type jwtCosts struct {
	cached, opaque       cost
	ours, golang, theirs cost
}

// rsaTokens are RS256 tokens of users, which is what LoginRadius signs with.
func rsaTokens(key *rsa.PrivateKey) ([]string, error) {
	tokens := make([]string, users)
	now := time.Now()
	for i, uid := range uids {
		t, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
			"sub": uid, "iss": issuer, "aud": audience, "jti": uid, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}).SignedString(key)
		if err != nil {
			return nil, fmt.Errorf("signing: %w", err)
		}
		tokens[i] = t
	}
	return tokens, nil
}

func (f *fixture) jwtCosts() (jwtCosts, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return jwtCosts{}, fmt.Errorf("key: %w", err)
	}
	tokens, err := rsaTokens(key)
	if err != nil {
		return jwtCosts{}, err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return jwtCosts{}, fmt.Errorf("key: %w", err)
	}
	verifier, err := lrjwt.NewApp(lrjwt.AppConfig{
		Algorithm: "RS256", PublicKey: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), Issuer: issuer, Audience: []string{audience},
	})
	if err != nil {
		return jwtCosts{}, fmt.Errorf("verifier: %w", err)
	}
	auth0, err := validator.New(func(context.Context) (any, error) { return key.Public(), nil }, validator.RS256, issuer, []string{audience})
	if err != nil {
		return jwtCosts{}, fmt.Errorf("auth0: %w", err)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired())
	keyOf := func(*jwt.Token) (any, error) { return key.Public(), nil }

	ctx := context.Background()
	seen := 0
	subject := func(uid string, user int) {
		if uid == uids[user] {
			seen++
		}
	}
	requireLogin := nethttp.RequireLogin(f.client, web.AcceptJWT(verifier))
	side := func(tokens []string, uid func(user int, s *core.Session) bool) *app {
		user := 0
		h := requireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if uid(user, nethttp.Session(r)) {
				seen++
			}
		}))
		a := handlerApp("", nil, tokens, h)
		serve := a.serve
		a.serve = func(u int) { user = u; serve(u) }
		return a
	}
	// An opaque token of the same length: both are hashed, and a JWT is some 500 bytes long.
	long := make([]string, users)
	for i, token := range tokens {
		long[i] = fmt.Sprintf("%s%0*d", uids[i], len(token)-len(uids[i]), i)
	}
	cached := side(tokens, func(user int, s *core.Session) bool { return s.UID() == uids[user] })
	opaque := side(long, func(user int, s *core.Session) bool { return s.UID() == long[user] })
	base := counting(&seen, func(i int) { subject(uids[i], i) })
	hits, err := measure(base, counting(&seen, cached.serve), counting(&seen, opaque.serve))
	if err != nil {
		return jwtCosts{}, err
	}
	// Apart from the hits: what these leave to collect would be counted there.
	checks, err := measure(base,
		counting(&seen, func(i int) {
			if t, err := verifier.Verify(ctx, tokens[i]); err == nil {
				subject(t.UID, i)
			}
		}),
		counting(&seen, func(i int) {
			if t, err := parser.Parse(tokens[i], keyOf); err == nil {
				uid, _ := t.Claims.GetSubject()
				subject(uid, i)
			}
		}),
		counting(&seen, func(i int) {
			if t, err := auth0.ValidateToken(ctx, tokens[i]); err == nil {
				claims, _ := t.(*validator.ValidatedClaims)
				subject(claims.RegisteredClaims.Subject, i)
			}
		}),
	)
	if err != nil {
		return jwtCosts{}, err
	}
	return jwtCosts{hits[1], hits[2], checks[1], checks[2], checks[3]}, nil
}

func (f *fixture) reportJWT(r *report) error {
	c, err := f.jwtCosts()
	if err != nil {
		return err
	}
	ratio := c.cached.nanoseconds / c.opaque.nanoseconds
	r.row("a request with a cached JWT", fmt.Sprintf("%.2f times one with a cached opaque token of its length (%.0f and %.0f ns)", ratio, c.cached.nanoseconds, c.opaque.nanoseconds),
		"at most 1.1", ratio <= 1.1)
	golang, auth0 := c.ours.nanoseconds/c.golang.nanoseconds, c.ours.nanoseconds/c.theirs.nanoseconds
	r.row("the first check of a JWT (RS256)", fmt.Sprintf("%.2f times golang-jwt's, %.2f times that of auth0/go-jwt-middleware (%.0f µs)", golang, auth0, c.ours.nanoseconds/1e3),
		"at most 1.5 times either", golang <= 1.5 && auth0 <= 1.5)
	return nil
}
