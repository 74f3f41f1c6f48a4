package emulator

import (
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func quiet() Option { return WithLogger(slog.New(slog.DiscardHandler)) }

// Two routes with one method and path must differ in a condition, or the later one
// is never reached; and the one without a condition must be the last.
func TestNoTwoRoutesAlike(t *testing.T) {
	if problems := alike(New(quiet()).routes.all); len(problems) > 0 {
		t.Error(strings.Join(problems, "\n"))
	}
	twice := []route{keyRoute("a", "GET", "x/{one}", nil), keyRoute("b", "GET", "x/{two}", nil)}
	late := []route{keyRoute("a", "GET", "x", nil), keyRoute("b", "GET", "x", nil).when(hasBody("k"))}
	same := []route{keyRoute("a", "GET", "x", nil).when(hasBody("k")), keyRoute("b", "GET", "x", nil).when(hasBody("k"))}
	apart := []route{keyRoute("a", "GET", "x", nil).when(hasBody("k")), keyRoute("b", "GET", "x", nil), keyRoute("c", "PUT", "x", nil)}
	for _, bad := range [][]route{twice, late, same} {
		if len(alike(newRouter(bad).all)) == 0 {
			t.Errorf("the check accepts %s and %s", bad[0].operation, bad[1].operation)
		}
	}
	if problems := alike(newRouter(apart).all); len(problems) > 0 {
		t.Error(problems)
	}
}

var parameters = regexp.MustCompile(`\{\w+\}`)

func alike(routes []*route) (problems []string) {
	seen := map[string]map[string]string{} // method and path → condition → operation
	for _, r := range routes {
		place := r.method + " " + parameters.ReplaceAllString(r.path, "{}")
		condition := ""
		if r.condition != nil {
			condition = r.condition.name
		}
		if seen[place] == nil {
			seen[place] = map[string]string{}
		}
		if other, ok := seen[place][condition]; ok {
			problems = append(problems, r.operation+" is hidden by "+other+": "+place+" "+condition)
		}
		if other, ok := seen[place][""]; ok && condition != "" {
			problems = append(problems, r.operation+" is hidden by "+other+", which has no condition: "+place)
		}
		seen[place][condition] = r.operation
	}
	return problems
}

func TestRoutesAreWellFormed(t *testing.T) {
	for _, r := range New(quiet()).routes.all {
		plain := strings.ToLower(parameters.ReplaceAllString(r.path, "x"))
		switch {
		case r.operation == "" || r.handle == nil || r.method == "":
			t.Errorf("%+v is not whole", r)
		case parameters.ReplaceAllString(r.path, "x") != plain || strings.Trim(plain, "/") != plain || strings.Contains(plain, "//"):
			t.Errorf("%s: the path %q must be in lower case, without slashes at the ends", r.operation, r.path)
		case r.managed && r.bearer:
			t.Errorf("%s: the account cannot come from both a token and a uid", r.operation)
		}
	}
}

func TestRouterPrefersLiterals(t *testing.T) {
	router := newRouter([]route{
		manageRoute("by_uid", "GET", "a/{uid}", nil),
		manageRoute("put_by_uid", "PUT", "a/{uid}", nil),
		manageRoute("deep", "GET", "a/{uid}/b/{id}", nil),
		manageRoute("identities", "GET", "a/identities", nil),
		manageRoute("with_key", "POST", "a", nil).when(hasBody("k")),
		manageRoute("without_key", "POST", "a", nil),
	})
	for _, tc := range []struct {
		method, path, operation string
		args                    map[string]string
		known                   bool
	}{
		{"GET", "/a/identities", "identities", nil, true},
		{"GET", "/A/Identities/", "identities", nil, true},
		{"GET", "/a/Some%2FOne", "by_uid", map[string]string{"uid": "Some/One"}, true},
		{"PUT", "/a/identities", "put_by_uid", map[string]string{"uid": "identities"}, true}, // no literal has the method
		{"GET", "/a/identities/b/2", "deep", map[string]string{"uid": "identities", "id": "2"}, true},
		{"POST", "/a", "without_key", nil, true},
		{"DELETE", "/a", "", nil, true},
		{"GET", "/a/1/b", "", nil, false},
		{"GET", "/a/%zz", "", nil, false},
		{"GET", "/", "", nil, false},
	} {
		r, args, known := router.find(&call{}, tc.method, tc.path)
		operation := ""
		if r != nil {
			operation = r.operation
		}
		if operation != tc.operation || known != tc.known || !maps.Equal(args, tc.args) {
			t.Errorf("%s %s: %q %v, known %v", tc.method, tc.path, operation, args, known)
		}
	}
	if r, _, _ := router.find(&call{body: map[string]any{"k": 1}}, "POST", "/a"); r.operation != "with_key" {
		t.Errorf("the condition holds: %s", r.operation)
	}
	operations := New(quiet()).Operations()
	if !slices.IsSorted(operations) || slices.Contains(operations, "") {
		t.Error("Operations is not a sorted list of names")
	}
}

// The path is split once; the cost does not grow with the number of routes.
func TestRouterCost(t *testing.T) {
	router := New(quiet()).routes
	c := &call{}
	if n := testing.AllocsPerRun(100, func() {
		router.find(c, "GET", "/identity/v2/manage/account/0123456789abcdef/password")
	}); n > 8 {
		t.Errorf("finding a route takes %v allocations", n)
	}
}
