// Package fiberlr protects fiber (v2) handlers with LoginRadius and mounts the
// ready-made routes.
//
//	client, err := core.New(core.Config{APIKey: key, APISecret: secret}) // or with core.ConfigFromEnv
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//
//	app := fiber.New()
//	if err := fiberlr.Mount(app.Group("/auth"), client); err != nil {
//		return err
//	}
//	api := app.Group("/api", fiberlr.RequireLogin(client))
//	api.Get("/me", func(c *fiber.Ctx) error { return c.SendString(fiberlr.Session(c).UID()) })
//	return app.Listen("127.0.0.1:8080")
//
// The package example has it whole. To try it without an account at LoginRadius, run
// go run ./examples/fiber in the repository.
//
// The session is in c.UserContext(), which is what to hand on to code below the web
// layer; c.Context() is pooled and must not be. fiber reads at most 4 KiB of headers
// by default: raise fiber.Config.ReadBufferSize where tokens are encrypted, and therefore
// long. Refusals are written as problems, past the application's ErrorHandler;
// web.ReturnErrors hands them to it. Everything the package decides is in package
// web, with the options.
//
// A handler that changes c.Path must go on with c.RestartRouting: after c.Next fiber
// continues at another place of its routes, which may be behind the guards.
package fiberlr

import (
	"github.com/gofiber/fiber/v2"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr/internal/fasthttpview"
)

// RequireLogin lets only requests with a valid token through. In the handlers behind it
// [Session] is never nil. With an unusable option it answers every request with 500.
func RequireLogin(client *core.Client, opts ...web.GuardOption) fiber.Handler {
	return guard(web.RequireLogin(client, opts...))
}

// OptionalLogin also lets requests without a token through; [Session] is nil for them.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) fiber.Handler {
	return guard(web.OptionalLogin(client, opts...))
}

// Session returns the session of the request, or nil.
func Session(c *fiber.Ctx) *core.Session { return core.SessionFromContext(c.UserContext()) }

// Mount adds the ready-made routes to an app or a group. from is a client, with options,
// or an App of [web.NewApp], which has its options already. The error names an unusable
// option; nothing is mounted then.
func Mount[M web.Mountable](r fiber.Router, from M, opts ...web.RouteOption) error {
	app, err := web.AppOf(from, opts...)
	if err == nil && fiber.IsChild() { // of Prefork
		err = app.SeveralProcesses()
	}
	if err != nil {
		return err
	}
	for _, route := range app.Routes() {
		r.Add(route.Method, route.PathWith(":", ""), serve(route))
	}
	return nil
}

// Handle returns one route, to be mounted by hand. The error says that the App has no
// such route.
func Handle(app *web.App, name web.RouteName) (fiber.Handler, error) {
	route, err := app.Route(name)
	if err == nil && fiber.IsChild() { // of Prefork
		err = app.SeveralProcesses()
	}
	if err != nil {
		return nil, err
	}
	return serve(route), nil
}

func guard(g *web.Guard) fiber.Handler {
	if fiber.IsChild() { // of Prefork
		g.SeveralProcesses()
	}
	return func(c *fiber.Ctx) error {
		a := g.Admit(view{c})
		c.SetUserContext(a.Context(c.UserContext())) // also of a refused user: what logs finds it there
		if a.Refusal != nil {
			return write(c, a.Refusal)
		}
		if a.Renewed != nil {
			fasthttpview.WriteHeader(c.Response(), a.Renewed)
		}
		if key := g.SessionKey(); key != "" && a.Session != nil {
			c.Locals(key, a.Session)
		}
		return c.Next()
	}
}

func serve(route web.Route) fiber.Handler {
	return func(c *fiber.Ctx) error { return write(c, route.Serve(view{c})) }
}
