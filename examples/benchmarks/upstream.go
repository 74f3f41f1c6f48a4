package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
)

// profileKeys is the size of the sample profile that sessions are made of.
const profileKeys = 119

// sampleProfile reads the profile of that many keys from the documented answers that
// the core's tests use.
func sampleProfile() (map[string]json.RawMessage, error) {
	const path = "../../core/testdata/profiles.json"
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("run this in examples/benchmarks: %w", err)
	}
	var samples []struct{ Profile map[string]json.RawMessage }
	if err := json.Unmarshal(raw, &samples); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, s := range samples {
		if len(s.Profile) == profileKeys {
			return s.Profile, nil
		}
	}
	return nil, fmt.Errorf("%s has no profile of %d keys", path, profileKeys)
}

// An upstream is a LoginRadius in memory that knows every token: the account's id is
// the token itself. It answers with the fields that were asked for, as the service
// does.
type upstream struct {
	profile map[string]json.RawMessage
	answers map[string]string // by the fields asked for
}

const uidMark = "THE-UID"

// newUpstream prepares the answer for the fields that sessions keep by default, and
// the whole profile.
func newUpstream() (*upstream, error) {
	profile, err := sampleProfile()
	if err != nil {
		return nil, err
	}
	profile["Uid"] = json.RawMessage(`"` + uidMark + `"`)
	kept := map[string]json.RawMessage{}
	fields := core.DefaultProfileFields()
	for _, f := range fields {
		if v, ok := profile[f]; ok {
			kept[f] = v
		}
	}
	u := &upstream{profile: profile, answers: map[string]string{}}
	for key, p := range map[string]map[string]json.RawMessage{"": profile, strings.Join(fields, ","): kept} {
		body, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("sample profile: %w", err)
		}
		u.answers[key] = string(body)
	}
	return u, nil
}

func (u *upstream) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := u.answer(r)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (u *upstream) answer(r *http.Request) (int, string) {
	if isValidate(r) {
		return http.StatusOK, `{"access_token":"x","expires_in":"86400"}`
	}
	profile, ok := u.answers[r.URL.Query().Get("fields")]
	if !ok {
		return http.StatusBadRequest, "{}"
	}
	return http.StatusOK, strings.Replace(profile, uidMark, bearer(r), 1)
}

func isValidate(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/validate") }

func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// newClient returns a client of an upstream that is reached through transport.
func newClient(transport http.RoundTripper, baseURL string, sessions core.SessionConfig) (*core.Client, error) {
	sessions.UpstreamRate = 1e9
	c, err := core.New(core.Config{
		APIKey: "key", APISecret: "secret", BaseURL: baseURL, HTTPClient: &http.Client{Transport: transport},
		Sessions: sessions,
	})
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return c, nil
}

// tokenOf returns the n-th access token, in the form LoginRadius gives them.
func tokenOf(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n) }
