// Package echolr protects echo (v4) handlers with LoginRadius and mounts the
// ready-made routes.
//
//	client, err := core.New(core.Config{APIKey: key, APISecret: secret}) // or with core.ConfigFromEnv
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//
//	e := echo.New()
//	if err := echolr.Mount(e.Group("/auth"), client); err != nil {
//		return err
//	}
//	api := e.Group("/api", echolr.RequireLogin(client))
//	api.GET("/me", func(c echo.Context) error { return c.String(200, echolr.Session(c).UID()) })
//	return e.Start("127.0.0.1:8080")
//
// The package example has it whole. To try it without an account at LoginRadius, run
// go run ./examples/echo in the repository.
//
// The session is in the context of c.Request(). Refusals are written as problems,
// past the application's HTTPErrorHandler; web.ReturnErrors hands them to it, and
// web.ErrorResponse changes their form.
//
// A middleware on a group also guards paths below it that do not exist, so that
// those answer 401 rather than 404: echo mounts it on them. Everything the package
// decides is in package web, with the options.
package echolr

import (
	"github.com/labstack/echo/v4"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RequireLogin lets only requests with a valid token through. Behind it [Session]
// is never nil.
func RequireLogin(client *core.Client, opts ...web.GuardOption) echo.MiddlewareFunc {
	return guard(web.RequireLogin(client, opts...))
}

// OptionalLogin also lets anonymous requests through, for which [Session] is nil.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) echo.MiddlewareFunc {
	return guard(web.OptionalLogin(client, opts...))
}

// Session returns whose request this is, or nil.
func Session(c echo.Context) *core.Session { return core.SessionFromContext(c.Request().Context()) }

// Router is what *echo.Echo and *echo.Group have in common.
type Router interface {
	Add(method, path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) *echo.Route
}

// Mount adds the ready-made routes to an echo or a group. The error tells of an
// unusable option; nothing is mounted then.
func Mount(r Router, client *core.Client, opts ...web.RouteOption) error {
	app, err := web.NewApp(client, opts...)
	if err != nil {
		return err
	}
	for _, route := range app.Routes() {
		r.Add(route.Method, route.Path, serve(route))
		if route.Path == "/" { // for echo, a group's own path is another
			r.Add(route.Method, "", serve(route))
		}
	}
	return nil
}

func guard(g *web.Guard) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			s, renewed, refusal := g.Admit(web.HTTPView(c.Request()))
			if refusal != nil {
				return write(c, refusal)
			}
			if renewed != nil {
				renewed.WriteHeaderTo(c.Response())
			}
			if s != nil {
				c.SetRequest(core.RequestWithSession(c.Request(), s))
				if key := g.SessionKey(); key != "" {
					c.Set(key, s)
				}
			}
			return next(c)
		}
	}
}

func serve(route web.Route) echo.HandlerFunc {
	return func(c echo.Context) error { return write(c, route.Serve(web.HTTPView(c.Request()))) }
}

func write(c echo.Context, r *web.Response) error {
	if c.Response().Committed { // somebody in front has answered
		return nil
	}
	if r.Err == nil {
		r.WriteTo(c.Response())
		return nil
	}
	r.WriteHeaderTo(c.Response())
	return &echo.HTTPError{Code: r.Status, Message: r.Err.Title, Internal: r.Err}
}
