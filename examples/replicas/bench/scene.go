package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// upstreamTime is what a call of LoginRadius takes.
const upstreamTime = 20 * time.Millisecond

// A bench is a Redis server and a LoginRadius.
type bench struct {
	redis *redisserver.Server
	rdb   *redis.Client
	lr    *emulator.Emulator
	site  *httptest.Server
	calls atomic.Int64 // of LoginRadius
	uid   string
	open  []func() error
}

func newBench() (*bench, error) {
	b := &bench{lr: emulator.New(emulator.WithLogger(slog.New(slog.DiscardHandler)))}
	var err error
	if b.redis, err = redisserver.Start(); err != nil {
		return nil, err
	}
	b.rdb = redis.NewClient(&redis.Options{Addr: b.redis.Addr(), ContextTimeoutEnabled: true})
	b.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.calls.Add(1)
		b.lr.ServeHTTP(w, r)
	}))
	if b.uid, err = b.lr.AddUser(emulator.User{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace"}); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) close() {
	for _, one := range slices.Backward(b.open) {
		_ = one()
	}
	_ = b.rdb.Close()
	b.site.Close()
	_ = b.redis.Close()
}

// config is that of a replica.
func config(key, secret, address string) core.Config {
	return core.Config{APIKey: key, APISecret: secret, BaseURL: address, Sessions: core.SessionConfig{
		TTL: time.Hour, UpstreamRate: 100_000, UpstreamConcurrency: 64, Capacity: 10_000,
	}}
}

// replica returns a client of its own connections, and with a name it shares.
func (b *bench) replica(prefix string) (*core.Client, error) {
	cfg := config(b.lr.APIKey(), b.lr.APISecret(), b.site.URL)
	if prefix != "" {
		rdb := redis.NewClient(&redis.Options{Addr: b.redis.Addr(), ContextTimeoutEnabled: true})
		b.open = append(b.open, rdb.Close)
		cfg.Shared = redisstore.New(rdb, redisstore.Prefix(prefix))
	}
	c, err := core.New(cfg)
	if err != nil {
		return nil, err
	}
	b.open = append(b.open, c.Close)
	return c, nil
}

func (b *bench) tokens(n int) ([]string, error) {
	list := make([]string, n)
	for i := range list {
		var err error
		if list[i], _, err = b.lr.IssueTokens(b.uid); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ask asks a replica about tokens, one after the other, and returns what each took.
func ask(c *core.Client, tokens []string) ([]time.Duration, error) {
	took := make([]time.Duration, len(tokens))
	for i, token := range tokens {
		start := time.Now()
		if _, err := c.Session(context.Background(), token); err != nil {
			return nil, err
		}
		took[i] = time.Since(start)
	}
	return took, nil
}

var errTooFew = errors.New("the store was not used: the machine is too busy for its 50 ms")

func quantile(d []time.Duration, q float64) time.Duration {
	sorted := slices.Clone(d)
	slices.Sort(sorted)
	return sorted[int(q*float64(len(sorted)-1))]
}

func mean(d []time.Duration) time.Duration {
	var sum time.Duration
	for _, one := range d {
		sum += one
	}
	return sum / time.Duration(len(d))
}
