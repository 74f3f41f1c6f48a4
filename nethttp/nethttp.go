// Package nethttp protects net/http handlers with LoginRadius and mounts the
// ready-made routes. It fits chi and everything else that speaks net/http.
//
//	client, err := core.New(core.Config{APIKey: key, APISecret: secret}) // or with core.ConfigFromEnv
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//
//	mux := http.NewServeMux()
//	if err := nethttp.Mount(mux, "/auth", client); err != nil {
//		return err
//	}
//	mux.Handle("GET /api/me", nethttp.RequireLogin(client)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//		fmt.Fprintln(w, nethttp.Session(r).UID())
//	})))
//	return http.ListenAndServe("127.0.0.1:8080", mux)
//
// The package example has it whole. To try it without an account at LoginRadius, run
// go run ./examples/nethttp in the repository.
//
// Everything it decides is in package web, with the options.
package nethttp

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RequireLogin lets only requests with a valid token through. In the handlers behind it
// [Session] is never nil. With an unusable option it answers every request with 500.
func RequireLogin(client *core.Client, opts ...web.GuardOption) func(http.Handler) http.Handler {
	return guard(web.RequireLogin(client, opts...))
}

// OptionalLogin also lets requests without a token through; [Session] is nil for them.
func OptionalLogin(client *core.Client, opts ...web.GuardOption) func(http.Handler) http.Handler {
	return guard(web.OptionalLogin(client, opts...))
}

// Session returns the session of the request, or nil.
func Session(r *http.Request) *core.Session { return core.SessionFromContext(r.Context()) }

// A Router registers handlers for patterns such as "POST /auth/login" and
// "DELETE /auth/sessions/{id}", as *http.ServeMux and the routers of chi do. For other
// routers there is [Handler].
type Router interface {
	Handle(pattern string, handler http.Handler)
}

// Mount adds the ready-made routes to r below prefix, e.g. "/auth"; "" is the root.
// from is a client, with options, or an App of [web.NewApp], which has its options
// already. The error names an unusable option; nothing is mounted then.
func Mount[M web.Mountable](r Router, prefix string, from M, opts ...web.RouteOption) error {
	if prefix != "" && (prefix[0] != '/' || web.LocalPath(prefix, "") == "") {
		return fmt.Errorf("loginradius: nethttp: Mount: the prefix %q must be empty or a path that begins with a slash", prefix)
	}
	app, err := web.AppOf(from, opts...)
	if err != nil {
		return err
	}
	_, isMux := r.(*http.ServeMux)
	for _, route := range app.Routes() {
		path := strings.TrimRight(prefix, "/") + route.Path
		switch {
		case !strings.HasSuffix(path, "/"):
		case isMux:
			path += "{$}" // this path only, not all below it
		case path != "/": // a ServeMux redirects there by itself
			r.Handle(route.Method+" "+strings.TrimRight(path, "/"), serve(route))
		}
		r.Handle(route.Method+" "+path, serve(route))
	}
	return nil
}

// Handle returns one route, to be mounted by hand. The error says that the App has no
// such route.
func Handle(app *web.App, name web.RouteName) (http.Handler, error) {
	route, err := app.Route(name)
	if err != nil {
		return nil, err
	}
	return serve(route), nil
}

// Handler returns the ready-made routes as one handler, for routers that are no [Router].
// Its paths begin at "/", so that the router must strip the prefix:
//
//	h, err := nethttp.Handler(client)
//	r.PathPrefix("/auth/").Handler(http.StripPrefix("/auth", h)) // gorilla/mux
func Handler[M web.Mountable](from M, opts ...web.RouteOption) (http.Handler, error) {
	mux := http.NewServeMux()
	return mux, Mount(mux, "", from, opts...)
}

func guard(g *web.Guard) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := g.Admit(web.HTTPView(r))
			if a.Refusal != nil {
				a.Refusal.WriteTo(w)
				return
			}
			if a.Renewed != nil {
				a.Renewed.WriteHeaderTo(w)
			}
			behind := a.Request(r)
			defer web.EndForm(r, behind)
			next.ServeHTTP(w, behind)
		})
	}
}

func serve(route web.Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route.Serve(web.HTTPView(r)).WriteTo(w)
	})
}
