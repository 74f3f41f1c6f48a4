package nethttp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
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
			_ = json.NewEncoder(w).Encode(adaptertest.NewWho(r.Context(), nethttp.Session(r)))
		})
		requireLogin := nethttp.RequireLogin(s.Client, s.Guard...)
		mux.Handle("/api/whoami", requireLogin(who))
		mux.Handle("/api/admin", nethttp.RequireLogin(s.Client, append(s.Guard, web.RequireRole("admin"))...)(who))
		mux.Handle("/api/stacked", requireLogin(requireLogin(who)))
		mux.Handle("POST /api/upload", requireLogin(http.HandlerFunc(upload)))
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
			serveSocket(w, r, adaptertest.NewWho(r.Context(), nethttp.Session(r)))
		})))
		srv := httptest.NewServer(recovering(mux))
		t.Cleanup(srv.Close)
		return srv.URL
	})
}

func TestRoutesByHand(t *testing.T) {
	client, _ := site(t)
	mux := http.NewServeMux()
	routes, err := web.NewApp(client)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range web.RouteNames() {
		handler, err := nethttp.Handle(routes, name)
		if err != nil {
			t.Fatal(err)
		}
		mux.Handle("/"+string(name), handler)
	}
	srv := httptest.NewServer(mux)
	defer srv.Close()
	adaptertest.RunByHand(t, routes, srv.URL)
	if h, err := nethttp.Handle(routes, "nothing"); err == nil || h != nil {
		t.Errorf("Handle makes a handler of a route that does not exist: %v", err)
	}
}

// Nothing is mounted with unusable options.
func TestUnusableOptions(t *testing.T) {
	client, _ := site(t)
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", client, web.Only("nothing")); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("Mount: %v", err)
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("POST", "/auth/login", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("POST /auth/login: %d", w.Code)
	}
	if err := nethttp.Mount(mux, "/", client, web.WithPages()); err == nil {
		t.Error("pages without cookies are mounted")
	}
}

// Handler fits routers that take the prefix off.
func TestHandler(t *testing.T) {
	client, token := site(t)
	h, err := nethttp.Handler(client)
	if err != nil {
		t.Fatal(err)
	}
	w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/auth/me", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	http.StripPrefix("/auth", h).ServeHTTP(w, req)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "ada@example.com") {
		t.Errorf("GET /auth/me: %d %s", w.Code, w.Body)
	}
}

// net/http has no error handler to return a failure to: it is written.
func TestReturnErrors(t *testing.T) {
	client, _ := site(t)
	w := httptest.NewRecorder()
	nethttp.RequireLogin(client, web.ReturnErrors())(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != http.StatusUnauthorized || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), "unauthenticated") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
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

// upload answers how many files a form has, all of which are kept on disk.
func upload(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 10); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, len(r.MultipartForm.File))
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

	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, _, err := srv.IssueTokens(uid)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, authorization := range []string{"", "Bearer " + token} {
		req, err := http.NewRequest("GET", app.URL+"/api/me", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", authorization)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(res.StatusCode, " ", res.Header.Get("Content-Type"), " ", len(body) > 0, "\n")
	}
	// Output:
	// 401 application/problem+json true
	// 200 text/plain; charset=utf-8 true
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
	login, err := nethttp.Handle(app, web.RouteLogin)
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("POST /sign-in", login)

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("POST", "/sign-in", nil))
	fmt.Println(w.Code)
	// Output: 422
}

// A prefix that no request can have is an error, and not routes that are never found.
func TestMountPrefix(t *testing.T) {
	client, _ := site(t)
	for prefix, good := range map[string]bool{"": true, "/": true, "/auth": true, "/auth/": true, "/a/b": true, "auth": false, "auth/": false, " /auth": false, "//auth": false} {
		mux := http.NewServeMux()
		err := nethttp.Mount(mux, prefix, client)
		if (err == nil) != good {
			t.Errorf("%q: %v", prefix, err)
		}
		if !good {
			continue
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", strings.TrimRight(prefix, "/")+"/me", nil))
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%q: GET /me is %d", prefix, w.Code)
		}
	}
}
