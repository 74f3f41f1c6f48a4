//go:build !unix

package main

import (
	"runtime"
	"time"
)

var began = time.Now()

// processorTime falls back to the clock: run this on a machine that does nothing else.
func processorTime() time.Duration { return time.Since(began) }

// peakMemory falls back to what Go has asked the system for.
func peakMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
