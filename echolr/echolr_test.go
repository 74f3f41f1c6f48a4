package echolr_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
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
		if s.Pages {
			if err := echolr.MountPages(e.Group("/pages"), s.Client, s.Routes...); err != nil {
				t.Fatal(err)
			}
		}
		who := func(c echo.Context) error {
			return c.JSON(http.StatusOK, adaptertest.NewWho(echolr.Session(c), core.SessionFromContext(c.Request().Context())))
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
			serveSocket(c.Response(), c.Request(), adaptertest.NewWho(echolr.Session(c), core.SessionFromContext(c.Request().Context())))
			return nil
		}, requireLogin)
		e.GET("/api/panic", func(echo.Context) error { panic("at the handler") }, requireLogin)
		e.GET("/api/admin", who, echolr.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...))
		e.GET("/optional", who, echolr.OptionalLogin(s.Client, s.Guard...))
		srv := httptest.NewServer(e)
		t.Cleanup(srv.Close)
		return srv.URL
	})
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
