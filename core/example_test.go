package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// exampleSite starts an emulated LoginRadius with one user and returns a client.
func exampleSite() (*emulator.Server, *core.Client, string) {
	srv, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		panic(err)
	}
	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true, FirstName: "Ada", Roles: []string{"admin"}})
	if err != nil {
		panic(err)
	}
	client, err := core.New(srv.Config()) // with the real service: core.ConfigFromEnv()
	if err != nil {
		panic(err)
	}
	return srv, client, uid
}

func Example() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	ctx := context.Background()
	login, err := client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.Session(ctx, login.AccessToken)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Email(), session.HasRole("admin"), session.Profile().FirstName)
	// Output: ada@example.com true Ada
}

func ExampleAuthenticationService_LoginByEmail() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	res, err := client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{
		Email: "ada@example.com", Password: "correct horse",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(res.Profile.FirstName, time.Until(res.ExpiresAt).Round(time.Minute))
	fmt.Println(strings.Contains(fmt.Sprintf("%+v", res), res.AccessToken)) // printing shows no token
	// Output:
	// Ada 15m0s
	// false
}

func ExampleAuthenticationService_Register() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	ctx := context.Background()
	login, err := client.Authentication.Register(ctx, core.RegisterRequest{
		Email: "grace@example.com", Password: "correct horse",
		Profile:         core.Profile{FirstName: "Grace"},
		VerificationURL: "https://app.example.com/verify",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("logged in at once:", login != nil)

	token := srv.Mailbox()[0].Token // what the link in the mail holds
	if _, err := client.Authentication.VerifyEmail(ctx, core.VerifyEmailRequest{Token: token}); err != nil {
		fmt.Println(err)
		return
	}
	login, err = client.Authentication.LoginByEmail(ctx, core.LoginByEmailRequest{Email: "grace@example.com", Password: "correct horse"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("verified:", login.Profile.FirstName, login.Profile.EmailVerified)
	// Output:
	// logged in at once: false
	// verified: Grace true
}

func ExampleError() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	_, err := client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{
		Email: "ada@example.com", Password: "wrong horse",
	})
	fmt.Println(errors.Is(err, core.ErrInvalidCredentials), errors.Is(err, core.ErrUnavailable))
	if e, ok := errors.AsType[*core.Error](err); ok {
		fmt.Println(e.Operation, int(e.Code), e.HTTPStatus, e.Answered())
	}
	// Output:
	// true false
	// Authentication.LoginByEmail 966 401 true
}

func ExampleAccountService_ByEmail() {
	srv, client, uid := exampleSite()
	defer srv.Close()
	defer client.Close()

	p, err := client.Account.ByEmail(context.Background(), core.AccountByEmailRequest{
		Email: "ada@example.com", Fields: []string{"Uid", "FirstName", "Roles"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.UID == uid, p.FirstName, p.Roles)
	// Output: true Ada [admin]
}

func ExampleClient_Session() {
	srv, client, uid := exampleSite()
	defer srv.Close()
	defer client.Close()

	ctx := context.Background()
	token, _, err := srv.IssueTokens(uid)
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 1000 {
		if _, err := client.Session(ctx, token); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("upstream calls:", len(srv.Requests()))

	srv.Inject(emulator.ServerError(500)) // LoginRadius is down
	_, err = client.Session(ctx, token)
	fmt.Println("known session:", err)
	_, err = client.Session(ctx, "8a1b0c5e-0000-4000-8000-000000000000")
	fmt.Println("unknown token:", errors.Is(err, core.ErrUnavailable), errors.Is(err, core.ErrInvalidToken))
	// Output:
	// upstream calls: 2
	// known session: <nil>
	// unknown token: true false
}
