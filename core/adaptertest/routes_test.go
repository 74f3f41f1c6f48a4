package adaptertest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
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
		have, want := slices.Sorted(maps.Keys(functions)), web.RouteNames()
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s has functions for %v, the routes are %v", adapter, have, want)
		}
		if first == nil {
			first = functions
		}
		if !maps.Equal(first, functions) {
			t.Errorf("%s names its functions otherwise: %v", adapter, functions)
		}
	}
}
