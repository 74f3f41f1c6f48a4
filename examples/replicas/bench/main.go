// Command bench measures what a shared store costs and saves, with a Redis server, an
// emulated LoginRadius and other processes, all on this machine. It prints the results as
// Markdown and fails if a target is missed. It wants an idle machine.
//
//	cd examples/replicas && go run ./bench
//
// What is compared are ratios of one run: the sides take turns.
package main

import (
	"fmt"
	"os"
)

func main() {
	var err error
	if os.Getenv(followsRedis) != "" {
		err = follow()
	} else {
		err = run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A row is a line of the table.
type row struct {
	what, side, other, result string
	missed                    bool // the target
}

func run() error {
	b, err := newBench()
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Println("| What | With a store | Beside it | Result |\n| --- | --- | --- | --- |")
	missed := 0
	for _, measure := range []func() ([]row, error){b.hits, b.misses, b.restarts, b.propagation} {
		rows, err := measure()
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.missed {
				missed++
				r.result += " **missed**"
			}
			fmt.Printf("| %s | %s | %s | %s |\n", r.what, r.side, r.other, r.result)
		}
	}
	if missed > 0 {
		return fmt.Errorf("%d targets were missed", missed)
	}
	return nil
}
