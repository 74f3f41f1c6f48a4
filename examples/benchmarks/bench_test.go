package main

import (
	"context"
	"strings"
	"testing"
)

// BenchmarkRequest runs each side alone, for profiles; the command compares them.
//
//	go test -run '^$' -bench 'Request/fiber-v2/RequireLogin$' -cpuprofile cpu.out
func BenchmarkRequest(b *testing.B) {
	f, err := newFixture()
	if err != nil {
		b.Fatal(err)
	}
	defer f.client.Close()
	frameworks, err := f.frameworks()
	if err != nil {
		b.Fatal(err)
	}
	for _, fw := range frameworks {
		for _, a := range fw.apps {
			name := strings.NewReplacer(" ", "-", "/", "-").Replace(fw.name) + "/" + strings.NewReplacer(" ", "-", "/", "-").Replace(a.name)
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				if err := a.run(b.N); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

func BenchmarkSession(b *testing.B) {
	f, err := newFixture()
	if err != nil {
		b.Fatal(err)
	}
	defer f.client.Close()
	b.ReportAllocs()
	b.ResetTimer()
	ctx := context.Background()
	for i := range b.N {
		if s, err := f.client.Session(ctx, uids[i%users]); err != nil || s.UID() != uids[i%users] {
			b.Fatal(err)
		}
	}
}
