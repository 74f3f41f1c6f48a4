package core_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The key depends on the secret and the purpose, and on nothing else.
func TestDerivedKey(t *testing.T) {
	make := func(secret string) *core.Client {
		client, err := core.New(core.Config{APIKey: "key", APISecret: secret})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	one, two, other := make("secret"), make("secret"), make("other")
	key := one.DerivedKey("cookies")
	if len(key) != 32 || !bytes.Equal(key, two.DerivedKey("cookies")) {
		t.Errorf("two clients with one secret derive %x and %x", key, two.DerivedKey("cookies"))
	}
	if bytes.Equal(key, other.DerivedKey("cookies")) || bytes.Equal(key, one.DerivedKey("links")) {
		t.Error("another secret or purpose gives the same key")
	}
	if err := one.SetCredentials("key", "rotated"); err != nil || !bytes.Equal(key, one.DerivedKey("cookies")) {
		t.Errorf("a rotation changes the key: %v", err)
	}
	if printed := fmt.Sprintf("%+v", one); strings.Contains(printed, "secret") {
		t.Errorf("the client prints its secret: %s", printed)
	}
}
