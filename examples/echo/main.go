// The echo example: ready-made routes, pages, and an API that only users who are
// logged in may use.
//
//	go run ./examples/echo
package main

import (
	"fmt"
	"net/http"
	"os"

	"github.com/labstack/echo/v4"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/echolr"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
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
	e := echo.New()

	// JSON routes for programs, which keep the tokens themselves.
	if err := echolr.Mount(e.Group("/auth"), s.Client, s.Routes()...); err != nil {
		return err
	}
	// Pages for browsers, and the same routes with the tokens in cookies, which are
	// renewed while the visitor is there. This example speaks plain http on loopback;
	// behind https, use web.Cookies().
	cookies, refresh := web.InsecureCookies(), web.AutoRefresh()
	if err := echolr.Mount(e, s.Client, s.Routes(cookies, refresh, s.Pages())...); err != nil {
		return err
	}
	// LoginRadius' events, which make changes of accounts count at once.
	if err := echolr.Mount(e, s.Client, s.Webhooks()...); err != nil {
		return err
	}

	e.GET("/api/me", func(c echo.Context) error {
		return c.JSON(http.StatusOK, web.UserOf(echolr.Session(c).Profile()))
	}, echolr.RequireLogin(s.Client, cookies, refresh))
	e.GET("/api/admin", func(c echo.Context) error {
		return c.JSON(http.StatusOK, map[string]string{"hello": echolr.Session(c).Email()})
	}, echolr.RequireLogin(s.Client, cookies, refresh, web.RequireRole("admin")))

	for path, h := range s.Operations() {
		e.GET(path, echo.WrapHandler(h))
	}
	return s.Serve(e)
}
