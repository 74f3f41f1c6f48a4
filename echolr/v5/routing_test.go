package echolr_test

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/echolr/v5"
)

func TestRouting(t *testing.T) {
	routers := map[string]adaptertest.Router{}
	for name, set := range map[string]func(e *echo.Echo){
		"plain":                     func(*echo.Echo) {},
		"RemoveTrailingSlash":       func(e *echo.Echo) { e.Pre(middleware.RemoveTrailingSlash()) },
		"AddTrailingSlash":          func(e *echo.Echo) { e.Pre(middleware.AddTrailingSlash()) },
		"MethodOverride":            func(e *echo.Echo) { e.Pre(middleware.MethodOverride()) },
		"MethodOverride by a form":  func(e *echo.Echo) { e.Pre(overrideBy(middleware.MethodFromForm("_method"))) },
		"MethodOverride by a query": func(e *echo.Echo) { e.Pre(overrideBy(middleware.MethodFromQuery("_method"))) },
		"Rewrite": func(e *echo.Echo) {
			e.Pre(middleware.Rewrite(map[string]string{"/old/*": "/api/$1", "/open/r*": "/api/secret"}))
		},
		"an error handler of its own": func(e *echo.Echo) {
			e.HTTPErrorHandler = func(c *echo.Context, _ error) { _ = c.String(299, "handled") }
		},
	} {
		routers[name] = func(t *testing.T, r *adaptertest.Routing) string {
			e := echo.New()
			e.Logger = slog.New(slog.DiscardHandler)
			set(e)
			secret := func(c *echo.Context) error { return c.String(200, r.Secret()) }
			e.Any("/open/*", func(c *echo.Context) error { return c.String(200, "open") })
			if err := echolr.Mount(e.Group("/auth"), r.Client, r.Routes...); err != nil {
				t.Fatal(err)
			}
			guard := echolr.RequireLogin(r.Client, r.Guard...)
			api := e.Group("/api", guard)
			api.GET("/secret", secret)
			api.GET("/secret/", secret)
			api.Any("/any", secret)
			api.GET("/p/:id", secret)
			api.GET("/w/*", secret)
			sub := api.Group("/sub")
			sub.GET("", secret)
			sub.GET("/secret", secret)
			api.Static("/files", r.Dir)
			api.File("/one", filepath.Join(r.Dir, "secret.txt"))
			api.RouteNotFound("/*", secret)
			return startEcho(t, e)
		}
	}
	routers["before routing"] = func(t *testing.T, r *adaptertest.Routing) string {
		e := echo.New()
		e.Pre(echolr.RequireLogin(r.Client, r.Guard...))
		e.Any("/*", func(c *echo.Context) error { return c.String(200, r.Secret()) })
		return startEcho(t, e)
	}
	routers["global"] = func(t *testing.T, r *adaptertest.Routing) string {
		e := echo.New()
		e.Use(echolr.RequireLogin(r.Client, r.Guard...))
		e.GET("/api/secret", func(c *echo.Context) error { return c.String(200, r.Secret()) })
		e.RouteNotFound("/*", func(c *echo.Context) error { return c.String(200, r.Secret()) })
		return startEcho(t, e)
	}
	adaptertest.RunRouting(t, routers)
}

func overrideBy(getter middleware.MethodOverrideGetter) echo.MiddlewareFunc {
	return middleware.MethodOverrideWithConfig(middleware.MethodOverrideConfig{Getter: getter})
}

func startEcho(t *testing.T, e *echo.Echo) string {
	t.Helper()
	srv := httptest.NewServer(e)
	t.Cleanup(srv.Close)
	return srv.URL
}
