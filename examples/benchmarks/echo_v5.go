package main

import (
	"context"
	"net"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/loginradius-contrib/go-middleware/echolr/v5"
)

func (f *fixture) echoV5() (*framework, error) {
	side := func(name string, tokens []string, middleware echo.MiddlewareFunc, uid func(*echo.Context) string) *app {
		p := &probe{}
		e := echo.New()
		if middleware != nil {
			e.Use(middleware)
		}
		e.GET("/api/me", func(c *echo.Context) error {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(c))
			}
			return nil
		})
		return handlerApp(name, p, tokens, e)
	}
	return &framework{"echo v5", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, echolr.RequireLogin(f.client), func(c *echo.Context) string { return echolr.Session(c).UID() }),
		side(sideSketch, uids, f.sketch.echoV5, func(c *echo.Context) string { return c.Get(bagKey).(*user).uid }),
		side("golang-jwt by hand", f.jwts, echoV5JWT, func(c *echo.Context) string { return subject(c.Get(bagKey)) }),
	}, limits{2, 0.6, 10}}, nil
}

func (s sketch) echoV5(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		u, ok := s.user(c.Request().Header.Get("Authorization"))
		if !ok {
			return c.NoContent(http.StatusUnauthorized)
		}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), sketchKey{}, u)))
		c.Set(bagKey, u)
		return next(c)
	}
}

func echoV5JWT(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		t, err := jwtByHand(c.Request().Header.Get("Authorization"))
		if err != nil {
			return c.NoContent(http.StatusUnauthorized)
		}
		c.Set(bagKey, t)
		return next(c)
	}
}

func (f *fixture) serveEchoV5(l net.Listener, guarded bool) (stop func()) {
	e := echo.New()
	if guarded {
		e.GET("/api/me", func(c *echo.Context) error { return c.String(http.StatusOK, echolr.Session(c).UID()) }, echolr.RequireLogin(f.client))
	} else {
		e.GET("/api/me", func(c *echo.Context) error { return c.String(http.StatusOK, c.Request().Header.Get(userHeader)) })
	}
	return serveHandler(l, e)
}
