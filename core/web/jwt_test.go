package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// jwtSite is an emulator with applications, a client and a user.
type jwtSite struct {
	lr     *emulator.Server
	client *core.Client
	uid    string
	opaque string
	secret []byte
}

func newJWTSite(t *testing.T, more ...emulator.Option) jwtSite {
	t.Helper()
	s := jwtSite{secret: []byte("a secret of thirty-two bytes ...")}
	var err error
	s.lr, err = emulator.Start(append([]emulator.Option{
		emulator.WithLogger(quiet()), emulator.WithFrozenClock(time.Now()),
		emulator.WithJWTApp(emulator.JWTApp{Name: "app", Secret: string(s.secret)}),
		emulator.WithMachine(emulator.Machine{ClientID: "robot", ClientSecret: "robot-secret", Audiences: []string{"https://api.example.com"}, Scopes: []string{"orders:read"}}),
	}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.lr.Close() })
	if s.client, err = core.New(s.lr.Config()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.client.Close() })
	if s.uid, err = s.lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true, Roles: []string{"admin"}}); err != nil {
		t.Fatal(err)
	}
	if s.opaque, _, err = s.lr.IssueTokens(s.uid); err != nil {
		t.Fatal(err)
	}
	return s
}

// jwt returns a token of the JWT application.
func (s jwtSite) jwt(t *testing.T) string {
	t.Helper()
	got, err := s.client.JWT.ByAccessToken(t.Context(), core.JWTByAccessTokenRequest{App: "app", AccessToken: s.opaque})
	if err != nil {
		t.Fatal(err)
	}
	return got.Token
}

// machine returns a token of the machine.
func (s jwtSite) machine(t *testing.T) string {
	t.Helper()
	got, err := s.client.M2M.Token(t.Context(), core.M2MTokenRequest{ClientID: "robot", ClientSecret: "robot-secret", Audience: "https://api.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessToken
}

func (s jwtSite) appVerifier(t *testing.T) *jwt.Verifier {
	t.Helper()
	v, err := jwt.NewApp(jwt.AppConfig{Algorithm: "HS256", Secret: s.secret, Issuer: s.lr.URL() + "/", Clock: s.lr.Now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (s jwtSite) machineVerifier(t *testing.T) *jwt.Verifier {
	t.Helper()
	v, err := jwt.New(jwt.Config{Issuer: s.lr.URL() + "/service/oauth/", JWKSURL: s.lr.URL() + "/service/oauth/jwks", Audience: []string{"https://api.example.com"}, Clock: s.lr.Now})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ask(g *web.Guard, token string) (*core.Session, *web.Response) {
	return g.Check(web.HTTPView(get("/", "Authorization", "Bearer "+token)))
}

// Opaque tokens, tokens of a JWT application and tokens of machines pass one guard.
func TestAcceptJWT(t *testing.T) {
	s := newJWTSite(t)
	user, machine := s.jwt(t), s.machine(t)
	g := web.RequireLogin(s.client, web.AcceptJWT(s.appVerifier(t)), web.AcceptJWT(s.machineVerifier(t)))
	if err := g.Err(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ token, uid string }{
		"opaque": {s.opaque, s.uid}, "user": {user, s.uid}, "machine": {machine, "robot@client"},
	} {
		session, res := ask(g, c.token)
		if res != nil || session.UID() != c.uid {
			t.Errorf("%s: %v, %+v", name, session, res)
		}
	}
	before := len(s.lr.Requests())
	for range 10 {
		for _, token := range []string{s.opaque, user, machine} {
			if _, res := ask(g, token); res != nil {
				t.Fatalf("%s", res.Body)
			}
		}
	}
	if n := len(s.lr.Requests()) - before; n != 0 {
		t.Errorf("%d calls for cached tokens", n)
	}

	// Without the option a JWT is a token that LoginRadius does not know.
	if _, res := ask(web.RequireLogin(s.client), user); res == nil || res.Status != 401 {
		t.Errorf("without the option: %+v", res)
	}
	// Another guard's verifier decides by itself.
	if _, res := ask(web.RequireLogin(s.client, web.AcceptJWT(s.machineVerifier(t))), user); res == nil || res.Status != 401 {
		t.Errorf("a guard for machines: %+v", res)
	}
	forged := user[:strings.LastIndex(user, ".")+1] + strings.Repeat("A", 43)
	if _, res := ask(g, forged); res == nil || res.Status != 401 || !strings.Contains(res.Header.Get("Www-Authenticate"), `error="invalid_token"`) {
		t.Errorf("forged: %+v", res)
	}
	if err := web.RequireLogin(s.client, web.AcceptJWT(nil)).Err(); err == nil {
		t.Error("no verifier is accepted")
	}
}

func TestRequireScope(t *testing.T) {
	s := newJWTSite(t)
	machine := web.AcceptJWT(s.machineVerifier(t))
	token := s.machine(t)
	if _, res := ask(web.RequireLogin(s.client, machine, web.RequireScope("orders:read")), token); res != nil {
		t.Errorf("%d %s", res.Status, res.Body)
	}
	g := web.RequireLogin(s.client, machine, web.RequireScope("orders:read", "orders:write"))
	for name, token := range map[string]string{"one scope is missing": token, "an opaque token": s.opaque} {
		_, res := ask(g, token)
		if res == nil || res.Status != 403 || !strings.Contains(res.Header.Get("Www-Authenticate"), `error="insufficient_scope", scope="orders:read orders:write"`) {
			t.Errorf("%s: %+v", name, res)
			continue
		}
		var p web.Problem
		if err := json.Unmarshal(res.Body, &p); err != nil || p.Code != web.CodeMissingScope || !slices.Equal(p.Scopes, []string{"orders:read", "orders:write"}) {
			t.Errorf("%s: %s, %v", name, res.Body, err)
		}
	}
	for _, bad := range [][]string{nil, {""}, {"a b"}, {`a"b`}} {
		if web.RequireLogin(s.client, machine, web.RequireScope(bad...)).Err() == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if web.OptionalLogin(s.client, machine, web.RequireScope("a")).Err() == nil {
		t.Error("OptionalLogin accepts a required scope")
	}
}

// An outage of the keys is no verdict on anyone's token.
func TestJWTOutage(t *testing.T) {
	s := newJWTSite(t)
	token := s.machine(t)
	s.lr.Inject(emulator.ServerError(500).On("m2m_jwks"))
	g := web.RequireLogin(s.client, web.AcceptJWT(s.machineVerifier(t)), web.Logger(quiet()))
	if _, res := ask(g, token); res == nil || res.Status != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("%+v", res)
	}
}

// A logout ends a JWT here, although its signature stays good.
func TestJWTLogout(t *testing.T) {
	s := newJWTSite(t)
	token := s.jwt(t)
	accept := web.AcceptJWT(s.appVerifier(t))
	g := web.RequireLogin(s.client, accept)
	if _, res := ask(g, token); res != nil {
		t.Fatal(res)
	}
	route := single(t, s.client, web.RouteLogout, accept, web.Logger(quiet()))
	r := httptest.NewRequest("POST", "/logout", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	if res := route.Serve(web.HTTPView(r)); res.Status != 204 {
		t.Errorf("logout: %d %s", res.Status, res.Body)
	}
	if _, res := ask(g, token); res == nil || res.Status != 401 {
		t.Errorf("after the logout: %+v", res)
	}
}

// With the profile, roles count.
func TestJWTWithProfile(t *testing.T) {
	s := newJWTSite(t)
	token := s.jwt(t)
	admin := web.RequireRole("admin")
	if _, res := ask(web.RequireLogin(s.client, web.AcceptJWT(s.appVerifier(t)), admin), token); res == nil || res.Status != 403 {
		t.Errorf("without the profile: %+v", res)
	}
	if _, res := ask(web.RequireLogin(s.client, web.AcceptJWT(s.client.VerifierWithProfile(s.appVerifier(t))), admin), token); res != nil {
		t.Errorf("with the profile: %d %s", res.Status, res.Body)
	}
}

// Introspection is a third way for a guard: it sees what a local check cannot.
func TestIntrospectionInGuard(t *testing.T) {
	s := newJWTSite(t)
	token := s.machine(t)
	v, err := s.client.IntrospectionVerifier(core.IntrospectionConfig{ClientID: "robot", ClientSecret: "robot-secret", Audience: []string{"https://api.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	g := web.RequireLogin(s.client, web.AcceptJWT(v), web.RequireScope("orders:read"))
	for range 3 {
		if session, res := ask(g, token); res != nil || session.UID() != "robot@client" {
			t.Fatalf("%+v", res)
		}
	}
	if n := len(s.lr.Requests("m2m_introspect")); n != 1 {
		t.Errorf("%d introspections", n)
	}
	if _, res := ask(g, s.opaque); res == nil || res.Status != 403 { // an opaque token, without scopes
		t.Errorf("opaque: %+v", res)
	}
}

// A guard that takes opaque tokens and JWTs, and wants a scope.
func ExampleAcceptJWT() {
	if err := acceptJWT(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200 robot@client reads orders
	// 403 insufficient_scope
}

func acceptJWT() error {
	lr, err := emulator.Start(emulator.WithLogger(quiet()), emulator.WithMachine(emulator.Machine{
		ClientID: "robot", ClientSecret: "secret", Audiences: []string{"https://api.example.com"}, Scopes: []string{"orders:read"},
	}))
	if err != nil {
		return err
	}
	defer lr.Close()
	client, err := core.New(lr.Config()) // in production: core.ConfigFromEnv
	if err != nil {
		return err
	}
	defer client.Close()
	verifier, err := jwt.New(jwt.Config{
		Issuer:   lr.URL() + "/service/oauth/", // your site instead
		JWKSURL:  lr.URL() + "/service/oauth/jwks",
		Audience: []string{"https://api.example.com"},
	})
	if err != nil {
		return err
	}
	orders := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, nethttp.Session(r).UID(), " reads orders")
	})
	api := http.NewServeMux()
	accept := web.AcceptJWT(verifier)
	api.Handle("GET /orders", nethttp.RequireLogin(client, accept, web.RequireScope("orders:read"))(orders))
	api.Handle("POST /orders", nethttp.RequireLogin(client, accept, web.RequireScope("orders:write"))(orders))

	token, err := client.M2M.Token(context.Background(), core.M2MTokenRequest{ClientID: "robot", ClientSecret: "secret", Audience: "https://api.example.com"})
	if err != nil {
		return err
	}
	for _, method := range []string{"GET", "POST"} {
		r := httptest.NewRequest(method, "/orders", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+token.AccessToken)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		said := w.Body.String()
		if w.Code == http.StatusForbidden {
			_, said, _ = strings.Cut(w.Header().Get("Www-Authenticate"), `error="`)
			said, _, _ = strings.Cut(said, `"`)
		}
		fmt.Println(w.Code, said)
	}
	return nil
}
