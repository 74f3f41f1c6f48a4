package core_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

const hush = "hush-0123456789"

// fillSecrets sets every secret in a struct, and in what it holds, to hush.
func fillSecrets(v reflect.Value) {
	for i := range v.NumField() {
		f, field := v.Type().Field(i), v.Field(i)
		if !f.IsExported() {
			continue
		}
		if tag := strings.Split(f.Tag.Get("lr"), ","); slices.Contains(tag, "secret") {
			fillAll(field)
			continue
		}
		fillInside(field)
	}
}

// fillInside fills the secrets of the structs that a field holds.
func fillInside(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().PkgPath() == reflect.TypeFor[core.Config]().PkgPath() {
			fillSecrets(v)
		}
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem() != reflect.TypeFor[core.SocialProfile]() {
			v.Set(reflect.New(v.Type().Elem()))
			fillInside(v.Elem())
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Struct {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fillInside(v.Index(0))
		}
	}
}

// fillAll sets every text in a value to hush.
func fillAll(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(hush)
	case reflect.Interface:
		v.Set(reflect.ValueOf(hush))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(`"` + hush + `"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillAll(v.Index(0))
	case reflect.Map:
		e := reflect.New(v.Type().Elem()).Elem()
		fillAll(e)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("Password"), e)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillAll(v.Field(i))
			}
		}
	}
}

// jsonShowsSecrets are the types that are encoded as LoginRadius sends them: encoding them
// again must lose nothing.
var jsonShowsSecrets = map[string]bool{"Profile": true, "PINInformation": true, "ProviderAccessCredential": true, "SocialProfile": true}

func TestSecretsAreRedacted(t *testing.T) {
	if len(secretTypes) < 30 {
		t.Errorf("only %d types with secrets were found", len(secretTypes))
	}
	for _, zero := range append(secretTypes, core.Config{APIKey: hush, APISecret: hush, SharedSecret: []byte(hush)}) {
		filled := reflect.New(reflect.TypeOf(zero)).Elem()
		filled.Set(reflect.ValueOf(zero))
		fillSecrets(filled)
		v := filled.Interface()
		typ := reflect.TypeOf(v)
		pointer := reflect.New(typ)
		pointer.Elem().Set(reflect.ValueOf(v))
		for _, x := range []any{v, pointer.Interface(), []any{v}, map[string]any{"a": v}, struct{ Inner any }{v}, struct{ Inner any }{pointer.Interface()}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
				if s := fmt.Sprintf(verb, x); strings.Contains(s, hush) || strings.Contains(s, fmt.Sprintf("%x", hush)) {
					t.Errorf("%s of %T shows the secret: %s", verb, x, s)
				}
			}
			var text, js bytes.Buffer
			slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", x)
			slog.New(slog.NewJSONHandler(&js, nil)).Info("x", "v", v, "p", pointer.Interface())
			if strings.Contains(js.String(), hush) {
				t.Errorf("slog as JSON shows the secret of %T: %s", v, js.String())
			}
			if strings.Contains(text.String(), hush) {
				t.Errorf("slog shows the secret of %T: %s", x, text.String())
			}
			if jsonShowsSecrets[typ.Name()] {
				continue
			}
			b, err := json.Marshal(x)
			if err != nil || bytes.Contains(b, []byte(hush)) {
				t.Errorf("JSON of %T: %v %s", x, err, b)
			}
			slog.New(slog.NewJSONHandler(&js, nil)).Info("x", "v", x)
			if strings.Contains(js.String(), hush) {
				t.Errorf("slog as JSON shows the secret of %T: %s", x, js.String())
			}
		}
	}
}

// soundsLikeSecret matches names of text fields that need a secret tag; notSecret are
// the exceptions.
var (
	soundsLikeSecret = regexp.MustCompile(`(Token|Password|Secret|OTP|SOTT|PIN|Hash|Key|Code|Answer|Credential|Challenge|Extra)[a-z]*$`)
	notSecret        = map[string]string{
		"Config.APIKey":                "Config has its own way of printing, tested above",
		"Config.APISecret":             "likewise",
		"Config.SharedSecret":          "likewise",
		"SubmitConsentRequest.Answers": "are yes and no", "SubmitConsentByTokenRequest.Answers": "likewise", "UpdateConsentRequest.Answers": "likewise",
		"Address.PostalCode":              "an address",
		"PasskeyOptions.PublicKey":        "is handed to the browser",
		"PasskeyOptions.Challenge":        "likewise",
		"PasskeyOptions.AllowCredentials": "likewise",
		"Country.Code":                    "as in DE",
	}
)

// A field that sounds like a secret has the tag that makes it one.
func TestSecretsAreTagged(t *testing.T) {
	inspect := func(n ast.Node) bool {
		ts, ok := n.(*ast.TypeSpec)
		if !ok || !ts.Name.IsExported() {
			return true
		}
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, f := range st.Fields.List {
			if f.Tag != nil && strings.Contains(f.Tag.Value, ",secret") {
				continue
			}
			if typ := types.ExprString(f.Type); typ != "string" && !strings.HasPrefix(typ, "[]") && !strings.HasPrefix(typ, "map[") && typ != "any" {
				continue // flags and dates; structs are looked at by themselves
			}
			for _, name := range f.Names {
				field := ts.Name.Name + "." + name.Name
				if name.IsExported() && soundsLikeSecret.MatchString(name.Name) && notSecret[field] == "" {
					t.Errorf(`%s sounds like a secret and is not tagged lr:",,secret"; if it is none, add it to notSecret of this file`, field)
				}
			}
		}
		return true
	}
	for _, f := range sourceFiles(t) {
		ast.Inspect(f, inspect)
	}
}

// Errors and logs of every kind of failure hold nothing of what was sent in secret.
func TestFailuresAreDiscreet(t *testing.T) {
	echo := func(status int) roundTripper {
		return func(r *http.Request) (*http.Response, error) {
			body, _ := json.Marshal(map[string]any{"ErrorCode": 905, "Message": "bad " + hush, "Description": r.URL.String() + hush + "the-api-secret",
				"Errors": []any{map[string]string{"FieldName": hush, "ErrorMessage": hush}}, "ProviderErrorResponse": hush, "IsProviderError": true})
			return respond(status, string(body), nil), nil
		}
	}
	transports := map[string]roundTripper{
		"an error with the URL": func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("cannot reach %s with %v", r.URL, r.Header)
		},
		"an url.Error": func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("x")}
		},
		"an echo": echo(403),
		// Wherever a text is cut, no part of a token may be left over.
		"a long echo": func(r *http.Request) (*http.Response, error) {
			body, _ := json.Marshal(map[string]any{"ErrorCode": 905, "Message": strings.Repeat("x", 1024-len(hush)/2) + hush})
			return respond(403, string(body), nil), nil
		},
		"a 200 echo":        echo(200),
		"HTML with secrets": func(*http.Request) (*http.Response, error) { return respond(200, "<html>"+hush, nil), nil },
	}
	for name, transport := range transports {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			c, err := core.New(core.Config{APIKey: "the-api-key", APISecret: "the-api-secret", HTTPClient: &http.Client{Transport: transport},
				Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Retry: core.RetryConfig{MaxAttempts: 1}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			tried := 0
			for _, f := range fixtures(t) {
				m, err := methodOf(c, f.Operation)
				if err != nil {
					t.Fatal(err)
				}
				in, err := arguments(m, f.Full.Args)
				if err != nil {
					t.Fatal(err)
				}
				secret := false
				for i, v := range in {
					switch v.Kind() {
					case reflect.Struct:
						before := fmt.Sprintf("%#v", v.Interface())
						fillSet(v)
						secret = secret || fmt.Sprintf("%#v", v.Interface()) != before || strings.Contains(fmt.Sprint(v.Interface()), "[redacted]")
					case reflect.String:
						if secretArgument(f.Full.Request, v.String()) {
							in[i], secret = reflect.ValueOf(hush), true
						}
					}
				}
				_, err = invokeWith(context.Background(), m, in)
				if err == nil {
					t.Errorf("%s succeeded", f.Name)
				}
				if secret { // an echo of what was not sent is no leak
					tried++
					shows(t, f.Name, err)
				}
			}
			if tried < 100 {
				t.Errorf("only %d calls with secrets were tried", tried)
			}
			for _, token := range []string{hush, "not a " + hush} {
				_, err = c.Session(context.Background(), token)
				shows(t, "Session", err)
			}
			if s := log.String(); strings.Contains(s, hush) && !strings.Contains(name, "echo") || strings.Contains(s, "the-api-secret") {
				t.Errorf("the log shows secrets: %.500s", s)
			}
			if !strings.Contains(log.String(), `"operation":"Authentication.LoginByEmail"`) || !strings.Contains(log.String(), `"attempt":1`) || !strings.Contains(log.String(), `"duration":`) {
				t.Errorf("the log does not tell operation, attempt and duration: %.500s", log.String())
			}
		})
	}
}

// What goes into a body without a field of its own is kept from errors too.
func TestFreeFormSecretsAreDiscreet(t *testing.T) {
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		body, _ := io.ReadAll(r.Body)
		quoted, _ := json.Marshal(map[string]any{"ErrorCode": 908, "Message": "refused: " + string(body)})
		return respond(400, string(quoted), nil), nil
	})
	c, err := core.New(core.Config{APIKey: "the-api-key", APISecret: "the-api-secret", HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := context.Background()
	_, err = c.Account.Update(ctx, core.UpdateAccountRequest{UID: "u",
		Profile: core.Profile{FirstName: "Ada", PIN: &core.PINInformation{PIN: hush}, ProviderAccessCredential: &core.ProviderAccessCredential{TokenSecret: hush}},
		Extra:   map[string]any{"password": hush, "SecurityQuestionAnswer": map[string]any{"q": hush}, "backupTokens": []string{hush}}})
	if err == nil || !strings.Contains(err.Error(), "Ada") {
		t.Errorf("the service's words are lost: %v", err)
	}
	shows(t, "Account.Update", err)
	_, err = c.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "a@b.c", Password: "p", SecurityAnswer: map[string]string{"q": hush}})
	shows(t, "LoginByEmail", err)
}

// A session has no token, and prints nothing of the person.
func TestSessionsAreDiscreet(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada", extra: map[string]any{"Password": hush, "PIN": map[string]string{"PIN": hush},
		"Identities": []any{map[string]any{"Provider": "x", "ProviderAccessCredential": map[string]string{"AccessToken": hush}}}}})
	s := mustSession(t, f.client(t, func(c *core.Config) { c.Sessions.ProfileFields = []string{"*"} }), good, "ada")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "session", s)
	js, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q %d %x", s, s, s, s, s, s, s), log.String(), string(js)} {
		if !strings.Contains(text, "ada") || strings.Contains(text, "example.com") || strings.Contains(text, good) {
			t.Errorf("a session prints %s", text)
		}
	}
	all, err := json.Marshal(s.Profile())
	if err != nil || !bytes.Contains(all, []byte("Identities")) {
		t.Fatalf("%s, %v", all, err)
	}
	if bytes.Contains(all, []byte(hush)) {
		t.Errorf("a session keeps secrets: %s", all)
	}
}

// fillSet sets the secrets of a request struct to hush, where they are set at all.
func fillSet(v reflect.Value) {
	for i := range v.NumField() {
		if tag := strings.Split(v.Type().Field(i).Tag.Get("lr"), ","); slices.Contains(tag, "secret") && !v.Field(i).IsZero() {
			fillAll(v.Field(i))
		}
		if f := v.Type().Field(i); f.Anonymous || f.Tag.Get("lr") == "inline" {
			fillSet(v.Field(i))
		}
	}
}

// secretArgument reports whether a recorded request carries a plain argument where
// tokens and codes travel.
func secretArgument(r recordedRequest, value string) bool {
	if strings.HasSuffix(r.Headers["Authorization"], " "+value) {
		return true
	}
	sensitive := func(name string) bool {
		n := strings.ToLower(name)
		return slices.ContainsFunc([]string{"token", "password", "otp", "sott", "secret", "clientguid"}, func(s string) bool { return strings.Contains(n, s) }) &&
			!strings.Contains(n, "url") && !strings.Contains(n, "template") && !strings.Contains(n, "type")
	}
	for name, v := range r.Query {
		if v == value && sensitive(name) {
			return true
		}
	}
	body, _ := r.Body.(map[string]any)
	for name, v := range body {
		if v == value && sensitive(name) {
			return true
		}
	}
	return false
}

func shows(t *testing.T, op string, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		b, _ := json.Marshal(err)
		if strings.Contains(err.Error(), hush[:len(hush)/2]) {
			t.Errorf("%s: the error shows part of a secret: %s", op, err)
		}
		for _, s := range []string{err.Error(), fmt.Sprintf("%v %+v %#v %q %x", err, err, err, err, err), string(b)} {
			if strings.Contains(s, hush) || strings.Contains(s, "the-api-secret") || strings.Contains(s, fmt.Sprintf("%x", hush)) {
				t.Errorf("%s: the error shows a secret: %s", op, s)
			}
		}
	}
}
