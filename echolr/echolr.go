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
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RequireLogin lets only requests with a valid token through. In the handlers behind it
// [Session] is never nil. With an unusable option it answers every request with 500.
func RequireLogin(client *core.Client, opts ...web.GuardOption) echo.MiddlewareFunc {
	return guard(web.RequireLogin(client, opts...))
}

// OptionalLogin also lets requests without a token through; [Session] is nil for them.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) echo.MiddlewareFunc {
	return guard(web.OptionalLogin(client, opts...))
}

// Session returns the session of the request, or nil.
func Session(c echo.Context) *core.Session { return core.SessionFromContext(c.Request().Context()) }

// Router is what *echo.Echo and *echo.Group have in common.
type Router interface {
	Add(method, path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) *echo.Route
}

// Mount adds the ready-made routes to an echo or a group. from is a client, with options,
// or an App of [web.NewApp], which has its options already. The error names an unusable
// option; nothing is mounted then.
func Mount[M web.Mountable](r Router, from M, opts ...web.RouteOption) error {
	app, err := web.AppOf(from, opts...)
	if err != nil {
		return err
	}
	for _, route := range app.Routes() {
		r.Add(route.Method, route.PathWith(":", ""), serve(route))
		if route.Path == "/" { // echo has the group's own path without the slash
			r.Add(route.Method, "", serve(route))
		}
	}
	return nil
}

// Handle returns one route, to be mounted by hand. The error says that the App has no
// such route.
func Handle(app *web.App, name web.RouteName) (echo.HandlerFunc, error) {
	route, err := app.Route(name)
	if err != nil {
		return nil, err
	}
	return serve(route), nil
}

func guard(g *web.Guard) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			a := g.Admit(web.HTTPView(c.Request()))
			server := c.Request()
			behind := a.Request(server)
			c.SetRequest(behind) // also of a refused user: what logs finds it there
			if a.Refusal != nil {
				return write(c, a.Refusal)
			}
			if a.Renewed != nil {
				a.Renewed.WriteHeaderTo(c.Response())
			}
			if key := g.SessionKey(); key != "" && a.Session != nil {
				c.Set(key, a.Session)
			}
			defer web.EndForm(server, behind)
			return next(c)
		}
	}
}

func serve(route web.Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := *c.Request()
		r.Body = body{r.Body}
		return write(c, route.Serve(web.HTTPView(&r)))
	}
}

// A body translates the error of echo's BodyLimit to the one of net/http.
type body struct{ io.ReadCloser }

func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if tooLarge, ok := errors.AsType[*echo.HTTPError](err); ok && tooLarge.Code == http.StatusRequestEntityTooLarge {
		err = &http.MaxBytesError{}
	}
	return n, err
}

func write(c echo.Context, r *web.Response) error {
	if c.Response().Committed { // an earlier middleware has answered
		return nil
	}
	if r.Err == nil {
		r.WriteTo(c.Response())
		return nil
	}
	r.WriteHeaderTo(c.Response())
	return &echo.HTTPError{Code: r.Status, Message: r.Err.Title, Internal: r.Err}
}
