package core_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

var robot = emulator.Machine{
	ClientID: "robot", ClientSecret: "robot-secret", Audiences: []string{"https://api.example.com", core.ManagementAudience}, Scopes: []string{"read"}, Lifetime: time.Hour,
}

var robotRequest = core.M2MTokenRequest{ClientID: "robot", ClientSecret: "robot-secret", Audience: "https://api.example.com"}

func federated(t *testing.T, opts ...emulator.Option) (*emulator.Server, *core.Client) {
	t.Helper()
	srv, err := emulator.Start(append([]emulator.Option{emulator.WithLogger(slog.New(slog.DiscardHandler)), emulator.WithFrozenClock(time.Now()), emulator.WithMachine(robot)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	client, err := core.New(srv.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return srv, client
}

func TestMachineTokenSource(t *testing.T) {
	srv, client := federated(t)
	source := client.M2M.TokenSource(robotRequest)
	token := func() string {
		t.Helper()
		got, err := source.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	logins := func() int { return len(srv.Requests("m2m_token")) }

	srv.Inject(emulator.Latency(50 * time.Millisecond).On("m2m_token").Next(1))
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { token() })
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Token(ctx); !errors.Is(err, core.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that left got %v", err)
	}
	wait.Wait()
	if logins() != 1 {
		t.Errorf("%d logins for 20 callers", logins())
	}

	first := token()
	srv.Advance(59*time.Minute - time.Second)
	if token() != first {
		t.Error("the token was replaced early")
	}
	srv.Advance(time.Second)
	second := token()
	if second == first || logins() != 2 {
		t.Errorf("a minute before its end the token is the same, after %d logins", logins())
	}

	// An outage costs nothing while the old token lives.
	srv.Inject(emulator.ServerError(503).On("m2m_token"))
	srv.Advance(59*time.Minute + 30*time.Second)
	if token() != second {
		t.Error("the old token was not used")
	}
	srv.Advance(30 * time.Second)
	if _, err := source.Token(t.Context()); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("without any token: %v", err)
	}
	srv.ClearFaults()
	third := token()
	source.Forget()
	if token() == third {
		t.Error("a token that was forgotten came back")
	}
}

// Both spellings of the expiry are read, and the token's own where both are missing.
func TestMachineTokenExpiry(t *testing.T) {
	_, client := federated(t, emulator.WithExpireIn())
	got, err := client.M2M.Token(t.Context(), robotRequest)
	if err != nil || time.Until(got.ExpiresAt).Round(time.Minute) != time.Hour {
		t.Errorf("expire_in: %v, %v", got, err)
	}
	end := time.Now().Add(3 * time.Hour).Truncate(time.Second)
	jwt := "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix())) + ".c2ln"
	for answer, want := range map[string]time.Time{
		`{"access_token":"` + jwt + `"}`:                  end,
		`{"access_token":"opaque"}`:                       {},
		`{"access_token":"` + jwt + `","expire_in":"60"}`: time.Now().Add(time.Minute),
		`{"access_token":"` + jwt + `","expires_in":60}`:  time.Now().Add(time.Minute),
	} {
		record(t, nil, answer, func(ctx context.Context, c *core.Client) {
			got, err := c.M2M.Token(ctx, robotRequest)
			if err != nil || got.ExpiresAt.Sub(want).Abs() > 5*time.Second {
				t.Errorf("%s: %v, %v, want %v", answer, got, err, want)
			}
		})
	}
}

// A machine with a wrong secret is told so, and prints nothing of it.
func TestMachineRefused(t *testing.T) {
	srv, client := federated(t)
	in := robotRequest
	in.ClientSecret = "wrong-secret"
	source := client.M2M.TokenSource(in)
	_, err := source.Token(t.Context())
	if !errors.Is(err, core.ErrAPICredentials) {
		t.Errorf("got %v", err)
	}
	encoded, _ := json.Marshal(source)
	if text := fmt.Sprintf("%v %+v %#v %s", err, source, source, encoded); strings.Contains(text, "wrong-secret") {
		t.Errorf("printed: %s", text)
	}
	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Account.ByUID(core.ContextWithMachine(t.Context(), source), core.AccountByUIDRequest{UID: uid}); !errors.Is(err, core.ErrAPICredentials) {
		t.Errorf("a management call: %v", err)
	}
}

// Under its context, management calls carry a machine's token and not the secret.
func TestContextWithMachine(t *testing.T) {
	srv, client := federated(t)
	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	in := robotRequest
	in.Audience = core.ManagementAudience
	ctx := core.ContextWithMachine(t.Context(), client.M2M.TokenSource(in))
	if p, err := client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: uid}); err != nil || p.UID != uid {
		t.Errorf("got %v, %v", p, err)
	}
	var raw core.RawAnswer
	if _, err := client.Account.ByUID(core.ContextWithRawAnswer(ctx, &raw), core.AccountByUIDRequest{UID: uid}); err != nil || strings.Contains(string(raw.JSON()), "access_token") {
		t.Errorf("the raw answer is of another call: %v, %s", err, raw.JSON())
	}

	got := record(t, nil, `{"access_token":"machine-token","Uid":"u"}`, func(ctx context.Context, c *core.Client) {
		_, _ = c.M2M.TokenSource(in).Token(ctx)
	})
	if got.header.Get("X-LoginRadius-ApiSecret") != "" || strings.Contains(got.target, "key") {
		t.Errorf("a machine's login carries the site's credentials: %s %v", got.target, got.header)
	}
	var last *http.Request
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		last = r
		fmt.Fprint(w, `{"access_token":"machine-token","Uid":"u"}`)
	}))
	defer site.Close()
	c, err := core.New(core.Config{APIKey: "test-key", APISecret: "test-secret", BaseURL: site.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Account.ByUID(core.ContextWithMachine(t.Context(), c.M2M.TokenSource(in)), core.AccountByUIDRequest{UID: "u"}); err != nil {
		t.Fatal(err)
	}
	if last.Header.Get("Authorization") != "Bearer machine-token" || last.Header.Get("X-LoginRadius-ApiSecret") != "" || strings.Contains(last.RequestURI, "key") {
		t.Errorf("the call has %s %v", last.RequestURI, last.Header)
	}
}

func TestIntrospectionVerifier(t *testing.T) {
	srv, client := federated(t)
	verifier, err := client.IntrospectionVerifier(core.IntrospectionConfig{ClientID: "robot", ClientSecret: "robot-secret", Audience: []string{"https://api.example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.M2M.Token(t.Context(), robotRequest)
	if err != nil {
		t.Fatal(err)
	}
	if !verifier.Accepts(got.AccessToken) || verifier.Accepts("0f9a3c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b") {
		t.Error("the wrong tokens are accepted")
	}
	verified, err := verifier.Verify(t.Context(), got.AccessToken)
	if err != nil || verified.UID != "robot@client" || !verified.HasScope("read") || !verified.ExpiresAt.Equal(got.ExpiresAt.Truncate(time.Second)) {
		t.Errorf("%v, %v, want the end %v", verified, err, got.ExpiresAt)
	}

	check := func(what, token string, v core.TokenVerifier, want error) {
		t.Helper()
		_, err := v.Verify(t.Context(), token)
		if !errors.Is(err, want) || errors.Is(want, core.ErrUnavailable) && errors.Is(err, core.ErrInvalidToken) || strings.Contains(err.Error(), "robot-secret") {
			t.Errorf("%s: %v", what, err)
		}
	}
	with := func(change func(*core.IntrospectionConfig)) core.TokenVerifier {
		cfg := core.IntrospectionConfig{ClientID: "robot", ClientSecret: "robot-secret", Audience: []string{"https://api.example.com"}}
		change(&cfg)
		v, err := client.IntrospectionVerifier(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	check("junk", "junk", verifier, core.ErrInvalidToken)
	check("control characters", "a\nb", verifier, core.ErrInvalidToken)
	check("another audience", got.AccessToken, with(func(c *core.IntrospectionConfig) { c.Audience = []string{"x"} }), core.ErrInvalidToken)
	check("another issuer", got.AccessToken, with(func(c *core.IntrospectionConfig) { c.Issuer = "https://evil.example/" }), core.ErrInvalidToken)
	check("our own credentials", got.AccessToken, with(func(c *core.IntrospectionConfig) { c.ClientSecret = "x" }), core.ErrUnavailable)
	srv.Inject(emulator.ServerError(500).On("m2m_introspect"))
	check("outage", got.AccessToken, verifier, core.ErrUnavailable)
	srv.ClearFaults()
	if err := client.M2M.Revoke(t.Context(), core.M2MIntrospectRequest{ClientID: "robot", ClientSecret: "robot-secret", Token: got.AccessToken}); err != nil {
		t.Error(err)
	}
	check("revoked", got.AccessToken, verifier, core.ErrInvalidToken)

	for field, cfg := range map[string]core.IntrospectionConfig{
		"ClientID": {Audience: []string{"a"}}, "Audience": {ClientID: "robot"}, "Audience ": {ClientID: "robot", App: "shop", Audience: []string{""}},
	} {
		_, err := client.IntrospectionVerifier(cfg)
		if e, ok := errors.AsType[*core.ConfigError](err); !ok || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A service that takes the token under the other name only is asked a second time.
func TestRevokeUnderBothNames(t *testing.T) {
	srv, client := federated(t, emulator.WithOIDCApp(emulator.OIDCApp{Name: "shop", ClientID: "shop-client", ClientSecret: "shop-secret"}))
	srv.Inject(emulator.Fault{Operation: "oidc_revoke", Times: 1, Status: http.StatusBadRequest, ContentType: "application/json", Body: `{"error":"invalid_request"}`})
	in := core.OIDCTokenRequest{App: "shop", ClientID: "shop-client", ClientSecret: "shop-secret", Token: "unknown"}
	if err := client.OIDC.Revoke(t.Context(), in); err != nil {
		t.Error(err)
	}
	if n := len(srv.Requests("oidc_revoke")); n != 2 {
		t.Errorf("%d calls", n)
	}
	got, err := client.OIDC.Introspect(t.Context(), in)
	if err != nil || got.Active {
		t.Errorf("%+v, %v", got, err)
	}
}
