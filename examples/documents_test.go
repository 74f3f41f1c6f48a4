package examples_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// document reads a file at the top of the repository.
func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A function is declared in a package.
type function struct {
	*ast.FuncDecl

	pkg string // its name
	dir string // from the top of the repository
}

// functions returns the functions and methods of the Go files that match.
func functions(t *testing.T, match func(path string) bool) []function {
	t.Helper()
	var out []function
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" || !match(filepath.ToSlash(path)) {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				out = append(out, function{f, file.Name.Name, strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every option is in README's tables.
func TestREADMENamesEveryOption(t *testing.T) {
	text, found := readme(t), 0
	for _, f := range functions(t, func(p string) bool {
		return strings.HasPrefix(p, "../core/web/") && !strings.HasSuffix(p, "_test.go")
	}) {
		if f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
			continue
		}
		result, _ := f.Type.Results.List[0].Type.(*ast.Ident)
		if result == nil || !strings.HasSuffix(result.Name, "Option") {
			continue
		}
		found++
		if !strings.Contains(text, "`web."+f.Name.Name+"`") {
			t.Errorf("README does not tell of the option web.%s", f.Name.Name)
		}
	}
	if found < 30 {
		t.Errorf("only %d options were found", found)
	}
}

// Options are named by the rule in CONTRIBUTING.
func TestOptionNames(t *testing.T) {
	found := 0
	for _, f := range functions(t, func(p string) bool {
		return strings.HasPrefix(p, "../core/") && !strings.HasSuffix(p, "_test.go")
	}) {
		if f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil {
			continue
		}
		result, _ := f.Type.Results.List[0].Type.(*ast.Ident)
		if result == nil || !strings.HasSuffix(result.Name, "Option") || !ast.IsExported(result.Name) {
			continue
		}
		found++
		name := f.Name.Name
		with := strings.HasPrefix(name, "With")
		switch {
		case f.pkg == "emulator":
			if !with {
				t.Errorf("emulator.%s: options of the emulator begin with With or Without", name)
			}
		case result.Name == "PageOption":
			if !strings.HasPrefix(name, "Page") {
				t.Errorf("%s: options of the pages begin with Page", name)
			}
		case with && name != "WithPages" && name != "WithHooks":
			t.Errorf("%s.%s: options have no prefix, unless they add a part to the routes", f.pkg, name)
		}
	}
	if found < 150 {
		t.Errorf("only %d options were found", found)
	}
}

// Every adapter has its allocation budget, its part of README and an example, and the
// Makefile's commands include it.
func TestAdaptersAreComplete(t *testing.T) {
	text, found := readme(t), 0
	makefile := document(t, "Makefile")
	list := strings.Fields(regexp.MustCompile(`(?m)^ADAPTERS *= (.*)$`).FindString(makefile))
	var mains strings.Builder
	for _, name := range frameworks {
		mains.WriteString(document(t, filepath.Join("examples", name, "main.go")))
	}
	for _, f := range functions(t, func(p string) bool { return !strings.HasSuffix(p, "_test.go") }) {
		if f.Recv != nil || f.Name.Name != "Handle" || strings.HasPrefix(f.dir, "examples") {
			continue
		}
		found++
		if !slices.Contains(list, "./"+f.dir) {
			t.Errorf("ADAPTERS in the Makefile lacks ./%s", f.dir)
		}
		if !regexp.MustCompile(`(?m)\b` + f.dir + "(`|\\.[A-Z]|$)").MatchString(text) {
			t.Errorf("README does not tell of %s", f.dir)
		}
		if !strings.Contains(mains.String(), "go-middleware/"+f.dir+`"`) {
			t.Errorf("no example in frameworks uses %s", f.dir)
		}
		if _, err := os.Stat(filepath.Join("..", f.dir, "allocs_test.go")); err != nil {
			t.Errorf("%s has no allocs_test.go: copy that of another adapter", f.dir)
		}
	}
	if found < 6 {
		t.Errorf("only %d adapters were found", found)
	}
}

// The table of routes names every route, and no other.
func TestEveryRouteIsDocumented(t *testing.T) {
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	app, err := web.NewApp(client, web.Webhooks(), web.InsecureCookies(), web.OIDCLogin(anyProvider{}), web.OIDCLogout("https://app.example.com/"))
	if err != nil {
		t.Fatal(err)
	}
	text, there := document(t, "core/web/ROUTES.md"), map[string]bool{}
	for _, r := range app.Routes() {
		there[r.Method+" "+r.Path] = true
		if !strings.Contains(text, "`"+r.Method+" "+r.Path+"`") {
			t.Errorf("ROUTES.md does not tell of %s %s", r.Method, r.Path)
		}
	}
	for _, m := range regexp.MustCompile("`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`").FindAllStringSubmatch(text, -1) {
		if !there[m[1]] {
			t.Errorf("ROUTES.md tells of %s, which is not a route", m[1])
		}
	}
}

// anyProvider switches the routes of the login by OpenID Connect on.
type anyProvider struct{ core.OIDCProvider }

// README's table has the variables of the examples; a test of core holds it to those of
// the library.
func TestREADMEListsVariablesOfExamples(t *testing.T) {
	text, found := readme(t), 0
	name := regexp.MustCompile(`(?:Getenv\(|LookupEnv\(|webhookSecret = )"([A-Z_]+)"`)
	for _, pattern := range []string{"*/*.go", "internal/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range name.FindAllStringSubmatch(string(source), -1) {
				found++
				if !strings.Contains(text, "`"+m[1]+"`") {
					t.Errorf("README's table of variables does not have %s of %s", m[1], file)
				}
			}
		}
	}
	if found < 8 {
		t.Errorf("only %d variables were found", found)
	}
}

// The tests that SECURITY.md points to are there.
func TestSecurityPointsToTests(t *testing.T) {
	there := map[string]bool{}
	for _, f := range functions(t, func(p string) bool {
		return strings.HasSuffix(p, "_test.go") || strings.HasPrefix(p, "../core/adaptertest/")
	}) {
		there[f.Name.Name] = true
	}
	named := regexp.MustCompile("`((?:Test|Fuzz|test)[A-Z]\\w*)").FindAllStringSubmatch(document(t, "SECURITY.md"), -1)
	if len(named) < 15 {
		t.Errorf("SECURITY.md points to only %d tests", len(named))
	}
	for _, m := range named {
		if !there[m[1]] {
			t.Errorf("SECURITY.md points to %s, which is not there", m[1])
		}
	}
}

// What the documents link to is there, and so are the files that CONTRIBUTING names.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	file := regexp.MustCompile("`((?:core|examples|nethttp|ginlr|echolr|fiberlr|\\.ci)[a-z_/-]*(?:\\.[a-z]+)?)`")
	for _, name := range []string{
		"README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "OPERATIONS.md",
		"core/web/ROUTES.md", "core/redisstore/README.md", "core/jwt/README.md", "examples/README.md",
	} {
		text := document(t, name)
		paths := link.FindAllStringSubmatch(text, -1)
		if name == "CONTRIBUTING.md" {
			paths = append(paths, file.FindAllStringSubmatch(text, -1)...)
		}
		for _, m := range paths {
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: there is no %s", name, m[1])
			}
		}
	}
}

// Every Example compares its output, and drops no error: the last result of a call is not
// assigned to the blank identifier.
func TestExamplesCheckErrors(t *testing.T) {
	harmless := []string{"exampleSite", "Header", "Cut"} // their last result is not an error
	found := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, example := range doc.Examples(file) {
			found++
			if example.Output == "" {
				t.Errorf("%s: Example%s compares no output", path, example.Name)
			}
			ast.Inspect(example.Code, func(n ast.Node) bool {
				assignment, ok := n.(*ast.AssignStmt)
				if !ok {
					return true
				}
				last, _ := assignment.Lhs[len(assignment.Lhs)-1].(*ast.Ident)
				call, _ := assignment.Rhs[0].(*ast.CallExpr)
				if last == nil || last.Name != "_" || call == nil {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if !slices.Contains(harmless, name) {
					t.Errorf("%s: Example%s drops the last result of %s", files.Position(n.Pos()), example.Name, name)
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 60 {
		t.Errorf("only %d examples were found", found)
	}
}

// hardTurns are turns of phrase that made readers stumble. CONTRIBUTING has the rule.
var hardTurns = regexp.MustCompile(`(?i)\b(whose|nobody|as ever|but by|but for|also if|aboard|(?:on|off)?board(?:s|ed|ing)?|fl(?:y|ies|ights?)|` +
	`turning|troubles?|troubled|quietly|level in time|it is for|for want of|knows? no|comes? of it|came of|is no word on|doubtful|` +
	`goroutines? of ours|tokens? of theirs|those who|for whom|what is none|if it is none|that is none|none is an empty list|to its word)\b|` +
	`of the (?:application|service|site|user|caller|emulator|framework)'s own`)

// proseOf returns what a line of a file says to a reader: of source code the comments and
// the texts in quotation marks, of other files all of it.
func proseOf(path, line string) string {
	switch filepath.Ext(path) {
	case ".go", ".ts", ".js":
		if code, comment, found := strings.Cut(line, "// "); found && strings.Count(code, `"`)%2 == 0 {
			return strings.Join(quoted.FindAllString(code, -1), " ") + " " + comment
		}
		return strings.Join(quoted.FindAllString(line, -1), " ")
	}
	return line
}

// quoted is a text of several words.
var quoted = regexp.MustCompile(`"[^"@/]* [^"@/]*"`)

// isProse reports whether people read a file: documents, source code, pages and scripts.
func isProse(path string) bool {
	switch filepath.Ext(path) {
	case ".go", ".md", ".html", ".css", ".js", ".ts", ".yml", ".yaml", ".sh":
		return true
	}
	return filepath.Base(path) == "Makefile" || strings.Contains(filepath.ToSlash(path), "/.ci/")
}

// Comments, messages, documents and pages are in plain English.
func TestPlainEnglish(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.IsDir() || !isProse(path):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			if strings.HasSuffix(path, "documents_test.go") {
				break // it has the list
			}
			if turn := hardTurns.FindString(proseOf(path, line)); turn != "" {
				t.Errorf("%s:%d: say it without %q", path, n, turn)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 200 {
		t.Errorf("only %d files were read", files)
	}
}
