package redisstore_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// benchFixture is an emulator, a Redis server and a function that makes replicas.
func benchFixture(b *testing.B) (lr *emulator.Server, replica func(shared bool) *core.Client, tokens func(n int) []string) {
	b.Helper()
	server, err := redisserver.Start()
	if err != nil {
		b.Skip(err)
	}
	if lr, err = emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler))); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = lr.Close(); _ = server.Close() })
	uid, err := lr.AddUser(emulator.User{Email: "ada@example.com"})
	if err != nil {
		b.Fatal(err)
	}
	replica = func(shared bool) *core.Client {
		cfg := lr.Config()
		cfg.Sessions.UpstreamRate, cfg.Sessions.TTL = 100_000, time.Hour
		if shared {
			rdb := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{server.Addr()}, ContextTimeoutEnabled: true})
			b.Cleanup(func() { _ = rdb.Close() })
			cfg.Shared = redisstore.New(rdb)
		}
		c, err := core.New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = c.Close() })
		return c
	}
	return lr, replica, func(n int) []string {
		out := make([]string, n)
		for i := range out {
			if out[i], _, err = lr.IssueTokens(uid); err != nil {
				b.Fatal(err)
			}
		}
		return out
	}
}

func ask(b *testing.B, c *core.Client, tokens []string) {
	b.Helper()
	for _, token := range tokens {
		if _, err := c.Session(context.Background(), token); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSession compares where an answer comes from. LoginRadius takes 20 ms.
func BenchmarkSession(b *testing.B) {
	const calls = 20 * time.Millisecond
	b.Run("upstream", func(b *testing.B) {
		lr, replica, tokens := benchFixture(b)
		list, c := tokens(b.N), replica(false)
		lr.Inject(emulator.Latency(calls))
		b.ResetTimer()
		ask(b, c, list)
	})
	b.Run("shared", func(b *testing.B) {
		_, replica, tokens := benchFixture(b)
		list := tokens(b.N)
		ask(b, replica(true), list)
		c := replica(true)
		b.ResetTimer()
		ask(b, c, list)
		b.StopTimer()
		if hits := c.Stats().SharedHits; int(hits) < b.N*9/10 {
			b.Errorf("only %d of %d answers came from the store", hits, b.N)
		}
	})
	for name, shared := range map[string]bool{"memory": false, "memory, with a store": true} {
		b.Run(name, func(b *testing.B) {
			_, replica, tokens := benchFixture(b)
			list, c := tokens(1), replica(shared)
			ask(b, c, list)
			ctx := context.Background()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if _, err := c.Session(ctx, list[0]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRevocation measures how long after Announce returns another process sees it.
func BenchmarkRevocation(b *testing.B) {
	server, err := redisserver.Start()
	if err != nil {
		b.Skip(err)
	}
	defer server.Close()
	open := func() *redisstore.Store {
		rdb := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{server.Addr()}})
		b.Cleanup(func() { _ = rdb.Close() })
		return redisstore.New(rdb, redisstore.Timeout(time.Second))
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	const followers = 3
	seen := make(chan time.Time, followers)
	for range followers {
		s := open()
		go func() { _ = s.Follow(ctx, 0, func(int64, []byte) { seen <- time.Now() }) }()
	}
	s := open()
	delays := make([]time.Duration, 0, b.N)
	for range b.N {
		if _, err := s.Announce(ctx, []string{"m"}, []byte("e"), 0, time.Minute); err != nil {
			b.Fatal(err)
		}
		announced := time.Now()
		last := announced
		for range followers {
			if at := <-seen; at.After(last) {
				last = at
			}
		}
		delays = append(delays, last.Sub(announced))
	}
	slices.Sort(delays)
	b.ReportMetric(float64(delays[len(delays)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(delays[len(delays)*99/100].Microseconds()), "p99-µs")
}
