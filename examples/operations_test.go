package examples_test

import (
	"bytes"
	"net/http"
	"testing"
)

// Every example tells whether it is alive and ready and what it has counted, and takes
// LoginRadius' events, which must be signed.
func TestOperations(t *testing.T) {
	for _, name := range frameworks {
		t.Run(name, func(t *testing.T) {
			a := start(t, name)
			for _, path := range []string{"/healthz", "/readyz", "/favicon.ico"} {
				if status, body := a.text(t, path); status != http.StatusOK {
					t.Errorf("%s: %d %s", path, status, body)
				}
			}
			status, stats := a.call(t, "GET", "/stats", "", "")
			for _, counter := range []string{"hits", "misses", "shared_hits", "stale_served"} {
				if _, ok := stats[counter].(float64); !ok || status != http.StatusOK {
					t.Errorf("/stats: %d %v", status, stats)
				}
			}
			if status, got := a.call(t, "POST", "/webhooks/loginradius", "", `{"Event":"BlockAccount"}`); status != http.StatusUnauthorized {
				t.Errorf("an event without a signature: %d %v", status, got)
			}
		})
	}
}

// text gets a page that is not JSON.
func (a *app) text(t *testing.T, path string) (int, string) {
	t.Helper()
	res, err := http.Get(a.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.String()
}
