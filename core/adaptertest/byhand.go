package adaptertest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RunByHand proves an adapter's Handle. The application at url answers POST /NAME with
// the handler that Handle(routes, NAME) returns, for every name of [web.RouteNames],
// whatever method the route has. Each must answer as package web itself does.
func RunByHand(t *testing.T, routes *web.App, url string) {
	t.Helper()
	hc := &http.Client{Transport: &http.Transport{}}
	defer hc.CloseIdleConnections()
	for _, name := range web.RouteNames() {
		route, err := routes.Route(name)
		if err != nil {
			t.Fatal(err)
		}
		want := route.Serve(web.HTTPView(httptest.NewRequest("POST", "/"+string(name), nil)))
		res, err := hc.Post(url+"/"+string(name), "", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if name == web.RouteOpenAPI { // it says where it is
			want.Body = body
		}
		if res.StatusCode == http.StatusNotFound && want.Status != http.StatusNotFound {
			t.Errorf("POST /%s: 404: the application under test does not mount Handle's handler for the route %s", name, name)
			continue
		}
		if err != nil || res.StatusCode != want.Status || want.Status >= 500 || !bytes.Equal(body, want.Body) {
			t.Errorf("the handler of %s answers %d %s, want %d %s", name, res.StatusCode, body, want.Status, want.Body)
		}
	}
}
