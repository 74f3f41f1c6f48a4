package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v3"

	"github.com/loginradius-contrib/go-middleware/fiberlr/v3"
)

func (f *fixture) fiberV3() (*framework, error) {
	side := func(name string, tokens []string, middleware fiber.Handler, uid func(fiber.Ctx) string) *app {
		p := &probe{}
		a := fiber.New()
		if middleware != nil {
			a.Use(middleware)
		}
		a.Get("/api/me", func(c fiber.Ctx) error {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(c))
			}
			return nil
		})
		return fasthttpApp(name, p, tokens, a.Handler())
	}
	return &framework{"fiber v3", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, fiberlr.RequireLogin(f.client), func(c fiber.Ctx) string { return fiberlr.Session(c).UID() }),
		side(sideSketch, uids, f.sketch.fiberV3, func(c fiber.Ctx) string { return c.Locals(bagKey).(*user).uid }),
		side("golang-jwt by hand", f.jwts, fiberV3JWT, func(c fiber.Ctx) string { return subject(c.Locals(bagKey)) }),
	}, limits{1, 0.6, 10}}, nil
}

func (s sketch) fiberV3(c fiber.Ctx) error {
	u, ok := s.user(c.Get("Authorization"))
	if !ok {
		return c.SendStatus(http.StatusUnauthorized)
	}
	c.SetContext(context.WithValue(c.Context(), sketchKey{}, u))
	c.Locals(bagKey, u)
	return c.Next()
}

func fiberV3JWT(c fiber.Ctx) error {
	t, err := jwtByHand(c.Get("Authorization"))
	if err != nil {
		return c.SendStatus(http.StatusUnauthorized)
	}
	c.Locals(bagKey, t)
	return c.Next()
}

func (f *fixture) serveFiberV3(l net.Listener, guarded bool) (stop func()) {
	a := fiber.New()
	if guarded {
		a.Get("/api/me", fiberlr.RequireLogin(f.client), func(c fiber.Ctx) error { return c.SendString(fiberlr.Session(c).UID()) })
	} else {
		a.Get("/api/me", func(c fiber.Ctx) error { return c.SendString(c.Get(userHeader)) })
	}
	go func() {
		if err := a.Listener(l, fiber.ListenConfig{DisableStartupMessage: true}); err != nil {
			panic(err)
		}
	}()
	return func() { _ = a.ShutdownWithTimeout(time.Second) }
}
