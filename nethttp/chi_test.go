package nethttp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// chi needs no adapter of its own: the kit passes with this one.
func TestChi(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) string {
		who := func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode(adaptertest.NewWho(r.Context(), nethttp.Session(r)))
		}
		r := chi.NewRouter()
		r.Use(recovering, middleware.Compress(5))
		if err := nethttp.Mount(r, "/auth", s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		r.Group(func(r chi.Router) {
			r.Use(nethttp.RequireLogin(s.Client, s.Guard...))
			r.HandleFunc("/api/whoami", who)
			r.With(nethttp.RequireLogin(s.Client, s.Guard...)).Get("/api/stacked", who)
			r.Post("/api/upload", upload)
			r.Get("/api/panic", func(http.ResponseWriter, *http.Request) { panic("at the handler") })
			r.Get("/api/stream", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				s.Stream(func(event string) error {
					if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil {
						return err
					}
					return http.NewResponseController(w).Flush()
				})
			})
			r.Get("/api/socket", func(w http.ResponseWriter, r *http.Request) {
				serveSocket(w, r, adaptertest.NewWho(r.Context(), nethttp.Session(r)))
			})
		})
		r.With(nethttp.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...)).Get("/api/admin", who)
		r.With(nethttp.OptionalLogin(s.Client, s.Guard...)).Get("/optional", who)
		srv := httptest.NewServer(r)
		t.Cleanup(srv.Close)
		return srv.URL
	})
}

// chi's routers are mounted on directly, and their middlewares take the guard as it is.
func ExampleMount_chi() {
	client, err := core.New(core.Config{APIKey: "your-key", APISecret: "your-secret"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	r := chi.NewRouter()
	if err := nethttp.Mount(r, "/auth", client); err != nil {
		fmt.Println(err)
		return
	}
	r.Group(func(r chi.Router) {
		r.Use(nethttp.RequireLogin(client))
		r.Get("/api/me", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintln(w, nethttp.Session(r).Email())
		})
	})

	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/api/me", nil))
	fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"))
	// Output: 401 Bearer realm="loginradius"
}
