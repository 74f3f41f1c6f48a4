package emulator_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/nethttp"
)

// A test of an application with a guard, without LoginRadius.
func Example() {
	lr, err := emulator.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer lr.Close()
	client, err := core.New(lr.Config())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	app := nethttp.RequireLogin(client, web.RequireRole("admin"))(yourHandler)

	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Roles: []string{"admin"}})
	if err != nil {
		log.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(status(app, token)) // 200
	// LoginRadius answers 429: cached sessions go on, unknown tokens get 503.
	lr.Inject(emulator.TooManyRequests())
	fmt.Println(status(app, token), status(app, "another1"))
	lr.ClearFaults()
	lr.Advance(time.Hour)           // the token expires
	fmt.Println(status(app, token)) // 401
	// Output:
	// 200
	// 200 503
	// 401
}

var yourHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintln(w, "hello", nethttp.Session(r).Email())
})

// status calls a handler with a token.
func status(h http.Handler, token string) int {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// A registration as your users see it: the link is in the mailbox.
func ExampleEmulator_LastMail() {
	lr, client := quiet()
	defer lr.Close()
	defer client.Close()
	ctx := context.Background()

	if _, err := client.Authentication.Register(ctx, core.RegisterRequest{
		Email: "ada@example.com", Password: "correct horse", VerificationURL: "https://app.example.com/verify",
	}); err != nil {
		fmt.Println(err)
		return
	}
	mail, ok := lr.LastMail("emailverification", "ada@example.com")
	if !ok {
		fmt.Println("no mail came")
		return
	}
	address, _, _ := strings.Cut(mail.Link, "?")
	fmt.Println("link:", address)
	if _, err := client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: mail.Token}); err != nil {
		fmt.Println(err)
		return
	}
	login, err := client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("verified:", login.Profile.EmailVerified)
	// Output:
	// link: https://app.example.com/verify
	// verified: true
}

// Two refused calls of one operation; everything else works.
func ExampleEmulator_Inject() {
	lr, client := quiet()
	defer lr.Close()
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true, Password: "correct horse"})
	if err != nil {
		fmt.Println(err)
		return
	}

	lr.Inject(emulator.HTML(403).On("login_by_email").Next(2))
	for range 3 {
		_, err := client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
		fmt.Println(errors.Is(err, core.ErrUnavailable), err == nil)
	}
	profile, err := client.Account.ByUID(context.Background(), core.AccountByUIDRequest{UID: uid})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(profile.PrimaryEmail())
	// Output:
	// true false
	// true false
	// false true
	// ada@example.com
}

// The client follows the emulator's clock, so that no test waits for an expiry.
func ExampleEmulator_Advance() {
	lr, client := quiet(emulator.WithAccessTokenLifetime(30 * time.Minute))
	defer lr.Close()
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	token, _, err := lr.IssueTokens(uid)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Session(context.Background(), token)
	fmt.Println(err)
	lr.Advance(31 * time.Minute)
	_, err = client.Session(context.Background(), token)
	fmt.Println(errors.Is(err, core.ErrInvalidToken))
	// Output:
	// <nil>
	// true
}

// An emulator is an http.Handler as well, for a server of your own.
func ExampleNew() {
	lr := emulator.New(emulator.WithEmailWorkflow(emulator.Optional))
	srv := httptest.NewTLSServer(lr) // for SDKs that insist on HTTPS
	defer srv.Close()

	res, err := srv.Client().Get(srv.URL + "/mailbox")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status)
	// Output: 200 OK
}

// On a site that requires a second factor, a password alone gives a challenge.
func ExampleWithMFA() {
	lr, client := quiet(emulator.WithMFA(emulator.MFARequired))
	defer lr.Close()
	defer client.Close()
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	fmt.Println(errors.Is(err, core.ErrMFARequired))
	code, err := lr.TOTPCode(uid) // what the user's authenticator shows
	fmt.Println(len(code), err)
	// Output:
	// true
	// 6 <nil>
}

// A test in another language moves the clock over HTTP.
func ExampleWithControl() {
	lr, err := emulator.Start(emulator.WithControl("a key"), emulator.WithFrozenClock(time.Unix(0, 0)))
	if err != nil {
		log.Fatal(err)
	}
	defer lr.Close()
	req, err := http.NewRequest(http.MethodPost, lr.URL()+"/control/clock", strings.NewReader(`{"advance":"15m"}`))
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("X-Emulator-Key", "a key")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	fmt.Print(string(body))
	fmt.Println(err)
	// Output:
	// {"now":"1970-01-01T00:15:00Z"}
	// <nil>
}

// quiet starts an emulator and a client that does not retry.
func quiet(opts ...emulator.Option) (*emulator.Server, *core.Client) {
	lr, err := emulator.Start(opts...)
	if err != nil {
		log.Fatal(err)
	}
	cfg := lr.Config()
	cfg.Retry.MaxAttempts = 1
	client, err := core.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	return lr, client
}

func ExampleServer_UserT() {
	t := new(fakeT) // in your test: t *testing.T
	defer t.end()

	lr := emulator.StartT(t)
	client, err := core.New(lr.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	app := nethttp.RequireLogin(client)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := fmt.Fprint(w, nethttp.Session(r).Email()); err != nil {
			t.Error(err)
		}
	}))

	ada := lr.UserT(t, emulator.User{Email: "ada@example.com"})
	w := httptest.NewRecorder()
	app.ServeHTTP(w, ada.Request("GET", "/me", ""))
	fmt.Println(w.Code, w.Body)

	var stranger *emulator.TestUser
	w = httptest.NewRecorder()
	app.ServeHTTP(w, stranger.Request("GET", "/me", ""))
	fmt.Println(w.Code)
	// Output:
	// 200 ada@example.com
	// 401
}
