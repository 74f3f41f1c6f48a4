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
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

const hush = "hush-0123456789"

// withSecrets are values of every exported type that can hold a secret, each secret
// set to hush.
func withSecrets() []any {
	questions := map[string]string{"q": hush}
	profile := core.Profile{Password: hush, LastPasswordChangeToken: hush, PIN: &core.PINInformation{PIN: hush, LastPINChangeToken: hush},
		ProviderAccessCredential: &core.ProviderAccessCredential{AccessToken: hush, TokenSecret: hush},
		Identities:               []core.SocialProfile{{ProviderAccessCredential: &core.ProviderAccessCredential{AccessToken: hush, TokenSecret: hush}}}}
	return []any{
		core.Config{APIKey: hush, APISecret: hush},
		core.RegisterRequest{Password: hush, SOTT: hush, InvitationToken: hush, Profile: profile, Extra: map[string]any{"Password": hush}},
		core.LoginByEmailRequest{Password: hush, SecurityAnswer: questions}, core.LoginByUsernameRequest{Password: hush, SecurityAnswer: questions},
		core.LoginByPhoneRequest{Password: hush, SecurityAnswer: questions}, core.VerifyEmailRequest{Token: hush, UUID: hush},
		core.VerifyEmailByOTPRequest{OTP: hush, SecurityAnswer: questions}, core.ChangePasswordRequest{AccessToken: hush, OldPassword: hush, NewPassword: hush},
		core.ResetPasswordRequest{ResetToken: hush, Password: hush}, core.ResetPasswordByOTPRequest{OTP: hush, Password: hush},
		core.InvalidateTokenRequest{AccessToken: hush}, core.ProfileRequest{AccessToken: hush},
		core.UpdateProfileRequest{AccessToken: hush, Profile: profile, Extra: map[string]any{"password": hush}},
		core.SendWelcomeEmailRequest{AccessToken: hush}, core.DeleteAccountRequest{AccessToken: hush}, core.CreateAccountRequest{Password: hush, Profile: profile, Extra: map[string]any{"PINInfo": hush}},
		core.UpdateAccountRequest{Profile: profile, Extra: map[string]any{"Password": hush}}, core.SetPasswordRequest{Password: hush}, core.NativeInvalidateRequest{AccessToken: hush},
		core.SocialProfileRequest{AccessToken: hush}, core.FacebookLoginRequest{AccessToken: hush}, core.GoogleLoginRequest{AccessToken: hush, RefreshToken: hush},
		core.TwitterLoginRequest{AccessToken: hush, TokenSecret: hush}, core.Tokens{AccessToken: hush, RefreshToken: hush},
		core.LoginResult{AccessToken: hush, RefreshToken: hush, Profile: &profile}, core.MFAChallenge{Token: hush, QRCode: hush, ManualEntryCode: hush},
		core.ForgotToken{Token: hush}, core.VerificationToken{Token: hush}, core.PasswordHash{Hash: hush}, core.TokenInfo{AccessToken: hush},
		core.ActiveSession{AccessToken: hush}, core.ActiveSessions{Sessions: []core.ActiveSession{{AccessToken: hush}}}, core.SOTT{Token: hush},
		profile, *profile.PIN, *profile.ProviderAccessCredential, profile.Identities[0],
	}
}

// jsonShowsSecrets are the types whose JSON is what LoginRadius sends: encoding them
// again must lose nothing.
var jsonShowsSecrets = map[string]bool{"Profile": true, "PINInformation": true, "ProviderAccessCredential": true, "SocialProfile": true}

func TestSecretsAreRedacted(t *testing.T) {
	for _, v := range withSecrets() {
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
		"Config.APIKey":      "Config has its own way of printing, tested above",
		"Config.APISecret":   "likewise",
		"Address.PostalCode": "an address",
		"Country.Code":       "as in DE",
	}
)

// No exported type with a secret can be forgotten above.
func TestEveryTypeWithASecretIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, v := range withSecrets() {
		tested[reflect.TypeOf(v).Name()] = true
	}
	found := 0
	inspect := func(n ast.Node) bool {
		ts, ok := n.(*ast.TypeSpec)
		if !ok || !ts.Name.IsExported() {
			return true
		}
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			return true
		}
		secret := false
		for _, f := range st.Fields.List {
			if f.Tag != nil && strings.Contains(f.Tag.Value, ",secret") {
				secret = true
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
		if secret {
			found++
			if !tested[ts.Name.Name] {
				t.Errorf("%s holds a secret and is not in withSecrets of this file: add a value with the secret set to hush", ts.Name.Name)
			}
		}
		return true
	}
	for _, f := range sourceFiles(t) {
		ast.Inspect(f, inspect)
	}
	if found < 25 {
		t.Errorf("only %d types with secrets were found", found)
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
			args, tried := vectorArgs{}, 0
			for _, v := range load[[]vector](t, "wire.json") {
				for k, value := range v.Args {
					if s, ok := value.(string); ok && secretArgument(k) && s != "" {
						value = hush
					}
					if m, ok := value.(map[string]any); ok {
						copied := map[string]any{}
						for mk, mv := range m {
							if secretArgument(mk) {
								mv = hush
							}
							copied[mk] = mv
						}
						value = copied
					}
					args[k] = value
				}
				for _, op := range operations {
					if op.sdk != v.Method {
						continue
					}
					_, err := op.call(context.Background(), c, args)
					if err == nil {
						t.Errorf("%s succeeded", v.Method)
					}
					if strings.Contains(fmt.Sprint(args), hush) { // an echo of what was not sent is no leak
						tried++
						shows(t, v.Method, err)
					}
				}
				args = vectorArgs{}
			}
			if tried < 40 {
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

func secretArgument(name string) bool {
	n := strings.ToLower(name)
	for _, s := range []string{"token", "password", "otp", "sott", "secret"} {
		if strings.Contains(n, s) && !strings.Contains(n, "url") && !strings.Contains(n, "template") {
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
