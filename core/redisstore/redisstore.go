package redisstore

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
)

const (
	defaultPrefix  = "lr"
	defaultTimeout = 50 * time.Millisecond
	maxTimeout     = 5 * time.Second
)

// A Store is a [core.SharedStore] and [core.SharedLimiter] in Redis. It is safe for
// concurrent use. It starts nothing and holds no connection of its own; the
// application closes the Redis client after the [core.Client].
type Store struct {
	rdb     redis.UniversalClient
	prefix  string
	timeout time.Duration
	err     error // why the options are unusable
}

var (
	_ core.SharedStore   = (*Store)(nil)
	_ core.SharedLimiter = (*Store)(nil)
)

// An Option changes a setting of a [Store].
type Option func(*Store)

// Prefix sets what all keys begin with: 1 to 32 letters, digits, or one of "-_.:".
// Default: "lr". Replicas share sessions only if their prefixes are equal.
func Prefix(prefix string) Option { return func(s *Store) { s.prefix = prefix } }

// Timeout bounds each call except Follow, which waits for events. A call that
// takes longer is given up, and the client asks LoginRadius instead. It must be
// positive and at most 5 s. Default: 50 ms.
func Timeout(d time.Duration) Option { return func(s *Store) { s.timeout = d } }

// New returns a store that uses rdb. It does not use the network. If rdb or an option
// is unusable, [core.New] refuses the store with the error of [Store.Check].
func New(rdb redis.UniversalClient, opts ...Option) *Store {
	s := &Store{rdb: rdb, prefix: defaultPrefix, timeout: defaultTimeout}
	for _, o := range opts {
		if o == nil {
			s.err = errors.New("redisstore: an option is nil")
			return s
		}
		o(s)
	}
	badRune := func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:", r)
	}
	switch v := reflect.ValueOf(rdb); {
	case rdb == nil || v.Kind() == reflect.Pointer && v.IsNil():
		s.err = errors.New("redisstore: the Redis client is nil")
	case s.prefix == "" || len(s.prefix) > 32 || strings.ContainsFunc(s.prefix, badRune):
		s.err = errors.New("redisstore: Prefix must be 1 to 32 letters, digits, or the characters -_.: only")
	case s.timeout <= 0 || s.timeout > maxTimeout:
		s.err = fmt.Errorf("redisstore: Timeout must be positive and at most %v", maxTimeout)
	}
	return s
}

// Check returns why the Redis client or an option is unusable, or nil.
func (s *Store) Check() error { return s.err }

// value, bucket and control are the keys of the layout.
func (s *Store) value(name string) string   { return s.prefix + ":v:" + name }
func (s *Store) bucket(name string) string  { return s.prefix + ":r:" + name }
func (s *Store) control(name string) string { return "{" + s.prefix + "}:" + name }

// position returns the keys that hold the time of the last event.
func (s *Store) position() []string { return []string{s.control("pos"), s.control("log")} }

// Load implements [core.SharedStore].
func (s *Store) Load(ctx context.Context, key string) ([]byte, int64, error) {
	if err := checkKey(key); err != nil {
		return nil, 0, err
	}
	type loaded struct {
		value []byte
		now   int64
	}
	l, err := call(ctx, s, "load", s.timeout, func(ctx context.Context) (l loaded, err error) {
		pipe := s.rdb.Pipeline()
		get := pipe.Get(ctx, s.value(key))
		now := nowScript.EvalSha(ctx, pipe, s.position())
		_, sent := pipe.Exec(ctx)
		switch {
		case redis.HasErrorPrefix(now.Err(), "NOSCRIPT"):
			now = nowScript.Eval(ctx, s.rdb, s.position())
		case now.Err() == nil && now.Val() == nil: // the pipeline was not sent
			return l, sent
		}
		if l.now, err = now.Int64(); err != nil {
			return l, err
		}
		l.value, err = get.Bytes()
		if errors.Is(err, redis.Nil) {
			return l, nil
		}
		return l, err
	})
	if err != nil {
		return nil, 0, err
	}
	return l.value, l.now, nil
}

// Save implements [core.SharedStore].
func (s *Store) Save(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := errors.Join(checkKey(key), checkBytes("value", value), checkTTL(ttl)); err != nil {
		return err
	}
	text := string(value) // the driver may still hold it after the call was given up
	_, err := call(ctx, s, "save", s.timeout, func(ctx context.Context) (string, error) {
		return s.rdb.Set(ctx, s.value(key), text, ttl).Result()
	})
	return err
}

// Claim implements [core.SharedStore].
func (s *Store) Claim(ctx context.Context, key string, value []byte, ttl time.Duration) ([]byte, error) {
	if err := errors.Join(checkKey(key), checkBytes("value", value), checkTTL(ttl)); err != nil {
		return nil, err
	}
	text := string(value)
	return call(ctx, s, "claim", s.timeout, func(ctx context.Context) ([]byte, error) {
		held, err := claimScript.Run(ctx, s.rdb, []string{s.value(key)}, text, ttl.Milliseconds()).Text()
		if errors.Is(err, redis.Nil) {
			return nil, nil
		}
		return []byte(held), err
	})
}

// Marks implements [core.SharedStore].
func (s *Store) Marks(ctx context.Context, keys []string) ([]int64, error) {
	if s.err == nil && len(keys) == 0 {
		return nil, ctx.Err()
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = s.control("m:" + key)
	}
	return call(ctx, s, "read marks", s.timeout, func(ctx context.Context) ([]int64, error) {
		return marksScript.Run(ctx, s.rdb, names).Int64Slice()
	})
}

// Announce implements [core.SharedStore].
func (s *Store) Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (int64, error) {
	if err := errors.Join(checkBytes("event", event), checkTTL(ttl)); err != nil {
		return 0, err
	}
	keys := s.position()
	for _, m := range marks {
		if err := checkKey(m); err != nil {
			return 0, err
		}
		keys = append(keys, s.control("m:"+m))
	}
	text := string(event)
	return call(ctx, s, "announce", s.timeout, func(ctx context.Context) (int64, error) {
		return announceScript.Run(ctx, s.rdb, keys, text, floor, ttl.Milliseconds()).Int64()
	})
}

// Take implements [core.SharedLimiter].
func (s *Store) Take(ctx context.Context, key string, n int, perSecond float64, burst int) (time.Duration, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	if n < 1 || n > burst {
		return 0, fmt.Errorf("redisstore: cannot take %d tokens from a bucket of %d", n, burst)
	}
	if !(perSecond > 0 && perSecond <= 1e6) {
		return 0, fmt.Errorf("redisstore: the rate %v per second is not within 0 and 1e6", perSecond)
	}
	wait, err := call(ctx, s, "take", s.timeout, func(ctx context.Context) (int64, error) {
		return takeScript.Run(ctx, s.rdb, []string{s.bucket(key)}, n, 1e6/perSecond, burst).Int64()
	})
	return time.Duration(wait) * time.Microsecond, err
}

func checkKey(key string) error {
	if key == "" {
		return errors.New("redisstore: the key is empty")
	}
	return nil
}

func checkBytes(name string, b []byte) error {
	if len(b) == 0 {
		return fmt.Errorf("redisstore: the %s is empty", name)
	}
	return nil
}

func checkTTL(ttl time.Duration) error {
	if ttl < time.Millisecond {
		return errors.New("redisstore: the ttl is below a millisecond")
	}
	return nil
}
