package fiberlr_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/static"

	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/fiberlr/v3"
)

func TestRouting(t *testing.T) {
	routers := map[string]adaptertest.Router{}
	for _, set := range []int{0, 1, 2, 4, 7, 8, 16, 31} {
		routers[fmt.Sprintf("settings %05b", set)] = func(t *testing.T, r *adaptertest.Routing) string {
			app := fiber.New(fiber.Config{
				CaseSensitive: set&1 != 0, StrictRouting: set&2 != 0, UnescapePath: set&4 != 0, Immutable: set&8 != 0, DisableHeaderNormalizing: set&16 != 0,
				ReadTimeout: 5 * time.Second,
			})
			secret := func(c fiber.Ctx) error { return c.SendString(r.Secret()) }
			app.All("/open/rewrite", func(c fiber.Ctx) error { c.Method("GET"); c.Path("/API/secret"); return c.RestartRouting() })
			app.All("/open/*", func(c fiber.Ctx) error { return c.SendString("open") })
			if err := fiberlr.Mount(app.Group("/auth"), r.Client, r.Routes...); err != nil {
				t.Fatal(err)
			}
			guard := fiberlr.RequireLogin(r.Client, r.Guard...)
			api := app.Group("/api", guard)
			api.Get("/secret", secret)
			api.All("/any", secret)
			api.Get("/p/:id", secret)
			api.Get("/w/*", secret)
			api.Get("/files/*", static.New(r.Dir))
			app.Group("/org/:org", guard).Get("/secret", secret)
			sub := fiber.New()
			sub.Use(guard)
			sub.Get("/secret", secret)
			sub.All("/*", secret)
			app.Use("/api/sub", sub)
			deep := fiber.New()
			deep.Get("/sub/secret", secret)
			app.Group("/deep", guard).Use("/", deep)
			app.Use("/nowhere", guard)
			app.Get("/nowhere", secret)
			return listen(t, app)
		}
	}
	adaptertest.RunRouting(t, routers)
}
