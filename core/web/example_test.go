package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// The options work in every adapter's Mount alike; these examples use nethttp.

func ExampleOnly() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.Only("login", "logout", "me"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("login:", post(routes, "/login", `{"email":"ada@example.com","password":"correct horse"}`))
	fmt.Println("register:", post(routes, "/register", `{}`))
	// Output:
	// login: 200
	// register: 404
}

func ExampleAt() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.At("login", "/sign-in"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("there:", post(routes, "/sign-in", `{"email":"ada@example.com","password":"correct horse"}`))
	fmt.Println("not here:", post(routes, "/login", `{"email":"ada@example.com","password":"correct horse"}`))
	// Output:
	// there: 200
	// not here: 404
}

func ExampleReplace() {
	client, stop := emulated()
	defer stop()
	closed := func(context.Context, *web.Request) (*web.Response, error) {
		return web.JSON(http.StatusGone, map[string]string{"message": "We are full."}), nil
	}
	routes, err := nethttp.Handler(client, web.Replace("register", closed))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(post(routes, "/register", `{"email":"new@example.com","password":"correct horse"}`))
	// Output: 410 {"message":"We are full."}
}

func ExampleRegistrationFields() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.RegistrationFields("company"), web.CustomFields("newsletter"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(post(routes, "/register", `{"email":"new@example.com","password":"correct horse","company":"ACME","custom_fields":{"newsletter":"yes"}}`))
	fmt.Println(post(routes, "/register", `{"email":"eve@example.com","password":"correct horse","custom_fields":{"plan":"gold"}}`))
	// Output:
	// 201
	// 400 invalid_body
}

func ExampleMapErrors() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.MapErrors(func(err error) *web.Problem {
		if errors.Is(err, core.ErrEmailNotVerified) {
			return &web.Problem{Status: http.StatusConflict, Code: "look_into_your_mail", Title: "Look into your mail"}
		}
		return nil // the default applies
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(post(routes, "/login", `{"email":"new@example.com","password":"correct horse"}`))
	fmt.Println(post(routes, "/login", `{"email":"ada@example.com","password":"wrong"}`))
	// Output:
	// 409 look_into_your_mail
	// 401 invalid_credentials
}

func ExampleErrorResponse() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.ErrorResponse(func(_ web.View, p *web.Problem) *web.Response {
		return web.JSON(p.Status, map[string]any{"error": p.Code, "message": p.Title})
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(post(routes, "/login", `{"email":"ada@example.com","password":"wrong"}`))
	// Output: 401 {"error":"invalid_credentials","message":"The name or the password is wrong"}
}

func ExampleRateLimit() {
	client, stop := emulated()
	defer stop()
	tries := map[string]int{} // use a limiter that forgets, and is safe for concurrent use
	routes, err := nethttp.Handler(client, web.RateLimit(func(_ context.Context, a web.Attempt) error {
		if tries[a.Account]++; a.Route == "login" && tries[a.Account] > 2 {
			return errors.New("too many") // or a *web.Problem with RetryAfter
		}
		return nil
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		fmt.Println(post(routes, "/login", `{"email":"ada@example.com","password":"wrong"}`))
	}
	// Output:
	// 401 invalid_credentials
	// 401 invalid_credentials
	// 429 throttled
}

func ExampleWithHooks() {
	client, stop := emulated()
	defer stop()
	routes, err := nethttp.Handler(client, web.WithHooks(web.Hooks{
		OnLogin: func(_ context.Context, r *web.Request, s *core.Session) {
			agent, _ := r.Header("User-Agent")
			fmt.Println(s.Email(), "came with", agent)
		},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(post(routes, "/login", `{"email":"ada@example.com","password":"correct horse"}`))
	// Output:
	// ada@example.com came with a browser
	// 200
}

func ExampleRequire() {
	client, stop := emulated()
	defer stop()
	staff := web.Require(func(s *core.Session) error {
		if strings.HasSuffix(s.Email(), "@example.com") && s.EmailVerified() {
			return nil
		}
		return errors.New("not one of us") // any error is 403; its text is not shown
	})
	fmt.Println(web.RequireLogin(client, staff, web.RequireVerifiedEmail()).Err())
	// Output: <nil>
}

// One set of options for pages and API: a guard that keeps visitors of pages logged
// in, and the routes that log them in.
func ExampleAutoRefresh() {
	client, stop := emulated()
	defer stop()
	cookies, refresh := web.Cookies(), web.AutoRefresh()
	mux := http.NewServeMux()
	if err := nethttp.Mount(mux, "/auth", client, cookies, refresh); err != nil {
		fmt.Println(err)
		return
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, nethttp.Session(r).Email()) })
	mux.Handle("GET /{$}", nethttp.RequireLogin(client, cookies, refresh)(hello))

	login := httptest.NewRequest("POST", "/auth/login", strings.NewReader(`{"email":"ada@example.com","password":"correct horse"}`))
	login.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, login)
	visit := httptest.NewRequest("GET", "/", nil)
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-lr_refresh" { // the browser has dropped the other, which expired
			visit.AddCookie(c)
		}
	}
	w = httptest.NewRecorder()
	mux.ServeHTTP(w, visit)
	fmt.Println(w.Code, w.Body, len(w.Result().Cookies()))
	// Output: 200 ada@example.com 2
}

// emulated stands in for the real service. ada@example.com has the password
// "correct horse"; new@example.com, too, and has not verified the address.
func emulated() (client *core.Client, stop func()) {
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		panic(err)
	}
	if client, err = core.New(lr.Config()); err != nil {
		panic(err)
	}
	for _, u := range []emulator.User{{Email: "ada@example.com", EmailVerified: true}, {Email: "new@example.com"}} {
		u.Password = "correct horse"
		if _, err := lr.AddUser(u); err != nil {
			panic(err)
		}
	}
	return client, func() { _ = client.Close(); _ = lr.Close() }
}

// post returns the status of an answer, and the code of a problem or another body of
// a failure.
func post(h http.Handler, path, body string) string {
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "a browser")
	h.ServeHTTP(w, r)
	var p web.Problem
	switch {
	case w.Code < 400 || w.Code == http.StatusNotFound:
		return fmt.Sprint(w.Code)
	case json.Unmarshal(w.Body.Bytes(), &p) == nil && p.Code != "":
		return fmt.Sprint(w.Code, " ", p.Code)
	}
	return fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String()))
}
