package main

import (
	"context"
	"fmt"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// hits compares an answer from memory of a client that has a store with that of one that
// has none.
func (b *bench) hits() ([]row, error) {
	const rounds, each = 300, 5000
	tokens, err := b.tokens(1)
	if err != nil {
		return nil, err
	}
	var clients [2]*core.Client
	for i, prefix := range []string{"hits", ""} {
		if clients[i], err = b.replica(prefix); err != nil {
			return nil, err
		}
		if _, err = ask(clients[i], tokens); err != nil {
			return nil, err
		}
	}
	ctx := context.Background()
	var took [2][]time.Duration
	for round := range rounds {
		for i := range clients {
			i = (i + round) % 2 // who is first
			start := time.Now()
			for range each {
				if _, err := clients[i].Session(ctx, tokens[0]); err != nil {
					return nil, err
				}
			}
			took[i] = append(took[i], time.Since(start)/each)
		}
	}
	with, without := quantile(took[0], 0.5), quantile(took[1], 0.5)
	ratio := float64(with) / float64(without)
	return []row{{"local hit", with.String(), without.String() + " without a store", fmt.Sprintf("%.3f×, at most 1.02×", ratio), ratio > 1.02}}, nil
}

// misses compares where the answer about an unknown token comes from.
func (b *bench) misses() ([]row, error) {
	const n = 300
	b.lr.Inject(emulator.Latency(upstreamTime))
	defer b.lr.ClearFaults()
	tokens, err := b.tokens(4 * n)
	if err != nil {
		return nil, err
	}
	first, err := b.replica("misses")
	if err != nil {
		return nil, err
	}
	healthy, err := ask(first, tokens[:n])
	if err != nil {
		return nil, err
	}
	second, err := b.replica("misses")
	if err != nil {
		return nil, err
	}
	shared, err := ask(second, tokens[:n])
	if err != nil {
		return nil, err
	}
	if second.Stats().SharedHits < n*9/10 {
		return nil, errTooFew
	}
	size, err := b.sizeOfSession("misses")
	if err != nil {
		return nil, err
	}
	alone, err := b.replica("")
	if err != nil {
		return nil, err
	}
	unshared, err := ask(alone, tokens[n:2*n])
	if err != nil {
		return nil, err
	}
	pings := make([]time.Duration, n)
	for i := range pings {
		start := time.Now()
		for range 2 {
			if err := b.rdb.Ping(context.Background()).Err(); err != nil {
				return nil, err
			}
		}
		pings[i] = time.Since(start)
	}
	if err := b.redis.Pause(); err != nil {
		return nil, err
	}
	stopped, err := ask(first, tokens[2*n:3*n])
	if err == nil {
		err = b.redis.Resume()
	}
	if err != nil {
		return nil, err
	}
	hit, miss, two := quantile(shared, 0.5), quantile(unshared, 0.5), quantile(pings, 0.5)
	hung := float64(mean(stopped)) / float64(mean(healthy))
	return []row{
		{
			"shared hit, p50", hit.String(), fmt.Sprintf("%v for a miss upstream at %v a call", miss, upstreamTime),
			fmt.Sprintf("1/%.0f, at most 1/10", float64(miss)/float64(hit)), hit > miss/10,
		},
		{"shared hit, p99", quantile(shared, 0.99).String(), quantile(unshared, 0.99).String(), "", false},
		{"shared hit, p50", hit.String(), fmt.Sprintf("%v for two PINGs", two), fmt.Sprintf("%.1f×, at most 3×", float64(hit)/float64(two)), hit > 3*two},
		{"miss, mean, while Redis hangs", mean(stopped).String(), mean(healthy).String() + " while it is well", fmt.Sprintf("%.3f×, at most 1.1×", hung), hung > 1.1},
		{"a session in Redis", fmt.Sprintf("%d bytes", size.stored), fmt.Sprintf("%d of profile", size.profile), fmt.Sprintf("%+d bytes, at most +400", size.stored-size.profile), size.stored > size.profile+400},
	}, nil
}

type sessionSize struct{ stored, profile int64 }

// sizeOfSession returns what Redis needs for a session, all told, and what of it is profile.
func (b *bench) sizeOfSession(prefix string) (size sessionSize, err error) {
	ctx := context.Background()
	keys, err := b.rdb.Keys(ctx, prefix+":v:*").Result()
	if err != nil || len(keys) == 0 {
		return size, fmt.Errorf("no session in Redis: %w", err)
	}
	const overhead = 54 // nonce, tag, and what is noted with a profile
	if size.profile, err = b.rdb.StrLen(ctx, keys[0]).Result(); err != nil {
		return size, err
	}
	size.profile -= overhead
	size.stored, err = b.rdb.MemoryUsage(ctx, keys[0]).Result()
	return size, err
}
