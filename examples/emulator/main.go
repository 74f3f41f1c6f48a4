// The emulator as a program of its own, for applications in any language: give
// their LoginRadius SDK the printed address, key and secret.
//
//	go run ./examples/emulator -addr 127.0.0.1:9090
package main

import (
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
	addr := flag.String("addr", "127.0.0.1:9090", "where to listen; loopback only")
	flag.Parse()
	srv, err := emulator.Start(emulator.WithAddress(*addr))
	if err != nil {
		return err
	}
	fmt.Printf("%s\nAPI key %s, API secret %s, mailbox %s/mailbox\n", srv.URL(), srv.APIKey(), srv.APISecret(), srv.URL())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	return srv.Close()
}
