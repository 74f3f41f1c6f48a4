package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// sourceFiles parses the package without its tests.
func sourceFiles(t testing.TB) (files []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// declared returns the fields of every operation value by its name.
func declared(files []*ast.File) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if id, ok := lit.Type.(*ast.Ident); !ok || id.Name != "operation" {
				return true
			}
			fields := map[string]string{}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				switch v := kv.Value.(type) {
				case *ast.BasicLit:
					fields[kv.Key.(*ast.Ident).Name], _ = strconv.Unquote(v.Value)
				case *ast.Ident:
					fields[kv.Key.(*ast.Ident).Name] = v.Name
				}
			}
			out[fields["name"]] = fields
			return true
		})
	}
	return out
}

// helpers are the methods of services that call operations without being one.
var helpers = map[string]bool{"M2M.TokenSource": true, "OneTouch.Wait": true, "SmartLogin.Wait": true, "MFA.WaitForPush": true}

// Each method of a service is an operation with a request line, and each operation has
// a fixture.
func TestEveryOperationHasAFixture(t *testing.T) {
	ops := declared(sourceFiles(t))
	recorded := map[string]bool{}
	for _, f := range fixtures(t) {
		recorded[f.Operation] = true
		if ops[f.Operation] == nil {
			t.Errorf("testdata/ops/%s.json is of %s, which there is not", f.Name, f.Operation)
		}
		if !strings.HasPrefix(f.Name, f.SDK) { // two services of the SDKs share a name
			t.Errorf("testdata/ops/%s.json is of the SDK's %s: name it so", f.Name, f.SDK)
		}
	}
	client := reflect.TypeFor[core.Client]()
	for field := range client.Fields() {
		if !field.IsExported() {
			continue
		}
		if field.Type.Elem().Name() != field.Name+"Service" {
			t.Errorf("the service %s is a %s", field.Name, field.Type)
		}
		for m := range field.Type.Methods() {
			name := field.Name + "." + m.Name
			switch {
			case helpers[name]:
			case ops[name] == nil:
				t.Errorf("the documentation of %s has no request line such as \"GET /path with API key; a read.\"", name)
			case !recorded[name]:
				t.Errorf("%s has no fixture in testdata/ops", name)
			}
		}
	}
	if len(ops) < 50 {
		t.Errorf("only %d operations were found", len(ops))
	}
}

// Every operation of the vendor's SDKs has a fixture, and so a method, and none is left
// out. One name stands for operations of two services.
func TestEveryOperationOfTheSDKs(t *testing.T) {
	have := map[string]int{}
	for _, f := range fixtures(t) {
		have[f.SDK]++
	}
	want := map[string]int{}
	names := load[[]string](t, "sdk-operations.json")
	for _, name := range names {
		_, operation, _ := strings.Cut(name, ".")
		want[operation]++
	}
	if len(names) != 212 {
		t.Errorf("the SDKs have 212 operations, and the list has %d", len(names))
	}
	for name, n := range want {
		if have[name] != n {
			t.Errorf("%d fixtures for the SDKs' %s, want %d", have[name], name, n)
		}
	}
}
