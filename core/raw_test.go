package core_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A raw request carries the credentials that it asks for, and nothing else.
func TestDoSendsWhatItIsTold(t *testing.T) {
	for auth, want := range map[core.RawAuth]struct{ target, secret string }{
		core.RawKey:          {"/p%2Fq/x?apikey=test-key&lang=d%20e", ""},
		core.RawSecret:       {"/p%2Fq/x?apikey=test-key&lang=d%20e", "test-secret"},
		core.RawNativeKey:    {"/p%2Fq/x?key=test-key&lang=d%20e", ""},
		core.RawNativeSecret: {"/p%2Fq/x?key=test-key&lang=d%20e&secret=test-secret", ""},
		core.RawNone:         {"/p%2Fq/x?lang=d%20e", ""},
	} {
		var raw json.RawMessage
		got := record(t, nil, `{"Some":[1,{"thing":"else"}]}`, func(ctx context.Context, c *core.Client) {
			var err error
			raw, err = c.Do(ctx, core.RawRequest{Method: "PUT", Path: "/p%2Fq/x", Query: url.Values{"lang": {"d e"}}, Auth: auth,
				AccessToken: "token", Body: map[string]any{"a": []int{1}}})
			if err != nil {
				t.Errorf("auth %d: %v", auth, err)
			}
		})
		if got.method != "PUT" || got.target != want.target || string(got.body) != `{"a":[1]}` || got.header.Get("X-LoginRadius-ApiSecret") != want.secret ||
			got.header.Get("Authorization") != "Bearer token" {
			t.Errorf("auth %d: %s %s %s %v", auth, got.method, got.target, got.body, got.header)
		}
		if string(raw) != `{"Some":[1,{"thing":"else"}]}` {
			t.Errorf("the answer is %s", raw)
		}
	}
	for _, answer := range []string{`[1,2]`, ``, `{}`} {
		got := record(t, nil, answer, func(ctx context.Context, c *core.Client) {
			if raw, err := c.Do(ctx, core.RawRequest{Method: "GET", Path: "/list"}); err != nil || string(raw) != answer {
				t.Errorf("%q became %q, %v", answer, raw, err)
			}
		})
		if len(got.body) > 0 || got.header.Get("Authorization") != "" {
			t.Errorf("a request without body and token has %q and %v", got.body, got.header)
		}
	}
	signed := record(t, func(c *core.Config) { c.SignRequests = true }, `{}`, func(ctx context.Context, c *core.Client) {
		_, _ = c.Do(ctx, core.RawRequest{Method: "DELETE", Path: "/x", Auth: core.RawSecret})
	})
	if signed.header.Get("Digest") == "" || signed.header.Get("X-LoginRadius-ApiSecret") != "" {
		t.Errorf("not signed: %v", signed.header)
	}
}

func TestDoRefusesBadInput(t *testing.T) {
	c := refuse(t)
	for field, in := range map[string]core.RawRequest{
		"Method":  {Method: "get", Path: "/x"},
		"Method ": {Path: "/x"},
		"Path":    {Method: "GET", Path: "x"}, "Path ": {Method: "GET", Path: "/x?y=1"}, "Path  ": {Method: "GET", Path: "/a/../b"},
		"Path   ": {Method: "GET", Path: "/a/%2e%2E/b"}, "Path    ": {Method: "GET", Path: "/a b"}, "Path     ": {Method: "GET", Path: "/%zz"},
		"Auth":        {Method: "GET", Path: "/x", Auth: 99},
		"Body":        {Method: "POST", Path: "/x", Body: []int{1}},
		"Body ":       {Method: "POST", Path: "/x", Body: func() {}},
		"AccessToken": {Method: "GET", Path: "/x", AccessToken: "a\nb"},
	} {
		if _, err := c.Do(context.Background(), in); !errors.Is(err, core.ErrInvalidArgument) || !strings.Contains(err.Error(), strings.TrimSpace(field)) {
			t.Errorf("%v: %v, want ErrInvalidArgument naming %s", in, err, field)
		}
	}
}

// Errors of raw requests are typed and discreet, and only reads are repeated.
func TestDoFailsLikeAnOperation(t *testing.T) {
	calls := 0
	c, err := core.New(core.Config{APIKey: "k", APISecret: "the-api-secret", HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		calls++
		return respond(403, fmt.Sprintf(`{"ErrorCode":905,"Message":"%s %s"}`, r.URL.RawQuery, r.Header.Get("Authorization")), nil), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Do(context.Background(), core.RawRequest{Method: "GET", Path: "/x", Query: url.Values{"some_token": {hush}, "lang": {"german"}}, AccessToken: hush, Auth: core.RawNativeSecret})
	if !errors.Is(err, core.ErrInvalidToken) || !strings.Contains(err.Error(), "german") {
		t.Errorf("the error is %v", err)
	}
	shows(t, "Do", err)
	down, err := core.New(core.Config{APIKey: "k", APISecret: "s", Retry: core.RetryConfig{BaseDelay: 1}, HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		calls++
		return respond(503, "", nil), nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	defer down.Close()
	for read, want := range map[bool]int{true: 3, false: 1} {
		calls = 0
		if _, err := down.Do(context.Background(), core.RawRequest{Method: "GET", Path: "/x", Read: read}); !errors.Is(err, core.ErrUnavailable) || calls != want {
			t.Errorf("read %v: %d calls, %v", read, calls, err)
		}
	}
}

// The raw answer of a typed operation is there on request, and is never printed.
func TestRawAnswer(t *testing.T) {
	const answer = `{"Profile":{"Uid":"u"},"access_token":"hush-0123456789","NewKey":{"a":1}}`
	c := serveJSON(t, 200, answer)
	var raw core.RawAnswer
	if raw.JSON() != nil {
		t.Error("there is an answer before there was a call")
	}
	ctx := core.ContextWithRawAnswer(context.Background(), &raw)
	if _, err := c.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "a@b.c", Password: "p"}); err != nil {
		t.Fatal(err)
	}
	if string(raw.JSON()) != answer {
		t.Errorf("the raw answer is %s", raw.JSON())
	}
	if s := fmt.Sprintf("%v %+v %s %x", &raw, &raw, &raw, &raw); strings.Contains(s, "hush") || strings.Contains(s, "6875") {
		t.Errorf("it prints as %s", s)
	}
}
