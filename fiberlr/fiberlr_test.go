package fiberlr_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
)

func TestAdapter(t *testing.T) { adaptertest.Run(t, application(fiber.Config{})) }

func application(config fiber.Config) adaptertest.App {
	config.DisableStartupMessage = true
	config.ReadTimeout = 5 * time.Second // a shutdown waits for silent connections so long
	return func(t *testing.T, s adaptertest.Site) string {
		t.Helper()
		app := fiber.New(config)
		app.Use(recover.New())
		if err := fiberlr.Mount(app.Group("/auth"), s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		who := func(c *fiber.Ctx) error {
			return c.JSON(adaptertest.NewWho(c.UserContext(), fiberlr.Session(c)))
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
		app.Get("/api/stacked", requireLogin, requireLogin, who)
		app.Post("/api/upload", requireLogin, func(c *fiber.Ctx) error {
			form, err := c.MultipartForm()
			if err != nil {
				return err
			}
			return c.SendString(strconv.Itoa(len(form.File)))
		})
		app.Get("/api/panic", requireLogin, func(*fiber.Ctx) error { panic("at the handler") })
		app.Get("/api/admin", fiberlr.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...), who)
		app.Get("/optional", fiberlr.OptionalLogin(s.Client, s.Guard...), who)
		return listen(t, app)
	}
}

func listen(t *testing.T, app *fiber.App) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- app.Listener(l) }()
	t.Cleanup(func() { _ = app.Shutdown(); <-stopped })
	return "http://" + l.Addr().String()
}

func TestRoutesByHand(t *testing.T) {
	client, _ := site(t)
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadTimeout: 5 * time.Second})
	routes, err := web.NewApp(client)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range web.RouteNames() {
		handler, err := fiberlr.Handle(routes, name)
		if err != nil {
			t.Fatal(err)
		}
		app.Post("/"+string(name), handler)
	}
	adaptertest.RunByHand(t, routes, listen(t, app))
	if h, err := fiberlr.Handle(routes, "nothing"); err == nil || h != nil {
		t.Errorf("Handle makes a handler of a route that does not exist: %v", err)
	}
	if err := fiberlr.Mount(app, client, web.Only("nothing")); err == nil {
		t.Error("Mount takes unusable options")
	}
}

// What handlers return behind the guard reaches the application's ErrorHandler as it
// is, and so do refusals if it wants them.
func TestErrorHandler(t *testing.T) {
	client, token := site(t)
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		code, mine := fiber.StatusInternalServerError, "other"
		if fe, ok := errors.AsType[*fiber.Error](err); ok {
			code = fe.Code
		}
		if p, ok := errors.AsType[*web.Problem](err); ok {
			mine = p.Code
		}
		return c.Status(code).JSON(fiber.Map{"mine": mine})
	}})
	teapot := func(*fiber.Ctx) error { return fiber.NewError(fiber.StatusTeapot, "short and stout") }
	app.Get("/written", fiberlr.RequireLogin(client), teapot)
	app.Get("/returned", fiberlr.RequireLogin(client, web.ReturnErrors()), teapot)
	app.Get("/me", handle(t, client, web.RouteMe, web.ReturnErrors()))
	for _, tt := range []struct {
		path, authorization string
		status              int
		body                string
	}{
		{"/written", "Bearer " + token, fiber.StatusTeapot, `{"mine":"other"}`},
		{"/written", "", fiber.StatusUnauthorized, `"code":"unauthenticated"`},
		{"/returned", "Bearer " + token, fiber.StatusTeapot, `{"mine":"other"}`},
		{"/returned", "", fiber.StatusUnauthorized, `{"mine":"unauthenticated"}`},
		{"/me", "", fiber.StatusUnauthorized, `{"mine":"unauthenticated"}`},
	} {
		status, header, body := get(t, app, tt.path, tt.authorization)
		if status != tt.status || !strings.Contains(body, tt.body) {
			t.Errorf("%s: %d %s", tt.path, status, body)
		}
		if status == fiber.StatusUnauthorized && header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", tt.path)
		}
	}
	plain := fiber.New() // fiber's own ErrorHandler knows the status, too
	plain.Get("/", fiberlr.RequireLogin(client, web.ReturnErrors()), teapot)
	if status, _, body := get(t, plain, "/", ""); status != fiber.StatusUnauthorized || strings.Contains(body, "stout") {
		t.Errorf("with the default handler: %d %s", status, body)
	}
}

func TestSessionKey(t *testing.T) {
	client, token := site(t)
	app := fiber.New()
	app.Get("/", fiberlr.RequireLogin(client, web.SessionKey("user")), func(c *fiber.Ctx) error {
		return c.SendString(c.Locals("user").(*core.Session).Email())
	})
	if status, _, body := get(t, app, "/", "Bearer "+token); body != "ada@example.com" {
		t.Errorf("under the key: %d %q", status, body)
	}
}

// fiber's own context is pooled: the core must never see it, only what the
// application calls the user's context.
func TestPooledContextStaysOut(t *testing.T) {
	client, token := site(t)
	type mark struct{}
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		c.Context().SetUserValue("pooled", true)
		c.SetUserContext(context.WithValue(context.Background(), mark{}, "user"))
		return c.Next()
	})
	looked := 0
	look := func(ctx context.Context) {
		looked++
		if ctx.Value("pooled") != nil || ctx.Value(mark{}) != "user" {
			t.Errorf("the context is %T", ctx)
		}
	}
	app.Post("/login", handle(t, client, web.RouteLogin, web.ResponseFloor(0), web.RateLimit(func(ctx context.Context, _ web.Attempt) error { look(ctx); return nil })))
	app.Get("/", fiberlr.RequireLogin(client, web.Skip(func(v web.View) bool { look(v.Context()); return false })), func(c *fiber.Ctx) error {
		look(c.UserContext())
		return c.SendString(core.SessionFromContext(c.UserContext()).Email())
	})
	if _, _, body := get(t, app, "/", "Bearer "+token); body != "ada@example.com" {
		t.Errorf("GET /: %q", body)
	}
	req := httptest.NewRequest("POST", "/login", strings.NewReader(`{"email":"ada@example.com","password":"x"}`))
	req.Header.Set("Content-Type", "application/json")
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if looked != 3 {
		t.Errorf("looked at %d contexts", looked)
	}
}

// Strings that are kept after the request must not change with the next one.
func TestKeptStringsAreCopies(t *testing.T) {
	client, token := site(t)
	if _, err := client.Session(context.Background(), token); err != nil { // else the guard asks the limit as well
		t.Fatal(err)
	}
	var kept []web.Attempt
	limit := web.RateLimit(func(_ context.Context, a web.Attempt) error { kept = append(kept, a); return nil })
	forwarded := web.ClientIP(func(v web.View) string { ip, _ := v.Header("X-Real-Ip"); return ip })
	app := fiber.New()
	app.Post("/login", handle(t, client, web.RouteLogin, limit, forwarded, web.ResponseFloor(0)))
	app.Get("/me", handle(t, client, web.RouteMe, limit, forwarded))
	for i := range 50 {
		for _, req := range []*http.Request{
			httptest.NewRequest("POST", "/login", strings.NewReader(fmt.Sprintf("email=user%02d%%40example.com&password=x", i))),
			httptest.NewRequest("GET", "/me", nil),
		} {
			req.Header.Set("X-Real-Ip", fmt.Sprintf("192.0.2.%02d", i))
			req.Header.Set("Authorization", "Bearer "+token)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := app.Test(req, -1)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
		}
	}
	if len(kept) != 100 {
		t.Fatalf("%d attempts", len(kept))
	}
	for i, a := range kept {
		if want := fmt.Sprintf("192.0.2.%02d", i/2); a.ClientIP != want || a.Route == "login" && a.Account != fmt.Sprintf("user%02d@example.com", i/2) {
			t.Errorf("attempt %d has become %+v", i, a)
		}
	}
}

func get(t *testing.T, app *fiber.App, path, authorization string) (int, http.Header, string) {
	t.Helper()
	req := httptest.NewRequest("GET", path, nil)
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(body)
}

// site returns a client and the token of a user, ada@example.com.
func site(tb testing.TB) (*core.Client, string) {
	tb.Helper()
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		tb.Fatal(err)
	}
	client, err := core.New(lr.Config())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		tb.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		tb.Fatal(err)
	}
	return client, token
}

// serveSocket says who it is and then sends messages back.
func serveSocket(c *fiber.Ctx) error {
	who := adaptertest.NewWho(c.UserContext(), fiberlr.Session(c)) // c is gone when the socket is there
	var upgrader websocket.FastHTTPUpgrader
	return upgrader.Upgrade(c.Context(), func(conn *websocket.Conn) {
		for message, err := json.Marshal(who); err == nil; _, message, err = conn.ReadMessage() {
			if conn.WriteMessage(websocket.TextMessage, message) != nil {
				return
			}
		}
	})
}

// The routes and the guard speak fiber's own language: the adaptor to net/http copies
// every request and answer, and buffers what should be streamed.
func TestNoAdaptor(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := string(out)
	if !strings.Contains(deps, "github.com/gofiber/fiber/v2\n") {
		t.Fatalf("this is not what the package imports: %s", deps)
	}
	for _, adaptor := range []string{"github.com/gofiber/fiber/v2/middleware/adaptor", "github.com/valyala/fasthttp/fasthttpadaptor"} {
		if strings.Contains(deps, adaptor+"\n") {
			t.Errorf("the package imports %s", adaptor)
		}
	}
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

// handle returns one route as a handler.
func handle(t *testing.T, client *core.Client, name web.RouteName, opts ...web.RouteOption) fiber.Handler {
	t.Helper()
	app, err := web.NewApp(client, opts...)
	if err != nil {
		t.Fatal(err)
	}
	h, err := fiberlr.Handle(app, name)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// One route on its own, at a path that the application chooses.
func ExampleHandle() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	app, err := web.NewApp(client)
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := fiberlr.Handle(app, web.RouteLogin)
	if err != nil {
		fmt.Println(err)
		return
	}
	routes := fiber.New()
	routes.Post("/sign-in", login)

	res, err := routes.Test(httptest.NewRequest("POST", "/sign-in", nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.StatusCode)
	// Output: 422
}
