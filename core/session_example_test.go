package core_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// login returns the tokens of a user who has just logged in.
func login(client *core.Client) (*core.LoginResult, error) {
	return client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
}

func ExampleClient_Adopt() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	result, err := login(client)
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.Adopt(context.Background(), result.Tokens())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Email(), "calls:", client.Stats().Misses)
	// Output: ada@example.com calls: 0
}

func ExampleTokenFromContext() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	result, err := login(client)
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.Adopt(context.Background(), result.Tokens())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := core.ContextWithLogin(context.Background(), session, result.AccessToken) // as RequireLogin does

	// In a handler: a call to LoginRadius on behalf of the user.
	info, err := client.Authentication.TokenInfo(ctx, core.TokenFromContext(ctx))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(info.Provider)
	// Output: email
}

func ExampleWatchSession() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	result, err := login(client)
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.Adopt(context.Background(), result.Tokens())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(core.ContextWithLogin(context.Background(), session, result.AccessToken))
	defer cancel() // when the stream ends
	ended := core.WatchSession(ctx)

	go client.Forget(result.AccessToken) // a logout in another tab
	<-ended
	fmt.Println("close the socket")
	// Output: close the socket
}

func ExampleClient_Ready() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	fmt.Println(client.Ready(context.Background()))
	if err := client.SetCredentials("another-key", "another-secret"); err != nil {
		fmt.Println(err)
		return
	}
	err := client.Ready(context.Background())
	fmt.Println("our key is refused:", errors.Is(err, core.ErrAPICredentials))
	// Output:
	// <nil>
	// our key is refused: true
}

func ExampleClient_VerifiedSession() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	var verifier core.TokenVerifier = &testVerifier{} // in a program: one of the package core/jwt
	session, err := client.VerifiedSession(context.Background(), "jwt.ada.1", verifier)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.UID(), session.HasScope("read"))
	// Output: ada true
}

func ExampleConfig_shared() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	cfg := srv.Config()
	cfg.Shared = sharedtest.NewMemory() // in production: redisstore.New(rdb)
	first, err := core.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer first.Close()
	second, err := core.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer second.Close()

	result, err := login(first)
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := second.Session(context.Background(), result.AccessToken) // on another replica
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Email(), "shared:", second.Stats().SharedHits)
	// Output: ada@example.com shared: 1
}
