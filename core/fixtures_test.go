package core_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A fixture holds one method to what the vendor's SDK sends for it. The name of its
// file is the SDK's name of the operation, or ours where the SDK lacks it.
type fixture struct {
	Name      string `json:"-"`
	Operation string `json:"operation"`     // e.g. "Authentication.LoginByEmail"
	SDK       string `json:"sdk,omitempty"` // the name in the vendor's SDKs
	Source    string `json:"source"`        // where the requests come from
	// Optional are arguments that Minimal has and that are not required, with the reason.
	Optional map[string]string `json:"optional,omitempty"`
	// LeavesSessions says why cached sessions of the account stay although the operation
	// changes something.
	LeavesSessions string `json:"leaves_sessions,omitempty"`
	// Minimal has the required arguments only, Full all of them.
	Minimal recording       `json:"minimal"`
	Full    recording       `json:"full"`
	Answer  json.RawMessage `json:"answer"` // documented; null where nothing is
}

// A recording is a call of our method and the request that the SDK sends for it.
type recording struct {
	Args     []json.RawMessage `json:"args"`                     // after the context
	Implicit []string          `json:"implicit_query,omitempty"` // sent by the SDK although it was not asked for
	Request  recordedRequest   `json:"request"`
}

type recordedRequest struct {
	Method  string            `json:"method"`
	Host    string            `json:"host,omitempty"` // where it is not the API's
	Path    string            `json:"path"`
	Query   map[string]string `json:"query"`
	Headers map[string]string `json:"headers"`
	Body    any               `json:"body"`
}

// empty reports whether the request has no content.
func (r recordedRequest) empty() bool {
	m, ok := r.Body.(map[string]any)
	return r.Body == nil || ok && len(m) == 0
}

// answer returns an answer that the operation takes for a success.
func (f fixture) answer() []byte {
	if len(f.Answer) == 0 || string(f.Answer) == "null" {
		return []byte(`{"access_token":"new-token"}`)
	}
	return f.Answer
}

// variants returns both recordings by their names.
func (f fixture) variants() map[string]recording {
	return map[string]recording{"minimal": f.Minimal, "full": f.Full}
}

// fixtures returns every fixture, ordered by name.
func fixtures(t testing.TB) []fixture {
	t.Helper()
	all, err := readFixtures()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var readFixtures = sync.OnceValues(func() (out []fixture, err error) {
	names, err := filepath.Glob("testdata/ops/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f := fixture{Name: strings.TrimSuffix(filepath.Base(name), ".json")}
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, f)
	}
	return out, nil
})

func fixtureOf(t testing.TB, name string) fixture {
	t.Helper()
	for _, f := range fixtures(t) {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("there is no testdata/ops/%s.json", name)
	return fixture{}
}

func load[T any](t testing.TB, name string) T {
	t.Helper()
	var v T
	raw, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// methodOf returns the method of a client that "Service.Method" names.
func methodOf(c *core.Client, operation string) (reflect.Value, error) {
	service, name, _ := strings.Cut(operation, ".")
	field := reflect.ValueOf(c).Elem().FieldByName(service)
	if !field.IsValid() {
		return reflect.Value{}, fmt.Errorf("there is no service %s", service)
	}
	m := field.MethodByName(name)
	if !m.IsValid() {
		return reflect.Value{}, fmt.Errorf("there is no method %s", operation)
	}
	return m, nil
}

// arguments decodes the arguments of a method, without the context.
func arguments(m reflect.Value, args []json.RawMessage) ([]reflect.Value, error) {
	if m.Type().NumIn()-1 != len(args) {
		return nil, fmt.Errorf("%d arguments for %s", len(args), m.Type())
	}
	var out []reflect.Value
	for i, raw := range args {
		v := reflect.New(m.Type().In(i + 1))
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(v.Interface()); err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		out = append(out, v.Elem())
	}
	return out, nil
}

// invoke calls the method of an operation. The result is nil for a method that returns
// an error alone.
func invoke(ctx context.Context, c *core.Client, operation string, args []json.RawMessage) (any, error) {
	m, err := methodOf(c, operation)
	if err != nil {
		return nil, err
	}
	in, err := arguments(m, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	return invokeWith(ctx, m, in)
}

func invokeWith(ctx context.Context, m reflect.Value, in []reflect.Value) (any, error) {
	out := m.Call(append([]reflect.Value{reflect.ValueOf(ctx)}, in...))
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	if len(out) == 1 {
		return nil, err
	}
	return out[0].Interface(), err
}
