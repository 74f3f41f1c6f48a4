package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A house is what the generator knows about package core.
type house struct {
	client   *ast.StructType
	source   []byte // of client.go
	fset     *token.FileSet
	services []*service // in the order of the client's fields
	structs  []*structure
	methods  map[string]bool // "Type.Method" for methods written by hand
}

// A service is a field of the client with the operations of its type.
type service struct {
	name       string
	field      *ast.Field
	operations []*operation
}

// An operation is one method of a service.
type operation struct {
	service, name      string
	method, path, host string
	creds              string
	bearer, read       bool
	summary            string // first sentence of the documentation
}

// variable is the name of the operation's generated value.
func (o *operation) variable() string { return "op" + o.service + o.name }

// A structure is a struct type with its field tags.
type structure struct {
	name   string
	fields []structField
}

type structField struct {
	secret bool
	types  []string // names of the types that the field's type mentions
}

func parse(dir string) (*house, error) {
	h := &house{fset: token.NewFileSet(), methods: map[string]bool{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
			continue
		}
		src, err := os.ReadFile(name) //nolint:gosec // a file of this repository
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(h.fset, name, src, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		if filepath.Base(name) == clientFile {
			h.source = src
		}
	}
	for _, f := range files {
		h.types(f)
	}
	if h.client == nil {
		return nil, fmt.Errorf("%s declares no Client", clientFile)
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
				if err := h.method(fn); err != nil {
					return nil, fmt.Errorf("%s: %w", h.fset.Position(fn.Pos()), err)
				}
			}
		}
	}
	return h, nil
}

// types collects the structs of a file and the services of the Client.
func (h *house) types(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		ts, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			return false
		}
		s := &structure{name: ts.Name.Name}
		for _, field := range st.Fields.List {
			s.fields = append(s.fields, structField{
				secret: field.Tag != nil && strings.Contains(field.Tag.Value, ",secret"),
				types:  typeNames(field.Type),
			})
			if star, ok := field.Type.(*ast.StarExpr); ok && ts.Name.Name == "Client" && len(field.Names) == 1 {
				if id, ok := star.X.(*ast.Ident); ok && id.Name == field.Names[0].Name+"Service" {
					h.services = append(h.services, &service{name: field.Names[0].Name, field: field})
				}
			}
		}
		if ts.Name.Name == "Client" {
			h.client = st
		}
		h.structs = append(h.structs, s)
		return false
	})
}

func typeNames(e ast.Expr) (out []string) {
	ast.Inspect(e, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok { // a type of another package
			_ = sel
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			out = append(out, id.Name)
		}
		return true
	})
	return out
}

// requestLine matches the line of an operation's documentation that declares it.
var requestLine = regexp.MustCompile(`(?:^|\s)(GET|POST|PUT|DELETE) (/\S+)( on the configuration host| on the site's host)? with ([^.;]+)(; a read)?\.(?:\s|$)`)

// credentialsOf maps the words of a request line to the credentials of the call.
var credentialsOf = map[string]string{
	"API key":                         "apiKey",
	"API key and SOTT":                "apiKey",
	"API key and access token":        "apiKey",
	"API key and secret":              "apiKeySecret",
	"API key and secret in the query": "apiKeyQuerySecret",
	"the key":                         "nativeKey",
	"key and secret":                  "nativeKeySecret",
	"the secret":                      "nativeSecret",
	"the access token alone":          "noCredentials",
	"the client's ID and secret":      "noCredentials",
}

// method notes a method written by hand and, if it is an operation, declares it.
func (h *house) method(fn *ast.FuncDecl) error {
	receiver := ast.Unparen(fn.Recv.List[0].Type)
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if index, ok := receiver.(*ast.IndexExpr); ok {
		receiver = index.X
	}
	id, ok := receiver.(*ast.Ident)
	if !ok {
		return nil
	}
	h.methods[id.Name+"."+fn.Name.Name] = true
	name, isService := strings.CutSuffix(id.Name, "Service")
	if !isService || !fn.Name.IsExported() {
		return nil
	}
	doc := strings.Join(strings.Fields(fn.Doc.Text()), " ")
	match := requestLine.FindStringSubmatch(doc)
	if match == nil {
		return nil // a helper made of operations; a test holds it to that
	}
	o := &operation{service: name, name: fn.Name.Name, method: match[1], path: match[2], read: match[5] != ""}
	o.creds = credentialsOf[match[4]]
	if o.creds == "" {
		return fmt.Errorf("the request line of %s.%s has unknown credentials %q", name, o.name, match[4])
	}
	o.bearer = strings.HasSuffix(match[4], "and access token")
	o.host = map[string]string{" on the configuration host": "configHost", " on the site's host": "siteHost"}[match[3]]
	if o.method == "GET" && !o.read && !strings.Contains(doc, "This GET") {
		return fmt.Errorf(`the documentation of %s.%s does not tell what its GET changes, in a sentence that begins with "This GET"; is it a read?`, name, o.name)
	}
	o.summary, _, _ = strings.Cut(doc, ". ")
	o.summary = strings.TrimSuffix(o.summary, ".")
	for _, s := range h.services {
		if s.name == name {
			s.operations = append(s.operations, o)
			return nil
		}
	}
	return fmt.Errorf("core.Client has no field %s *%s", name, id.Name)
}
