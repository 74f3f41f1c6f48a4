package core_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A difference is something that a request has other than a recorded one.
type difference struct{ part, name, have, want string }

// sdkIsWrong lists every difference that is allowed, with its reason.
var sdkIsWrong = []struct {
	what, why string
	allows    func(recording, difference) bool
}{
	{"the SDK sends flags that are not set", "an option that is not set is not sent, so the site's default holds", func(r recording, d difference) bool {
		return d.part == "query" && d.have == "" && (d.want == "False" || d.want == "0") && slices.Contains(r.Implicit, d.name)
	}},
	{"the SDK spells flags True", "the documentation says true", func(_ recording, d difference) bool {
		return d.part == "query" && d.have == "true" && d.want == "True"
	}},
	{"the SDK sends {} where there is no content", "no body is equal to it", func(r recording, d difference) bool {
		return d.part == "body" && (r.Request.Method == http.MethodDelete || r.Request.Method == http.MethodPut) && d.have == "null" && d.want == "{}"
	}},
	{"a call without content has a Content-Type", "there is no content to have a type", func(r recording, d difference) bool {
		return d.part == "header" && d.name == "Content-Type" && d.have == "" && r.Request.empty()
	}},
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

// Each operation sends what the vendor's SDK sends, with the required arguments alone
// and with all of them.
func TestConformance(t *testing.T) {
	allowed := map[int]bool{}
	for _, f := range fixtures(t) {
		for variant, r := range f.variants() {
			t.Run(f.Name+" "+variant, func(t *testing.T) {
				got := record(t, nil, string(f.answer()), func(ctx context.Context, c *core.Client) {
					m, err := methodOf(c, f.Operation)
					if err != nil {
						t.Fatal(err)
					}
					in, err := arguments(m, r.Args)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = invokeWith(ctx, m, in)
				})
			differences:
				for _, d := range differencesOf(t, r.Request, got) {
					for i, e := range sdkIsWrong {
						if e.allows(r, d) {
							allowed[i] = true
							continue differences
						}
					}
					t.Errorf("%s %s = %s, want %s", d.part, d.name, d.have, d.want)
				}
			})
		}
	}
	for i, e := range sdkIsWrong {
		if !allowed[i] {
			t.Errorf("the exception %q is not needed", e.what)
		}
	}
}

func differencesOf(t *testing.T, v recordedRequest, got sent) (out []difference) {
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
	differ("method", "", got.method, v.Method)
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
	if v.Method == http.MethodGet && len(got.body) > 0 {
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
		Operation string
		Args      []json.RawMessage
		What      string
		Must      struct {
			Path  []string          `json:"path_segments"`
			Query map[string]string `json:"query"`
		} `json:"must_decode_to"`
	}
	for _, e := range load[[]escaping](t, "escaping.json") {
		t.Run(e.What, func(t *testing.T) {
			got := record(t, nil, `{}`, func(ctx context.Context, c *core.Client) { _, _ = invoke(ctx, c, e.Operation, e.Args) })
			compareTarget(t, got.target, e.Must.Path, e.Must.Query)
		})
	}
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
		Operation string
		Args      []json.RawMessage
		Option    string
		Request   struct {
			Headers map[string]string
			Query   map[string]string
		}
	}
	for _, v := range load[[]optionVector](t, "client-options.json") {
		t.Run(v.Operation+" "+v.Option, func(t *testing.T) {
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
				_, _ = invoke(ctx, c, v.Operation, v.Args)
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

// A signed request carries a digest of exactly what is sent, and no secret. The test
// computes the digest from what arrived, as the service does.
func TestSignedRequests(t *testing.T) {
	now := time.Date(2026, 1, 15, 23, 30, 45, 0, time.FixedZone("east", 2*3600))
	tried := 0
	for _, f := range fixtures(t) {
		for variant, r := range f.variants() {
			name := f.Name + " " + variant
			var base string
			got := record(t, func(cfg *core.Config) {
				cfg.SignRequests, cfg.Clock, base = true, func() time.Time { return now }, cfg.BaseURL
			}, `{"access_token":"t"}`, func(ctx context.Context, c *core.Client) { _, _ = invoke(ctx, c, f.Operation, r.Args) })
			if r.Request.Headers["X-LoginRadius-ApiSecret"] == "" {
				if got.header.Get("digest") != "" || got.header.Get("X-Request-Expires") != "" {
					t.Errorf("%s is signed, and needs no secret", name)
				}
				continue
			}
			tried++
			const expires = "2026-01-15 21:50:45" // 20 minutes on, UTC
			if have := got.header.Get("X-Request-Expires"); have != expires {
				t.Errorf("%s expires %q, want %q", name, have, expires)
			}
			if got.header.Get("X-LoginRadius-ApiSecret") != "" || strings.Contains(got.target, "test-secret") {
				t.Errorf("%s carries the secret as well", name)
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
				t.Errorf("%s: digest %q, want %q of %s", name, have, want, signed)
			}
		}
	}
	if tried < 30 {
		t.Errorf("only %d signed calls were tried", tried)
	}
}
