package jwt

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Published signatures verify with their key, and not once a bit of the token is
// changed.
func TestRFCVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/rfc.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Vectors []struct {
			Name, Algorithm, Token, Payload string
			Key                             jose.JSONWebKey
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != 4 {
		t.Fatalf("%d vectors", len(file.Vectors))
	}
	for _, c := range file.Vectors {
		t.Run(c.Name, func(t *testing.T) {
			v, err := newVerifier(Config{Algorithms: []string{c.Algorithm}, Types: []string{"JWT", ""}})
			if err != nil {
				t.Fatal(err)
			}
			v.keys = pinnedKeys{c.Key.Key}
			_, payload, err := v.verifySignature(context.Background(), c.Token)
			if err != nil || string(payload) != c.Payload {
				t.Fatalf("got %q, %v", payload, err)
			}
			for i := range len(c.Token) {
				if c.Token[i] == '.' {
					continue
				}
				changed := []byte(c.Token)
				if changed[i]++; changed[i] == '.' || c.Token[i] == 'z' || c.Token[i] == 'Z' || c.Token[i] == '9' || c.Token[i] == '-' || c.Token[i] == '_' {
					changed[i] = 'A'
				}
				if _, _, err := v.verifySignature(context.Background(), string(changed)); !errors.Is(err, core.ErrInvalidToken) {
					t.Fatalf("changed at %d: %v", i, err)
				}
			}
		})
	}
}
