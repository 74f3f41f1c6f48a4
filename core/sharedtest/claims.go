package sharedtest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func testClaim(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	if held := claim(t, a, "k", []byte("first"), time.Minute); held != nil {
		t.Fatalf("the first claim is held: %q", held)
	}
	if held := claim(t, b, "k", []byte("second"), time.Minute); string(held) != "first" {
		t.Fatalf("the second claim found %q, want the value of the first", held)
	}
	if held := claim(t, a, "k", []byte("first"), time.Minute); held != nil {
		t.Errorf("the repeated claim found %q, want nil, since the value is its own", held)
	}
	wantValue(t, b, "k", []byte("first"))

	// The outcome takes the place of the claim.
	save(t, a, "k", []byte("outcome"), time.Minute)
	if held := claim(t, b, "k", []byte("third"), time.Minute); string(held) != "outcome" {
		t.Errorf("a claim after the outcome found %q", held)
	}
	wantValue(t, b, "k", []byte("outcome"))

	if held := claim(t, a, "other", []byte("x"), time.Minute); held != nil {
		t.Errorf("a claim on another key is held: %q", held)
	}
	if held := claim(t, a, "short", []byte("gone"), 200*time.Millisecond); held != nil {
		t.Fatalf("held: %q", held)
	}
	eventually(t, "a claim after an expired one", func() bool {
		return claim(t, b, "short", []byte("next"), time.Minute) == nil
	})
	wantValue(t, a, "short", []byte("next"))
}

// Exactly one of many claims wins, and the others learn which.
func testClaimInParallel(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	const callers = 32
	for round := range 10 {
		key := fmt.Sprint("k", round)
		held := make([][]byte, callers)
		var wg sync.WaitGroup
		for i := range callers {
			s := a
			if i%2 == 1 {
				s = b
			}
			wg.Go(func() {
				var err error
				if held[i], err = s.Claim(callContext(t), key, fmt.Append(nil, "caller ", i), time.Minute); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		winners := 0
		value, _ := load(t, a, key)
		for i := range held {
			switch {
			case held[i] != nil && string(held[i]) != string(value):
				t.Errorf("caller %d found %q, the value is %q", i, held[i], value)
			case held[i] == nil && string(value) != fmt.Sprint("caller ", i):
				t.Errorf("caller %d won, but the value is %q", i, value)
			case held[i] == nil:
				winners++
			}
		}
		if winners != 1 {
			t.Fatalf("%d of %d claims won", winners, callers)
		}
	}
}
