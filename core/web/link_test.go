package web_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A program without pages must not link html/template: it calls methods by name, and
// the linker then keeps every exported method of the program, several megabytes of them.
func TestRoutesLinkNoTemplates(t *testing.T) {
	for option, want := range map[string]bool{"": false, ", web.InsecureCookies(), web.WithPages()": true} {
		dir := t.TempDir()
		source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
		program := `package main

import (
	"net/http"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

var _ web.View

func main() {
	client, err := core.New(core.Config{})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", client` + option + `); err != nil {
		panic(err)
	}
	panic(http.ListenAndServe("127.0.0.1:0", nethttp.RequireLogin(client)(mux)))
}
`
		if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, source).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		symbols, err := exec.CommandContext(t.Context(), "go", "tool", "nm", binary).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(symbols), "text/template.(*state)."); got != want {
			t.Errorf("with options %q templates are linked: %v, want %v", option, got, want)
		}
	}
}
