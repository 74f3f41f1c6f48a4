package jwt_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

// Tokens of a JWT application, checked with its shared secret.
func ExampleNewApp() {
	secret := []byte("a secret of thirty-two bytes ...")
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	verifier, err := jwt.NewApp(jwt.AppConfig{
		Algorithm: "HS256",
		Secret:    secret,
		Issuer:    "https://acme.hub.loginradius.com/",
		Clock:     func() time.Time { return now }, // leave it out in a program
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	token := sign("HS256", secret, object{"typ": "JWT"}, object{
		"iss": "https://acme.hub.loginradius.com/", "sub": "8f0a", "exp": now.Add(10 * time.Minute).Unix(),
	})
	verified, err := verifier.Verify(context.Background(), token)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the token is of", verified.UID)

	_, err = verifier.Verify(context.Background(), strings.Replace(token, ".", ".e", 1))
	fmt.Println("changed:", errors.Is(err, core.ErrInvalidToken))
	// Output:
	// the token is of 8f0a
	// changed: true
}

// Access tokens of an OIDC application, checked with the keys that it publishes. The
// first token has the keys fetched.
func ExampleNew() {
	provider := serveIssuer() // stands for https://{site}/service/oidc/{app}/
	defer provider.Close()
	verifier, err := jwt.New(jwt.Config{
		Issuer:   provider.name(),
		Audience: []string{"client"},
		Clock:    provider.clock, // leave it out in a program
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	verified, err := verifier.Verify(context.Background(), provider.token(nil))
	switch {
	case errors.Is(err, core.ErrUnavailable):
		fmt.Println("the keys cannot be fetched now") // 503
	case err != nil:
		fmt.Println("the token is refused") // 401
	default:
		fmt.Println(verified.UID, verified.Scopes)
	}
	// Output: uid-1 [openid read]
}
