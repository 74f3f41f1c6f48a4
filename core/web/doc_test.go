package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// offlineProvider turns the routes of the login by OpenID Connect on.
type offlineProvider struct{ core.OIDCProvider }

// The names of the routes are documented with the method and the path that are mounted.
func TestRouteNamesAreDocumented(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "route_names.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, decl := range file.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, spec := range block.Specs {
			constant, _ := spec.(*ast.ValueSpec)
			name, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			documented[name], _, _ = strings.Cut(strings.TrimSpace(constant.Comment.Text()), ",")
		}
	}
	app, err := web.NewApp(offline(t), web.Webhooks(), web.InsecureCookies(), web.OIDCLogin(offlineProvider{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range app.Routes() {
		name := string(r.Name)
		if want := r.Method + " " + r.Path; documented[name] != want {
			t.Errorf("route_names.go documents %s as %q, want %q", name, documented[name], want)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf("route_names.go has %s, which is not mounted", name)
	}
}
