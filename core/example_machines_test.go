package core_test

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// machineClient stands for core.New(core.Config{…, SiteURL: "https://acme.hub.loginradius.com"}).
func machineClient() (*core.Client, func(), error) {
	lr, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)), emulator.WithMachine(emulator.Machine{
		ClientID: "robot", ClientSecret: "secret", Audiences: []string{"https://api.example.com"}, Scopes: []string{"orders:read"},
	}))
	if err != nil {
		return nil, nil, err
	}
	client, err := core.New(lr.Config())
	if err != nil {
		return nil, nil, err
	}
	return client, func() { _ = client.Close(); _ = lr.Close() }, nil
}

// A program that calls an API as itself. The token is fetched once and cached.
func ExampleM2MService_TokenSource() {
	client, done, err := machineClient()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer done()
	source := client.M2M.TokenSource(core.M2MTokenRequest{ClientID: "robot", ClientSecret: "secret", Audience: "https://api.example.com"})
	first, err := source.Token(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := source.Token(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the same token:", first == second)
	// Output: the same token: true
}

// A verifier that asks LoginRadius about each new token, for web.AcceptJWT.
func ExampleClient_IntrospectionVerifier() {
	client, done, err := machineClient()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer done()
	verifier, err := client.IntrospectionVerifier(core.IntrospectionConfig{ClientID: "robot", ClientSecret: "secret", Audience: []string{"https://api.example.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := client.M2M.Token(context.Background(), core.M2MTokenRequest{ClientID: "robot", ClientSecret: "secret", Audience: "https://api.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	session, err := client.VerifiedSession(context.Background(), token.AccessToken, verifier)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.UID(), session.Scopes())
	// Output: robot@client [orders:read]
}
