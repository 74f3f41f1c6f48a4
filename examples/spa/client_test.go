package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

var update = flag.Bool("update", false, "write client/api.d.ts and static/*.js anew")

// npm returns the path of a program that `make deps` installs. Without it the test
// skips; with CI set that is a failure.
func npm(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "npm", "node_modules", ".bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" || *update {
			t.Fatalf("there is no %s: run make deps", name)
		}
		t.Skipf("there is no %s: run make deps", name)
	}
	return path
}

// npmRun runs a program of npm in the folder of the client.
func npmRun(t *testing.T, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), npm(t, name), args...)
	cmd.Dir = "client"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// same compares a generated file with the one in the repository, or writes it.
func same(t *testing.T, generated, name string) {
	t.Helper()
	got, err := os.ReadFile(generated)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what its source says: run make client", name)
	}
}

// description returns the OpenAPI document of this example's routes as the client needs
// it: bodies in JSON only, and all failures of an operation as one.
func description(t *testing.T) []byte {
	t.Helper()
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", client, options(web.Links(web.MailLinks{}))...); err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/auth/openapi.json", http.NoBody))
	var document map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &document); err != nil {
		t.Fatalf("%d: %v", answer.Code, err)
	}
	paths, _ := document["paths"].(map[string]any)
	if len(paths) < 50 {
		t.Fatalf("the document has only %d paths", len(paths))
	}
	for _, methods := range paths {
		for _, operation := range methods.(map[string]any) {
			simplify(operation.(map[string]any))
		}
	}
	out, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func simplify(operation map[string]any) {
	if body, ok := operation["requestBody"].(map[string]any); ok {
		delete(body["content"].(map[string]any), "application/x-www-form-urlencoded")
	}
	responses := operation["responses"].(map[string]any)
	var codes []string
	for status, response := range responses {
		if status < "400" {
			continue
		}
		delete(responses, status)
		text, _ := json.Marshal(response)
		var failure struct {
			Content map[string]struct {
				Schema struct {
					AllOf []struct {
						Properties struct{ Code struct{ Enum []string } }
					}
				}
			}
		}
		_ = json.Unmarshal(text, &failure)
		for _, part := range failure.Content["application/problem+json"].Schema.AllOf {
			codes = append(codes, part.Properties.Code.Enum...)
		}
	}
	slices.Sort(codes)
	responses["default"] = map[string]any{
		"description": "A problem",
		"content": map[string]any{"application/problem+json": map[string]any{"schema": map[string]any{"allOf": []any{
			map[string]any{"$ref": "#/components/schemas/Problem"},
			map[string]any{"type": "object", "properties": map[string]any{"code": map[string]any{"type": "string", "enum": slices.Compact(codes)}}},
		}}}},
	}
}

// The client's types are those of the OpenAPI document, its scripts are what the
// compiler makes of its sources, and wrong calls do not compile.
func TestClient(t *testing.T) {
	dir := t.TempDir()
	document, types := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "api.d.ts")
	if err := os.WriteFile(document, description(t), 0o600); err != nil {
		t.Fatal(err)
	}
	npmRun(t, "openapi-typescript", document, "--output", types)
	same(t, types, filepath.Join("client", "api.d.ts"))
	npmRun(t, "tsc", "--project", "tsconfig.check.json")
	npmRun(t, "tsc", "--outDir", dir)
	for _, script := range []string{"app.js", "client.js", "factor.js", "passkey.js"} {
		same(t, filepath.Join(dir, script), filepath.Join("static", script))
	}
}
