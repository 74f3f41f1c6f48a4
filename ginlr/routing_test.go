package ginlr_test

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/ginlr"
)

func TestRouting(t *testing.T) {
	gin.SetMode(gin.TestMode)
	routers := map[string]adaptertest.Router{}
	for _, set := range []int{0, 1, 2, 4, 7, 13, 16, 32, 63} {
		routers[fmt.Sprintf("settings %06b", set)] = func(t *testing.T, r *adaptertest.Routing) string {
			e := gin.New()
			e.RedirectFixedPath, e.RedirectTrailingSlash, e.UseRawPath = set&1 != 0, set&2 != 0, set&4 != 0
			e.UnescapePathValues, e.RemoveExtraSlash, e.HandleMethodNotAllowed = set&8 != 0, set&16 != 0, set&32 != 0
			secret := func(c *gin.Context) { c.String(200, r.Secret()) }
			e.Any("/open/*rest", func(c *gin.Context) { c.String(200, "open") })
			if err := ginlr.Mount(e.Group("/auth"), r.Client, r.Routes...); err != nil {
				t.Fatal(err)
			}
			guard := ginlr.RequireLogin(r.Client, r.Guard...)
			api := e.Group("/api", guard)
			api.GET("/secret", secret)
			api.Any("/any", secret)
			api.GET("/p/:id", secret)
			api.GET("/w/*rest", secret)
			sub := api.Group("/sub")
			sub.GET("", secret)
			sub.GET("/secret", secret)
			api.Static("/files", r.Dir)
			api.StaticFile("/one", filepath.Join(r.Dir, "secret.txt"))
			e.NoRoute(guard, secret)
			e.NoMethod(guard, secret)
			return start(t, e)
		}
	}
	for name, opts := range map[string][]web.GuardOption{"global": nil, "global with ReturnErrors": {web.ReturnErrors()}} {
		routers[name] = func(t *testing.T, r *adaptertest.Routing) string {
			e := gin.New()
			e.HandleMethodNotAllowed = true
			secret := func(c *gin.Context) { c.String(200, r.Secret()) }
			e.GET("/open/x", func(c *gin.Context) { c.String(200, "open") })
			e.Use(ginlr.RequireLogin(r.Client, append(opts, r.Guard...)...))
			e.GET("/api/secret", secret)
			e.NoRoute(secret)
			e.NoMethod(secret)
			return start(t, e)
		}
	}
	routers["rewritten"] = func(t *testing.T, r *adaptertest.Routing) string {
		e := gin.New()
		e.Any("/open/*rest", func(c *gin.Context) {
			c.Request.URL.Path = "/api/secret"
			e.HandleContext(c)
		})
		e.Group("/api", ginlr.RequireLogin(r.Client, r.Guard...)).Any("/secret", func(c *gin.Context) { c.String(200, r.Secret()) })
		return start(t, e)
	}
	adaptertest.RunRouting(t, routers)
}

func start(t *testing.T, e *gin.Engine) string {
	t.Helper()
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return srv.URL
}
