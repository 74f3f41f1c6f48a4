// The gin example: ready-made routes, pages, and an API that only users who are
// logged in may use.
//
//	go run ./examples/gin
package main

import (
	"fmt"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/ginlr"
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
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery())

	// JSON routes for programs, which keep the tokens themselves.
	if err := ginlr.Mount(r.Group("/auth"), s.Client, s.Routes()...); err != nil {
		return err
	}
	// Pages for browsers, and the same routes with the tokens in cookies, which are
	// renewed while the visitor is there. This example speaks plain http on loopback;
	// behind https, use web.Cookies().
	cookies, refresh := web.InsecureCookies(), web.AutoRefresh()
	if err := ginlr.Mount(r, s.Client, s.Routes(cookies, refresh, s.Pages())...); err != nil {
		return err
	}
	// LoginRadius' events, which make changes of accounts count at once.
	if err := ginlr.Mount(r, s.Client, s.Webhooks()...); err != nil {
		return err
	}

	api := r.Group("/api", ginlr.RequireLogin(s.Client, cookies, refresh))
	api.GET("/me", func(c *gin.Context) {
		c.JSON(http.StatusOK, web.UserOf(ginlr.Session(c).Profile()))
	})
	r.GET("/api/admin", ginlr.RequireLogin(s.Client, cookies, refresh, web.RequireRole("admin")), func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"hello": ginlr.Session(c).Email()})
	})

	for path, h := range s.Operations() {
		r.GET(path, gin.WrapH(h))
	}
	return s.Serve(r)
}
