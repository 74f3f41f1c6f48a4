package nethttp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/adaptertest"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

func TestAdapter(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T, s adaptertest.Site) string {
		mux := http.NewServeMux()
		if err := nethttp.Mount(mux, "/auth", s.Client, s.Routes...); err != nil {
			t.Fatal(err)
		}
		who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode(adaptertest.NewWho(nethttp.Session(r), core.SessionFromContext(r.Context())))
		})
		requireLogin := nethttp.RequireLogin(s.Client, s.Guard...)
		mux.Handle("/api/whoami", requireLogin(who))
		mux.Handle("/api/admin", nethttp.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...)(who))
		mux.Handle("/optional", nethttp.OptionalLogin(s.Client, s.Guard...)(who))
		mux.Handle("/api/panic", requireLogin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("at the handler") })))
		mux.Handle("GET /api/stream", requireLogin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			s.Stream(func(event string) error {
				if _, err := fmt.Fprintf(w, "data: %s\n\n", event); err != nil {
					return err
				}
				return http.NewResponseController(w).Flush()
			})
		})))
		mux.Handle("GET /api/socket", requireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			serveSocket(w, r, adaptertest.NewWho(nethttp.Session(r), core.SessionFromContext(r.Context())))
		})))
		srv := httptest.NewServer(recovering(mux))
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

func recovering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func Example() {
	srv, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	client, err := core.New(srv.Config()) // with the real service: core.ConfigFromEnv()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", client); err != nil {
		fmt.Println(err)
		return
	}
	mux.Handle("GET /api/me", nethttp.RequireLogin(client)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "hello", nethttp.Session(r).Email())
	})))
	app := httptest.NewServer(mux)
	defer app.Close()

	uid, _ := srv.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	token, _, _ := srv.IssueTokens(uid)
	for _, authorization := range []string{"", "Bearer " + token} {
		req, _ := http.NewRequest("GET", app.URL+"/api/me", nil)
		req.Header.Set("Authorization", authorization)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		fmt.Print(res.StatusCode, " ", res.Header.Get("Content-Type"), " ", len(body) > 0, "\n")
	}
	// Output:
	// 401 application/problem+json true
	// 200 text/plain; charset=utf-8 true
}
