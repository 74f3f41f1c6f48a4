// Package ginlr protects gin handlers with LoginRadius and mounts the ready-made
// routes.
//
//	client, err := core.New(core.Config{APIKey: key, APISecret: secret}) // or with core.ConfigFromEnv
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//
//	r := gin.Default()
//	if err := ginlr.Mount(r.Group("/auth"), client); err != nil {
//		return err
//	}
//	api := r.Group("/api", ginlr.RequireLogin(client))
//	api.GET("/me", func(c *gin.Context) { c.JSON(200, gin.H{"uid": ginlr.Session(c).UID()}) })
//	return r.Run("127.0.0.1:8080")
//
// The package example has it whole. To try it without an account at LoginRadius, run
// go run ./examples/gin in the repository.
//
// The session is in the context of c.Request, which is what to hand on to code
// below the web layer; *gin.Context itself is not that context. Refusals are written
// as problems; web.ReturnErrors leaves them in c.Errors instead. Everything the
// package decides is in package web, with the options.
package ginlr

import (
	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RequireLogin lets only requests with a valid token through. In the handlers behind it
// [Session] is never nil. With an unusable option it answers every request with 500.
func RequireLogin(client *core.Client, opts ...web.GuardOption) gin.HandlerFunc {
	return guard(web.RequireLogin(client, opts...))
}

// OptionalLogin also lets requests without a token through; [Session] is nil for them.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) gin.HandlerFunc {
	return guard(web.OptionalLogin(client, opts...))
}

// Session returns the session of the request, or nil.
func Session(c *gin.Context) *core.Session { return core.SessionFromContext(c.Request.Context()) }

// Mount adds the ready-made routes to a router or group. from is a client, with options,
// or an App of [web.NewApp], which has its options already. The error names an unusable
// option; nothing is mounted then.
func Mount[M web.Mountable](r gin.IRouter, from M, opts ...web.RouteOption) error {
	app, err := web.AppOf(from, opts...)
	if err != nil {
		return err
	}
	for _, route := range app.Routes() {
		r.Handle(route.Method, route.PathWith(":", ""), serve(route))
	}
	return nil
}

// Handle returns one route, to be mounted by hand. The error says that the App has no
// such route.
func Handle(app *web.App, name web.RouteName) (gin.HandlerFunc, error) {
	route, err := app.Route(name)
	if err != nil {
		return nil, err
	}
	return serve(route), nil
}

func guard(g *web.Guard) gin.HandlerFunc {
	return func(c *gin.Context) {
		a := g.Admit(web.HTTPView(c.Request))
		server := c.Request
		c.Request = a.Request(server) // also of a refused user: what logs finds it there
		if a.Refusal != nil {
			write(c, a.Refusal)
			c.Abort() // returning alone would not keep gin from the handler
			return
		}
		if a.Renewed != nil {
			a.Renewed.WriteHeaderTo(c.Writer)
		}
		if key := g.SessionKey(); key != "" && a.Session != nil {
			c.Set(key, a.Session)
		}
		defer web.EndForm(server, c.Request)
		c.Next()
	}
}

func serve(route web.Route) gin.HandlerFunc {
	return func(c *gin.Context) { write(c, route.Serve(web.HTTPView(c.Request))) }
}

func write(c *gin.Context, r *web.Response) {
	if r.Err == nil {
		r.WriteTo(c.Writer)
		return
	}
	r.WriteHeaderTo(c.Writer)
	c.Status(r.Status)
	_ = c.Error(r.Err)
}
