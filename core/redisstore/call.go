package redisstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// call runs one call of the driver for at most limit. The driver runs in a goroutine
// of its own: without ContextTimeoutEnabled it heeds no deadline, and even with it a
// dial may outlast the context. A call given up ends with the driver's time-outs.
func call[T any](ctx context.Context, s *Store, what string, limit time.Duration, do func(context.Context) (T, error)) (T, error) {
	var none T
	if s.err != nil {
		return none, s.err
	}
	if err := ctx.Err(); err != nil {
		return none, fmt.Errorf("redisstore: %s: %w", what, err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := do(ctx)
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		if o.err != nil {
			return none, s.explain(what, o.err)
		}
		return o.value, nil
	case <-ctx.Done():
		return none, s.explain(what, ctx.Err())
	}
}

// explanations are by the first word of a Redis error.
var explanations = []struct{ prefix, text string }{
	{"WRONGTYPE", "a key has an unexpected type: another program writes keys with the prefix"},
	{"LRFOREIGN", "a key holds no number: another program writes keys with the prefix"},
	{"WRONGPASS", "Redis refuses the user name or password"},
	{"NOAUTH", "Redis wants a password"},
	{"NOPERM", "the ACL user lacks a permission; the package documentation lists them"},
	{"OOM", "Redis is out of memory"},
	{"READONLY", "the server is a read-only replica"},
	{"MISCONF", "Redis refuses to write, because it cannot save to its disk"},
	{"LOADING", "Redis is still loading its data"},
	{"CLUSTERDOWN", "the Cluster is down"},
	{"ERR unknown command", "the server does not know a command: it must be Redis 7 or Valkey"},
}

// explain says in which call the driver failed and, for well-known errors, why. The
// result wraps the driver's error, which names neither keys' content nor passwords.
func (s *Store) explain(what string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("redisstore: %s: no answer from Redis in time: %w", what, err)
	}
	for _, e := range explanations {
		if redis.HasErrorPrefix(err, e.prefix) {
			return fmt.Errorf("redisstore: %s (prefix %q): %s: %w", what, s.prefix, e.text, err)
		}
	}
	return fmt.Errorf("redisstore: %s: %w", what, err)
}
