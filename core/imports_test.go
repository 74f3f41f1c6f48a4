package core_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const rootModule = "github.com/loginradius-contrib/go-middleware"

// importTable says what each package outside examples may import besides the standard
// library, without its tests: packages of this repository and modules of others.
const importTable = `
core: core/internal/sessions github.com/hashicorp/golang-lru/v2 github.com/cenkalti/backoff/v5 golang.org/x/sync
core/internal/sessions: github.com/hashicorp/golang-lru/v2
core/internal/gen:
core/internal/authenticator:
core/jwt: core github.com/go-jose/go-jose/v4 github.com/coreos/go-oidc/v3 golang.org/x/oauth2
core/web: core rsc.io/qr github.com/hashicorp/golang-lru/v2
core/emulator: core github.com/go-jose/go-jose/v4 github.com/go-webauthn/webauthn github.com/hashicorp/golang-lru/v2 github.com/pquerna/otp golang.org/x/crypto
core/web/phone: github.com/nyaruka/phonenumbers
core/adaptertest: core core/internal/authenticator core/web core/emulator github.com/getkin/kin-openapi github.com/coder/websocket
core/sharedtest: core
core/sharedtest/redisserver:
core/redisstore: core github.com/redis/go-redis/v9
core/otellr: core go.opentelemetry.io/otel
core/grpclr: core core/web google.golang.org/grpc google.golang.org/protobuf google.golang.org/genproto/googleapis/rpc
core/connectlr: core core/web connectrpc.com/connect google.golang.org/protobuf google.golang.org/genproto/googleapis/rpc
nethttp: core core/web
ginlr: core core/web github.com/gin-gonic/gin
echolr: core core/web github.com/labstack/echo/v4
echolr/v5: core core/web github.com/labstack/echo/v5
fiberlr: core core/web fiberlr/internal/fasthttpview github.com/gofiber/fiber/v2
fiberlr/v3: core core/web fiberlr/internal/fasthttpview github.com/gofiber/fiber/v3
fiberlr/internal/fasthttpview: core/web github.com/valyala/fasthttp
`

// importRule says what a package may import.
type importRule struct {
	own   []string // packages of this repository
	third []string // modules of others
}

func importRules(t *testing.T) map[string]importRule {
	t.Helper()
	rules := map[string]importRule{}
	for line := range strings.Lines(strings.TrimSpace(importTable)) {
		pkg, imports, ok := strings.Cut(line, ":")
		if _, twice := rules[pkg]; !ok || twice {
			t.Fatalf("importTable: the line %q is unusable or repeated", line)
		}
		var rule importRule
		for imported := range strings.FieldsSeq(imports) {
			if isStandard(imported) {
				rule.own = append(rule.own, imported)
			} else {
				rule.third = append(rule.third, imported)
			}
		}
		rules[pkg] = rule
	}
	return rules
}

// isStandard reports whether the path has no host, as in the standard library.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// nestedOnly are modules that the root module must not require: most users have no
// use for them, so that only nested modules do.
var nestedOnly = []string{
	"github.com/redis/go-redis/v9", "go.opentelemetry.io/otel", "google.golang.org/grpc",
	"connectrpc.com/connect", "github.com/labstack/echo/v5", "github.com/gofiber/fiber/v3",
}

// goModule is the part of `go mod edit -json` that the tests read.
type goModule struct {
	Module  struct{ Path string }
	Go      string
	Require []struct{ Path, Version string }
	Replace []struct{ Old, New struct{ Path string } }
}

// readJSON runs the go command in a folder and decodes what it prints.
func readJSON(t *testing.T, dir string, into any, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
}

// workspace returns the folders of go.work's modules, relative to the root.
func workspace(t *testing.T) (dirs []string) {
	t.Helper()
	var work struct{ Use []struct{ DiskPath string } }
	readJSON(t, "..", &work, "work", "edit", "-json", "go.work")
	for _, u := range work.Use {
		dirs = append(dirs, path.Clean(u.DiskPath))
	}
	return dirs
}

func TestImports(t *testing.T) {
	rules := importRules(t)
	seen := map[string]bool{}
	for _, dir := range workspace(t) {
		cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
		cmd.Dir = filepath.Join("..", dir)
		cmd.Env = append(os.Environ(), "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: go list: %v\n%s", dir, err, out)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
			words := strings.Fields(line)
			pkg := strings.TrimPrefix(words[0], rootModule+"/")
			if pkg == "examples" || strings.HasPrefix(pkg, "examples/") {
				continue
			}
			rule, ok := rules[pkg]
			if !ok {
				t.Errorf("%s has no line: add one to importTable in this file, and the package to the table in CONTRIBUTING.md", pkg)
				continue
			}
			seen[pkg] = true
			for _, imported := range words[1:] {
				if !rule.allows(imported) {
					t.Errorf("%s imports %s: if it should, add that to importTable in this file, and to the table in CONTRIBUTING.md", pkg, imported)
				}
			}
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(rules)) {
		if !seen[pkg] {
			t.Errorf("importTable has %s, which no module of go.work holds", pkg)
		}
	}
}

func (r importRule) allows(imported string) bool {
	if own, ok := strings.CutPrefix(imported, rootModule+"/"); ok {
		return slices.Contains(r.own, own)
	}
	return isStandard(imported) ||
		slices.ContainsFunc(r.third, func(m string) bool { return imported == m || strings.HasPrefix(imported, m+"/") })
}

// go.work lists every module of the repository. A nested module is named after its
// folder and builds with the code around it, also with GOWORK=off.
func TestModules(t *testing.T) {
	dirs := workspace(t)
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var rootMod goModule
	readJSON(t, root, &rootMod, "mod", "edit", "-json")
	for _, r := range rootMod.Require {
		if slices.ContainsFunc(nestedOnly, func(m string) bool { return r.Path == m || strings.HasPrefix(r.Path, m+"/") }) {
			t.Errorf("the root module requires %s, which belongs into a nested module", r.Path)
		}
	}
	found := 0
	err = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"node_modules", "testdata", ".git"}, entry.Name()) {
			return filepath.SkipDir
		}
		if entry.Name() != "go.mod" {
			return nil
		}
		found++
		rel, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(rel)
		if !slices.Contains(dirs, dir) {
			t.Errorf("go.work does not use %s", dir)
		}
		if dir != "." {
			checkNested(t, filepath.Dir(file), dir, rootMod.Go)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != len(dirs) {
		t.Errorf("go.work uses %d folders, the repository has %d modules", len(dirs), found)
	}
}

func checkNested(t *testing.T, abs, dir, goVersion string) {
	t.Helper()
	var mod goModule
	readJSON(t, abs, &mod, "mod", "edit", "-json")
	if want := rootModule + "/" + dir; mod.Module.Path != want {
		t.Errorf("%s/go.mod names the module %s, want %s", dir, mod.Module.Path, want)
	}
	if mod.Go != goVersion {
		t.Errorf("%s/go.mod asks for go %s, the root module for go %s", dir, mod.Go, goVersion)
	}
	replaced := map[string]string{}
	for _, r := range mod.Replace {
		replaced[r.Old.Path] = r.New.Path
	}
	for _, r := range mod.Require {
		own, ok := strings.CutPrefix(r.Path, rootModule)
		if !ok {
			continue
		}
		want, err := filepath.Rel(filepath.FromSlash(dir), filepath.FromSlash("."+own))
		if err != nil {
			t.Fatal(err)
		}
		if got := replaced[r.Path]; got != filepath.ToSlash(want) {
			t.Errorf("%s/go.mod replaces %s by %q, want %q", dir, r.Path, got, filepath.ToSlash(want))
		}
	}
}
