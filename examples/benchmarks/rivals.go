package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	ginjwt "github.com/appleboy/gin-jwt/v2"
	auth0 "github.com/auth0/go-jwt-middleware/v2"
	"github.com/auth0/go-jwt-middleware/v2/validator"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/jwtauth/v5"
	fiberjwt "github.com/gofiber/contrib/jwt"
	"github.com/gofiber/fiber/v2"
	"github.com/golang-jwt/jwt/v5"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
)

// The rivals are the frameworks' usual JWT middlewares, set up as their own
// documentation does, with HS256: the cheapest signature to check.

const (
	issuer   = "https://issuer.example/"
	audience = "benchmark"
)

var hmacKey = []byte("a key of thirty-two bytes, or so")

// jwts returns one valid token a user.
func jwts(users []string) ([]string, error) {
	tokens := make([]string, len(users))
	now := time.Now()
	for i, uid := range users {
		t, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"sub": uid, "iss": issuer, "aud": audience, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		}).SignedString(hmacKey)
		if err != nil {
			return nil, fmt.Errorf("signing: %w", err)
		}
		tokens[i] = t
	}
	return tokens, nil
}

func auth0NetHTTP() (func(http.Handler) http.Handler, error) {
	v, err := validator.New(func(context.Context) (any, error) { return hmacKey, nil }, validator.HS256, issuer, []string{audience})
	if err != nil {
		return nil, fmt.Errorf("auth0: %w", err)
	}
	return auth0.New(v.ValidateToken).CheckJWT, nil
}

func auth0User(r *http.Request) string {
	claims, _ := r.Context().Value(auth0.ContextKey{}).(*validator.ValidatedClaims)
	return claims.RegisteredClaims.Subject
}

func chiNetHTTP() func(http.Handler) http.Handler {
	ja := jwtauth.New("HS256", hmacKey, nil)
	return func(next http.Handler) http.Handler { return jwtauth.Verifier(ja)(jwtauth.Authenticator(ja)(next)) }
}

func chiUser(r *http.Request) string {
	t, _, _ := jwtauth.FromContext(r.Context())
	return t.Subject()
}

func ginJWT() (gin.HandlerFunc, error) {
	m, err := ginjwt.New(&ginjwt.GinJWTMiddleware{Realm: "benchmark", Key: hmacKey, IdentityKey: "sub"})
	if err != nil {
		return nil, fmt.Errorf("gin-jwt: %w", err)
	}
	return m.MiddlewareFunc(), nil
}

func ginJWTUser(c *gin.Context) string { return c.GetString("sub") }

func echoJWT() echo.MiddlewareFunc { return echojwt.JWT(hmacKey) }

func echoJWTUser(c echo.Context) string { return subject(c.Get("user")) }

func fiberJWT() fiber.Handler {
	return fiberjwt.New(fiberjwt.Config{SigningKey: fiberjwt.SigningKey{JWTAlg: fiberjwt.HS256, Key: hmacKey}})
}

func fiberJWTUser(c *fiber.Ctx) string { return subject(c.Locals("user")) }

// jwtByHand checks a token with golang-jwt, as a middleware of a few lines does.
func jwtByHand(authorization string) (*jwt.Token, error) {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return nil, jwt.ErrTokenMalformed
	}
	return jwt.Parse(token, func(*jwt.Token) (any, error) { return hmacKey, nil }, jwt.WithValidMethods([]string{"HS256"}))
}

func subject(value any) string {
	t, _ := value.(*jwt.Token)
	sub, _ := t.Claims.GetSubject()
	return sub
}
