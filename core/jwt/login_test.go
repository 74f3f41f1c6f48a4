package jwt_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

var attempt = core.OIDCAttempt{State: "the-state", Nonce: "the-nonce", Verifier: strings.Repeat("v", 43)}

func (i *issuer) login(t *testing.T, change ...func(*jwt.LoginConfig)) *jwt.Login {
	t.Helper()
	cfg := jwt.LoginConfig{Issuer: i.name(), ClientID: "client", ClientSecret: "the-secret", RedirectURL: "https://app.example/oidc/callback", Clock: i.clock, HTTPClient: i.Client()}
	for _, f := range change {
		f(&cfg)
	}
	l, err := jwt.NewLogin(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// idToken makes an ID token for the attempt, with changes.
func (i *issuer) idToken(changes object) string {
	all := object{"nonce": "the-nonce", "aud": "client", "azp": "client", "scp": nil, "at_hash": leftHalf("access")}
	maps.Copy(all, changes)
	return sign("RS256", keyA, object{"kid": "201", "typ": "JWT"}, i.claims(all))
}

func leftHalf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func TestAuthorizeURL(t *testing.T) {
	sum := sha256.Sum256([]byte(attempt.Verifier))
	for name, c := range map[string]struct {
		listed []string
		change func(*jwt.LoginConfig)
		method string
	}{
		"nothing listed":  {nil, nil, "S256"},
		"both listed":     {[]string{"SHA256", "S256"}, nil, "S256"},
		"the other alone": {[]string{"SHA256"}, nil, "SHA256"},
		"by option":       {nil, func(c *jwt.LoginConfig) { c.PKCEMethod = "SHA256" }, "SHA256"},
	} {
		i := newIssuer(t)
		i.metadata = func(d map[string]any) {
			if c.listed != nil {
				d["code_challenge_methods_supported"] = c.listed
			}
		}
		var changes []func(*jwt.LoginConfig)
		if c.change != nil {
			changes = append(changes, c.change)
		}
		got, err := i.login(t, changes...).AuthorizeURL(context.Background(), attempt)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(got)
		if err != nil || !strings.HasPrefix(got, i.URL+"/service/oidc/app/authorize?") {
			t.Fatalf("%s: %s, %v", name, got, err)
		}
		for parameter, want := range map[string]string{
			"response_type": "code", "client_id": "client", "redirect_uri": "https://app.example/oidc/callback", "scope": "openid profile email",
			"state": "the-state", "nonce": "the-nonce", "code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": c.method,
		} {
			if have := u.Query().Get(parameter); have != want {
				t.Errorf("%s: %s = %q, want %q", name, parameter, have, want)
			}
		}
		if strings.Contains(got, attempt.Verifier) || strings.Contains(got, "the-secret") {
			t.Errorf("%s: the address holds a secret: %s", name, got)
		}
	}
}

func TestExchange(t *testing.T) {
	i := newIssuer(t)
	var sent url.Values
	i.answer = func(form url.Values) (int, any) {
		sent = form
		return 200, object{"access_token": "access", "refresh_token": "refresh", "token_type": "access_token", "expires_in": 394, "Id_token": i.idToken(nil)}
	}
	result, err := i.login(t).Exchange(context.Background(), "the-code", attempt)
	if err != nil {
		t.Fatal(err)
	}
	tokens, subject := result.Tokens, result.Subject
	if !result.AuthenticatedAt.IsZero() {
		t.Errorf("the user was asked at %v, which the ID token does not say", result.AuthenticatedAt)
	}
	for claimed, want := range map[time.Duration]time.Time{
		-time.Hour: i.clock().Add(-time.Hour), 30 * time.Second: i.clock().Add(30 * time.Second), time.Hour: {}, // the future
	} {
		i.answer = func(url.Values) (int, any) {
			return 200, object{"access_token": "access", "id_token": i.idToken(object{"auth_time": i.clock().Add(claimed).Unix()})}
		}
		if again, err := i.login(t).Exchange(context.Background(), "the-code", attempt); err != nil || !again.AuthenticatedAt.Equal(want) {
			t.Errorf("auth_time %v from now: %v, %v", claimed, again, err)
		}
	}
	if subject != "uid-1" || tokens.AccessToken != "access" || tokens.RefreshToken != "refresh" || !tokens.ExpiresAt.Equal(i.clock().Add(394*time.Second)) {
		t.Errorf("%s: %+v, ends %v", subject, tokens, tokens.ExpiresAt)
	}
	for parameter, want := range map[string]string{
		"grant_type": "authorization_code", "code": "the-code", "client_id": "client", "client_secret": "the-secret",
		"redirect_uri": "https://app.example/oidc/callback", "code_verifier": attempt.Verifier,
	} {
		if have := sent.Get(parameter); have != want {
			t.Errorf("%s = %q, want %q", parameter, have, want)
		}
	}
}

// No answer here logs anyone in.
func TestExchangeRefuses(t *testing.T) {
	i := newIssuer(t)
	now := i.clock()
	tokens := func(idToken any) object {
		return object{"access_token": "access", "expires_in": "394", "id_token": idToken}
	}
	for name, c := range map[string]struct {
		status int
		body   any
		want   error
	}{
		"no ID token":               {200, object{"access_token": "access"}, core.ErrInvalidRequestToken},
		"ID token that is junk":     {200, tokens("junk"), core.ErrInvalidRequestToken},
		"ID token that is a number": {200, tokens(7), core.ErrInvalidRequestToken},
		"another key":               {200, tokens(sign("RS256", keyB, object{"kid": "201"}, i.claims(object{"nonce": "the-nonce"}))), core.ErrInvalidRequestToken},
		"alg none":                  {200, tokens(rawToken(`{"alg":"none"}`, jsonText(i.claims(object{"nonce": "the-nonce"})), "")), core.ErrInvalidRequestToken},
		"embedded key":              {200, tokens(sign("RS256", keyA, object{"kid": "201", "jku": "https://evil.example"}, i.claims(object{"nonce": "the-nonce"}))), core.ErrInvalidRequestToken},
		"another nonce":             {200, tokens(i.idToken(object{"nonce": "another"})), core.ErrInvalidRequestToken},
		"no nonce":                  {200, tokens(i.idToken(object{"nonce": nil})), core.ErrInvalidRequestToken},
		"another client":            {200, tokens(i.idToken(object{"aud": "another"})), core.ErrInvalidRequestToken},
		"another authorized party":  {200, tokens(i.idToken(object{"azp": "another"})), core.ErrInvalidRequestToken},
		"another issuer":            {200, tokens(i.idToken(object{"iss": "https://evil.example/"})), core.ErrInvalidRequestToken},
		"another access token":      {200, tokens(i.idToken(object{"at_hash": leftHalf("another")})), core.ErrInvalidRequestToken},
		"expired":                   {200, tokens(i.idToken(object{"exp": now.Add(-time.Minute).Unix()})), core.ErrInvalidRequestToken},
		"issued in the future":      {200, tokens(i.idToken(object{"iat": now.Add(2 * time.Minute).Unix()})), core.ErrInvalidRequestToken},
		"no subject":                {200, tokens(i.idToken(object{"sub": nil})), core.ErrInvalidRequestToken},
		"an access token":           {200, tokens(sign("RS256", keyA, object{"kid": "201", "typ": "at+jwt"}, i.claims(object{"nonce": "the-nonce"}))), core.ErrInvalidRequestToken},
		"code refused":              {400, object{"error": "invalid_grant", "error_description": "the-code"}, core.ErrInvalidRequestToken},
		"client refused":            {401, object{"error": "invalid_client"}, core.ErrAPICredentials},
		"server error":              {500, object{"error": "invalid_grant"}, core.ErrUnavailable},
		"HTML":                      {200, "<html>", core.ErrUnavailable},
		"no access token":           {200, object{"id_token": i.idToken(nil)}, core.ErrUnavailable},
		"overload":                  {429, "slow down", core.ErrUnavailable},
	} {
		i.answer = func(url.Values) (int, any) { return c.status, c.body }
		got, err := i.login(t).Exchange(context.Background(), "the-code", attempt)
		if !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		for _, secret := range []string{"the-code", "the-secret", "the-nonce", "access_token", attempt.Verifier} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error quotes %s: %v", name, secret, err)
			}
		}
	}
	i.answer = func(url.Values) (int, any) { return 200, tokens(i.idToken(object{"nonce": nil})) }
	if _, err := i.login(t).Exchange(context.Background(), "the-code", core.OIDCAttempt{Verifier: attempt.Verifier}); !errors.Is(err, core.ErrInvalidRequestToken) {
		t.Errorf("an attempt without a nonce: %v", err)
	}
}

func TestLoginInAnOutage(t *testing.T) {
	i := newIssuer(t)
	l := i.login(t)
	i.set(func() { i.failWith = serverError })
	if _, err := l.AuthorizeURL(context.Background(), attempt); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("no document yet: %v", err)
	}
	i.set(func() { i.failWith = nil })
	i.advance(2 * time.Second)
	if _, err := l.AuthorizeURL(context.Background(), attempt); err != nil {
		t.Error(err)
	}
	i.set(func() { i.failWith = serverError })
	i.advance(3 * time.Hour)
	if _, err := l.AuthorizeURL(context.Background(), attempt); err != nil {
		t.Errorf("an old document in an outage: %v", err)
	}
	for name, change := range map[string]func(map[string]any){
		"authorization endpoint by http": func(d map[string]any) { d["authorization_endpoint"] = "http://evil.example/" },
		"no token endpoint":              func(d map[string]any) { delete(d, "token_endpoint") },
	} {
		i := newIssuer(t)
		i.metadata = change
		if _, err := i.login(t).AuthorizeURL(context.Background(), attempt); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewLoginRefuses(t *testing.T) {
	for field, change := range map[string]func(*jwt.LoginConfig){
		"Issuer":       func(c *jwt.LoginConfig) { c.Issuer = "" },
		"Issuer ":      func(c *jwt.LoginConfig) { c.Issuer = "http://site.example/" },
		"ClientID":     func(c *jwt.LoginConfig) { c.ClientID = "" },
		"RedirectURL":  func(c *jwt.LoginConfig) { c.RedirectURL = "/oidc/callback" },
		"RedirectURL ": func(c *jwt.LoginConfig) { c.RedirectURL = "" },
		"LogoutPage":   func(c *jwt.LoginConfig) { c.LogoutPage = "javascript:alert(1)" },
		"Scopes":       func(c *jwt.LoginConfig) { c.Scopes = []string{"email"} },
		"PKCEMethod":   func(c *jwt.LoginConfig) { c.PKCEMethod = "plain" },
		"Leeway":       func(c *jwt.LoginConfig) { c.Leeway = time.Hour },
	} {
		cfg := jwt.LoginConfig{Issuer: "https://site.example/service/oidc/app/", ClientID: "client", RedirectURL: "https://app.example/cb"}
		change(&cfg)
		_, err := jwt.NewLogin(cfg)
		if e, ok := errors.AsType[*core.ConfigError](err); !ok || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestLogoutURL(t *testing.T) {
	l, err := jwt.NewLogin(jwt.LoginConfig{Issuer: "https://site.example/service/oidc/app/", ClientID: "client", ClientSecret: "the-secret", RedirectURL: "https://app.example/cb"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := l.LogoutURL("https://app.example/bye?x=1"), "https://site.example/auth.aspx?action=logout&return_url=https%3A%2F%2Fapp.example%2Fbye%3Fx%3D1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if text := fmt.Sprintf("%v %+v %#v %+v", l, l, *l, jwt.LoginConfig{ClientSecret: "the-secret"}); strings.Contains(text, "the-secret") {
		t.Errorf("printed: %s", text)
	}
}

// A login at the hosted page, in the two steps that web.OIDCLogin takes.
func ExampleNewLogin() {
	provider := serveIssuer() // stands for https://{site}/service/oidc/{app}/
	defer provider.Close()
	provider.answer = func(url.Values) (int, any) {
		return 200, object{"access_token": "access", "expires_in": 600, "id_token": provider.idToken(nil)}
	}
	login, err := jwt.NewLogin(jwt.LoginConfig{
		Issuer: provider.name(), ClientID: "client", RedirectURL: "https://app.example/oidc/callback",
		Clock: provider.clock, // leave it out in a program
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	attempt := core.OIDCAttempt{State: "the-state", Nonce: "the-nonce", Verifier: strings.Repeat("v", 43)} // random, and in a cookie
	address, err := login.AuthorizeURL(context.Background(), attempt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("send the browser to", strings.TrimPrefix(address[:strings.Index(address, "?")], provider.URL))

	// The browser comes back with the code and the same state.
	result, err := login.Exchange(context.Background(), "the-code", attempt)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("logged in as", result.Subject)
	// Output:
	// send the browser to /service/oidc/app/authorize
	// logged in as uid-1
}
