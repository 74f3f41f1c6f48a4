package web_test

import (
	"os"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// The package documentation lists the routes that are mounted without options, and
// no other.
func TestDocumentationListsTheRoutes(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) == 4 && strings.HasPrefix(words[3], "/") {
			listed[strings.Join(words[1:], " ")] = true
		}
	}
	app, err := web.NewApp(offline(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range app.Routes() {
		entry := string(r.Name) + " " + r.Method + " " + r.Path
		if !listed[entry] {
			t.Errorf("doc.go does not list %s", entry)
		}
		delete(listed, entry)
	}
	for entry := range listed {
		t.Errorf("doc.go lists %s, which is not there", entry)
	}
}
