//go:build !race

package echolr_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v5"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/echolr/v5"
)

// RequireLogin adds two allocations to a cached request: the copy that carries the
// session, and one that echo makes for any middleware. The race detector allocates on
// its own, so this is for runs without it.
func TestAllocs(t *testing.T) {
	lr, err := emulator.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		t.Fatal(err)
	}
	allocs := func(guarded bool) float64 {
		var seen string
		h := echo.New()
		if guarded {
			h.Use(echolr.RequireLogin(client))
		}
		h.GET("/", func(c *echo.Context) error {
			seen = echolr.Session(c).UID()
			return nil
		})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil) // as of a server: not the background one
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		one := func() {
			seen = ""
			h.ServeHTTP(w, r)
			if guarded && seen != uid {
				t.Fatalf("the handler saw %q, want %q", seen, uid)
			}
		}
		one()
		return testing.AllocsPerRun(1000, one)
	}
	bare, guarded := allocs(false), allocs(true)
	if added := guarded - bare; added > 2 {
		t.Errorf("RequireLogin adds %v allocations", added)
	}
}
