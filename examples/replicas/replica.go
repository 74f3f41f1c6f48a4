package main

import (
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/ginlr"
)

// runReplica is the gin site with a shared store.
func runReplica(number string) (err error) {
	store, closeStore, err := redisstore.FromEnv()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	s, err := site.New(func(cfg *core.Config) { cfg.Shared = store }) // the one line that shares sessions
	if err != nil {
		return err
	}
	if s.Mailbox, err = mailbox(s.Mailbox); err != nil {
		return errors.Join(err, s.Close())
	}
	handler, err := routes(s, number)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	return s.Serve(handler)
}

func routes(s *site.Site, number string) (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery(), func(c *gin.Context) { c.Header("X-Replica", number) })

	// The proxy of this example is on loopback. Behind yours, name its networks.
	cookies, refresh, proxies := web.InsecureCookies(), web.AutoRefresh(), web.TrustedProxies("127.0.0.0/8", "::1/128")
	// All visitors of the example come from one address, so that the limit is a wide one.
	limit := web.RateLimit(web.LimitAttempts(s.Client, web.AttemptRate{PerMinute: 6000, Burst: 1000}))
	if err := ginlr.Mount(r.Group("/auth"), s.Client, s.Routes(proxies, limit)...); err != nil {
		return nil, err
	}
	if err := ginlr.Mount(r, s.Client, s.Routes(cookies, refresh, proxies, limit, s.Pages())...); err != nil {
		return nil, err
	}
	if err := ginlr.Mount(r, s.Client, s.Webhooks()...); err != nil {
		return nil, err
	}
	api := r.Group("/api", ginlr.RequireLogin(s.Client, cookies, refresh, proxies, limit))
	api.GET("/me", func(c *gin.Context) {
		c.JSON(http.StatusOK, web.UserOf(ginlr.Session(c).Profile()))
	})
	r.GET("/api/admin", ginlr.RequireLogin(s.Client, cookies, refresh, proxies, limit, web.RequireRole("admin")), func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"hello": ginlr.Session(c).Email()})
	})
	for path, h := range s.Operations() {
		r.GET(path, gin.WrapH(h))
	}
	return r, nil
}

// mailbox returns a proxy to the mailbox that REPLICA_MAILBOX names: the emulator is in
// another process.
func mailbox(own http.Handler) (http.Handler, error) {
	address := os.Getenv("REPLICA_MAILBOX")
	if address == "" {
		return own, nil
	}
	to, err := url.Parse(address)
	if err != nil || to.Host == "" {
		return nil, errors.New("REPLICA_MAILBOX is no URL")
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		target := *to
		target.RawQuery = r.In.URL.RawQuery
		r.Out.URL, r.Out.Host = &target, target.Host
	}}, nil
}
