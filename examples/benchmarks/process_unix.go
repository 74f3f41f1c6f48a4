//go:build unix

package main

import (
	"runtime"
	"syscall"
	"time"
)

func usage() syscall.Rusage {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it fails for nothing but a wrong argument
	}
	return u
}

// processorTime returns how much processor time this process has used.
func processorTime() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory returns the most bytes of memory that this process has had.
func peakMemory() int64 {
	if runtime.GOOS == "darwin" {
		return int64(usage().Maxrss)
	}
	return int64(usage().Maxrss) << 10
}
