// The net/http example: ready-made routes, pages, and an API that only users who
// are logged in may use.
//
//	go run ./examples/nethttp
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

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

	// JSON routes for programs, which keep the tokens themselves.
	if err := nethttp.Mount(mux, "/auth", s.Client, s.Routes()...); err != nil {
		return err
	}
	// Pages for browsers, and the same routes with the tokens in cookies, which are
	// renewed while the visitor is there. This example speaks plain http on loopback;
	// behind https, use web.Cookies().
	cookies, refresh := web.InsecureCookies(), web.AutoRefresh()
	if err := nethttp.Mount(mux, "", s.Client, s.Routes(cookies, refresh, s.Pages())...); err != nil {
		return err
	}
	// LoginRadius' events, which make changes of accounts count at once.
	if err := nethttp.Mount(mux, "", s.Client, s.Webhooks()...); err != nil {
		return err
	}

	requireLogin := nethttp.RequireLogin(s.Client, cookies, refresh)
	mux.Handle("GET /api/me", requireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, web.UserOf(nethttp.Session(r).Profile()))
	})))
	requireAdmin := nethttp.RequireLogin(s.Client, cookies, refresh, web.RequireRole("admin"))
	mux.Handle("GET /api/admin", requireAdmin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, map[string]string{"hello": nethttp.Session(r).Email()})
	})))

	for path, h := range s.Operations() {
		mux.Handle("GET "+path, h)
	}
	return s.Serve(mux)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}
