package emulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// The key and the secret of the vectors, and the time at which they are good.
const (
	vectorKey    = "b4a9d3e0-0000-4000-8000-00000000abcd"
	vectorSecret = "11111111-2222-4333-8444-555555555555"
)

func TestKeyAndSecret(t *testing.T) {
	a := newAPI(t)
	bare := a.with("X-Loginradius-Apikey", "").with("X-Loginradius-Apisecret", "")
	key, secret := "apikey="+a.APIKey(), "apisecret="+a.APISecret()
	const roles = "GET /identity/v2/manage/role"
	for _, test := range []struct {
		name string
		with *api
		line string
		code int
	}{
		{"both in headers", a, roles, 0},
		{"both in the query", bare, roles + "?" + key + "&" + secret, 0},
		{"spelled as older SDKs do", bare, roles + "?apiKey=" + a.APIKey() + "&apiSecret=" + a.APISecret(), 0},
		{"key in the query, secret in a header", a.with("X-Loginradius-Apikey", ""), roles + "?" + key, 0},
		{"wrong key in the header", a.with("X-Loginradius-Apikey", "x"), roles, 901},
		{"wrong key in the query", bare, roles + "?apikey=x&" + secret, 901},
		{"no secret", bare, roles + "?" + key, 923},
		{"wrong secret", a.with("X-Loginradius-Apisecret", "x"), roles, 902},
		{"a call of a user needs no secret", bare, "GET /identity/v2/auth/username?username=x&" + key, 0},
		{"native", bare, "GET /api/v2/access_token/activesession?key=" + a.APIKey() + "&secret=" + a.APISecret(), 0},
		{"native, wrong secret", bare, "GET /api/v2/access_token/activesession?key=" + a.APIKey() + "&secret=x", 902},
		{"native, no secret", bare, "GET /api/v2/access_token/activesession?key=" + a.APIKey(), 923},
		{"native, no key", bare, "GET /api/v2/access_token/activesession?secret=" + a.APISecret(), 922},
		{"exchange needs the secret alone", bare, "GET /api/v2/access_token?token=x&secret=" + a.APISecret(), 903},
		{"exchange, wrong secret", bare, "GET /api/v2/access_token?token=x&secret=x", 902},
		{"the provider's profile needs neither", bare, "GET /api/v2/userprofile?access_token=x", 905},
		{"no bearer", a, getProfile, 1060},
		{"unknown bearer", a.as("junk"), getProfile, 905},
	} {
		t.Run(test.name, func(t *testing.T) {
			api := *test.with
			api.t = t
			got := api.refused(test.code, test.line, "")
			// Native errors are spelled in lower camel, the others in Pascal.
			if _, pascal := got.body["ErrorCode"]; test.code != 0 && pascal == strings.Contains(test.line, "/api/v2/") {
				t.Errorf("spelling: %s", got.raw)
			}
			if strings.Contains(got.raw, a.APISecret()) {
				t.Error("the answer holds the secret")
			}
		})
	}
}

// The recorded SOTTs are opened by an implementation that shares nothing with the
// one that core makes them with.
func TestRecordedSOTTs(t *testing.T) {
	start := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	const token = "prVIijTC/hkYLty84yqc+MCuKSqXyW7nHyHEEn/pPxkKRewrnzWiBKqAwpx9wOvk/MEGUlqMhnA7KF7fONUZsYi6IuRdmoaJS7l5WgPcX+c=*470005126eec4d3d66466fed1b1bb939"
	sealed, sum, _ := strings.Cut(token, "*")
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, key, secret, sott string
		at                      time.Time
		code                    int
	}{
		{"at its start", vectorKey, vectorSecret, token, start, 0},
		{"at its end", vectorKey, vectorSecret, token, start.Add(10 * time.Minute), 0},
		{"before", vectorKey, vectorSecret, token, start.Add(-time.Minute), 1049},
		{"after", vectorKey, vectorSecret, token, start.Add(10*time.Minute + time.Second), 1049},
		{"of another key", "other", vectorSecret, token, start, 1049},
		{"of another secret", vectorKey, "other", token, start, 1049},
		{"none", vectorKey, vectorSecret, "", start, 1048},
		{"junk", vectorKey, vectorSecret, "junk", start, 1049},
		{"no sum", vectorKey, vectorSecret, sealed, start, 1049},
		{"wrong sum", vectorKey, vectorSecret, sealed + "*" + strings.Repeat("0", 32), start, 1049},
		{"cut short", vectorKey, vectorSecret, base64.StdEncoding.EncodeToString(raw[:len(raw)-16]) + "*" + sum, start, 1049},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := newAPI(t, emulator.WithCredentials(test.key, test.secret), emulator.WithFrozenClock(test.at))
			const line, body = "POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"a@example.com"}],"Password":"Passw0rd!"}`
			a.with("X-LoginRadius-Sott", test.sott).refused(test.code, line, body)
		})
	}

	// One SOTT is a window, not a ticket; the emulator's own are of the same make.
	a := newAPI(t)
	sott := a.ok("GET "+manage+"/sott?timedifference=5", "").text("Sott")
	for _, email := range []string{"a@example.com", "b@example.com"} {
		a.with("X-LoginRadius-Sott", sott).ok("POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"`+email+`"}],"Password":"Passw0rd!"}`)
	}
	a.Advance(5*time.Minute + 2*time.Second)
	a.with("X-LoginRadius-Sott", sott).refused(1049, "POST /identity/v2/auth/register", `{}`)

	var vectors []struct {
		Name, Secret, SOTT string
		APIKey             string `json:"api_key"`
		Start              string `json:"start_time"`
	}
	fromFile(t, "../testdata/sott.json", &vectors)
	for _, v := range vectors {
		at, err := time.Parse("2006/1/2 15:4:5", v.Start)
		if err != nil {
			t.Fatal(err)
		}
		a := newAPI(t, emulator.WithCredentials(v.APIKey, v.Secret), emulator.WithFrozenClock(at.Add(time.Minute)))
		a.with("X-LoginRadius-Sott", v.SOTT).ok("POST /identity/v2/auth/register", `{"Email":[{"Type":"Primary","Value":"a@example.com"}],"Password":"Passw0rd!"}`)
	}
}

// Signed requests of several makes, for a host that is not ours.
func TestSignedRequests(t *testing.T) {
	at := time.Date(2024, 1, 2, 3, 0, 0, 0, time.UTC)
	const (
		expires = "2024-01-02 03:04:05"
		get     = "GET https://api.loginradius.com/identity/v2/manage/account?apikey=" + vectorKey + "&email=a%2Bb%40example.com"
		getSum  = "SHA-256=IgMc21cbv8cmNRTPeRYw0BlPxdphmixYUStBbqxW1sY="
		post    = "POST https://api.loginradius.com/identity/v2/manage/account/forgot/token?apikey=" + vectorKey
		postSum = "SHA-256=cyZqMGAMQuqLbKRp9w0UDR/saXdzkra5KrobuUm0C6A="
	)
	for _, test := range []struct {
		name, line, body, digest, expires string
		at                                time.Time
		code                              int
	}{
		{"without a body", get, "", getSum, expires, at, 0},
		{"with a body", post, `{"email":"a@example.com"}`, postSum, expires, at, 0},
		{"with the secret besides, which is not signed", get + "&apisecret=x", "", getSum, expires, at, 0},
		{"another body", post, `{"email":"b@example.com"}`, postSum, expires, at, 1208},
		{"another address", strings.Replace(get, "a%2B", "c%2B", 1), "", getSum, expires, at, 1208},
		{"another expiry", get, "", getSum, "2024-01-02 03:05:05", at, 1208},
		{"too late", get, "", getSum, expires, at.Add(5 * time.Minute), 1212},
		{"no expiry", get, "", getSum, "", at, 1210},
		{"expiry of no known form", get, "", getSum, "tomorrow", at, 1211},
		{"expiry with AM and PM", get, "", getSum, "2024-1-2 3:4:5 AM", at, 1208}, // read, but not what was signed
		{"neither signature nor secret", get, "", "", "", at, 923},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := emulator.New(emulator.WithCredentials(vectorKey, vectorSecret), emulator.WithClock(func() time.Time { return test.at }))
			for _, email := range []string{"a+b@example.com", "a@example.com", "b@example.com", "c+b@example.com"} {
				if _, err := e.AddUser(emulator.User{Email: email}); err != nil {
					t.Fatal(err)
				}
			}
			method, target, _ := strings.Cut(test.line, " ")
			r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(test.body))
			r.Header = http.Header{"Digest": {test.digest}, "X-Request-Expires": {test.expires}, "Content-Type": {"application/json"}}
			w := httptest.NewRecorder()
			e.ServeHTTP(w, r)
			var got answer
			_ = json.Unmarshal(w.Body.Bytes(), &got.body)
			if got.code() != test.code {
				t.Errorf("%d %s, want code %d", w.Code, w.Body, test.code)
			}
		})
	}

	// What the SDKs sign is accepted, where they sign what they send; calls without
	// content are accepted however they are signed, unless the site is strict.
	var vectors []recordedSignature
	fromFile(t, "../testdata/signing.json", &vectors)
	replay := func(v recordedSignature, opts ...emulator.Option) string {
		e := emulator.New(append(opts, emulator.WithCredentials(v.APIKey, v.Secret), emulator.WithFrozenClock(time.Date(2026, 1, 15, 9, 30, 45, 0, time.UTC)))...)
		path, query, _ := strings.Cut(v.Target, "?")
		r := httptest.NewRequestWithContext(t.Context(), v.Method, "http://127.0.0.1:39417"+path, strings.NewReader(v.Body))
		r.URL.RawQuery, r.RequestURI = query, v.Target
		r.Header = http.Header{"Digest": {v.Digest}, "X-Request-Expires": {v.Expires}, "Content-Type": {"application/json"}}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		return w.Body.String()
	}
	for _, v := range vectors {
		got := replay(v, emulator.WithStrictSigning())
		if refused := strings.Contains(got, `"ErrorCode":1208`); refused == v.Sound || strings.Contains(got, `"ErrorCode":12`) != refused {
			t.Errorf("%s %s, strict: %s", v.SDK, v.Name, got)
		}
		without := v.Body == "" || v.Body == "{}" || v.Body == "null"
		if got := replay(v); strings.Contains(got, `"ErrorCode":12`) == (v.Sound || without) {
			t.Errorf("%s %s: %s", v.SDK, v.Name, got)
		}
	}

	strict := newAPI(t, emulator.WithSigningRequired())
	strict.refused(1207, "GET /identity/v2/manage/role", "")
	strict.ok("GET /identity/v2/auth/username?username=x", "")
	strict.ok("GET /api/v2/access_token/activesession?key="+strict.APIKey()+"&secret="+strict.APISecret(), "")
}

type recordedSignature struct {
	Name, SDK, Expires, Secret string
	APIKey                     string `json:"api_key"`
	Digest                     string `json:"digest_header"`
	Method                     string `json:"http_method"`
	Target                     string `json:"wire_target"`
	Body                       string `json:"wire_body"`
	Sound                      bool   `json:"payload_choice_ok"`
}

// Official SDKs sign calls without content in different ways; the service evidently
// lives with all of them.
func TestSignaturesWithoutContent(t *testing.T) {
	for _, test := range []struct {
		name, method, signed, body string
		strict                     bool
	}{
		{"by the docs, GET", "GET", "", "", true},
		{"by the docs, DELETE", "DELETE", "", "", true},
		{"Python 11, DELETE", "DELETE", ":{}", "{}", true}, // signs what it sends
		{"Python 10, DELETE", "DELETE", "", "null", false},
		{"Java 11, DELETE", "DELETE", "", "{}", false},
		{"PHP 11, DELETE", "DELETE", ":", "", false},
		{"Python 11, GET", "GET", ":{}", "", false},
		{"content that was not signed", "PUT", "", `{"FirstName":"Eve"}`, false},
	} {
		for _, strict := range []bool{true, false} {
			opts := []emulator.Option{emulator.WithFrozenClock(noon)}
			if strict {
				opts = append(opts, emulator.WithStrictSigning())
			}
			a := newAPI(t, opts...)
			path := manage + "/" + strings.Repeat("f", 32) + "?apikey=" + a.APIKey()
			const expires = "2026-03-01 13:00:00"
			mac := hmac.New(sha256.New, []byte(a.APISecret()))
			mac.Write([]byte(expires + ":" + strings.ToLower(url.QueryEscape(a.URL()+path)) + test.signed))
			signed := a.with("X-Loginradius-Apisecret", "").with("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(mac.Sum(nil))).with("X-Request-Expires", expires)
			want := 938 // the signature was accepted, and there is no such user
			if strict && !test.strict || strings.HasPrefix(test.name, "content") {
				want = 1208
			}
			if got := signed.call(test.method+" "+path, test.body); got.code() != want {
				t.Errorf("%s, strict %v: %d %s", test.name, strict, got.status, got.raw)
			}
		}
	}
}

// Bodies and queries that are not what they should be.
func TestMalformedRequests(t *testing.T) {
	a := newAPI(t)
	uid := a.add(ada)
	access, _ := a.tokens(uid)
	a.refused(965, doLogin, `{`)
	a.refused(965, doLogin, `[]`)
	a.refused(965, doLogin, `{"email":"x@example.com"}`)
	a.refused(965, doLogin, ``)
	a.refused(1079, doReset, `nonsense`)
	a.refused(1082, "DELETE "+manage+"/"+uid+"/role", `{"roles":`)
	a.refused(965, doForgot, `{}`)
	a.with("Content-Type", "text/plain").refused(1083, doLogin, loginBody(adaPassword))
	a.with("Content-Type", "application/json; charset=utf-8").ok(doLogin, loginBody(adaPassword))
	if got := a.call(doLogin+"?fields=%zz", loginBody(adaPassword)); got.status/100 != 4 || got.code() == 0 {
		t.Errorf("a broken query: %d %s", got.status, got.raw)
	}
	if got := a.call(doLogin, `{"email":"`+strings.Repeat("x", 2<<20)+`"}`); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", got.status)
	}
	for line, name := range map[string]string{
		"GET /identity/v2/auth/email": "email", "GET /identity/v2/auth/username": "username", "GET " + manage: "email",
		"DELETE " + manage: "email", "GET " + manage + "/identities": "email",
	} {
		if got := a.call(line, ""); got.code() != 908 || got.status != 400 || !strings.Contains(got.text("Description"), name) {
			t.Errorf("%s without %s: %d %s", line, name, got.status, got.raw)
		}
	}
	if got := a.as(access).call(doChange, `{"newpassword":"another one"}`); got.code() != 908 || !strings.Contains(got.text("Description"), "oldpassword") {
		t.Errorf("no old password: %s", got.raw)
	}
}
