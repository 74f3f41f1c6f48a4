// The replicas example: the gin site three times behind a proxy, with one Redis. Every
// page says which replica made it. Log in and reload: each request goes to another
// replica, and you stay logged in. Kill a replica (its process is printed; it starts
// again after some seconds), stop Redis, or log out, and see what the others do.
//
//	go run ./examples/replicas
//	go run ./examples/replicas -redis 127.0.0.1:6379
//	go run ./examples/replicas -mfa required -codes
//
// The same program is one replica if the variable REPLICA holds its number. Then it
// reads LOGINRADIUS_REDIS_URL and the variables of core.ConfigFromEnv, as in a container.
package main

import (
	"fmt"
	"os"
)

func main() {
	run := runAll
	if number := os.Getenv("REPLICA"); number != "" {
		run = func() error { return runReplica(number) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
