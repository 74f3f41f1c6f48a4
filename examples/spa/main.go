// A front end in the browser, and the tokens out of its reach: they are in HttpOnly
// cookies, and the scripts never see one.
//
//	go run ./examples/spa
//
// The scripts are written in TypeScript, in the folder client. static/*.js is what the
// compiler makes of them, and client/api.d.ts comes from the OpenAPI document.
package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

//go:embed static
var files embed.FS

// This example speaks plain http on loopback; behind https, use web.Cookies().
var cookies, refresh = web.InsecureCookies(), web.AutoRefresh()

// options are those of the routes. The typed client is generated from what they mount:
// run make client after a change.
func options(site ...web.RouteOption) []web.RouteOption {
	return append([]web.RouteOption{cookies, refresh}, site...)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	s, err := site.New()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()

	if err := nethttp.Mount(mux, "/auth", s.Client, options(s.Routes()...)...); err != nil {
		return err
	}
	requireLogin := nethttp.RequireLogin(s.Client, cookies, refresh)
	mux.Handle("GET /api/notes", requireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode([]string{"A note that only " + nethttp.Session(r).Email() + " can read."})
	})))

	static, err := fs.Sub(files, "static")
	if err != nil {
		return err
	}
	mux.Handle("GET /", frontEnd(static))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /mailbox", s.Mailbox)
	return s.Serve(mux)
}

// frontEnd serves the files, and the one page at the addresses that it draws itself.
func frontEnd(static fs.FS) http.Handler {
	server := http.FileServerFS(static)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "strict-origin") // the address of a mailed link holds its token
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		switch r.URL.Path {
		case "/verify", "/reset", "/delete":
			http.ServeFileFS(w, r, static, "index.html")
		default:
			server.ServeHTTP(w, r)
		}
	})
}
