package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// The description of an API, and how a refused client finds it.
func ExampleProtectedResource() {
	api := web.ProtectedResource{
		Resource:             "https://api.example.com/v1",
		AuthorizationServers: []string{"https://acme.hub.loginradius.com/service/oidc/shop/"},
		Scopes:               []string{"orders:read"},
	}
	handler, err := api.Handler()
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/.well-known/oauth-protected-resource/v1", handler)
	// Behind web.ResourceMetadata(api.MetadataURL()), a guard's 401 names the address.
	fmt.Println(api.MetadataURL())

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/.well-known/oauth-protected-resource/v1", nil))
	fmt.Println(w.Body)
	// Output:
	// https://api.example.com/.well-known/oauth-protected-resource/v1
	// {"resource":"https://api.example.com/v1","authorization_servers":["https://acme.hub.loginradius.com/service/oidc/shop/"],"scopes_supported":["orders:read"],"bearer_methods_supported":["header"]}
}

func TestProtectedResource(t *testing.T) {
	good := web.ProtectedResource{Resource: "https://api.example.com", AuthorizationServers: []string{"https://issuer.example/"}}
	for name, change := range map[string]func(*web.ProtectedResource){
		"no resource":       func(p *web.ProtectedResource) { p.Resource = "" },
		"plain http":        func(p *web.ProtectedResource) { p.Resource = "http://api.example.com" },
		"query":             func(p *web.ProtectedResource) { p.Resource += "?a=b" },
		"no server":         func(p *web.ProtectedResource) { p.AuthorizationServers = nil },
		"a server by http":  func(p *web.ProtectedResource) { p.AuthorizationServers = []string{"http://issuer.example"} },
		"relative resource": func(p *web.ProtectedResource) { p.Resource = "/v1" },
	} {
		p := good
		change(&p)
		if _, err := p.Handler(); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	for resource, want := range map[string]string{
		"https://api.example.com":     "https://api.example.com/.well-known/oauth-protected-resource",
		"https://api.example.com/":    "https://api.example.com/.well-known/oauth-protected-resource",
		"https://api.example.com/a/b": "https://api.example.com/.well-known/oauth-protected-resource/a/b",
		"http://127.0.0.1:8080/mcp":   "http://127.0.0.1:8080/.well-known/oauth-protected-resource/mcp",
		"http://api.example.com":      "",
	} {
		if got := (web.ProtectedResource{Resource: resource}).MetadataURL(); got != want {
			t.Errorf("%s: %s, want %s", resource, got, want)
		}
	}
	handler, err := good.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != want || want == 200 && w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", method, w.Code, w.Header())
		}
	}
}

func TestResourceMetadata(t *testing.T) {
	const address = "https://api.example.com/.well-known/oauth-protected-resource"
	_, client, _ := oneUser(t, emulator.User{Email: "ada@example.com"})
	g := web.RequireLogin(client, web.ResourceMetadata(address))
	for name, header := range map[string]string{"no token": "", "bad token": "Bearer junk"} {
		r := httptest.NewRequest("GET", "/", nil)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		_, refusal := g.Check(web.HTTPView(r))
		if refusal == nil || !strings.HasSuffix(refusal.Header.Get("Www-Authenticate"), `, resource_metadata="`+address+`"`) {
			t.Errorf("%s: %+v", name, refusal)
		}
	}
	for _, bad := range []string{"", "http://api.example.com/", `https://api.example.com/"x`, "https://api.example.com/?a=b"} {
		if web.RequireLogin(client, web.ResourceMetadata(bad)).Err() == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
