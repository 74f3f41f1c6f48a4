package echolr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/echolr"
)

func TestAdapter(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) string {
		e := echo.New()
		e.Logger.SetOutput(io.Discard)
		e.Use(middleware.Recover())
		if err := echolr.Mount(e.Group("/auth"), s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		who := func(c echo.Context) error {
			return c.JSON(http.StatusOK, adaptertest.NewWho(c.Request().Context(), echolr.Session(c)))
		}
		requireLogin := echolr.RequireLogin(s.Client, s.Guard...)
		e.GET("/api/whoami", who, requireLogin)
		e.POST("/api/whoami", who, requireLogin)
		e.OPTIONS("/api/whoami", who, requireLogin)
		e.GET("/api/stream", func(c echo.Context) error {
			c.Response().Header().Set("Content-Type", "text/event-stream")
			s.Stream(func(event string) error {
				if _, err := fmt.Fprintf(c.Response(), "data: %s\n\n", event); err != nil {
					return err
				}
				c.Response().Flush()
				return nil
			})
			return nil
		}, requireLogin)
		e.GET("/api/socket", func(c echo.Context) error {
			serveSocket(c.Response(), c.Request(), adaptertest.NewWho(c.Request().Context(), echolr.Session(c)))
			return nil
		}, requireLogin)
		e.GET("/api/stacked", who, requireLogin, requireLogin)
		e.POST("/api/upload", func(c echo.Context) error {
			if err := c.Request().ParseMultipartForm(1 << 10); err != nil {
				return err
			}
			return c.String(http.StatusOK, strconv.Itoa(len(c.Request().MultipartForm.File)))
		}, requireLogin)
		e.GET("/api/panic", func(echo.Context) error { panic("at the handler") }, requireLogin)
		e.GET("/api/admin", who, echolr.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...))
		e.GET("/optional", who, echolr.OptionalLogin(s.Client, s.Guard...))
		srv := httptest.NewServer(e)
		t.Cleanup(srv.Close)
		return srv.URL
	})
}

// What handlers return behind the guard reaches the application's error handler as
// it is, and so do refusals if it wants them.
func TestErrorHandler(t *testing.T) {
	client, token := site(t)
	var seen []error
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		seen = append(seen, err)
		code := http.StatusInternalServerError
		if he, ok := errors.AsType[*echo.HTTPError](err); ok {
			code = he.Code
		}
		mine := "other"
		if p, ok := errors.AsType[*web.Problem](err); ok {
			mine = p.Code
		}
		_ = c.JSON(code, map[string]string{"mine": mine})
	}
	teapot := func(echo.Context) error { return echo.NewHTTPError(http.StatusTeapot, "short and stout") }
	e.GET("/written", teapot, echolr.RequireLogin(client))
	e.GET("/returned", teapot, echolr.RequireLogin(client, web.ReturnErrors()))
	routes, err := web.NewApp(client, web.ReturnErrors())
	if err != nil {
		t.Fatal(err)
	}
	me, err := echolr.Handle(routes, web.RouteMe)
	if err != nil {
		t.Fatal(err)
	}
	e.GET("/me", me)
	answered := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := c.String(http.StatusAccepted, "answered"); err != nil {
				return err
			}
			return next(c)
		}
	}
	e.GET("/committed", teapot, answered, echolr.RequireLogin(client))
	e.GET("/committed/returned", teapot, answered, echolr.RequireLogin(client, web.ReturnErrors()))

	for _, tt := range []struct {
		path, authorization string
		status              int
		body                string
		handled             int
	}{
		{"/written", "Bearer " + token, http.StatusTeapot, `{"mine":"other"}`, 1},
		{"/written", "", http.StatusUnauthorized, `"code":"unauthenticated"`, 0},
		{"/returned", "", http.StatusUnauthorized, `{"mine":"unauthenticated"}`, 1},
		{"/me", "", http.StatusUnauthorized, `{"mine":"unauthenticated"}`, 1},
		{"/committed", "", http.StatusAccepted, "answered", 0},
		{"/committed/returned", "", http.StatusAccepted, "answered", 0},
	} {
		seen = nil
		w, req := httptest.NewRecorder(), httptest.NewRequest("GET", tt.path, nil)
		if tt.authorization != "" {
			req.Header.Set("Authorization", tt.authorization)
		}
		e.ServeHTTP(w, req)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) || len(seen) != tt.handled {
			t.Errorf("%s: %d %s, %d errors handled", tt.path, w.Code, w.Body, len(seen))
		}
		if strings.Contains(w.Body.String(), "}{") || strings.HasPrefix(w.Body.String(), "answered{") {
			t.Errorf("%s was answered twice: %s", tt.path, w.Body)
		}
		if w.Code == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", tt.path)
		}
	}
}

func TestSessionKey(t *testing.T) {
	client, token := site(t)
	e := echo.New()
	e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, c.Get("user").(*core.Session).Email()) },
		echolr.RequireLogin(client, web.SessionKey("user")))
	w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	e.ServeHTTP(w, req)
	if w.Body.String() != "ada@example.com" {
		t.Errorf("under the key: %d %q", w.Code, w.Body)
	}
}

// A guard on a group stands before its 404, a guard on a route does not: echo mounts
// a group's middleware on every path below it.
func TestGroups(t *testing.T) {
	client, token := site(t)
	e := echo.New()
	hello := func(c echo.Context) error { return c.String(http.StatusOK, "hello") }
	e.Group("/group", echolr.RequireLogin(client)).GET("/hello", hello)
	e.GET("/route/hello", hello, echolr.RequireLogin(client))
	for path, want := range map[string][2]int{"/group/nothing": {401, 404}, "/route/nothing": {404, 404}, "/group/hello": {401, 200}, "/route/hello": {401, 200}} {
		for i, authorization := range []string{"", "Bearer " + token} {
			w, req := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
			req.Header.Set("Authorization", authorization)
			e.ServeHTTP(w, req)
			if w.Code != want[i] {
				t.Errorf("%s with %.6q: %d, want %d", path, authorization, w.Code, want[i])
			}
		}
	}
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

func TestRoutesByHand(t *testing.T) {
	client, _ := site(t)
	e := echo.New()
	routes, err := web.NewApp(client)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range web.RouteNames() {
		handler, err := echolr.Handle(routes, name)
		if err != nil {
			t.Fatal(err)
		}
		e.POST("/"+string(name), handler)
	}
	srv := httptest.NewServer(e)
	defer srv.Close()
	adaptertest.RunByHand(t, routes, srv.URL)
	if h, err := echolr.Handle(routes, "nothing"); err == nil || h != nil {
		t.Errorf("Handle makes a handler of a route that does not exist: %v", err)
	}
	if err := echolr.Mount(e, client, web.Only("nothing")); err == nil {
		t.Error("Mount takes unusable options")
	}
}

// serveSocket says who it is and then sends messages back.
func serveSocket(w http.ResponseWriter, r *http.Request, who adaptertest.Who) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	for message, err := json.Marshal(who); err == nil; _, message, err = conn.Read(r.Context()) {
		if conn.Write(r.Context(), websocket.MessageText, message) != nil {
			return
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

	e := echo.New()
	if err := echolr.Mount(e.Group("/auth"), client); err != nil {
		fmt.Println(err)
		return
	}
	e.GET("/api/me", func(c echo.Context) error {
		return c.JSON(http.StatusOK, web.UserOf(echolr.Session(c).Profile()))
	}, echolr.RequireLogin(client))

	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/api/me", nil))
	fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"))
	// Output: 401 Bearer realm="loginradius"
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
	login, err := echolr.Handle(app, web.RouteLogin)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := echo.New()
	e.POST("/sign-in", login)

	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("POST", "/sign-in", nil))
	fmt.Println(w.Code)
	// Output: 422
}
