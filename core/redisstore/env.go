package redisstore

import (
	"errors"
	"os"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
)

// FromEnv returns the store that the environment names, and a function that closes its
// connection:
//
//	LOGINRADIUS_REDIS_URL      redis://USER:PASSWORD@HOST:6379/0, rediss:// for TLS, or unix://PATH
//	LOGINRADIUS_REDIS_PREFIX   see [Prefix]; optional
//
// Without LOGINRADIUS_REDIS_URL the store is nil, which means no shared store in
// Config.Shared. FromEnv does not use the network. The error names the unusable
// variable, never its value, which may hold a password. Close the [core.Client] before
// the connection. For Sentinel and Cluster make the client yourself, see [New].
func FromEnv(opts ...Option) (store core.SharedStore, closeStore func() error, err error) {
	address := os.Getenv("LOGINRADIUS_REDIS_URL")
	if address == "" {
		return nil, func() error { return nil }, nil
	}
	parsed, err := redis.ParseURL(address)
	if err != nil { // it quotes the URL
		return nil, nil, errors.New("redisstore: environment variable LOGINRADIUS_REDIS_URL is no redis://, rediss:// or unix:// URL")
	}
	parsed.ContextTimeoutEnabled = true
	if prefix := os.Getenv("LOGINRADIUS_REDIS_PREFIX"); prefix != "" {
		opts = append(slices.Clip(opts), Prefix(prefix))
	}
	rdb := redis.NewClient(parsed)
	s := New(rdb, opts...)
	if err := s.Check(); err != nil {
		return nil, nil, errors.Join(err, rdb.Close())
	}
	return s, rdb.Close, nil
}
