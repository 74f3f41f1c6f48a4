package fiberlr_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
)

func TestAdapter(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) string {
		app := fiber.New(fiber.Config{
			DisableStartupMessage: true,
			ReadTimeout:           5 * time.Second, // a shutdown waits for silent connections so long
		})
		app.Use(recover.New())
		if err := fiberlr.Mount(app.Group("/auth"), s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		if s.Pages {
			if err := fiberlr.MountPages(app.Group("/pages"), s.Client, s.Routes...); err != nil {
				t.Fatal(err)
			}
		}
		who := func(c *fiber.Ctx) error {
			return c.JSON(adaptertest.NewWho(fiberlr.Session(c), core.SessionFromContext(c.UserContext())))
		}
		requireLogin := fiberlr.RequireLogin(s.Client, s.Guard...)
		app.Get("/api/whoami", requireLogin, who)
		app.Post("/api/whoami", requireLogin, who)
		app.Options("/api/whoami", requireLogin, who)
		app.Get("/api/stream", requireLogin, func(c *fiber.Ctx) error {
			c.Set("Content-Type", "text/event-stream")
			c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
				s.Stream(func(event string) error {
					if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil {
						return err
					}
					return w.Flush()
				})
			})
			return nil
		})
		app.Get("/api/socket", requireLogin, serveSocket)
		app.Get("/api/panic", requireLogin, func(*fiber.Ctx) error { panic("at the handler") })
		app.Get("/api/admin", fiberlr.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...), who)
		app.Get("/optional", fiberlr.OptionalLogin(s.Client, s.Guard...), who)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		stopped := make(chan error, 1)
		go func() { stopped <- app.Listener(l) }()
		t.Cleanup(func() { _ = app.Shutdown(); <-stopped })
		return "http://" + l.Addr().String()
	})
}

// serveSocket says who it is and then sends messages back.
func serveSocket(c *fiber.Ctx) error {
	who := adaptertest.NewWho(fiberlr.Session(c), core.SessionFromContext(c.UserContext())) // c is gone when the socket is there
	var upgrader websocket.FastHTTPUpgrader
	return upgrader.Upgrade(c.Context(), func(conn *websocket.Conn) {
		for message, err := json.Marshal(who); err == nil; _, message, err = conn.ReadMessage() {
			if conn.WriteMessage(websocket.TextMessage, message) != nil {
				return
			}
		}
	})
}

func Example() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	app := fiber.New()
	if err := fiberlr.Mount(app.Group("/auth"), client); err != nil {
		fmt.Println(err)
		return
	}
	app.Get("/api/me", fiberlr.RequireLogin(client), func(c *fiber.Ctx) error {
		return c.JSON(web.UserOf(fiberlr.Session(c).Profile()))
	})

	res, err := app.Test(httptest.NewRequest("GET", "/api/me", nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.StatusCode, res.Header.Get("WWW-Authenticate"))
	// Output: 401 Bearer realm="loginradius"
}
