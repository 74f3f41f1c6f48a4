// Package fiberlr protects fiber v3 handlers with LoginRadius and mounts the
// ready-made routes. Package fiberlr, without /v3, does the same for fiber v2.
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
//	api.Get("/me", func(c fiber.Ctx) error { return c.SendString(fiberlr.Session(c).UID()) })
//	return app.Listen("127.0.0.1:8080")
//
// The package example is complete. To try it without a LoginRadius account, run
// go run ./examples/fiber-v3 in the repository.
//
// core.SessionFromContext and core.TokenFromContext find the login in fiber.Ctx and in
// c.Context() alike. Pass c.Context() to code below the web layer, because fiber reuses
// fiber.Ctx for other requests.
//
// fiber reads at most 4 KiB of headers by default: raise fiber.Config.ReadBufferSize if
// tokens are encrypted, which makes them long. The package writes refusals as problems
// and does not call the application's ErrorHandler for them; web.ReturnErrors returns
// them to it. Package web makes every decision and documents the options.
//
// Do not wrap a net/http middleware with fiber's adaptor instead of using this package:
// through the adaptor a handler can run without the session that the middleware set.
//
// A handler that changes c.Path must go on with c.RestartRouting: after c.Next fiber
// continues at another place of its routes, which may be behind the guards.
package fiberlr

import (
	"github.com/gofiber/fiber/v3"

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
func Session(c fiber.Ctx) *core.Session { return core.SessionFromContext(c.Context()) }

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
		r.Add([]string{route.Method}, route.PathWith(":", ""), serve(route))
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
	return func(c fiber.Ctx) error {
		a := g.Admit(viewOf(c))
		ctx := a.Context(c.Context())
		c.SetContext(ctx)                                  // also for a refused user: loggers find the session there
		core.LoginValues(ctx, c.RequestCtx().SetUserValue) // what c.Locals and c.Value read
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
	return func(c fiber.Ctx) error { return write(c, route.Serve(viewOf(c))) }
}
