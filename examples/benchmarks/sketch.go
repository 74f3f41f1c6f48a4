package main

import (
	"context"
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
)

// The sketch is what one writes first instead of using a library: remember the account of a
// token under the token's hash, and put that into the request's context and the
// framework's own bag. It never asks again, ignores expiry and never forgets a session; it
// is here as a bound on what a hit can cost.
type sketch struct{ cache *lru.Cache[[32]byte, *user] }

type user struct{ uid string }

type sketchKey struct{}

const bagKey = "user"

func (s sketch) user(authorization string) (*user, bool) {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok {
		return nil, false
	}
	return s.cache.Get(sha256.Sum256([]byte(token)))
}

func (s sketch) nethttp(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, ok := s.user(r.Header.Get("Authorization"))
		if !ok {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sketchKey{}, u)))
	})
}

func (s sketch) gin(c *gin.Context) {
	u, ok := s.user(c.GetHeader("Authorization"))
	if !ok {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), sketchKey{}, u))
	c.Set(bagKey, u)
}

func (s sketch) echo(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		u, ok := s.user(c.Request().Header.Get("Authorization"))
		if !ok {
			return c.NoContent(http.StatusUnauthorized)
		}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), sketchKey{}, u)))
		c.Set(bagKey, u)
		return next(c)
	}
}

func (s sketch) fiber(c *fiber.Ctx) error {
	u, ok := s.user(c.Get("Authorization"))
	if !ok {
		return c.SendStatus(http.StatusUnauthorized)
	}
	c.SetUserContext(context.WithValue(c.UserContext(), sketchKey{}, u))
	c.Locals(bagKey, u)
	return c.Next()
}
