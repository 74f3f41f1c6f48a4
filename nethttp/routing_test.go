package nethttp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

func TestRouting(t *testing.T) {
	serving := func(build func(r *adaptertest.Routing, guard func(http.Handler) http.Handler, open, secret http.Handler) http.Handler) adaptertest.Router {
		return func(t *testing.T, r *adaptertest.Routing) string {
			secret := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, r.Secret()) })
			open := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "open") })
			srv := httptest.NewServer(build(r, nethttp.RequireLogin(r.Client, r.Guard...), open, secret))
			t.Cleanup(srv.Close)
			return srv.URL
		}
	}
	routers := map[string]adaptertest.Router{
		"ServeMux": serving(func(r *adaptertest.Routing, guard func(http.Handler) http.Handler, open, secret http.Handler) http.Handler {
			mux := http.NewServeMux()
			mux.Handle("/open/", open)
			mux.Handle("GET /api/secret", guard(secret))
			mux.Handle("/api/any", guard(secret))
			mux.Handle("/api/sub/", guard(http.StripPrefix("/api/sub", secret)))
			mux.Handle("/api/p/{id}", guard(secret))
			mux.Handle("/api/w/{rest...}", guard(secret))
			mux.Handle("/api/files/", guard(http.StripPrefix("/api/files", http.FileServer(http.Dir(r.Dir)))))
			mux.Handle("admin.example.com/", guard(secret))
			if err := nethttp.Mount(mux, "/auth", r.Client, r.Routes...); err != nil {
				t.Error(err)
			}
			return mux
		}),
		"ServeMux behind the guard": serving(func(_ *adaptertest.Routing, guard func(http.Handler) http.Handler, open, secret http.Handler) http.Handler {
			inner := http.NewServeMux()
			inner.Handle("GET /secret", secret)
			inner.Handle("/", secret)
			mux := http.NewServeMux()
			mux.Handle("/open/", open)
			mux.Handle("/api/", http.StripPrefix("/api", guard(inner)))
			return mux
		}),
		"chi": serving(func(_ *adaptertest.Routing, guard func(http.Handler) http.Handler, open, secret http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Handle("/open/*", open)
			r.Route("/api", func(r chi.Router) {
				r.Use(guard)
				r.Method("GET", "/secret", secret)
				r.Handle("/any", secret)
				r.Handle("/p/{id}", secret)
				r.Handle("/w/*", secret)
				r.NotFound(secret.ServeHTTP)
				r.MethodNotAllowed(secret.ServeHTTP)
				sub := chi.NewRouter()
				sub.Handle("/", secret)
				sub.Handle("/secret", secret)
				r.Mount("/sub", sub)
			})
			r.With(guard).Mount("/deep/sub", http.StripPrefix("/deep/sub", secret))
			return r
		}),
	}
	for name, mw := range map[string]func(http.Handler) http.Handler{
		"StripSlashes": middleware.StripSlashes, "RedirectSlashes": middleware.RedirectSlashes, "CleanPath": middleware.CleanPath, "GetHead": middleware.GetHead,
	} {
		routers["chi with "+name] = serving(func(_ *adaptertest.Routing, guard func(http.Handler) http.Handler, open, secret http.Handler) http.Handler {
			r := chi.NewRouter()
			r.Use(mw)
			r.Handle("/open/*", open)
			r.Route("/api", func(r chi.Router) {
				r.Use(guard)
				r.Method("GET", "/secret", secret)
				r.Handle("/any", secret)
				r.Handle("/w/*", secret)
			})
			return r
		})
	}
	adaptertest.RunRouting(t, routers)
}
