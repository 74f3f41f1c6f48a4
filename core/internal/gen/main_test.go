package main

import (
	"bytes"
	"os"
	"testing"
)

// The tree holds what the generator writes.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(target("../..", "../../..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is not what the declarations say: run go generate ./core", name)
		}
	}
}
