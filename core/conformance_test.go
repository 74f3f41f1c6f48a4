package core_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// vectorArgs are the arguments of a recorded call of the official SDK.
type vectorArgs map[string]any

func (a vectorArgs) str(name string) string { s, _ := a[name].(string); return s }
func (a vectorArgs) flag(name string) bool  { b, _ := a[name].(bool); return b }
func (a vectorArgs) num(name string) int    { n, _ := a[name].(float64); return int(n) }

func (a vectorArgs) fields() []string {
	if s := a.str("fields"); s != "" {
		return []string{s}
	}
	return nil
}

// model returns the one argument that is an object.
func (a vectorArgs) model() vectorArgs {
	for _, v := range a {
		if m, ok := v.(map[string]any); ok {
			return m
		}
	}
	return nil
}

func (a vectorArgs) email() string {
	list, _ := a["email"].([]any)
	if len(list) == 0 {
		return a.str("email")
	}
	return list[0].(map[string]any)["value"].(string)
}

func (a vectorArgs) profile() core.Profile {
	return core.Profile{FirstName: a.str("firstName"), LastName: a.str("lastName")}
}

func (a vectorArgs) roles() (out []string) {
	list, _ := a["roles"].([]any)
	for _, r := range list {
		out = append(out, r.(string))
	}
	return out
}

type operationCall struct {
	sdk, method string
	call        func(context.Context, *core.Client, vectorArgs) (any, error)
}

// operations maps the SDK's names of operations to our methods: the table that the
// README shows, and what the conformance tests call.
var operations = []operationCall{
	{"user_registration_by_email", "Authentication.Register", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Authentication.Register(ctx, core.RegisterRequest{
			Email: m.email(), Password: m.str("password"), Profile: m.profile(), SOTT: a.str("sott"), VerificationURL: a.str("verification_url"),
			EmailTemplate: a.str("email_template"), WelcomeEmailTemplate: a.str("welcome_email_template"), Options: a.str("options"),
			IsVoiceOTP: a.flag("is_voice_otp"), Fields: a.fields(),
		})
	}},
	{"auth_resend_email_verification", "Authentication.ResendVerification", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.ResendVerification(ctx, core.ResendVerificationRequest{
			Email: a.str("email"), VerificationURL: a.str("verification_url"), EmailTemplate: a.str("email_template"),
		})
	}},
	{"login_by_email", "Authentication.LoginByEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{
			Email: m.str("email"), Password: m.str("password"), VerificationURL: a.str("verification_url"), LoginURL: a.str("login_url"),
			EmailTemplate: a.str("email_template"), Fields: a.fields(),
		})
	}},
	{"login_by_user_name", "Authentication.LoginByUsername", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Authentication.LoginByUsername(ctx, core.LoginByUsernameRequest{
			Username: m.str("username"), Password: m.str("password"), VerificationURL: a.str("verification_url"), LoginURL: a.str("login_url"),
			EmailTemplate: a.str("email_template"), Fields: a.fields(),
		})
	}},
	{"login_by_phone", "Authentication.LoginByPhone", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Authentication.LoginByPhone(ctx, core.LoginByPhoneRequest{
			Phone: m.str("phone"), Password: m.str("password"), LoginURL: a.str("login_url"), SMSTemplate: a.str("sms_template"),
			Options: a.str("options"), Fields: a.fields(),
		})
	}},
	{"change_password", "Authentication.ChangePassword", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.ChangePassword(ctx, core.ChangePasswordRequest{
			AccessToken: a.str("access_token"), OldPassword: a.str("old_password"), NewPassword: a.str("new_password"),
		})
	}},
	{"forgot_password", "Authentication.ForgotPassword", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.ForgotPassword(ctx, core.ForgotPasswordRequest{
			Email: a.str("email"), ResetPasswordURL: a.str("reset_password_url"), EmailTemplate: a.str("email_template"),
		})
	}},
	{"reset_password_by_reset_token", "Authentication.ResetPassword", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return nil, c.Authentication.ResetPassword(ctx, core.ResetPasswordRequest{ResetToken: m.str("resetToken"), Password: m.str("password")})
	}},
	{"reset_password_by_email_otp", "Authentication.ResetPasswordByOTP", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return nil, c.Authentication.ResetPasswordByOTP(ctx, core.ResetPasswordByOTPRequest{Email: m.str("email"), OTP: m.str("otp"), Password: m.str("password")})
	}},
	{"reset_password_by_otp_and_user_name", "Authentication.ResetPasswordByOTP", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return nil, c.Authentication.ResetPasswordByOTP(ctx, core.ResetPasswordByOTPRequest{Username: m.str("userName"), OTP: m.str("otp"), Password: m.str("password")})
	}},
	{"auth_validate_access_token", "Authentication.ValidateToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.ValidateToken(ctx, a.str("access_token"))
	}},
	{"auth_in_validate_access_token", "Authentication.InvalidateToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: a.str("access_token"), PreventRefresh: a.flag("prevent_refresh")})
	}},
	{"get_access_token_info", "Authentication.TokenInfo", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.TokenInfo(ctx, a.str("access_token"))
	}},
	{"get_profile_by_access_token", "Authentication.Profile", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: a.str("access_token"), Fields: a.fields()})
	}},
	{"get_social_identity", "Authentication.SocialIdentity", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.SocialIdentity(ctx, core.ProfileRequest{AccessToken: a.str("access_token"), Fields: a.fields()})
	}},
	{"update_profile_by_access_token", "Authentication.UpdateProfile", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.UpdateProfile(ctx, core.UpdateProfileRequest{
			AccessToken: a.str("access_token"), Profile: a.model().profile(), NullSupport: a.flag("null_support"), VerificationURL: a.str("verification_url"),
			EmailTemplate: a.str("email_template"), SMSTemplate: a.str("sms_template"), Options: a.str("options"), IsVoiceOTP: a.flag("is_voice_otp"), Fields: a.fields(),
		})
	}},
	{"send_welcome_email", "Authentication.SendWelcomeEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.SendWelcomeEmail(ctx, core.SendWelcomeEmailRequest{AccessToken: a.str("access_token"), WelcomeEmailTemplate: a.str("welcome_email_template")})
	}},
	{"verify_email", "Authentication.VerifyEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{
			Token: a.str("verification_token"), URL: a.str("url"), WelcomeEmailTemplate: a.str("welcome_email_template"), Fields: a.fields(),
		})
	}},
	{"verify_email_by_otp", "Authentication.VerifyEmailByOTP", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Authentication.VerifyEmailByOTP(ctx, core.VerifyEmailByOTPRequest{
			Email: m.str("email"), OTP: m.str("otp"), URL: a.str("url"), WelcomeEmailTemplate: a.str("welcome_email_template"), Fields: a.fields(),
		})
	}},
	{"check_email_availability", "Authentication.EmailExists", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.EmailExists(ctx, a.str("email"))
	}},
	{"check_user_name_availability", "Authentication.UsernameExists", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Authentication.UsernameExists(ctx, a.str("username"))
	}},
	{"delete_account_with_email_confirmation", "Authentication.DeleteAccount", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.DeleteAccount(ctx, core.DeleteAccountRequest{
			AccessToken: a.str("access_token"), DeleteURL: a.str("delete_url"), EmailTemplate: a.str("email_template"),
		})
	}},
	{"delete_account_by_delete_token", "Authentication.ConfirmDeleteAccount", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Authentication.ConfirmDeleteAccount(ctx, a.str("deletetoken"))
	}},
	{"create_account", "Account.Create", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		m := a.model()
		return c.Account.Create(ctx, core.CreateAccountRequest{Email: m.email(), Password: m.str("password"), Profile: m.profile(), Fields: a.fields()})
	}},
	{"get_account_profile_by_uid", "Account.ByUID", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.ByUID(ctx, core.AccountByUIDRequest{UID: a.str("uid"), Fields: a.fields()})
	}},
	{"get_account_profile_by_email", "Account.ByEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.ByEmail(ctx, core.AccountByEmailRequest{Email: a.str("email"), Fields: a.fields()})
	}},
	{"get_account_identities_by_email", "Account.IdentitiesByEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.IdentitiesByEmail(ctx, core.AccountByEmailRequest{Email: a.str("email"), Fields: a.fields()})
	}},
	{"update_account_by_uid", "Account.Update", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.Update(ctx, core.UpdateAccountRequest{UID: a.str("uid"), Profile: a.model().profile(), NullSupport: a.flag("null_support"), Fields: a.fields()})
	}},
	{"delete_account_by_uid", "Account.Delete", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Account.Delete(ctx, a.str("uid"))
	}},
	{"account_delete_by_email", "Account.DeleteByEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.DeleteByEmail(ctx, a.str("email"))
	}},
	{"remove_email", "Account.RemoveEmail", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.RemoveEmail(ctx, core.RemoveEmailRequest{UID: a.str("uid"), Email: a.str("email"), Fields: a.fields()})
	}},
	{"get_privacy_policy_history_by_uid", "Account.PrivacyPolicyHistory", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.PrivacyPolicyHistory(ctx, a.str("uid"))
	}},
	{"set_account_password_by_uid", "Account.SetPassword", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.SetPassword(ctx, core.SetPasswordRequest{UID: a.str("uid"), Password: a.str("password")})
	}},
	{"get_account_password_hash_by_uid", "Account.PasswordHash", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.PasswordHash(ctx, a.str("uid"))
	}},
	{"get_forgot_password_token", "Account.ForgotToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.ForgotToken(ctx, core.ForgotTokenRequest{
			Email: a.str("email"), SendEmail: a.flag("send_email"), ResetPasswordURL: a.str("reset_password_url"), EmailTemplate: a.str("email_template"),
		})
	}},
	{"get_email_verification_token", "Account.VerificationToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.VerificationToken(ctx, a.str("email"))
	}},
	{"refresh_access_token_by_refresh_token", "Account.RefreshToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Account.RefreshToken(ctx, a.str("refresh__token"))
	}},
	{"revoke_refresh_token", "Account.RevokeRefreshToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Account.RevokeRefreshToken(ctx, a.str("refresh__token"))
	}},
	{"revoke_all_refresh_token", "Account.RevokeAllRefreshTokens", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Account.RevokeAllRefreshTokens(ctx, a.str("uid"))
	}},
	{"exchange_access_token", "Social.ExchangeToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.ExchangeToken(ctx, a.str("token"))
	}},
	{"validate_access_token", "Social.ValidateToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.ValidateToken(ctx, a.str("access_token"))
	}},
	{"in_validate_access_token", "Social.InvalidateToken", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Social.InvalidateToken(ctx, core.NativeInvalidateRequest{AccessToken: a.str("access_token")})
	}},
	{"get_active_session", "Social.Sessions", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.Sessions(ctx, a.str("token"))
	}},
	{"get_active_session_by_account_id", "Social.SessionsByUID", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.SessionsByUID(ctx, a.str("account_id"))
	}},
	{"get_active_session_by_profile_id", "Social.SessionsByProfileID", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.SessionsByProfileID(ctx, a.str("profile_id"))
	}},
	{"get_social_user_profile", "Social.Profile", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Social.Profile(ctx, core.SocialProfileRequest{AccessToken: a.str("access_token"), Fields: a.fields()})
	}},
	{"get_access_token_by_facebook_access_token", "NativeSocial.Facebook", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.NativeSocial.Facebook(ctx, core.FacebookLoginRequest{AccessToken: a.str("fb__access__token"), SocialAppName: a.str("social_app_name")})
	}},
	{"get_access_token_by_google_access_token", "NativeSocial.Google", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.NativeSocial.Google(ctx, core.GoogleLoginRequest{
			AccessToken: a.str("google__access__token"), ClientID: a.str("client_id"), RefreshToken: a.str("refresh_token"), SocialAppName: a.str("social_app_name"),
		})
	}},
	{"get_access_token_by_twitter_access_token", "NativeSocial.Twitter", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.NativeSocial.Twitter(ctx, core.TwitterLoginRequest{AccessToken: a.str("tw__access__token"), TokenSecret: a.str("tw__token__secret"), SocialAppName: a.str("social_app_name")})
	}},
	{"get_roles_by_uid", "Role.ByUID", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Role.ByUID(ctx, a.str("uid"))
	}},
	{"assign_roles_by_uid", "Role.Assign", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Role.Assign(ctx, core.RolesRequest{UID: a.str("uid"), Roles: a.model().roles()})
	}},
	{"unassign_roles_by_uid", "Role.Unassign", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return nil, c.Role.Unassign(ctx, core.RolesRequest{UID: a.str("uid"), Roles: a.model().roles()})
	}},
	{"get_server_info", "Configuration.ServerInfo", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Configuration.ServerInfo(ctx, a.num("time_difference"))
	}},
	{"generate_sott", "Configuration.SOTT", func(ctx context.Context, c *core.Client, a vectorArgs) (any, error) {
		return c.Configuration.SOTT(ctx, a.num("time_difference"))
	}},
}

// notCalled are catalogue entries of the tests that we have no method for, and why.
var notCalled = map[string]string{
	"mfa_login_by_email": "only its answer is needed: the challenge that every login may get",
}

// A difference is something that a request has other than a recorded one.
type difference struct{ part, name, have, want string }

// sdkIsWrong are all the differences that are allowed, and why.
var sdkIsWrong = []struct {
	what, why string
	allows    func(vector, difference) bool
}{
	{"flags that are not set are sent as False", "an option that is not set is not sent, so the site's default holds", func(v vector, d difference) bool {
		return d.part == "query" && d.have == "" && d.want == "False" && slices.Contains(v.Implicit, d.name)
	}},
	{"flags are spelled True", "the documentation says true", func(_ vector, d difference) bool {
		return d.part == "query" && d.have == "true" && d.want == "True"
	}},
	{"a DELETE without content has the body {}", "it has no body, which is equal", func(v vector, d difference) bool {
		return d.part == "body" && v.HTTP == http.MethodDelete && d.have == "null" && d.want == "{}"
	}},
	{"a call without content has a Content-Type", "there is no content to have a type", func(v vector, d difference) bool {
		return d.part == "header" && d.name == "Content-Type" && d.have == "" && v.empty()
	}},
}

type vector struct {
	SDK      string            `json:"sdk"`
	Method   string            `json:"method"`
	Variant  string            `json:"variant"`
	Args     vectorArgs        `json:"args"`
	Implicit []string          `json:"implicit_query"`
	HTTP     string            `json:"http_method"`
	Path     string            `json:"path"`
	Query    map[string]string `json:"query"`
	Headers  map[string]string `json:"headers"`
	Body     any               `json:"body"`
}

// empty reports whether the call has no content.
func (v vector) empty() bool {
	m, ok := v.Body.(map[string]any)
	return v.Body == nil || ok && len(m) == 0
}

func load[T any](t testing.TB, name string) T {
	t.Helper()
	var v T
	raw, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sent is what a recorder got.
type sent struct {
	method, target string
	header         http.Header
	body           []byte
}

// record runs call against a loopback server that keeps the first request and
// answers every one with 200 and the given JSON.
func record(t *testing.T, change func(*core.Config), answer string, call func(context.Context, *core.Client)) sent {
	t.Helper()
	got := make(chan sent, 16)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- sent{r.Method, r.RequestURI, r.Header, body}
		_, _ = io.WriteString(w, answer)
	}))
	defer srv.Close()
	cfg := core.Config{APIKey: "test-key", APISecret: "test-secret", BaseURL: srv.URL}
	if change != nil {
		change(&cfg)
	}
	client, err := core.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	call(context.Background(), client)
	select {
	case s := <-got:
		return s
	default:
		t.Fatal("nothing was sent")
		return sent{}
	}
}

func TestConformance(t *testing.T) {
	calls := map[string]func(context.Context, *core.Client, vectorArgs) (any, error){}
	for _, op := range operations {
		calls[op.sdk] = op.call
	}
	covered, allowed := map[string]int{}, map[int]bool{}
	for _, v := range load[[]vector](t, "wire.json") {
		call := calls[v.Method]
		if call == nil {
			if notCalled[v.Method] == "" {
				t.Errorf("testdata/wire.json has %s, which is not in operations of this file", v.Method)
			}
			continue
		}
		covered[v.Method]++
		t.Run(v.Method+" "+v.Variant, func(t *testing.T) {
			// An answer that satisfies all: the call must not fail before it is sent.
			got := record(t, nil, `{"access_token":"new-token","Uid":"u","IsPosted":true}`, func(ctx context.Context, c *core.Client) { _, _ = call(ctx, c, v.Args) })
		differences:
			for _, d := range differencesOf(t, v, got) {
				for i, e := range sdkIsWrong {
					if e.allows(v, d) {
						allowed[i] = true
						continue differences
					}
				}
				t.Errorf("%s %s = %s, want %s", d.part, d.name, d.have, d.want)
			}
		})
	}
	for _, op := range operations {
		if covered[op.sdk] != 2 {
			t.Errorf("testdata/wire.json has %d requests of %s, want two: with required arguments, and with all", covered[op.sdk], op.sdk)
		}
	}
	for i, e := range sdkIsWrong {
		if !allowed[i] {
			t.Errorf("the exception %q is not needed", e.what)
		}
	}
}

func differencesOf(t *testing.T, v vector, got sent) (out []difference) {
	t.Helper()
	differ := func(part, name, have, want string) {
		if have != want {
			out = append(out, difference{part, name, have, want})
		}
	}
	u, err := url.ParseRequestURI(got.target)
	if err != nil {
		t.Fatal(err)
	}
	differ("method", "", got.method, v.HTTP)
	differ("path", "", u.Path, v.Path)
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	query := map[string]string{}
	for name, list := range values {
		if _, twice := query[strings.ToLower(name)]; twice || len(list) != 1 {
			t.Errorf("the query has %s more than once", name)
		}
		if list[0] == "" {
			t.Errorf("the query has an empty %s", name)
		}
		query[strings.ToLower(name)] = list[0]
	}
	for name, want := range v.Query {
		differ("query", name, query[strings.ToLower(name)], want)
		delete(query, strings.ToLower(name))
	}
	for name, have := range query {
		differ("query", name, have, "nothing")
	}
	for _, name := range []string{"Authorization", "X-LoginRadius-ApiSecret", "X-LoginRadius-Sott", "Content-Type"} {
		differ("header", name, got.header.Get(name), v.Headers[name])
	}
	if v.HTTP == http.MethodGet && len(got.body) > 0 {
		t.Errorf("a GET has the body %q", got.body)
	}
	var body any
	if len(got.body) > 0 {
		if err := json.Unmarshal(got.body, &body); err != nil {
			t.Fatalf("body %q: %v", got.body, err)
		}
	}
	have, _ := json.Marshal(foldKeys(body)) // which sorts them
	want, _ := json.Marshal(foldKeys(v.Body))
	differ("body", "", string(have), string(want))
	return out
}

// foldKeys lower-cases the keys of JSON objects.
func foldKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[strings.ToLower(k)] = foldKeys(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = foldKeys(e)
		}
		return out
	}
	return v
}

func TestEscaping(t *testing.T) {
	type escaping struct {
		Args   vectorArgs
		Method string
		What   string
		Must   struct {
			Path  []string          `json:"path_segments"`
			Query map[string]string `json:"query"`
		} `json:"must_decode_to"`
	}
	tried := 0
	for _, e := range load[[]escaping](t, "escaping.json") {
		for _, op := range operations {
			if op.sdk != e.Method {
				continue
			}
			tried++
			t.Run(e.What, func(t *testing.T) {
				got := record(t, nil, `{}`, func(ctx context.Context, c *core.Client) { _, _ = op.call(ctx, c, e.Args) })
				compareTarget(t, got.target, e.Must.Path, e.Must.Query)
			})
		}
	}
	if tried < 7 {
		t.Errorf("only %d of the vectors were tried", tried)
	}
	// What the recordings try on role names, which have no operation yet, holds for uids.
	for _, uid := range []string{"a?b", "a/b", "a b", "a#b", "a%2Fb", "zoë", "a+b", "a;b", "../role/admin", "%2e%2e"} {
		got := record(t, nil, `{}`, func(ctx context.Context, c *core.Client) { _ = c.Account.Delete(ctx, uid) })
		compareTarget(t, got.target, []string{"identity", "v2", "manage", "account", uid}, map[string]string{"apikey": "test-key"})
	}
}

func compareTarget(t *testing.T, target string, path []string, query map[string]string) {
	t.Helper()
	raw, rawQuery, _ := strings.Cut(target, "?")
	var segments []string
	for s := range strings.SplitSeq(strings.TrimPrefix(raw, "/"), "/") {
		d, err := url.PathUnescape(s)
		if err != nil {
			t.Fatal(err)
		}
		segments = append(segments, d)
	}
	if !slices.Equal(segments, path) {
		t.Errorf("path segments of %s = %q, want %q", target, segments, path)
	}
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		t.Fatal(err)
	}
	if len(values) != len(query) {
		t.Errorf("query = %v, want %v", values, query)
	}
	for name, want := range query {
		found := false
		for have := range values {
			found = found || strings.EqualFold(have, name) && values.Get(have) == want
		}
		if !found {
			t.Errorf("query = %v, want %s=%q", values, name, want)
		}
	}
}

func TestClientOptions(t *testing.T) {
	type optionVector struct {
		Args    vectorArgs
		Method  string
		Option  string
		Request struct {
			Headers map[string]string
			Query   map[string]string
		}
	}
	for _, v := range load[[]optionVector](t, "client-options.json") {
		for _, op := range operations {
			if op.sdk != v.Method {
				continue
			}
			t.Run(v.Method+" "+v.Option, func(t *testing.T) {
				name, value, _ := strings.Cut(v.Option, "=")
				got := record(t, func(cfg *core.Config) {
					cfg.SignRequests = name == "request_signing"
					if name == "server_region" {
						cfg.Region = value
					}
				}, `{"access_token":"t"}`, func(ctx context.Context, c *core.Client) {
					if name == "origin_ip" {
						ctx = core.ContextWithEndUser(ctx, core.EndUser{IP: value})
					}
					_, _ = op.call(ctx, c, v.Args)
				})
				_, rawQuery, _ := strings.Cut(got.target, "?")
				values, _ := url.ParseQuery(rawQuery)
				if len(values) != len(v.Request.Query) || values.Get("region") != v.Request.Query["region"] {
					t.Errorf("query = %v, want %v", values, v.Request.Query)
				}
				for _, h := range []string{"X-Origin-IP", "X-LoginRadius-ApiSecret"} {
					if have := got.header.Get(h); have != v.Request.Headers[h] {
						t.Errorf("%s = %q, want %q", h, have, v.Request.Headers[h])
					}
				}
				for _, h := range []string{"digest", "X-Request-Expires"} {
					if have, want := got.header.Get(h) != "", v.Request.Headers[h] != ""; have != want {
						t.Errorf("%s is there: %v, want %v", h, have, want)
					}
				}
			})
		}
	}
}

// A signed request carries a digest of exactly what is sent, and no secret. The
// digest is computed here from what arrived, as the service would.
func TestSignedRequests(t *testing.T) {
	now := time.Date(2026, 1, 15, 23, 30, 45, 0, time.FixedZone("east", 2*3600))
	tried := 0
	for _, v := range load[[]vector](t, "wire.json") {
		for _, op := range operations {
			if op.sdk != v.Method {
				continue
			}
			var base string
			got := record(t, func(cfg *core.Config) {
				cfg.SignRequests, cfg.Clock, base = true, func() time.Time { return now }, cfg.BaseURL
			}, `{"access_token":"t"}`, func(ctx context.Context, c *core.Client) { _, _ = op.call(ctx, c, v.Args) })
			if v.Headers["X-LoginRadius-ApiSecret"] == "" {
				if got.header.Get("digest") != "" || got.header.Get("X-Request-Expires") != "" {
					t.Errorf("%s is signed, and needs no secret", v.Method)
				}
				continue
			}
			tried++
			const expires = "2026-01-15 21:50:45" // 20 minutes on, UTC
			if have := got.header.Get("X-Request-Expires"); have != expires {
				t.Errorf("%s expires %q, want %q", v.Method, have, expires)
			}
			if got.header.Get("X-LoginRadius-ApiSecret") != "" || strings.Contains(got.target, "test-secret") {
				t.Errorf("%s carries the secret as well", v.Method)
			}
			decoded, err := url.PathUnescape(base + got.target)
			if err != nil {
				t.Fatal(err)
			}
			signed := expires + ":" + strings.ToLower(strings.ReplaceAll(url.QueryEscape(decoded), "+", "%20"))
			if len(got.body) > 0 {
				signed += ":" + string(got.body)
			}
			mac := hmac.New(sha256.New, []byte("test-secret"))
			mac.Write([]byte(signed))
			if have, want := got.header.Get("digest"), "SHA-256="+base64.StdEncoding.EncodeToString(mac.Sum(nil)); have != want {
				t.Errorf("%s: digest %q, want %q of %s", v.Method, have, want, signed)
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d signed calls were tried", tried)
	}
}

// The README's table of operations says what is true.
func TestOperationsTable(t *testing.T) {
	rows := []string{"| Method | Operation | Request |", "|---|---|---|"}
	catalogue := map[string]catalogued{}
	for _, op := range load[[]catalogued](t, "operations.json") {
		catalogue[op.Method] = op
	}
	for _, op := range operations {
		request, ok := catalogue[op.sdk]
		if !ok {
			t.Errorf("%s is not in testdata/operations.json: add it, with its documented answer", op.sdk)
			continue
		}
		rows = append(rows, fmt.Sprintf("| `%s` | `%s` | `%s %s` |", op.method, op.sdk, request.HTTPMethod, request.Path))
		service, method, _ := strings.Cut(op.method, ".")
		f, ok := reflect.TypeFor[core.Client]().FieldByName(service)
		if !ok {
			t.Errorf("there is no service %s", service)
			continue
		}
		if _, ok := f.Type.MethodByName(method); !ok {
			t.Errorf("there is no method %s", op.method)
		}
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "<!-- operations:begin -->\n")
	table, _, ok := strings.Cut(rest, "<!-- operations:end -->")
	have := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	if !ok {
		t.Fatal("README lacks the marks of its table of operations, operations:begin and operations:end")
	}
	for _, row := range rows {
		if !slices.Contains(have, row) {
			t.Errorf("README's table of operations lacks\n%s", row)
		}
	}
	for _, row := range have {
		if !slices.Contains(rows, row) {
			t.Errorf("README's table of operations has, and should not,\n%s", row)
		}
	}
	if !t.Failed() && !slices.Equal(have, rows) {
		t.Error("README's table of operations is not in the order of operations in this file")
	}
}
