package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A filling tells what a cache full of sessions takes.
type filling struct {
	Sessions   int
	PerSession int64 // live bytes, after a collection
	Peak       int64 // of the whole process while filling it, garbage included
}

// memoryLimit is what GOMEMLIMIT would be where 2.5 GiB are all there is.
const memoryLimit = 2250 << 20

// fill puts n sessions into a cache, one miss each. It is meant for a process of its
// own, so that the peak is its own.
func fill(n int) (filling, error) {
	up, err := newUpstream()
	if err != nil {
		return filling{}, err
	}
	client, err := newClient(up, "", core.SessionConfig{Capacity: n, MaxCacheBytes: 4 << 30, SkipExpiry: true}) // half the work, the same room
	if err != nil {
		return filling{}, err
	}
	defer client.Close()
	// A million misses in a minute, which no service would answer, leave more garbage
	// than the collector expects by itself. It is told of the limit as in production.
	debug.SetMemoryLimit(memoryLimit)
	ctx := context.Background()
	if _, err := client.Session(ctx, tokenOf(0)); err != nil {
		return filling{}, fmt.Errorf("fill: %w", err)
	}
	before := liveBytes()
	var wg sync.WaitGroup
	var next, failed atomic.Int64
	for range cores() {
		wg.Go(func() {
			for i := int(next.Add(1)); i < n; i = int(next.Add(1)) {
				if s, err := client.Session(ctx, tokenOf(i)); err != nil || s.UID() != tokenOf(i) {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	after := liveBytes()
	if st := client.Stats(); failed.Load() > 0 || st.Size != n || st.Evictions > 0 {
		return filling{}, fmt.Errorf("fill: %d failed, and the cache holds %d of %d sessions", failed.Load(), st.Size, n)
	}
	return filling{n, (after - before) / int64(n-1), peakMemory()}, nil
}

func liveBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// fillElsewhere has fill done by another process of this program.
func fillElsewhere(n int) (f filling, err error) {
	err = elsewhere(&f, "-fill", fmt.Sprint(n))
	return f, err
}

// elsewhere runs this program again and decodes the JSON that it prints.
func elsewhere(into any, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	cmd := exec.Command(self, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}
