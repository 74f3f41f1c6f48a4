package emulator_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

var shop = emulator.OIDCApp{
	Name: "shop", ClientID: "shop-client", ClientSecret: "shop-secret", RedirectURIs: []string{"https://shop.example/oidc/callback"},
}

// A browser follows no redirect, and keeps cookies.
type browser struct {
	*http.Client

	t *testing.T
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t}
}

// goes sends a request and returns the query of the address that the answer leads to.
func (b browser) goes(method, address string, form url.Values) url.Values {
	b.t.Helper()
	res := b.send(method, address, form)
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(back.String(), shop.RedirectURIs[0]) {
		b.t.Fatalf("%s leads to %d %s", address, res.StatusCode, back)
	}
	return back.Query()
}

func (b browser) send(method, address string, form url.Values) *http.Response {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}

var adaLogin = url.Values{"email": {"ada@example.com"}, "password": {adaPassword}}

// relyingParty is an application made of go-oidc and x/oauth2, which know nothing of
// LoginRadius.
func relyingParty(t *testing.T, a *api, issuer string) (*oidc.Provider, *oauth2.Config) {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), a.URL()+issuer)
	if err != nil {
		t.Fatal(err)
	}
	return provider, &oauth2.Config{
		ClientID: shop.ClientID, ClientSecret: shop.ClientSecret, Endpoint: provider.Endpoint(),
		RedirectURL: shop.RedirectURIs[0], Scopes: []string{"openid", "email", "profile", "phone"},
	}
}

func TestIndependentOIDCClient(t *testing.T) {
	a := newAPI(t, emulator.WithOIDCApp(shop))
	user := ada
	user.EmailVerified = true
	uid := a.add(user)
	provider, client := relyingParty(t, a, "/service/oidc/shop/")
	b := newBrowser(t)

	pkce := oauth2.GenerateVerifier()
	address := client.AuthCodeURL("the-state", oidc.Nonce("the-nonce"), oauth2.S256ChallengeOption(pkce))
	if res := b.send("GET", address, nil); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Security-Policy"), "https://shop.example") {
		t.Fatalf("the login page: %d %v", res.StatusCode, res.Header)
	}
	if res := b.send("POST", address, url.Values{"email": {"ada@example.com"}, "password": {"wrong"}}); res.StatusCode != http.StatusForbidden {
		t.Errorf("a wrong password: %d", res.StatusCode)
	}
	back := b.goes("POST", address, adaLogin)
	if back.Get("state") != "the-state" || back.Get("code") == "" {
		t.Fatalf("came back with %v", back)
	}
	tokens, err := client.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: shop.ClientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if id.Subject != uid || id.Nonce != "the-nonce" || id.VerifyAccessToken(tokens.AccessToken) != nil {
		t.Errorf("the ID token is of %s with the nonce %q", id.Subject, id.Nonce)
	}
	info, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(tokens))
	if err != nil || info.Subject != uid || info.Email != "ada@example.com" || !info.EmailVerified {
		t.Errorf("userinfo: %+v, %v", info, err)
	}
	// The access token works at the API, too.
	a.as(tokens.AccessToken).ok("GET /identity/v2/auth/account", "")

	fresh, err := client.TokenSource(t.Context(), &oauth2.Token{RefreshToken: tokens.RefreshToken}).Token()
	if err != nil || fresh.AccessToken == tokens.AccessToken {
		t.Fatalf("refresh: %v", err)
	}
	a.as(tokens.AccessToken).refused(905, "GET /identity/v2/auth/account", "")

	// A code that is used twice ends what it gave.
	if _, err := client.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(pkce)); err == nil {
		t.Error("a code worked twice")
	}
	a.as(fresh.AccessToken).refused(905, "GET /identity/v2/auth/account", "")
}

// code logs ada in and returns an authorization code.
func code(t *testing.T, client *oauth2.Config, opts ...oauth2.AuthCodeOption) string {
	t.Helper()
	return newBrowser(t).goes("POST", client.AuthCodeURL("s", opts...), adaLogin).Get("code")
}

func TestCodesAreBound(t *testing.T) {
	public := emulator.OIDCApp{Name: "public", ClientID: "public-client", RedirectURIs: shop.RedirectURIs}
	a := newAPI(t, emulator.WithOIDCApp(shop), emulator.WithOIDCApp(public), emulator.WithOIDCCodeLifetime(30*time.Second), emulator.WithFrozenClock(time.Now()))
	user := ada
	user.EmailVerified = true
	a.add(user)
	_, client := relyingParty(t, a, "/service/oidc/shop/")
	pkce := oauth2.GenerateVerifier()
	for name, try := range map[string]func() error{
		"another verifier": func() error {
			_, err := client.Exchange(t.Context(), code(t, client, oauth2.S256ChallengeOption(pkce)), oauth2.VerifierOption("another"))
			return err
		},
		"no verifier": func() error {
			_, err := client.Exchange(t.Context(), code(t, client, oauth2.S256ChallengeOption(pkce)))
			return err
		},
		"another address": func() error {
			c := code(t, client)
			other := *client
			other.RedirectURL = "https://evil.example/"
			_, err := other.Exchange(t.Context(), c)
			return err
		},
		"another secret": func() error {
			c := code(t, client)
			other := *client
			other.ClientSecret = "guessed"
			_, err := other.Exchange(t.Context(), c)
			return err
		},
		"another application": func() error {
			c := code(t, client)
			_, other := relyingParty(t, a, "/service/oidc/public/")
			other.ClientID, other.ClientSecret = "public-client", ""
			_, err := other.Exchange(t.Context(), c)
			return err
		},
		"too late": func() error {
			c := code(t, client)
			a.Advance(30 * time.Second)
			_, err := client.Exchange(t.Context(), c)
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: the code worked", name)
		}
	}
	if _, err := client.Exchange(t.Context(), code(t, client)); err != nil {
		t.Errorf("in order: %v", err)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	public := emulator.OIDCApp{Name: "public", ClientID: "public-client", RedirectURIs: shop.RedirectURIs}
	a := newAPI(t, emulator.WithOIDCApp(shop), emulator.WithOIDCApp(public), emulator.WithPKCEMethods("SHA256"))
	good := url.Values{"client_id": {"shop-client"}, "redirect_uri": shop.RedirectURIs, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"}}
	for name, c := range map[string]struct {
		app, parameter, value, want string // want is the error that the browser carries back
	}{
		"unknown application":  {"nobody", "", "", ""},
		"another client":       {"shop", "client_id", "x", ""},
		"another address":      {"shop", "redirect_uri", "https://evil.example/", ""},
		"longer address":       {"shop", "redirect_uri", shop.RedirectURIs[0] + "/x", ""},
		"implicit flow":        {"shop", "response_type", "token", "unsupported_response_type"},
		"no openid":            {"shop", "scope", "email", "invalid_scope"},
		"not logged in":        {"shop", "prompt", "none", "login_required"},
		"public without PKCE":  {"public", "client_id", "public-client", "invalid_request"},
		"method not supported": {"shop", "code_challenge", "x&code_challenge_method=S256", "invalid_request"},
	} {
		q := url.Values{}
		maps.Copy(q, good)
		value, more, _ := strings.Cut(c.value, "&")
		if c.parameter != "" {
			q.Set(c.parameter, value)
		}
		address := a.URL() + "/service/oidc/" + c.app + "/authorize?" + q.Encode() + "&" + more
		if c.want == "" {
			if res := newBrowser(t).send("GET", address, nil); res.StatusCode < 400 || res.Header.Get("Location") != "" {
				t.Errorf("%s: %d %s", name, res.StatusCode, res.Header.Get("Location"))
			}
			continue
		}
		if back := newBrowser(t).goes("GET", address, nil); back.Get("error") != c.want || back.Get("state") != "s" {
			t.Errorf("%s: %v", name, back)
		}
	}
	methods, _ := a.ok("GET /service/oidc/shop/.well-known/openid-configuration", "").body["code_challenge_methods_supported"].([]any)
	if !slices.Equal(methods, []any{"SHA256"}) {
		t.Errorf("the document lists %v", methods)
	}
}

// A browser that is logged in to the hosted page needs no password, until it logs out.
func TestHostedSession(t *testing.T) {
	a := newAPI(t, emulator.WithOIDCApp(shop))
	user := ada
	user.EmailVerified = true
	uid := a.add(user)
	_, client := relyingParty(t, a, "/service/oidc/shop/")
	b := newBrowser(t)
	b.goes("POST", client.AuthCodeURL("s"), adaLogin)
	if b.goes("GET", client.AuthCodeURL("s"), nil).Get("code") == "" {
		t.Error("the page forgot the browser")
	}
	if res := b.send("GET", client.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "login")), nil); res.StatusCode != http.StatusOK {
		t.Errorf("prompt=login: %d", res.StatusCode)
	}
	res := b.send("GET", a.URL()+"/auth.aspx?action=logout&return_url="+url.QueryEscape("https://shop.example/bye"), nil)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "https://shop.example/bye" {
		t.Errorf("logout: %d %v", res.StatusCode, res.Header)
	}
	if res := b.send("GET", a.URL()+"/auth.aspx?action=logout&return_url=javascript:alert(1)", nil); res.StatusCode != http.StatusOK {
		t.Errorf("logout with an unusable address: %d", res.StatusCode)
	}
	if got := b.goes("GET", client.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "none")), nil).Get("error"); got != "login_required" {
		t.Errorf("after the logout: %q", got)
	}
	b.goes("POST", client.AuthCodeURL("s"), adaLogin)
	a.ok("PUT "+manage+"/"+uid, `{"IsActive":false}`)
	if got := b.goes("GET", client.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "none")), nil).Get("error"); got != "login_required" {
		t.Errorf("blocked: %q", got)
	}
}

// A login that needs more than a password does not pass the page.
func TestHostedLoginAsksTheGates(t *testing.T) {
	a := newAPI(t, emulator.WithOIDCApp(shop), emulator.WithMFA(emulator.MFARequired))
	user := ada
	user.EmailVerified = true
	a.add(user)
	_, client := relyingParty(t, a, "/service/oidc/shop/")
	if res := newBrowser(t).send("POST", client.AuthCodeURL("s"), adaLogin); res.StatusCode != http.StatusForbidden {
		t.Errorf("%d", res.StatusCode)
	}
}

func TestIntrospectAndRevoke(t *testing.T) {
	a := newAPI(t, emulator.WithOIDCApp(shop), emulator.WithFrozenClock(noon), emulator.WithoutIssuerSlash(), emulator.WithAccessTokenType(""))
	user := ada
	user.EmailVerified = true
	uid := a.add(user)
	_, client := relyingParty(t, a, "/service/oidc/shop")
	tokens, err := client.Exchange(t.Context(), code(t, client))
	if err != nil {
		t.Fatal(err)
	}
	const credentials = `"client_id":"shop-client","client_secret":"shop-secret"`
	active := func(token string) answer {
		return a.ok("POST /api/oidc/shop/introspect", `{`+credentials+`,"token":"`+token+`"}`)
	}
	got := active(tokens.AccessToken).body
	want := map[string]any{
		"active": true, "sub": uid, "iss": a.URL() + "/service/oidc/shop", "azp": "shop-client", "cid": "shop-client", "gty": "authorization_code",
		"exp": float64(noon.Add(15 * time.Minute).Unix()), "iat": float64(noon.Unix()), "nbf": float64(noon.Unix()),
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s = %v, want %v", key, got[key], value)
		}
	}
	if active("junk").body["active"] != false {
		t.Error("junk is active")
	}
	for body, want := range map[string]string{
		`{"client_id":"shop-client","client_secret":"x","token":"t"}`: "invalid_client",
		`{` + credentials + `}`: "invalid_request",
	} {
		if got := a.call("POST /api/oidc/shop/introspect", body); got.text("error") != want {
			t.Errorf("%s: %d %s", body, got.status, got.raw)
		}
	}
	a.ok("POST /api/oidc/shop/revoke", `{`+credentials+`,"refresh_token":"`+tokens.RefreshToken+`"}`)
	if active(tokens.AccessToken).body["active"] != false {
		t.Error("a revoked token is active")
	}
	if got := a.call("POST /api/oidc/shop/token", `{`+credentials+`,"grant_type":"refresh_token","refresh_token":"`+tokens.RefreshToken+`"}`); got.text("error") != "invalid_grant" {
		t.Errorf("a revoked refresh token: %s", got.raw)
	}
	if got := a.call("POST /api/oidc/shop/revoke", `{`+credentials+`,"token":"junk"}`); got.status != http.StatusOK || got.raw != "" {
		t.Errorf("junk: %d %s", got.status, got.raw)
	}
}

// A verifier of core/jwt follows when the keys change.
func TestSigningKeys(t *testing.T) {
	a := newAPI(t, emulator.WithOIDCApp(shop), emulator.WithIDTokenLifetime(time.Minute))
	user := ada
	user.EmailVerified = true
	uid := a.add(user)
	_, client := relyingParty(t, a, "/service/oidc/shop/")
	verifier, err := jwt.New(jwt.Config{Issuer: a.URL() + "/service/oidc/shop/", Audience: []string{shop.ClientID}, Clock: a.Now})
	if err != nil {
		t.Fatal(err)
	}
	login := func() *oauth2.Token {
		tokens, err := client.Exchange(t.Context(), code(t, client))
		if err != nil {
			t.Fatal(err)
		}
		return tokens
	}
	good := func(token string) bool {
		got, err := verifier.Verify(context.Background(), token)
		return err == nil && got.UID == uid && got.HasScope("openid")
	}
	first := login()
	if !good(first.AccessToken) {
		t.Fatal("an access token is refused")
	}
	if raw, _ := first.Extra("id_token").(string); raw == "" || good(raw) {
		t.Error("an ID token passes as access token")
	}
	a.RotateSigningKey()
	second := login()
	if !good(second.AccessToken) || !good(first.AccessToken) {
		t.Error("a key is missing after a rotation")
	}
	a.WithdrawOldKeys()
	a.Advance(time.Minute)
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal([]byte(a.ok("GET /service/oidc/shop/JWKS", "").raw), &set); err != nil || len(set.Keys) != 1 || set.Keys[0]["kid"] != "202" || set.Keys[0]["d"] != nil {
		t.Errorf("the key set: %v, %v", set, err)
	}
	// The verifier learns of it when it meets a key that it does not know.
	a.RotateSigningKey()
	if third := login(); !good(third.AccessToken) || good(first.AccessToken) {
		t.Error("a withdrawn key still counts")
	}
}

func TestJWTApps(t *testing.T) {
	const secret = "a secret of thirty-two bytes ..."
	a := newAPI(t,
		emulator.WithJWTApp(emulator.JWTApp{Name: "symmetric", Secret: secret, Issuer: "LoginRadius", Audience: "api", Lifetime: time.Hour}),
		emulator.WithJWTApp(emulator.JWTApp{Name: "asymmetric"}))
	user := ada
	user.EmailVerified = true
	uid := a.add(user)
	access, _ := a.tokens(uid)
	symmetric, err := jwt.NewApp(jwt.AppConfig{Algorithm: "HS256", Secret: []byte(secret), Issuer: "LoginRadius", Audience: []string{"api"}, Clock: a.Now})
	if err != nil {
		t.Fatal(err)
	}
	asymmetric, err := jwt.NewApp(jwt.AppConfig{Algorithm: "RS256", PublicKey: a.JWTAppKey("asymmetric"), Issuer: a.URL(), Clock: a.Now})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		verifier *jwt.Verifier
		got      answer
	}{
		"by token":    {symmetric, a.as(access).ok("GET /api/jwt/symmetric/token", "")},
		"by email":    {symmetric, a.ok("POST /api/jwt/symmetric/login", loginBody(adaPassword))},
		"by username": {asymmetric, a.ok("POST /api/jwt/asymmetric/login", `{"username":"ada","password":"`+adaPassword+`"}`)},
	} {
		verified, err := c.verifier.Verify(t.Context(), c.got.text("signature"))
		if err != nil || verified.UID != uid || verified.ID == "" {
			t.Errorf("%s: %v, %v", name, verified, err)
		}
	}
	a.refused(966, "POST /api/jwt/symmetric/login", loginBody("wrong"))
	a.as("junk").refused(905, "GET /api/jwt/symmetric/token", "")
	if got := a.as(access).call("GET /api/jwt/nobody/token", ""); got.code() != 1282 {
		t.Errorf("an unknown application: %s", got.raw)
	}
	if a.JWTAppKey("symmetric") != nil || a.JWTAppKey("nobody") != nil {
		t.Error("a public key where there is none")
	}
}

func TestMachines(t *testing.T) {
	robot := emulator.Machine{ClientID: "robot", ClientSecret: "robot-secret", Audiences: []string{"api", emulator.ManagementAudience}, Scopes: []string{"read"}, Lifetime: time.Hour}
	a := newAPI(t, emulator.WithMachine(robot), emulator.WithFrozenClock(time.Now()))
	uid := a.add(ada)
	const credentials = `"client_id":"robot","client_secret":"robot-secret"`
	ask := func(audience string) answer {
		return a.ok("POST /service/oauth/token", `{`+credentials+`,"grant_type":"client_credentials","audience":"`+audience+`"}`)
	}
	got := ask("api")
	if got.body["expires_in"] != 3600.0 || got.text("token_type") != "Bearer" {
		t.Errorf("got %s", got.raw)
	}
	verifier, err := jwt.New(jwt.Config{Issuer: a.URL() + "/service/oauth", JWKSURL: a.URL() + "/service/oauth/jwks", Audience: []string{"api"}, Clock: a.Now})
	if err != nil {
		t.Fatal(err)
	}
	verified, err := verifier.Verify(t.Context(), got.text("access_token"))
	if err != nil || verified.UID != "robot@client" || !verified.HasScope("read") {
		t.Errorf("%v, %v", verified, err)
	}
	introspect := func() any {
		return a.ok("POST /service/oauth/introspect", `{`+credentials+`,"token":"`+got.text("access_token")+`"}`).body["active"]
	}
	if introspect() != true {
		t.Error("a good token is not active")
	}
	a.ok("POST /service/oauth/revoke", `{`+credentials+`,"token":"`+got.text("access_token")+`"}`)
	if introspect() != false {
		t.Error("a revoked token is active")
	}
	for body, want := range map[string]string{
		`{"client_id":"robot","client_secret":"x","grant_type":"client_credentials","audience":"api"}`: "invalid_client",
		`{` + credentials + `,"grant_type":"password","audience":"api"}`:                               "unsupported_grant_type",
		`{` + credentials + `,"grant_type":"client_credentials","audience":"other"}`:                   "access_denied",
	} {
		if got := a.call("POST /service/oauth/token", body); got.text("error") != want {
			t.Errorf("%s: %s", body, got.raw)
		}
	}

	// A token for the management API stands for key and secret there, while it lives.
	bare := a.with("X-LoginRadius-ApiKey", "").with("X-LoginRadius-ApiSecret", "")
	bare.as(ask(emulator.ManagementAudience).text("access_token")).ok("GET "+manage+"/"+uid, "")
	if got := bare.as(ask("api").text("access_token")).call("GET "+manage+"/"+uid, ""); got.status < 400 {
		t.Error("a token for another API manages accounts")
	}
	management := ask(emulator.ManagementAudience).text("access_token")
	a.Advance(time.Hour)
	if got := bare.as(management).call("GET "+manage+"/"+uid, ""); got.status < 400 {
		t.Error("an expired token manages accounts")
	}

	other := newAPI(t, emulator.WithMachine(robot), emulator.WithExpireIn())
	if got := other.ok("POST /service/oauth/token", `{`+credentials+`,"grant_type":"client_credentials","audience":"api"}`); got.body["expire_in"] != "3600" || got.body["expires_in"] != nil {
		t.Errorf("got %s", got.raw)
	}
}
