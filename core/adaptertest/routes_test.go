package adaptertest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Every ready-made route has its function in every adapter, under the same name.
func TestEveryAdapterHasEveryRoute(t *testing.T) {
	var first map[string]string
	for _, adapter := range []string{"nethttp", "ginlr", "echolr", "fiberlr"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", adapter, "routes.go"), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		functions := map[string]string{} // route to function
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					route, _ := strconv.Unquote(l.Value)
					functions[route] = f.Name.Name
				}
				return true
			})
		}
		for _, route := range web.RouteNames() {
			switch name := functions[route]; {
			case name == "":
				t.Errorf("%s/routes.go has no function for the route %s", adapter, route)
			case first[route] != "" && first[route] != name:
				t.Errorf("%s names the function for the route %s %s, the others %s", adapter, route, name, first[route])
			}
		}
		for route, name := range functions {
			if !slices.Contains(web.RouteNames(), route) {
				t.Errorf("%s.%s is for the route %q, which there is not", adapter, name, route)
			}
		}
		if first == nil {
			first = functions
		}
	}
}
