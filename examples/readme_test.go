package examples_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a snippet of README may use without saying where it comes from.
var (
	snippetImports = map[string]string{
		"chi":     "github.com/go-chi/chi/v5",
		"context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "json": "encoding/json", "log": "log", "os": "os", "slog": "log/slog",
		"testing": "testing", "time": "time", "template": "html/template",
		"gin": "github.com/gin-gonic/gin", "echo": "github.com/labstack/echo/v4", "fiber": "github.com/gofiber/fiber/v2",
		"core": module, "web": module + "/web", "emulator": module + "/emulator", "adaptertest": module + "/adaptertest", "jwt": module + "/jwt",
		"nethttp": repository + "/nethttp", "ginlr": repository + "/ginlr", "echolr": repository + "/echolr", "fiberlr": repository + "/fiberlr",
	}
	snippetParameters = `ctx context.Context, t *testing.T, client *core.Client, key, secret, email, password string, w http.ResponseWriter, req *http.Request, r *gin.Engine, mux *http.ServeMux, e *echo.Echo, app *fiber.App`
	goBlock           = regexp.MustCompile("(?ms)^```go\n(.*?)^```")
	goRun             = regexp.MustCompile(`go run \./examples/([a-z0-9-]+)`)
)

const (
	repository = "github.com/loginradius-contrib/go-middleware"
	module     = repository + "/core"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// program makes a file of a snippet, which is one already or the inside of a function.
func program(snippet string) string {
	if strings.HasPrefix(snippet, "package ") {
		return snippet
	}
	var imports strings.Builder
	for name, path := range snippetImports {
		if regexp.MustCompile(`\b` + name + `\.`).MatchString(snippet + snippetParameters) {
			fmt.Fprintf(&imports, "\t%s %q\n", name, path)
		}
	}
	return "package snippet\n\nimport (\n" + imports.String() + ")\n\nfunc snippet(" + snippetParameters + ") error {\n{\n" + snippet + "\n}\nreturn nil\n}\n"
}

// Every Go block of README and of the pages that it leads to compiles. That a snippet leaves a variable unused is the
// only thing forgiven; an import is this test's own, made for a name in a comment.
func TestREADMESnippetsCompile(t *testing.T) {
	blocks := goBlock.FindAllStringSubmatch(readme(t)+document(t, "core/web/ROUTES.md")+document(t, "core/jwt/README.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("README has no Go block")
	}
	for i, block := range blocks {
		if complaints := compile(t, program(block[1])); complaints != "" {
			t.Errorf("block %d:\n%s\n%s", i+1, block[1], complaints)
		}
		if formatted, err := format.Source([]byte(block[1])); err != nil || string(formatted) != block[1] {
			t.Errorf("block %d is not as gofmt has it:\n%s", i+1, formatted)
		}
	}
	if compile(t, program("client.NoSuchMethod()")) == "" {
		t.Error("a wrong snippet compiles: this test shows nothing")
	}
}

// compile builds a file as if it were in this module.
func compile(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	here, err := filepath.Abs("readme-snippet")
	if err != nil {
		t.Fatal(err)
	}
	file, overlay := filepath.Join(dir, "snippet.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "snippet.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{file: source, overlay: string(replace)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("go", "build", "-gcflags=-e", "-overlay", overlay, "-o", os.DevNull, "./readme-snippet").CombinedOutput()
	if err == nil {
		return ""
	}
	var complaints []string
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "declared and not used") && !strings.Contains(line, "imported and not used") {
			complaints = append(complaints, line)
		}
	}
	return strings.Join(complaints, "\n")
}

// Every program that README tells to run is there and builds.
func TestREADMECommands(t *testing.T) {
	commands := goRun.FindAllStringSubmatch(readme(t)+document(t, "examples/README.md"), -1)
	if len(commands) == 0 {
		t.Fatal("README runs no example")
	}
	for _, command := range commands {
		build(t, command[1])
	}
}
