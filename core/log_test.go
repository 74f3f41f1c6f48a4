package core_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A log line says what was called for which request, and the result of it.
func TestLogLine(t *testing.T) {
	const token = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	for name, test := range map[string]struct {
		id, answer string
		status     int
		body       string
		want       map[string]any
	}{
		"ok":                   {"request-1", "answer-1", 200, `{"Uid":"ada"}`, map[string]any{"outcome": "ok", "request_id": "request-1", "answer_id": "answer-1", "status": 200.0}},
		"refused":              {"request-1", "", 403, `{"ErrorCode":905}`, map[string]any{"outcome": "refused", "request_id": "request-1", "answer_id": nil, "status": 403.0, "code": 905.0}},
		"limited":              {"", "answer-1", 429, ``, map[string]any{"outcome": "limited", "request_id": nil, "answer_id": "answer-1", "status": 429.0}},
		"an id that is a line": {"a\nb", strings.Repeat("x", 129), 200, `{"Uid":"ada"}`, map[string]any{"outcome": "ok", "request_id": nil, "answer_id": nil}},
		"an id with the token": {"for " + token, token, 200, `{"Uid":"ada"}`, map[string]any{"outcome": "ok", "request_id": nil, "answer_id": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			client, err := core.New(core.Config{
				APIKey: "key", APISecret: "secret", Retry: core.RetryConfig{MaxAttempts: 1},
				Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				HTTPClient: &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
					return respond(test.status, test.body, http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {test.answer}}), nil
				})},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			ctx := core.ContextWithEndUser(t.Context(), core.EndUser{RequestID: test.id})
			_, _ = client.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: token})
			var got map[string]any
			if err := json.Unmarshal(log.Bytes(), &got); err != nil {
				t.Fatalf("%v: %s", err, log.Bytes())
			}
			test.want["operation"] = "Authentication.Profile"
			for key, want := range test.want {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
			if strings.Contains(log.String(), token) {
				t.Errorf("the line holds the token: %s", log.String())
			}
		})
	}
}
