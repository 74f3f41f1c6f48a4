// Command gen writes what follows from the declarations of package core: the values of
// its operations, the methods that hide secrets, the contents lists in the
// documentation of core.Client, and OPERATIONS.md. Run it with go generate ./core.
//
// An operation is declared by its method. The request line in the method's
// documentation says what is sent and with which credentials:
//
//	// GET /identity/v2/auth/account with API key and access token; a read.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(".", ".."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run generates every file into the folders of package core and of the module.
func run(core, root string) error {
	files, err := generate(core)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(target(core, root, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// target returns the path of a generated file.
func target(core, root, name string) string {
	if name == operationsDocument {
		return filepath.Join(root, name)
	}
	return filepath.Join(core, name)
}
