package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	"github.com/loginradius-contrib/go-middleware/echolr"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
	"github.com/loginradius-contrib/go-middleware/ginlr"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// userHeader is what the bare handler answers, so that both sides do as much.
const userHeader = "X-User"

// underLoad serves each framework twice, bare and behind RequireLogin, and has
// another process load the two. It adds the result to loads.
func (f *fixture) underLoad(loads map[string]*load) error {
	for name, serve := range map[string]func(net.Listener, bool) func(){
		"net/http": f.serveNetHTTP, "gin": f.serveGin, "echo v4": f.serveEcho, "echo v5": f.serveEchoV5,
		"fiber v2": f.serveFiber, "fiber v3": f.serveFiberV3,
	} {
		got, err := loadOne(serve)
		if err != nil {
			return err
		}
		if loads[name] == nil {
			loads[name] = new(load)
		}
		loads[name].add(got)
	}
	return nil
}

func loadOne(serve func(l net.Listener, guarded bool) (stop func())) (load, error) {
	var addrs []string
	for _, guarded := range []bool{false, true} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return load{}, fmt.Errorf("load: %w", err)
		}
		addrs = append(addrs, l.Addr().String())
		defer serve(l, guarded)()
	}
	var got load
	err := elsewhere(&got, "-load", addrs[0], addrs[1])
	return got, err
}

func serveHandler(l net.Listener, h http.Handler) (stop func()) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Second}
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}()
	return func() { _ = s.Close() }
}

func (f *fixture) serveNetHTTP(l net.Listener, guarded bool) (stop func()) {
	mux := http.NewServeMux()
	if guarded {
		mux.Handle("GET /api/me", nethttp.RequireLogin(f.client)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, nethttp.Session(r).UID())
		})))
	} else {
		mux.HandleFunc("GET /api/me", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Header.Get(userHeader)) })
	}
	return serveHandler(l, mux)
}

func (f *fixture) serveGin(l net.Listener, guarded bool) (stop func()) {
	r := gin.New()
	if guarded {
		r.GET("/api/me", ginlr.RequireLogin(f.client), func(c *gin.Context) { c.String(http.StatusOK, ginlr.Session(c).UID()) })
	} else {
		r.GET("/api/me", func(c *gin.Context) { c.String(http.StatusOK, c.GetHeader(userHeader)) })
	}
	return serveHandler(l, r)
}

func (f *fixture) serveEcho(l net.Listener, guarded bool) (stop func()) {
	e := echo.New()
	if guarded {
		e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, echolr.Session(c).UID()) }, echolr.RequireLogin(f.client))
	} else {
		e.GET("/api/me", func(c echo.Context) error { return c.String(http.StatusOK, c.Request().Header.Get(userHeader)) })
	}
	return serveHandler(l, e)
}

func (f *fixture) serveFiber(l net.Listener, guarded bool) (stop func()) {
	a := fiber.New(fiber.Config{DisableStartupMessage: true})
	if guarded {
		a.Get("/api/me", fiberlr.RequireLogin(f.client), func(c *fiber.Ctx) error { return c.SendString(fiberlr.Session(c).UID()) })
	} else {
		a.Get("/api/me", func(c *fiber.Ctx) error { return c.SendString(c.Get(userHeader)) })
	}
	go func() {
		if err := a.Listener(l); err != nil {
			panic(err)
		}
	}()
	return func() { _ = a.ShutdownWithTimeout(time.Second) }
}
