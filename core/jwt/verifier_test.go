package jwt_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestVerify(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	got, err := v.Verify(context.Background(), i.token(object{"scope": "write admin"}))
	if err != nil {
		t.Fatal(err)
	}
	if got.UID != "uid-1" || got.ID != "id-1" || !slices.Equal(got.Scopes, []string{"openid", "read", "write", "admin"}) {
		t.Errorf("got %v with the id %q and the scopes %q", got, got.ID, got.Scopes)
	}
	if want := i.clock().Add(11 * time.Minute); !got.ExpiresAt.Equal(want) {
		t.Errorf("expires at %v, want %v: exp and one minute of leeway", got.ExpiresAt, want)
	}
	if !strings.Contains(string(got.Claims), `"jti":"id-1"`) {
		t.Errorf("claims: %s", got.Claims)
	}
	if i.count() != 1 {
		t.Errorf("%d fetches of keys", i.count())
	}
}

// Good tokens in every form that the documentation knows.
func TestVerifyGood(t *testing.T) {
	i := newIssuer(t)
	now := i.clock()
	for name, token := range map[string]string{
		"issuer without slash":      i.token(object{"iss": strings.TrimSuffix(i.name(), "/")}),
		"audience as text":          i.token(object{"aud": "client"}),
		"one of several audiences":  i.token(object{"aud": []string{"other", "client"}}),
		"scopes as text":            i.token(object{"scp": "openid read"}),
		"fractional exp":            i.token(object{"exp": float64(now.Unix()) + 60.5}),
		"expired within leeway":     i.token(object{"exp": now.Add(-59 * time.Second).Unix()}),
		"not before within leeway":  i.token(object{"nbf": now.Add(59 * time.Second).Unix(), "iat": now.Add(59 * time.Second).Unix()}),
		"no nbf, no iat, no jti":    i.token(object{"nbf": nil, "iat": nil, "jti": nil}),
		"type at+jwt":               sign("RS256", keyA, object{"kid": "201", "typ": "at+jwt"}, i.claims(object{"scp": nil})),
		"type with its media type":  sign("RS256", keyA, object{"kid": "201", "typ": "application/AT+JWT"}, i.claims(nil)),
		"no key id":                 sign("RS256", keyA, nil, i.claims(nil)),
		"machine":                   i.token(object{"sub": "abc@client", "gty": "client_credentials", "scp": nil}),
		"claims of another case":    i.token(object{"EXP": 1, "Nonce": "x", "Sub": "uid-2"}),
		"no scopes but a client id": i.token(object{"scp": nil, "cid": "client"}),
	} {
		v := i.verifier(t)
		if !v.Accepts(token) {
			t.Errorf("%s: not accepted", name)
		}
		got, err := v.Verify(context.Background(), token)
		if err != nil || got.UID == "" || got.UID == "uid-2" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// Every token here is refused, with an error that says invalid and holds nothing of it.
func TestVerifyForged(t *testing.T) {
	i := newIssuer(t)
	now := i.clock()
	good := i.token(nil)
	kid := object{"kid": "201"}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(keyA.Public()))})
	claims := jsonText(i.claims(nil))
	hmacSigned := func(header string, secret []byte) string {
		unsigned := encode(header) + "." + encode(claims)
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(unsigned))
		return unsigned + "." + encode(string(mac.Sum(nil)))
	}
	jwk := jose.JSONWebKey{Key: keyB.Public(), KeyID: "201", Algorithm: "RS256"}
	for name, c := range map[string]struct{ token, reason string }{
		"alg none":                       {rawToken(`{"alg":"none"}`, claims, ""), "algorithm"},
		"alg none with a signature":      {rawToken(`{"alg":"none"}`, claims, "x"), "algorithm"},
		"alg None":                       {rawToken(`{"alg":"None"}`, claims, "x"), "algorithm"},
		"no alg":                         {rawToken(`{"kid":"201"}`, claims, "x"), "algorithm"},
		"HMAC with the public PEM":       {hmacSigned(`{"alg":"HS256","kid":"201"}`, public), "algorithm"},
		"HMAC called RS256":              {hmacSigned(`{"alg":"RS256","kid":"201"}`, public), "signature"},
		"algorithm that is not pinned":   {sign("PS256", keyA, kid, i.claims(nil)), "algorithm"},
		"another key":                    {sign("RS256", keyB, kid, i.claims(nil)), "signature"},
		"another kind of key":            {sign("ES256", ecKey, kid, i.claims(nil)), "algorithm"},
		"unknown key id":                 {sign("RS256", keyB, object{"kid": "999"}, i.claims(nil)), "no key"},
		"changed claims":                 {part(good, 0) + "." + encode(jsonText(i.claims(object{"sub": "admin"}))) + "." + part(good, 2), "signature"},
		"changed header":                 {encode(`{"alg":"RS256","kid":"201" }`) + "." + part(good, 1) + "." + part(good, 2), "signature"},
		"no signature":                   {part(good, 0) + "." + part(good, 1) + ".", "signature"},
		"two parts":                      {part(good, 0) + "." + part(good, 1), "compact"},
		"JWE":                            {"eyJhbGciOiJkaXIifQ..a.b.c", "compact"},
		"embedded key":                   {sign("RS256", keyB, object{"jwk": jwk}, i.claims(nil)), "jwk"},
		"embedded key beside a good one": {sign("RS256", keyA, object{"kid": "201", "jwk": jwk}, i.claims(nil)), "jwk"},
		"address of keys":                {sign("RS256", keyB, object{"kid": "201", "jku": "https://evil.example/jwks"}, i.claims(nil)), "jku"},
		"certificate":                    {sign("RS256", keyB, object{"kid": "201", "x5c": []string{"AAAA"}}, i.claims(nil)), "x5c"},
		"address of a certificate":       {sign("RS256", keyB, object{"kid": "201", "x5u": "https://evil.example"}, i.claims(nil)), "x5u"},
		"unknown crit":                   {sign("RS256", keyA, object{"kid": "201", "crit": []string{"exp"}, "exp": 1}, i.claims(nil)), "crit"},
		"unencoded payload":              {sign("RS256", keyA, object{"kid": "201", "b64": true}, i.claims(nil)), "b64"},
		"key id that is no text":         {rawToken(`{"alg":"RS256","kid":201}`, claims, "x"), "header"},
		"duplicate alg":                  {rawToken(`{"alg":"none","alg":"RS256","kid":"201"}`, claims, "x"), "header"},
		"header that is no object":       {"eyJ9." + encode(claims) + ".AA", "header"},
		"ID token by its type":           {sign("RS256", keyA, object{"kid": "201", "typ": "JWT"}, i.claims(nil)), "type"},
		"ID token by its nonce":          {i.token(object{"nonce": "n"}), "ID token"},
		"ID token by its at_hash":        {i.token(object{"at_hash": "n"}), "ID token"},
		"ID token with an access type":   {sign("RS256", keyA, object{"kid": "201", "typ": "at+jwt"}, i.claims(object{"c_hash": "n"})), "ID token"},
		"nothing of an access token":     {i.token(object{"scp": nil}), "access token"},
		"logout token":                   {sign("RS256", keyA, object{"kid": "201", "typ": "logout+jwt"}, i.claims(nil)), "type"},
		"expired":                        {i.token(object{"exp": now.Add(-time.Minute).Unix()}), "expired"},
		"no exp":                         {i.token(object{"exp": nil}), "no exp"},
		"exp as text":                    {i.token(object{"exp": "9999999999"}), "malformed"},
		"exp beyond all time":            {i.token(object{"exp": 1e300}), "malformed"},
		"not valid yet":                  {i.token(object{"nbf": now.Add(61 * time.Second).Unix()}), "not valid yet"},
		"issued in the future":           {i.token(object{"nbf": nil, "iat": now.Add(61 * time.Second).Unix()}), "future"},
		"another issuer":                 {i.token(object{"iss": "https://evil.example/"}), "issuer"},
		"issuer with two slashes":        {i.token(object{"iss": i.name() + "/"}), "issuer"},
		"issuer of another case":         {i.token(object{"iss": strings.ToUpper(i.name())}), "issuer"},
		"no issuer":                      {i.token(object{"iss": nil}), "issuer"},
		"another audience":               {i.token(object{"aud": "other"}), "audience"},
		"audience of another case":       {i.token(object{"aud": "Client"}), "audience"},
		"no audience":                    {i.token(object{"aud": nil}), "audience"},
		"no subject":                     {i.token(object{"sub": nil}), "sub"},
		"subject that is no text":        {i.token(object{"sub": 7}), "malformed"},
		"claims that are no object":      {sign("RS256", keyA, kid, "[1]"), "malformed"},
		"claims that are null":           {sign("RS256", keyA, kid, "null"), "malformed"},
		"claims twice":                   {sign("RS256", keyA, kid, `{"sub":"a","sub":"b"}`), "malformed"},
		"longer than any token":          {i.token(object{"pad": strings.Repeat("x", 9000)}), "compact"},
		"signature with padding":         {good + "=", "compact"},
		"white space":                    {good + "\n", "compact"},
		"no token":                       {"", "compact"},
	} {
		v := i.verifier(t)
		got, err := v.Verify(context.Background(), c.token)
		switch {
		case !errors.Is(err, core.ErrInvalidToken) || errors.Is(err, core.ErrUnavailable) || got != nil:
			t.Errorf("%s: got %v, %v", name, got, err)
		case !strings.Contains(err.Error(), c.reason):
			t.Errorf("%s: the error is %q, want one about %q", name, err, c.reason)
		case strings.Contains(err.Error(), "ey") && strings.Contains(err.Error(), part(c.token+"..", 1)):
			t.Errorf("%s: the error quotes the token: %v", name, err)
		}
	}
}

func TestAccepts(t *testing.T) {
	v := newIssuer(t).verifier(t)
	for token, want := range map[string]bool{
		"eyJhbGciOiJSUzI1NiJ9.e30.c2ln":         true,
		"eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn": false, // a JWE of five parts
		"eyJhbGciOiJkaXIifQ.a.b.c.d":            false,
		"0f9a3c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b":  false,
		"a.b.c":                                 false,
		"eyJhbGciOiJSUzI1NiJ9..c2ln":            false,
		"":                                      false,
		"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIifQ.c2ln.aa": false,
	} {
		if got := v.Accepts(token); got != want {
			t.Errorf("Accepts(%q) = %t", token, got)
		}
	}
	if n := testing.AllocsPerRun(100, func() { v.Accepts("eyJhbGciOiJSUzI1NiJ9.e30.c2ln") }); n != 0 {
		t.Errorf("Accepts allocates %v times", n)
	}
}

func TestOptions(t *testing.T) {
	i := newIssuer(t)
	for name, c := range map[string]struct {
		change func(*jwt.Config)
		token  string
		good   bool
	}{
		"type JWT allowed":       {func(c *jwt.Config) { c.Types = []string{"JWT"} }, sign("RS256", keyA, object{"kid": "201", "typ": "jwt"}, i.claims(nil)), true},
		"absent type refused":    {func(c *jwt.Config) { c.Types = []string{"at+jwt"} }, i.token(nil), false},
		"ID token by type JWT":   {func(c *jwt.Config) { c.Types = []string{"JWT"} }, sign("RS256", keyA, object{"kid": "201", "typ": "JWT"}, i.claims(object{"scp": nil})), false},
		"longer leeway":          {func(c *jwt.Config) { c.Leeway = 2 * time.Minute }, i.token(object{"exp": i.clock().Add(-119 * time.Second).Unix()}), true},
		"no leeway":              {func(c *jwt.Config) { c.Leeway = -1 }, i.token(object{"exp": i.clock().Unix()}), false},
		"second audience":        {func(c *jwt.Config) { c.Audience = []string{"x", "api"} }, i.token(object{"aud": "api"}), true},
		"algorithm":              {func(c *jwt.Config) { c.Algorithms = []string{"RS512"} }, i.token(nil), false},
		"issuer without a slash": {func(c *jwt.Config) { c.Issuer = strings.TrimSuffix(c.Issuer, "/") }, i.token(nil), true},
		"address of keys": {func(c *jwt.Config) { c.JWKSURL, c.Issuer = i.URL+"/service/oidc/app/jwks", "machines" },
			i.token(object{"iss": "machines"}), true},
	} {
		_, err := i.verifier(t, c.change).Verify(context.Background(), c.token)
		if c.good != (err == nil) || err != nil && !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for field, change := range map[string]func(*jwt.Config){
		"Issuer":             func(c *jwt.Config) { c.Issuer = "" },
		"Issuer ":            func(c *jwt.Config) { c.Issuer = "http://site.example/" },
		"Issuer  ":           func(c *jwt.Config) { c.Issuer = "https://site.example/?a=b" },
		"Audience":           func(c *jwt.Config) { c.Audience = nil },
		"Audience ":          func(c *jwt.Config) { c.Audience = []string{"a", ""} },
		"JWKSURL":            func(c *jwt.Config) { c.JWKSURL = "http://site.example/jwks" },
		"JWKSURL ":           func(c *jwt.Config) { c.JWKSURL = "file:///etc/passwd" },
		"Algorithms":         func(c *jwt.Config) { c.Algorithms = []string{"HS256"} },
		"Algorithms ":        func(c *jwt.Config) { c.Algorithms = []string{"RS256", "none"} },
		"Types":              func(c *jwt.Config) { c.Types = []string{} },
		"Leeway":             func(c *jwt.Config) { c.Leeway = time.Hour },
		"RefreshAfter":       func(c *jwt.Config) { c.RefreshAfter = -1 },
		"Algorithms (EdDSA)": func(c *jwt.Config) { c.Algorithms = []string{"ES256K"} },
	} {
		cfg := jwt.Config{Issuer: "https://site.example/service/oidc/app/", Audience: []string{"client"}}
		change(&cfg)
		_, err := jwt.New(cfg)
		var e *core.ConfigError
		if want, _, _ := strings.Cut(field, " "); !errors.As(err, &e) || e.Field != want {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A discovery document or key set that could be forged, or that is of another issuer,
// gives no keys; that is no verdict on a token.
func TestBadDocuments(t *testing.T) {
	for name, change := range map[string]func(*issuer){
		"another issuer": func(i *issuer) { i.metadata = func(d map[string]any) { d["issuer"] = "https://evil.example/" } },
		"keys by http":   func(i *issuer) { i.metadata = func(d map[string]any) { d["jwks_uri"] = "http://keys.example/jwks" } },
		"no address":     func(i *issuer) { i.metadata = func(d map[string]any) { delete(d, "jwks_uri") } },
		"no keys":        func(i *issuer) { i.keys = nil },
		"weak keys":      func(i *issuer) { i.keys["201"] = weakKey },
		"down":           func(i *issuer) { i.failWith = serverError },
		"HTML":           func(i *issuer) { i.failWith = func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") } },
		"redirect": func(i *issuer) {
			i.failWith = func(w http.ResponseWriter) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(http.StatusFound) }
		},
		"too large": func(i *issuer) {
			i.failWith = func(w http.ResponseWriter) { fmt.Fprintf(w, `{"keys":[],"x":%q}`, strings.Repeat("x", 1<<20)) }
		},
	} {
		i := newIssuer(t)
		i.set(func() { change(i) })
		got, err := i.verifier(t).Verify(context.Background(), i.token(nil))
		if !errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrInvalidToken) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestVerifierPrintsNoKeys(t *testing.T) {
	v := must(jwt.NewApp(jwt.AppConfig{Algorithm: "HS256", Secret: []byte(strings.Repeat("s3cr3t", 6))}))
	cfg := jwt.AppConfig{Algorithm: "HS256", Secret: []byte("s3cr3t")}
	for _, text := range []string{fmt.Sprintf("%+v %#v %+v", v, v, *v), fmt.Sprintf("%+v %#v %s", cfg, cfg, &cfg), jsonText(cfg), jsonText(v)} {
		if strings.Contains(text, "s3cr3t") || strings.Contains(text, "115") {
			t.Errorf("printed: %s", text)
		}
	}
}
