package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

func ExampleClient_Do() {
	srv, client, uid := exampleSite()
	defer srv.Close()
	defer client.Close()

	raw, err := client.Do(context.Background(), core.RawRequest{
		Method: http.MethodGet, Path: "/identity/v2/manage/account/" + url.PathEscape(uid), Query: url.Values{"fields": {"FirstName"}},
		Auth: core.RawSecret, Read: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(raw))
	// Output: {"FirstName":"Ada"}
}

func ExampleContextWithRawAnswer() {
	srv, client, uid := exampleSite()
	defer srv.Close()
	defer client.Close()

	var raw core.RawAnswer
	ctx := core.ContextWithRawAnswer(context.Background(), &raw)
	p, err := client.Account.ByUID(ctx, core.AccountByUIDRequest{UID: uid, Fields: []string{"FirstName"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.FirstName, string(raw.JSON()))
	// Output: Ada {"FirstName":"Ada"}
}

func ExampleMFAChallenge() {
	srv, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)), emulator.WithMFA(emulator.MFARequired))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	if _, err := srv.AddUser(emulator.User{Email: "ada@example.com", Password: "correct horse", EmailVerified: true}); err != nil {
		fmt.Println(err)
		return
	}
	client, err := core.New(srv.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	_, err = client.Authentication.LoginByEmail(context.Background(), core.LoginByEmailRequest{Email: "ada@example.com", Password: "correct horse"})
	challenge, ok := errors.AsType[*core.MFAChallenge](err)
	if !ok {
		fmt.Println(err)
		return
	}
	// The user has no factor yet: show the key, and verify a code made of it with
	// client.MFA.VerifyAuthenticator, which sets the factor up and logs in.
	fmt.Println(len(challenge.Enrolled()), challenge.ManualEntryCode != "", challenge)
	// Output: 0 true loginradius: Authentication.LoginByEmail: second factor required
}

func ExampleCustomObjects() {
	srv, err := emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler)), emulator.WithCustomObjects("orders"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	uid, err := srv.AddUser(emulator.User{Email: "ada@example.com", EmailVerified: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := core.New(srv.Config())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	type order struct {
		Item string `json:"item"`
	}
	ctx, orders := context.Background(), core.CustomObjects[order](client, "orders")
	record, err := orders.Create(ctx, uid, order{Item: "tea"})
	if err != nil {
		fmt.Println(err)
		return
	}
	record.Value.Item = "coffee"
	if err := orders.Update(ctx, record); err != nil {
		fmt.Println(err)
		return
	}
	list, err := orders.List(ctx, uid)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(list), list[0].Value.Item)
	// Output: 1 coffee
}

func ExampleSmartLoginService_Wait() {
	srv, client, _ := exampleSite()
	defer srv.Close()
	defer client.Close()

	ctx := context.Background()
	guid := "8a1b0c5e-2222-4000-8000-000000000000" // of at least 128 random bits, once
	if err := client.SmartLogin.StartByEmail(ctx, core.SmartLoginByEmailRequest{ClientGUID: guid, Email: "ada@example.com"}); err != nil {
		fmt.Println(err)
		return
	}
	_, err := client.SmartLogin.Ping(ctx, core.PingRequest{ClientGUID: guid})
	fmt.Println("before the click:", errors.Is(err, core.ErrPending))

	link := srv.Mailbox()[0].Token // the user follows the link on another device
	if err := client.SmartLogin.VerifyLink(ctx, core.VerifyLinkRequest{Token: link}); err != nil {
		fmt.Println(err)
		return
	}
	login, err := client.SmartLogin.Wait(ctx, core.PingRequest{ClientGUID: guid}, core.Poll{Timeout: time.Minute})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(login.Profile.FirstName)
	// Output:
	// before the click: true
	// Ada
}
