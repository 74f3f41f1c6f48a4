// An application that was there before: with its own routes, log and error format.
// Three lines protect it; they are numbered.
//
//	go run ./examples/existing-app
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

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
	s, err := site.New() // a core.Client, from core.ConfigFromEnv() or an emulator
	if err != nil {
		return err
	}
	r := newApp(slog.New(slog.NewJSONHandler(os.Stderr, nil)))

	// 1. People register and log in. This application has no pages for the links in
	// mails, so it leaves out web.Links: they lead to LoginRadius' hosted page.
	if err := ginlr.Mount(r.Group("/auth"), s.Client, web.ErrorResponse(ourError)); err != nil {
		return err
	}
	// 2. Other requests end here.
	orders := r.Group("/orders", ginlr.RequireLogin(s.Client, web.ErrorResponse(ourError)))
	addOrders(orders)

	r.GET("/mailbox", gin.WrapH(s.Mailbox))
	return s.Serve(r)
}

// welcome tells a visitor what is here.
const welcome = `An API for orders, for those who are logged in.

  POST /auth/register  {"email":"ada@example.com","password":"correct horse"}
  GET  /mailbox        open the mail and follow its link
  POST /auth/login     {"email":"ada@example.com","password":"correct horse"}
  POST /orders         {"item":"tea"}, with Authorization: Bearer and the access_token
  GET  /orders         likewise

Bodies are JSON: send Content-Type: application/json.
`

// newApp is the application as it was: a log line per request, public routes.
func newApp(log *slog.Logger) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery(), func(c *gin.Context) {
		start := time.Now()
		c.Next()
		log.Info("request", "method", c.Request.Method, "path", c.Request.URL.Path, "status", c.Writer.Status(), "took", time.Since(start).String())
	})
	r.GET("/", func(c *gin.Context) { c.String(http.StatusOK, welcome) })
	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	r.NoRoute(func(c *gin.Context) { c.JSON(http.StatusNotFound, errorBody("not_found", "There is nothing here.")) })
	return r
}

// addOrders adds the routes about the user. Their handlers change in one
// line: the user of the request.
func addOrders(g *gin.RouterGroup) {
	var mu sync.Mutex
	orders := map[string][]string{}
	g.GET("", func(c *gin.Context) {
		uid := ginlr.Session(c).UID() // 3. Never nil here.
		mu.Lock()
		defer mu.Unlock()
		c.JSON(http.StatusOK, gin.H{"orders": append([]string{}, orders[uid]...)})
	})
	g.POST("", func(c *gin.Context) {
		var order struct {
			Item string `json:"item" binding:"required"`
		}
		if err := c.ShouldBindJSON(&order); err != nil {
			c.JSON(http.StatusBadRequest, errorBody("bad_order", "An order needs an item."))
			return
		}
		uid := ginlr.Session(c).UID()
		mu.Lock()
		defer mu.Unlock()
		orders[uid] = append(orders[uid], order.Item)
		c.JSON(http.StatusCreated, gin.H{"item": order.Item})
	})
}

// errorBody is how this application has always told of errors.
func errorBody(code, message string) gin.H {
	return gin.H{"error": gin.H{"code": code, "message": message}}
}

// ourError puts refusals into that format. The status and headers stay.
func ourError(_ web.View, p *web.Problem) *web.Response {
	body, err := json.Marshal(errorBody(p.Code, p.Title))
	if err != nil {
		return nil // the default
	}
	return &web.Response{Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: body}
}
