//go:build !race

package fiberlr_test

import (
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/valyala/fasthttp"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/fiberlr/v3"
)

// RequireLogin adds no allocation to a cached request. The race detector allocates on
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
		app := fiber.New()
		if guarded {
			app.Use(fiberlr.RequireLogin(client))
		}
		app.Get("/", func(c fiber.Ctx) error {
			seen = fiberlr.Session(c).UID()
			return nil
		})
		h := app.Handler()
		c := &fasthttp.RequestCtx{}
		c.Request.Header.SetMethod(fiber.MethodGet)
		c.Request.SetRequestURI("/")
		c.Request.Header.Set("Authorization", "Bearer "+token)
		one := func() {
			seen = ""
			h(c)
			if guarded && seen != uid {
				t.Fatalf("the handler saw %q, want %q", seen, uid)
			}
			c.Response.Reset() // as the server does before the next request
			c.ResetUserValues()
		}
		one()
		return testing.AllocsPerRun(1000, one)
	}
	bare, guarded := allocs(false), allocs(true)
	if added := guarded - bare; added > 0 {
		t.Errorf("RequireLogin adds %v allocations", added)
	}
}
