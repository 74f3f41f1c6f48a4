package echolr_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/echolr"
)

// Pages link to each other also when echo takes a trailing slash off the address.
func TestRemoveTrailingSlash(t *testing.T) {
	client, _ := site(t)
	e := echo.New()
	e.Pre(middleware.RemoveTrailingSlash())
	if err := echolr.Mount(e.Group("/account"), client, web.InsecureCookies(), web.WithPages()); err != nil {
		t.Fatal(err)
	}
	base := startEcho(t, e)
	for _, asked := range []string{"/account", "/account/", "/account/login", "/account/login/", "/ACCOUNT"} {
		status, page := fetch(t, base+asked)
		if status == http.StatusNotFound { // echo's paths are case-sensitive
			continue
		}
		end := strings.Index(page, "pages.css") + len("pages.css")
		link := page[strings.LastIndexByte(page[:end], '"')+1 : end]
		from, err := url.Parse(base + asked)
		if err != nil {
			t.Fatal(err)
		}
		css, err := from.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := fetch(t, css.String()); status != http.StatusOK {
			t.Errorf("%s links to %s: %d", asked, css.Path, status)
		}
	}
}

func fetch(t *testing.T, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// An answer without a body stays one under compression.
func TestGzip(t *testing.T) {
	client, token := site(t)
	e := echo.New()
	e.Use(middleware.Gzip())
	e.GET("/page", func(c echo.Context) error { return nil }, echolr.RequireLogin(client, web.LoginPage("/login")))
	if err := echolr.Mount(e.Group("/auth"), client); err != nil {
		t.Fatal(err)
	}
	base := startEcho(t, e)
	for _, tt := range []struct {
		method, path string
		status       int
	}{{"GET", "/page", http.StatusSeeOther}, {"POST", "/auth/logout", http.StatusNoContent}} {
		req, err := http.NewRequest(tt.method, base+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "text/html")
		req.Header.Set("Accept-Encoding", "gzip")
		if tt.method == "POST" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != tt.status || len(body) > 0 || res.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s %s: %d %v, %d bytes, %v", tt.method, tt.path, res.StatusCode, res.Header, len(body), err)
		}
	}
}

// A body that echo's own limit cuts off is too large, and not broken.
func TestBodyLimit(t *testing.T) {
	client, _ := site(t)
	e := echo.New()
	e.Use(middleware.BodyLimit("1K"))
	if err := echolr.Mount(e.Group("/auth"), client, web.InsecureCookies(), web.WithPages()); err != nil {
		t.Fatal(err)
	}
	base := startEcho(t, e)
	for kind, body := range map[string]string{
		"application/json": `{"email":"a@example.com","password":"` + strings.Repeat("x", 3000) + `"}`,
		"application/x-www-form-urlencoded\r\nAccept: text/html": "email=a%40example.com&password=" + strings.Repeat("x", 3000),
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", kind, len(body), body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		_ = conn.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", kind, res.StatusCode)
		}
	}
}
