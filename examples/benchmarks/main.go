// Command benchmarks measures what RequireLogin costs: beside a naive cache written
// by hand, beside the JWT middlewares that each framework is usually seen with, and
// beside no middleware at all. It prints the results as Markdown and fails if a
// target is missed.
//
//	cd examples/benchmarks && go run .
//
// All sides run in turn in one run, and what is compared are ratios. It needs no
// network: LoginRadius answers from memory.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	sessions := flag.Int("sessions", 1_000_000, "how many sessions to fill a cache with")
	fillOnly := flag.Int("fill", 0, "internal: fill a cache and tell what it took")
	loadOnly := flag.Bool("load", false, "internal: load the two servers that are given")
	flag.Parse()
	var err error
	switch {
	case *fillOnly > 0:
		err = printJSON(fill(*fillOnly))
	case *loadOnly:
		err = printJSON(generate(flag.Arg(0), flag.Arg(1)))
	default:
		err = run(*sessions)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func printJSON[T any](result T, err error) error {
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
