package web_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/web"
)

// offline returns a client without a service.
func offline(tb testing.TB) *core.Client {
	tb.Helper()
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", BaseURL: "http://127.0.0.1:1"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// document returns the OpenAPI document of the routes as they are mounted below
// prefix, checked by a library that knows OpenAPI 3.1.
func document(t *testing.T, prefix string, opts ...web.RouteOption) *openapi3.T {
	t.Helper()
	app, err := web.NewApp(offline(t), opts...)
	if err != nil {
		t.Fatal(err)
	}
	route, err := app.Route(web.RouteOpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	res := route.Serve(web.HTTPView(httptest.NewRequest("GET", prefix+route.Path, nil)))
	doc, err := openapi3.NewLoader().LoadFromData(res.Body)
	if err == nil {
		err = doc.Validate(context.Background())
	}
	if err != nil {
		t.Fatalf("%v in %s", err, res.Body)
	}
	return doc
}

func TestOpenAPINamesWhatIsMounted(t *testing.T) {
	doc := document(t, "/auth")
	var names []web.RouteName
	for _, path := range doc.Paths.Keys() {
		for _, op := range doc.Paths.Value(path).Operations() {
			names = append(names, web.RouteName(op.OperationID))
		}
	}
	for _, name := range web.RouteNames() {
		if !slices.Contains(names, name) {
			t.Errorf("the document lacks the route %s: is there another with its method and path?", name)
		}
	}
	if n := len(web.RouteNames()); len(names) != n || n == 0 {
		t.Errorf("the document has %d operations for %d routes: %v", len(names), n, names)
	}
	if doc.OpenAPI != "3.1.0" || doc.Servers[0].URL != "/auth" {
		t.Errorf("OpenAPI %s at %s", doc.OpenAPI, doc.Servers[0].URL)
	}

	doc = document(t, "", web.Only("login", "openapi"), web.At("login", "/enter"), web.At("openapi", "/docs/api.json"))
	if keys := doc.Paths.Keys(); len(keys) != 2 || doc.Paths.Value("/enter").Post == nil || doc.Paths.Value("/docs/api.json").Get == nil {
		t.Errorf("with Only and At: %v", keys)
	}
	if doc.Servers[0].URL != "../" {
		t.Errorf("behind a router that strips the prefix the routes are at %q", doc.Servers[0].URL)
	}
	if u := document(t, "").Servers[0].URL; u != "." {
		t.Errorf("behind a router that strips the prefix the routes are at %q", u)
	}
}

func TestOpenAPISecurity(t *testing.T) {
	doc := document(t, "/auth", web.TokensFrom(web.TokenHeader("X-Token"), web.TokenQuery("t"), web.TokenQuery("u")), web.Cookies())
	for name, want := range map[string][2]string{"header": {"header", "X-Token"}, "query": {"query", "t"}, "query2": {"query", "u"}, "cookie": {"cookie", "__Host-lr_access"}} {
		scheme := doc.Components.SecuritySchemes[name]
		if scheme == nil || scheme.Value.Type != "apiKey" || scheme.Value.In != want[0] || scheme.Value.Name != want[1] {
			t.Errorf("%s: %+v", name, scheme)
		}
	}
	if me := doc.Paths.Value("/me").Get.Security; me == nil || len(*me) != 4 {
		t.Errorf("GET /me asks for %v", me)
	}
	if logout := doc.Paths.Value("/logout").Post.Security; logout == nil || len((*logout)[len(*logout)-1]) != 0 {
		t.Errorf("POST /logout insists on a token: %v", logout)
	}
	if login := doc.Paths.Value("/login").Post; login.Security != nil || login.Responses.Status(403) == nil {
		t.Errorf("POST /login: %v", login)
	}
	session := doc.Components.Schemas["Session"].Value
	if session.Properties["access_token"] != nil || session.Properties["user"] == nil {
		t.Error("in cookie mode the tokens are not in the body")
	}
	doc = document(t, "/auth")
	if s := doc.Components.SecuritySchemes["bearer"]; s == nil || s.Value.Type != "http" || s.Value.Scheme != "bearer" {
		t.Errorf("bearer: %+v", s)
	}
	if session = doc.Components.Schemas["Session"].Value; !slices.Contains(session.Required, "access_token") {
		t.Errorf("a session requires %v", session.Required)
	}
}

func TestOpenAPIBodies(t *testing.T) {
	doc := document(t, "/auth", web.CustomFields("plan"), web.RegistrationFields("company"), web.ProfileFields("nick_name"))
	const form = "application/x-www-form-urlencoded"
	schema := func(path, method, kind string) *openapi3.Schema {
		t.Helper()
		body := doc.Paths.Value(path).GetOperation(method).RequestBody
		if body == nil || body.Value.Content[kind] == nil {
			t.Fatalf("%s %s has no body of type %s", method, path, kind)
		}
		return body.Value.Content[kind].Schema.Value
	}
	for _, kind := range []string{"application/json", form} {
		s := schema("/register", "POST", kind)
		if !slices.Equal(s.Required, []string{"password"}) || len(s.AllOf) != 1 || s.Properties["company"] == nil || *s.Properties["email"].Value.MaxLength != 4096 {
			t.Errorf("register as %s: %v", kind, s)
		}
		// A form names the items of a list with dots, which a schema of fixed names cannot say.
		if open := s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has; open != (kind == form) {
			t.Errorf("register as %s: takes other fields is %v", kind, open)
		}
		if s := schema("/login", "POST", kind); s.AdditionalProperties.Has == nil || *s.AdditionalProperties.Has {
			t.Errorf("login as %s takes anything", kind)
		}
		if n := len(schema("/login", "POST", kind).OneOf); n != 3 {
			t.Errorf("login as %s has %d ways", kind, n)
		}
		if n := len(schema("/password/reset", "POST", kind).OneOf); n != map[string]int{"application/json": 8, form: 0}[kind] { // by token, code or otp for two names, or answers for three
			t.Errorf("reset as %s has %d ways", kind, n)
		}
		if s := schema("/me", "PATCH", kind); s.Properties["nick_name"] == nil || s.Properties["first_name"] != nil {
			t.Errorf("PATCH /me as %s: %v", kind, s.Properties)
		}
	}
	if s := schema("/register", "POST", "application/json").Properties["custom_fields"]; s == nil || s.Value.Properties["plan"] == nil {
		t.Errorf("custom fields in JSON: %v", s)
	}
	if s := schema("/register", "POST", form); s.Properties["custom_fields.plan"] == nil || s.Properties["custom_fields"] != nil {
		t.Errorf("custom fields in a form: %v", s.Properties)
	}
}

func TestOpenAPIKnowsWhatIsTheApplications(t *testing.T) {
	doc := document(t, "/auth",
		web.Replace("login", func(context.Context, *web.Request) (*web.Response, error) { return web.Empty(204), nil }),
		web.ErrorResponse(func(web.View, *web.Problem) *web.Response { return web.Empty(0) }))
	if login := doc.Paths.Value("/login").Post; login.RequestBody != nil || login.Responses.Default() == nil || login.Responses.Len() != 1 {
		t.Errorf("a replaced route: %v", login)
	}
	if r := doc.Paths.Value("/me").Get.Responses.Status(401); r == nil || r.Value.Content != nil {
		t.Errorf("a failure in the application's own form: %v", r)
	}
	if r := document(t, "/auth").Paths.Value("/me").Get.Responses.Status(401); r == nil || r.Value.Content["application/problem+json"] == nil {
		t.Errorf("a failure: %v", r)
	}
}
