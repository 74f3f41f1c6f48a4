package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// sourceFiles parses the package without its tests.
func sourceFiles(t *testing.T) (files []*ast.File) {
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

// declared returns the fields of every operation declaration by its name.
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
				kv := e.(*ast.KeyValueExpr)
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

// The documentation of each operation tells the request behind it, whom it is made
// as, and whether it may be repeated; and each operation is held to recordings.
func TestOperationsAreDocumented(t *testing.T) {
	files := sourceFiles(t)
	ops := declared(files)
	credentials := map[string]string{
		"apiKey": "with API key", "apiKeySecret": "with API key and secret", "nativeKey": "with the key",
		"nativeKeySecret": "with key and secret", "nativeSecret": "with the secret", "noCredentials": "with the access token alone",
	}
	recorded := map[string]bool{}
	for _, o := range operations {
		recorded[o.method] = true
	}
	seen := 0
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() {
				continue
			}
			star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
			if !ok || !strings.HasSuffix(star.X.(*ast.Ident).Name, "Service") {
				continue
			}
			seen++
			name := strings.TrimSuffix(star.X.(*ast.Ident).Name, "Service") + "." + fn.Name.Name
			op, ok := ops[name]
			if !ok {
				t.Errorf("%s has no declaration: add var op… = operation{name: %q, …} beside it", name, name)
				continue
			}
			if !recorded[name] {
				t.Errorf("%s is not compared with a recording: add it to operations in conformance_test.go and to testdata/wire.json", name)
			}
			doc := strings.Join(strings.Fields(fn.Doc.Text()), " ")
			request := op["method"] + " " + op["path"] + " " + credentials[op["creds"]]
			if !strings.Contains(doc, request) {
				t.Errorf("the documentation of %s does not have the words %q, which say what its declaration says", name, request)
			}
			if isRead := strings.Contains(doc, "; a read"); isRead != (op["read"] == "true") {
				t.Errorf("the documentation of %s has \"; a read\" behind the credentials: %v, its declaration has read: %v", name, isRead, !isRead)
			}
			if op["method"] == "GET" && op["read"] != "true" && !strings.Contains(doc, "This GET") {
				t.Errorf("the documentation of %s does not tell what its GET changes, in a sentence that begins with \"This GET\"; is it a read?", name)
			}
		}
	}
	if seen != len(ops) || seen < 50 {
		t.Errorf("%d exported methods of services for %d declarations of operations: each method has one of its own", seen, len(ops))
	}
}

// What go doc shows of the Client lists every operation under its service.
func TestClientIsATableOfContents(t *testing.T) {
	listed := map[string]string{} // service to the words of its comment
	for _, f := range sourceFiles(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			ts, ok := n.(*ast.TypeSpec)
			if !ok || ts.Name.Name != "Client" {
				return true
			}
			for _, field := range ts.Type.(*ast.StructType).Fields.List {
				if name := field.Names[0].Name; ast.IsExported(name) {
					listed[name] = field.Doc.Text()
				}
			}
			return false
		})
	}
	for _, o := range operations {
		service, method, _ := strings.Cut(o.method, ".")
		words := strings.FieldsFunc(listed[service], func(r rune) bool { return strings.ContainsRune(" ,.:\n\t", r) })
		if !slices.Contains(words, method) {
			t.Errorf("the comment of Client.%s does not list %s", service, method)
		}
	}
	for service, comment := range listed {
		for line := range strings.Lines(comment) {
			if !strings.HasPrefix(line, "\t") {
				continue
			}
			for word := range strings.SplitSeq(strings.TrimSpace(line), ", ") {
				if !slices.ContainsFunc(operations, func(o operationCall) bool { return o.method == service+"."+word }) {
					t.Errorf("the comment of Client.%s lists %s, which there is not", service, word)
				}
			}
		}
	}
}

// Every service of the client is reached by a field named after it.
func TestServices(t *testing.T) {
	var services []string
	typ := reflect.TypeFor[core.Client]()
	for f := range typ.Fields() {
		if f.IsExported() {
			services = append(services, f.Name)
			if f.Type.Elem().Name() != f.Name+"Service" {
				t.Errorf("%s is a %s", f.Name, f.Type)
			}
		}
	}
	for _, o := range operations {
		if service, _, _ := strings.Cut(o.method, "."); !slices.Contains(services, service) {
			t.Errorf("there is no service %s", service)
		}
	}
}
