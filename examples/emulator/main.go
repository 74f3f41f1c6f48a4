// The emulator as a program of its own, for applications in any language: give
// their LoginRadius SDK the printed address, key and secret.
//
//	go run ./examples/emulator -addr 127.0.0.1:9090
//
// With -control-key, tests in any language can seed users, make provider tokens,
// accept a privacy policy, read authenticator codes, inject faults and move the clock;
// [emulator.WithControl] lists the calls:
//
//	curl -H 'X-Emulator-Key: KEY' -d '{"advance":"15m"}' http://127.0.0.1:9090/control/clock
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:9090", "where to listen")
	open := flag.Bool("allow-non-loopback", false, "listen on an address that others can reach, who can then read the mailbox")
	control := flag.String("control-key", "", "switch the control API at /control/ on, for calls from this machine with this key")
	mode := flag.String("mfa", "off", "who needs a second factor: off, optional or required")
	codes := flag.Bool("codes", false, "mail codes instead of links")
	passkeys := flag.String("passkeys", "", "switch passkeys on for this domain, such as localhost")
	webhook := flag.String("webhook", "", "send all events, signed, to this address")
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; there are only flags", flag.Arg(0))
	}
	mfa, ok := map[string]emulator.MFAMode{"off": emulator.MFAOff, "optional": emulator.MFAOptional, "required": emulator.MFARequired}[*mode]
	if !ok {
		return fmt.Errorf("-mfa %q: it is off, optional or required", *mode)
	}
	opts := []emulator.Option{
		emulator.WithAddress(*addr), emulator.WithControl(*control), emulator.WithMFA(mfa),
		emulator.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))),
	}
	if *open {
		opts = append(opts, emulator.WithNonLoopback())
	}
	if *codes {
		opts = append(opts, emulator.WithEmailOTP())
	}
	if *passkeys != "" {
		opts = append(opts, emulator.WithPasskeys(emulator.Passkeys{RPID: *passkeys}))
	}
	if *webhook != "" {
		opts = append(opts, emulator.WithWebhook(*webhook))
	}

	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	srv, err := emulator.Start(opts...)
	if err != nil {
		return site.AddressError(err)
	}
	fmt.Printf("%s\nAPI key %s, API secret %s, mailbox %s/mailbox\n", srv.URL(), srv.APIKey(), srv.APISecret(), srv.URL())
	<-stop.Done()
	return srv.Close()
}
