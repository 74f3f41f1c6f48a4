package adaptertest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// RunByHand proves the functions for single routes. The application at url has each
// of them, made with client and web.Only of its name, at its name: Login at /login,
// UpdateMe at /update_me, and so on for [web.RouteNames]. Each must answer a POST,
// whatever the method of its route is, and as package web itself would.
func RunByHand(t *testing.T, client *core.Client, url string) {
	t.Helper()
	hc := &http.Client{Transport: &http.Transport{}}
	defer hc.CloseIdleConnections()
	for _, name := range web.RouteNames() {
		want := web.SingleRoute(client, name, web.Only(name)).Serve(web.HTTPView(httptest.NewRequest("POST", "/"+name, nil)))
		res, err := hc.Post(url+"/"+name, "", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if name == "openapi" { // says where it is
			want.Body = body
		}
		if res.StatusCode == http.StatusNotFound && want.Status != http.StatusNotFound {
			t.Errorf("POST /%s: 404: the application under test does not mount the function for the route %s", name, name)
			continue
		}
		if err != nil || res.StatusCode != want.Status || want.Status >= 500 || !bytes.Equal(body, want.Body) {
			t.Errorf("the function for %s answers %d %s, want %d %s", name, res.StatusCode, body, want.Status, want.Body)
		}
	}
}
