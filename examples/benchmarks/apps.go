package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/echolr"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
	"github.com/loginradius-contrib/go-middleware/ginlr"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// users is how many users take turns, so that no lookup is always the last one.
const users = 64

// The names of the sides that every framework has.
const (
	sideBare   = "bare handler"
	sideOurs   = "RequireLogin"
	sideSketch = "sketch"
)

// An app is one side of a comparison: a framework with one middleware, or none, in
// front of a handler that looks who the user is.
type app struct {
	name  string
	probe *probe
	serve func(user int)
}

// A probe counts the requests in which the handler saw the user that was sent.
type probe struct {
	want string
	seen int
}

func (p *probe) saw(uid string) {
	if uid == p.want {
		p.seen++
	}
}

// run serves n requests of users in turn.
func (a *app) run(n int) error {
	a.probe.seen = 0
	for i := range n {
		u := i % users
		a.probe.want = uids[u]
		a.serve(u)
	}
	if a.probe.seen != n {
		return fmt.Errorf("%s: the handler saw its user in %d of %d requests", a.name, a.probe.seen, n)
	}
	return nil
}

// uids are the users, which for LoginRadius are named as their tokens.
var uids = func() []string {
	list := make([]string, users)
	for i := range list {
		list[i] = tokenOf(i)
	}
	return list
}()

// A fixture is what the sides share.
type fixture struct {
	client *core.Client
	sketch sketch
	jwts   []string
}

func newFixture() (*fixture, error) {
	up, err := newUpstream()
	if err != nil {
		return nil, err
	}
	f := &fixture{}
	if f.client, err = newClient(up, "", core.SessionConfig{}); err != nil {
		return nil, err
	}
	// Both caches have the same capacity, and are as full.
	if f.sketch.cache, err = lru.New[[32]byte, *user](100_000); err != nil {
		return nil, fmt.Errorf("sketch: %w", err)
	}
	for _, token := range allTokens {
		if _, err := f.client.Session(context.Background(), token); err != nil {
			return nil, fmt.Errorf("filling the cache: %w", err)
		}
		f.sketch.cache.Add(sha256.Sum256([]byte(token)), &user{token})
	}
	f.jwts, err = jwts(uids)
	return f, err
}

// A framework is a set of apps to compare: the bare one first, ours second, the
// sketch third, and the rivals behind it.
type framework struct {
	name   string
	apps   []*app
	limits limits
}

// limits are the targets of a framework: allocations added, the highest ratio to the
// sketch, and how many times dearer the rivals are at least.
type limits struct {
	allocs float64
	sketch float64
	rivals float64
}

func (f *fixture) frameworks() ([]*framework, error) {
	var out []*framework
	for _, make := range []func() (*framework, error){f.nethttp, f.gin, f.echo, f.echoV5, f.fiber, f.fiberV3} {
		fw, err := make()
		if err != nil {
			return nil, err
		}
		out = append(out, fw)
	}
	return out, nil
}

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// handlerApp serves the same request objects again and again: middlewares copy the
// request where they add to it, and the parsing is not what is measured.
func handlerApp(name string, p *probe, tokens []string, h http.Handler) *app {
	requests := make([]*http.Request, users)
	ctx := context.WithValue(context.Background(), http.ServerContextKey, &http.Server{}) // as a server does: not the background one
	for i, token := range tokens {
		requests[i], _ = http.NewRequestWithContext(ctx, http.MethodGet, "http://app.example/api/me", nil)
		requests[i].Header.Set("Authorization", "Bearer "+token)
		requests[i].Header.Set("Accept", "application/json")
	}
	w := discard{http.Header{}}
	return &app{name, p, func(user int) { h.ServeHTTP(w, requests[user]) }}
}

func (f *fixture) nethttp() (*framework, error) {
	side := func(name string, tokens []string, middleware func(http.Handler) http.Handler, uid func(*http.Request) string) *app {
		p := &probe{}
		var h http.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(r))
			}
		})
		if middleware != nil {
			h = middleware(h)
		}
		mux := http.NewServeMux()
		mux.Handle("GET /api/me", h)
		return handlerApp(name, p, tokens, mux)
	}
	auth0, err := auth0NetHTTP()
	if err != nil {
		return nil, err
	}
	return &framework{"net/http", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, nethttp.RequireLogin(f.client), func(r *http.Request) string { return nethttp.Session(r).UID() }),
		side(sideSketch, uids, f.sketch.nethttp, func(r *http.Request) string { return r.Context().Value(sketchKey{}).(*user).uid }),
		side("auth0/go-jwt-middleware/v2", f.jwts, auth0, auth0User),
		side("go-chi/jwtauth/v5", f.jwts, chiNetHTTP(), chiUser),
	}, limits{2, 1.0, 20}}, nil
}

func (f *fixture) gin() (*framework, error) {
	gin.SetMode(gin.ReleaseMode)
	side := func(name string, tokens []string, middleware gin.HandlerFunc, uid func(*gin.Context) string) *app {
		p := &probe{}
		r := gin.New()
		if middleware != nil {
			r.Use(middleware)
		}
		r.GET("/api/me", func(c *gin.Context) {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(c))
			}
		})
		return handlerApp(name, p, tokens, r)
	}
	rival, err := ginJWT()
	if err != nil {
		return nil, err
	}
	return &framework{"gin", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, ginlr.RequireLogin(f.client), func(c *gin.Context) string { return ginlr.Session(c).UID() }),
		side(sideSketch, uids, f.sketch.gin, func(c *gin.Context) string { return c.MustGet(bagKey).(*user).uid }),
		side("appleboy/gin-jwt/v2", f.jwts, rival, ginJWTUser),
	}, limits{2, 0.7, 10}}, nil
}

func (f *fixture) echo() (*framework, error) {
	side := func(name string, tokens []string, middleware echo.MiddlewareFunc, uid func(echo.Context) string) *app {
		p := &probe{}
		e := echo.New()
		if middleware != nil {
			e.Use(middleware)
		}
		e.GET("/api/me", func(c echo.Context) error {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(c))
			}
			return nil
		})
		return handlerApp(name, p, tokens, e)
	}
	return &framework{"echo v4", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, echolr.RequireLogin(f.client), func(c echo.Context) string { return echolr.Session(c).UID() }),
		side(sideSketch, uids, f.sketch.echo, func(c echo.Context) string { return c.Get(bagKey).(*user).uid }),
		side("labstack/echo-jwt/v4", f.jwts, echoJWT(), echoJWTUser),
	}, limits{3, 0.8, 10}}, nil
}

// fasthttpApp serves the same requests again and again, as handlerApp does.
func fasthttpApp(name string, p *probe, tokens []string, h fasthttp.RequestHandler) *app {
	contexts := make([]*fasthttp.RequestCtx, users)
	for i, token := range tokens {
		c := &fasthttp.RequestCtx{}
		c.Request.Header.SetMethod(fiber.MethodGet)
		c.Request.SetRequestURI("/api/me")
		c.Request.Header.SetHost("app.example")
		c.Request.Header.Set("Authorization", "Bearer "+token)
		c.Request.Header.Set("Accept", "application/json")
		contexts[i] = c
	}
	return &app{name, p, func(user int) {
		h(contexts[user])
		contexts[user].Response.Reset() // as the server does before the next request
		contexts[user].ResetUserValues()
	}}
}

func (f *fixture) fiber() (*framework, error) {
	side := func(name string, tokens []string, middleware fiber.Handler, uid func(*fiber.Ctx) string) *app {
		p := &probe{}
		a := fiber.New(fiber.Config{DisableStartupMessage: true})
		if middleware != nil {
			a.Use(middleware)
		}
		a.Get("/api/me", func(c *fiber.Ctx) error {
			if uid == nil {
				p.saw(p.want)
			} else {
				p.saw(uid(c))
			}
			return nil
		})
		return fasthttpApp(name, p, tokens, a.Handler())
	}
	return &framework{"fiber v2", []*app{
		side(sideBare, uids, nil, nil),
		side(sideOurs, uids, fiberlr.RequireLogin(f.client), func(c *fiber.Ctx) string { return fiberlr.Session(c).UID() }),
		side(sideSketch, uids, f.sketch.fiber, func(c *fiber.Ctx) string { return c.Locals(bagKey).(*user).uid }),
		side("gofiber/contrib/jwt", f.jwts, fiberJWT(), fiberJWTUser),
	}, limits{1, 1.0, 10}}, nil
}
