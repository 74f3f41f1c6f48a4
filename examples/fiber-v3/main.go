// The fiber v3 example: ready-made routes, pages, and an API that only users who are
// logged in may use.
//
//	go run ./examples/fiber-v3
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/fiberlr/v3"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	s, err := site.New()
	if err != nil {
		return err
	}
	app := fiber.New(fiber.Config{
		ReadBufferSize: 16 << 10,        // room for long tokens and cookies
		ReadTimeout:    5 * time.Second, // a shutdown waits for silent connections so long
	})

	// JSON routes for programs, which keep the tokens themselves.
	if err := fiberlr.Mount(app.Group("/auth"), s.Client, s.Routes()...); err != nil {
		return err
	}
	// Pages for browsers, and the same routes with the tokens in cookies, which are
	// renewed while the visitor is there. This example speaks plain http on loopback;
	// behind https, use web.Cookies().
	cookies, refresh := web.InsecureCookies(), web.AutoRefresh()
	if err := fiberlr.Mount(app, s.Client, s.Routes(cookies, refresh, s.Pages())...); err != nil {
		return err
	}
	// LoginRadius' events, which make changes of accounts count at once.
	if err := fiberlr.Mount(app, s.Client, s.Webhooks()...); err != nil {
		return err
	}

	app.Get("/api/me", fiberlr.RequireLogin(s.Client, cookies, refresh), func(c fiber.Ctx) error {
		return c.JSON(web.UserOf(fiberlr.Session(c).Profile()))
	})
	app.Get("/api/admin", fiberlr.RequireLogin(s.Client, cookies, refresh, web.RequireRole("admin")), func(c fiber.Ctx) error {
		return c.JSON(fiber.Map{"hello": fiberlr.Session(c).Email()})
	})

	for path, h := range s.Operations() {
		app.Get(path, adaptor.HTTPHandler(h)) // only these come from net/http
	}
	return s.Run(func() error {
		return app.Listener(s.Listener(), fiber.ListenConfig{DisableStartupMessage: true})
	}, app.ShutdownWithContext)
}
