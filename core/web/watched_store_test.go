package web_test

import (
	"context"
	"sync"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
)

// A watchedStore keeps what was saved.
type watchedStore struct {
	*sharedtest.Memory
	mu    sync.Mutex
	saved []string
}

func (s *watchedStore) Save(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	s.mu.Lock()
	s.saved = append(s.saved, key+" "+string(value))
	s.mu.Unlock()
	return s.Memory.Save(ctx, key, value, ttl)
}
