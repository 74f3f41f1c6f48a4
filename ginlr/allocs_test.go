//go:build !race

package ginlr_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/ginlr"
)

// RequireLogin adds one allocation to a cached request: the copy that carries the
// session. The race detector allocates on its own, so this is for runs without it.
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
	gin.SetMode(gin.TestMode)
	allocs := func(guarded bool) float64 {
		var seen string
		h := gin.New()
		if guarded {
			h.Use(ginlr.RequireLogin(client))
		}
		h.GET("/", func(c *gin.Context) { seen = ginlr.Session(c).UID() })
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
	if added := guarded - bare; added > 1 {
		t.Errorf("RequireLogin adds %v allocations", added)
	}
}
