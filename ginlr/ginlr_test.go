package ginlr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/gin-gonic/gin"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/ginlr"
)

func TestAdapter(t *testing.T) {
	gin.SetMode(gin.TestMode)
	adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) string {
		r := gin.New()
		r.Use(gin.RecoveryWithWriter(io.Discard))
		if err := ginlr.Mount(r.Group("/auth"), s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		who := func(c *gin.Context) {
			c.JSON(http.StatusOK, adaptertest.NewWho(c.Request.Context(), ginlr.Session(c)))
		}
		api := r.Group("/api", ginlr.RequireLogin(s.Client, s.Guard...))
		api.GET("/whoami", who)
		api.POST("/whoami", who)
		api.OPTIONS("/whoami", who)
		api.GET("/stacked", ginlr.RequireLogin(s.Client, s.Guard...), who)
		api.POST("/upload", func(c *gin.Context) {
			if err := c.Request.ParseMultipartForm(1 << 10); err != nil {
				c.String(http.StatusBadRequest, err.Error())
				return
			}
			c.String(http.StatusOK, strconv.Itoa(len(c.Request.MultipartForm.File)))
		})
		api.GET("/panic", func(*gin.Context) { panic("at the handler") })
		api.GET("/stream", func(c *gin.Context) {
			c.Header("Content-Type", "text/event-stream")
			s.Stream(func(event string) error {
				if _, err := fmt.Fprintf(c.Writer, "data: %s\n\n", event); err != nil {
					return err
				}
				c.Writer.Flush()
				return nil
			})
		})
		api.GET("/socket", func(c *gin.Context) {
			serveSocket(c.Writer, c.Request, adaptertest.NewWho(c.Request.Context(), ginlr.Session(c)))
		})
		r.GET("/api/admin", ginlr.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...), who)
		r.GET("/optional", ginlr.OptionalLogin(s.Client, s.Guard...), who)
		srv := httptest.NewServer(r)
		t.Cleanup(srv.Close)
		return srv.URL
	})
}

func TestAbort(t *testing.T) {
	gin.SetMode(gin.TestMode)
	_, client := site(t)
	r := gin.New()
	after := 0
	api := r.Group("/", ginlr.RequireLogin(client), func(*gin.Context) { after++ })
	api.GET("/", func(c *gin.Context) { after++; c.String(http.StatusOK, "secret") })
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusUnauthorized || after != 0 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d, %d handlers ran behind the refusal: %s", w.Code, after, w.Body)
	}
}

// An application with an error middleware writes its own bodies.
func TestReturnErrors(t *testing.T) {
	gin.SetMode(gin.TestMode)
	_, client := site(t)
	r := gin.New()
	r.Use(func(c *gin.Context) {
		c.Next()
		var p *web.Problem
		if last := c.Errors.Last(); last != nil && errors.As(last, &p) {
			c.JSON(c.Writer.Status(), gin.H{"mine": p.Code})
		}
	})
	r.GET("/api", ginlr.RequireLogin(client, web.ReturnErrors()), func(c *gin.Context) { c.String(http.StatusOK, "secret") })
	r.GET("/plain", func(c *gin.Context) { c.Status(http.StatusTeapot) })
	routes, err := web.NewApp(client, web.ReturnErrors())
	if err != nil {
		t.Fatal(err)
	}
	me, err := ginlr.Handle(routes, web.RouteMe)
	if err != nil {
		t.Fatal(err)
	}
	r.GET("/me", me)
	for _, path := range []string{"/api", "/me"} {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != http.StatusUnauthorized || w.Body.String() != `{"mine":"unauthenticated"}` || w.Header().Get("WWW-Authenticate") == "" ||
			!strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
		}
	}
}

// Handlers after a route that is mounted by hand run.
func TestHandlersBehindARoute(t *testing.T) {
	gin.SetMode(gin.TestMode)
	_, client := site(t)
	r := gin.New()
	audited := false
	routes, err := web.NewApp(client)
	if err != nil {
		t.Fatal(err)
	}
	login, err := ginlr.Handle(routes, web.RouteLogin)
	if err != nil {
		t.Fatal(err)
	}
	r.POST("/enter", login, func(*gin.Context) { audited = true })
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/enter", nil))
	if !audited {
		t.Error("the handler behind the route did not run")
	}
}

func TestRoutesByHand(t *testing.T) {
	gin.SetMode(gin.TestMode)
	_, client := site(t)
	r := gin.New()
	routes, err := web.NewApp(client)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range web.RouteNames() {
		handler, err := ginlr.Handle(routes, name)
		if err != nil {
			t.Fatal(err)
		}
		r.POST("/"+string(name), handler)
	}
	srv := httptest.NewServer(r)
	defer srv.Close()
	adaptertest.RunByHand(t, routes, srv.URL)
	if h, err := ginlr.Handle(routes, "nothing"); err == nil || h != nil {
		t.Errorf("Handle makes a handler of a route that does not exist: %v", err)
	}
	if err := ginlr.Mount(r, client, web.Only("nothing")); err == nil {
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

func TestSessionKey(t *testing.T) {
	gin.SetMode(gin.TestMode)
	srv := httptest.NewServer(nil)
	srv.Close()
	lr, client := site(t)
	uid, _ := lr.AddUser(emulator.User{Email: "ada@example.com"})
	token, _, _ := lr.IssueTokens(uid)
	r := gin.New()
	r.GET("/", ginlr.RequireLogin(client, web.SessionKey("user")), func(c *gin.Context) {
		s, _ := c.Get("user")
		c.String(http.StatusOK, s.(*core.Session).UID())
	})
	w := httptest.NewRecorder()
	req := httptest.NewRequest("GET", "/", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	r.ServeHTTP(w, req)
	if w.Body.String() != uid {
		t.Errorf("under the key: %q", w.Body)
	}
}

func site(tb testing.TB) (*emulator.Server, *core.Client) {
	tb.Helper()
	lr, err := emulator.Start()
	if err != nil {
		tb.Fatal(err)
	}
	client, err := core.New(lr.Config())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = client.Close(); _ = lr.Close() })
	return lr, client
}

func Example() {
	gin.SetMode(gin.ReleaseMode)
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	r := gin.New()
	if err := ginlr.Mount(r.Group("/auth"), client); err != nil {
		fmt.Println(err)
		return
	}
	api := r.Group("/api", ginlr.RequireLogin(client))
	api.GET("/me", func(c *gin.Context) { c.JSON(http.StatusOK, web.UserOf(ginlr.Session(c).Profile())) })
	admin := r.Group("/admin", ginlr.RequireLogin(client, web.RequireRole("admin")))
	admin.GET("/", func(c *gin.Context) { c.String(http.StatusOK, "hello "+ginlr.Session(c).Email()) })

	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/api/me", nil))
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
	login, err := ginlr.Handle(app, web.RouteLogin)
	if err != nil {
		fmt.Println(err)
		return
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.POST("/sign-in", login)

	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("POST", "/sign-in", nil))
	fmt.Println(w.Code)
	// Output: 422
}
