// The emulator as a program of its own, for applications in any language: give
// their LoginRadius SDK the printed address, key and secret.
//
//	go run ./examples/emulator -addr 127.0.0.1:9090
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/loginradius-contrib/go-middleware/core/emulator"
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
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; there are only flags", flag.Arg(0))
	}
	opts := []emulator.Option{emulator.WithAddress(*addr)}
	if *open {
		opts = append(opts, emulator.AllowNonLoopback())
	}

	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	srv, err := emulator.Start(opts...)
	if err != nil {
		return err
	}
	fmt.Printf("%s\nAPI key %s, API secret %s, mailbox %s/mailbox\n", srv.URL(), srv.APIKey(), srv.APISecret(), srv.URL())
	<-stop.Done()
	return srv.Close()
}
