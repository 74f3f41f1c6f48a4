package core_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The house's rule of who may import whom, for everything but tests.
func TestImports(t *testing.T) {
	const module = "github.com/loginradius-contrib/go-middleware/"
	allowed := map[string][]string{
		"core":             {},
		"core/web":         {"core"},
		"core/emulator":    {"core"},
		"core/adaptertest": {"core", "core/web", "core/emulator"},
		"nethttp":          {"core", "core/web"},
		"ginlr":            {"core", "core/web"},
		"echolr":           {"core", "core/web"},
		"fiberlr":          {"core", "core/web"},
	}
	third := map[string][]string{
		"core":             {"github.com/hashicorp/golang-lru/v2", "github.com/cenkalti/backoff/v5", "golang.org/x/sync", "golang.org/x/time"},
		"core/web":         {},
		"core/emulator":    {"github.com/hashicorp/golang-lru/v2", "golang.org/x/crypto"},
		"core/adaptertest": {"github.com/getkin/kin-openapi", "github.com/coder/websocket"},
		"nethttp":          {},
		"ginlr":            {"github.com/gin-gonic/gin"},
		"echolr":           {"github.com/labstack/echo/v4"},
		"fiberlr":          {"github.com/gofiber/fiber/v2"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], module)
		if _, ok := allowed[pkg]; !ok {
			if !strings.HasPrefix(pkg, "examples") {
				t.Errorf("%s is not in the map of the house: add it to allowed and third in this file, and to the table in CONTRIBUTING.md", pkg)
			}
			continue
		}
		seen++
		for _, imported := range words[1:] {
			if own, ok := strings.CutPrefix(imported, module); ok {
				if !slices.Contains(allowed[pkg], own) {
					t.Errorf("%s imports %s, which the map of the house does not allow: see allowed in this file, and the table in CONTRIBUTING.md", pkg, own)
				}
				continue
			}
			isThird := strings.Contains(strings.Split(imported, "/")[0], ".")
			if isThird && !slices.ContainsFunc(third[pkg], func(p string) bool { return imported == p || strings.HasPrefix(imported, p+"/") }) {
				t.Errorf("%s imports %s: if it should, add that to third in this file, and to the table in CONTRIBUTING.md", pkg, imported)
			}
		}
	}
	if seen < 7 {
		t.Errorf("only %d packages were looked at", seen)
	}
}
