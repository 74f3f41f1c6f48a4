package web_test

import (
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// single returns one route of an app with these options.
func single(t testing.TB, client *core.Client, name web.RouteName, opts ...web.RouteOption) web.Route {
	t.Helper()
	app, err := web.NewApp(client, opts...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := app.Route(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
