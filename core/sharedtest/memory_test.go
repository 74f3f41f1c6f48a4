package sharedtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

func ExampleMemory() {
	ctx := context.Background()
	store := sharedtest.NewMemory()
	at, err := store.Announce(ctx, []string{"token"}, []byte("forgotten"), 0, time.Minute)
	if err != nil {
		fmt.Println(err)
		return
	}
	marks, err := store.Marks(ctx, []string{"token", "other"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(marks[0] == at, marks[1])
	// Output: true 0
}

func TestMemory(t *testing.T) {
	sharedtest.Run(t, func(*testing.T) (first, second core.SharedStore) {
		m := sharedtest.NewMemory()
		return m, m
	})
}

func TestMemoryFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := sharedtest.NewMemory()
		if err := m.Save(t.Context(), "k", []byte("x"), time.Minute); err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		m.Fail(refused)
		if _, _, err := m.Load(t.Context(), "k"); !errors.Is(err, refused) {
			t.Errorf("while it fails: %v", err)
		}
		m.Fail(nil)

		m.Hang(true)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, _, err := m.Load(ctx, "k"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while it hangs: %v", err)
		}
		if took := time.Since(start); took != 50*time.Millisecond {
			t.Errorf("a hanging call took %v", took)
		}
		go func() {
			time.Sleep(time.Second)
			m.Hang(false)
		}()
		if value, _, err := m.Load(t.Context(), "k"); err != nil || string(value) != "x" {
			t.Errorf("after it hung: %q, %v", value, err)
		}

		followed := make(chan error)
		go func() { followed <- m.Follow(t.Context(), 0, func(int64, []byte) {}) }()
		synctest.Wait()
		m.Fail(refused)
		if err := <-followed; !errors.Is(err, refused) {
			t.Errorf("Follow while it fails: %v", err)
		}
		m.Fail(nil)

		m.Flush()
		if value, _, err := m.Load(t.Context(), "k"); err != nil || value != nil {
			t.Errorf("after Flush: %q, %v", value, err)
		}
	})
}
