package core_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

type laterKey struct{}

// Background work keeps the values of its context, outlives its cancellation, is bounded
// in number and time, and Close waits for it.
func TestLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, err := core.New(core.Config{APIKey: "key", APISecret: "secret"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), laterKey{}, "value"))
		cancel()
		var ended atomic.Int32
		start := time.Now()
		started := 0
		for client.Later(ctx, func(ctx context.Context) {
			if ctx.Value(laterKey{}) != "value" || ctx.Err() != nil {
				t.Errorf("the context has %v and %v", ctx.Value(laterKey{}), ctx.Err())
			}
			<-ctx.Done()
			ended.Add(1)
		}) {
			started++
		}
		if started != 256 {
			t.Errorf("%d run at once", started)
		}
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); ended.Load() != 256 || took != 30*time.Second {
			t.Errorf("Close returned after %v, when %d had ended", took, ended.Load())
		}
		if client.Later(t.Context(), func(context.Context) { t.Error("it ran") }) {
			t.Error("work begins after Close")
		}
	})
}
