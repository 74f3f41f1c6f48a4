package fiberlr_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr"
)

// fiber finds headers in the case they were sent in if it is told not to normalize their
// names, as proxies that speak HTTP/2 to the browser send them. The guard finds them all.
func TestHeadersInAnyCase(t *testing.T) {
	client, token := site(t)
	for _, asSent := range []bool{false, true} {
		app := fiber.New(fiber.Config{DisableHeaderNormalizing: asSent, DisableStartupMessage: true, ReadTimeout: 5 * time.Second})
		if err := fiberlr.Mount(app.Group("/auth"), client, web.Cookies(), web.ResponseFloor(0)); err != nil {
			t.Fatal(err)
		}
		app.All("/who", fiberlr.RequireLogin(client, web.Cookies()), func(c *fiber.Ctx) error { return c.SendString(fiberlr.Session(c).Email()) })
		address := strings.TrimPrefix(listen(t, app), "http://")
		for _, tt := range []struct{ request, want string }{
			{"POST /who HTTP/1.1\r\nhost: x\r\ncookie: __Host-lr_access=" + token + "\r\nsec-fetch-site: cross-site\r\norigin: https://evil.example\r\ncontent-length: 0\r\n", "403 "},
			{"POST /who HTTP/1.1\r\nhost: x\r\ncookie: __Host-lr_access=" + token + "\r\norigin: https://evil.example\r\ncontent-length: 0\r\n", "403 "},
			{"POST /who HTTP/1.1\r\nhost: x\r\ncookie: __Host-lr_access=" + token + "\r\nsec-fetch-site: same-origin\r\ncontent-length: 0\r\n", "200 "},
			{"POST /auth/login HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\ncontent-type: application/json\r\ncontent-length: 2\r\n", "403 "},
			{"GET /who HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + token + "\r\nAuthorization: Bearer " + token + "\r\n", "400 "},
			{"GET /who HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + token + "\r\n", "200 "},
			{"GET /who HTTP/1.1\r\nhost: x\r\nAUTHORIZATION: Bearer " + token + "\r\n", "200 "},
		} {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = io.WriteString(conn, tt.request+"connection: close\r\n\r\n{}"); err != nil {
				t.Fatal(err)
			}
			answer, _ := io.ReadAll(conn)
			_ = conn.Close()
			if !strings.HasPrefix(string(answer), "HTTP/1.1 "+tt.want) {
				t.Errorf("DisableHeaderNormalizing: %v: %q: %.60q, want %s", asSent, strings.ReplaceAll(tt.request, token, "…"), answer, tt.want)
			}
		}
	}
}

// The kit holds with the settings that change what fiber hands out.
func TestSettings(t *testing.T) {
	adaptertest.Run(t, application(fiber.Config{StreamRequestBody: true, DisableHeaderNormalizing: true, UnescapePath: true}))
}

// A body without end is cut off, whatever fiber does with bodies.
func TestBodiesAreBounded(t *testing.T) {
	client, _ := site(t)
	for _, streamed := range []bool{false, true} {
		app := fiber.New(fiber.Config{StreamRequestBody: streamed, BodyLimit: 1 << 20, DisableStartupMessage: true, ReadTimeout: 5 * time.Second})
		if err := fiberlr.Mount(app.Group("/auth"), client); err != nil {
			t.Fatal(err)
		}
		address := strings.TrimPrefix(listen(t, app), "http://")
		for _, head := range []string{"Transfer-Encoding: chunked\r\n\r\n", fmt.Sprintf("Content-Length: %d\r\n\r\n", 256<<20)} {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
			_, err = io.WriteString(conn, "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+head)
			block, sent := strings.Repeat("x", 1<<20), 0
			for ; err == nil && sent < 64; sent++ {
				if strings.HasPrefix(head, "Transfer") {
					_, err = fmt.Fprintf(conn, "%x\r\n%s\r\n", len(block), block)
				} else {
					_, err = io.WriteString(conn, block)
				}
			}
			_ = conn.Close()
			if sent > 16 { // what the kernel's buffers take, with room to spare
				t.Errorf("streamed: %v, %q: %d MiB were taken", streamed, head, sent)
			}
		}
	}
}

// A Prefork process shares no refreshes with its siblings.
func TestPreforkRefusesAutoRefresh(t *testing.T) {
	client, token := site(t)
	t.Setenv("FIBER_PREFORK_CHILD", "1")
	if !fiber.IsChild() {
		t.Fatal("this fiber tells a child in another way")
	}
	app := fiber.New()
	if err := fiberlr.Mount(app, client, web.InsecureCookies(), web.AutoRefresh()); err == nil || !strings.Contains(err.Error(), "Prefork") {
		t.Errorf("Mount: %v", err)
	}
	routes, err := web.NewApp(client, web.InsecureCookies(), web.AutoRefresh())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fiberlr.Handle(routes, web.RouteLogin); err == nil {
		t.Error("Handle takes it")
	}
	page := func(c *fiber.Ctx) error { return c.SendString("reached") }
	app.Get("/refreshing", fiberlr.RequireLogin(client, web.InsecureCookies(), web.AutoRefresh()), page)
	app.Get("/plain", fiberlr.RequireLogin(client, web.InsecureCookies()), page)
	for path, want := range map[string]int{"/refreshing": http.StatusInternalServerError, "/plain": http.StatusOK} {
		req := httptest.NewRequest("GET", path, nil)
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}
