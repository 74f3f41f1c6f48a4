package sessions

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A Cache answers from memory, or shares one fetch per token between all who ask. It is
// safe for concurrent use.
//
// A hit takes the lock of one shard at most; everything that changes what is remembered
// happens under mu, so that an eviction and a late answer cannot cross.
type Cache[S any] struct {
	cfg    Config[S]
	clock  clock
	store  *store[S]
	health health
	gate   gate

	mu       sync.Mutex
	closed   bool
	fetches  map[Key]*fetch[S]
	negative *simplelru.LRU[Key, refusal]
	recheck  *simplelru.LRU[string, int64]  // uid to the end of its time on the list
	trusted  *simplelru.LRU[Key, trust]     // tokens that were issued to us
	issued   *simplelru.LRU[Key, issue]     // refresh tokens that were
	marks    *simplelru.LRU[string, uint64] // uid, or bytes of a key, to forgets at its last eviction
	forgets  uint64                         // counts evictions; orders them against questions
	unclear  uint64                         // forgets at the last eviction of accounts that are not known by uid
	watchers watchers
	rotation rotations
	shared   *shared[S] // nil: this replica is on its own

	work       context.Context // ends when the cache is closed
	stopWork   context.CancelFunc
	background sync.WaitGroup
	notices    notices

	counts counters
}

// A refusal remembers that a token is definitely bad.
type refusal struct {
	err   error
	until int64
}

// A trust remembers that the service issued a token to us, or vouched for it lately.
type trust struct {
	expiry time.Time // zero: unknown
	until  int64
}

// An issue remembers which access token was issued together with a refresh token.
type issue struct {
	access Key
	until  int64
}

// trustFor is how long a token counts as known although no session of it is remembered.
const trustFor = 10 * time.Minute

// trustRefreshFor is the same for refresh tokens, which are used when the access token has
// ended.
const trustRefreshFor = 24 * time.Hour

// smallCapacity bounds the lists that only have to outlive a short time.
const smallCapacity = 10_000

type counters struct {
	misses, coalesced, refreshes, stale, stretched, refused, failed, limited, adopted atomic.Uint64

	rotations, rotationsFailed atomic.Uint64
}

// Stats holds counters accumulated since [New], and the state of now.
type Stats struct {
	Hits, Misses, Coalesced, Refreshes, Adopted     uint64
	Stale, Stretched, Refused, Unavailable, Limited uint64
	Evictions, Rotations, RotationsFailed           uint64
	Size, Bytes, Queued                             int
	Degraded                                        bool

	SharedHits, SharedMisses, SharedRejected, SharedErrors, SharedSaves, Announced, Received uint64
}

// New returns a cache, or an error if the sharing is unusable.
func New[S any](cfg Config[S]) (*Cache[S], error) {
	c := &Cache[S]{cfg: cfg, fetches: map[Key]*fetch[S]{}}
	c.clock.init(cfg.Clock)
	c.store = newStore[S](&c.clock, cfg.Capacity, cfg.MaxBytes)
	c.gate.init(cfg.Rate, cfg.Concurrency)
	c.negative, _ = simplelru.NewLRU[Key, refusal](cfg.NegativeCapacity, nil)
	c.recheck, _ = simplelru.NewLRU[string, int64](cfg.RecheckCapacity, nil)
	c.trusted, _ = simplelru.NewLRU[Key, trust](smallCapacity, nil)
	c.issued, _ = simplelru.NewLRU[Key, issue](smallCapacity, nil)
	c.marks, _ = simplelru.NewLRU[string, uint64](smallCapacity, nil)
	c.rotation.init()
	c.work, c.stopWork = context.WithCancel(context.Background()) //nolint:gosec // Close calls stopWork
	if cfg.Sharing != nil {
		var err error
		if c.shared, err = newShared(c, *cfg.Sharing); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Start begins to follow the other replicas, if there is a shared store. It is called
// once, before the cache is used.
func (c *Cache[S]) Start() {
	if c.shared != nil {
		c.background.Go(c.shared.follow)
		c.background.Go(c.shared.repeat)
		if limiter, ok := c.shared.cfg.Store.(Limiter); ok {
			c.gate.share(c.shared.bucket(limiter))
			c.background.Go(func() { c.gate.fill(c.work) })
		}
	}
}

// Get returns the session of a token. Giving up (ctx) does not end the fetch for others.
// The error is the Err of an answer, or a [*Failure].
func (c *Cache[S]) Get(ctx context.Context, token string) (S, error) {
	key := KeyOf(token)
	now := c.clock.now()
	e, fresh := c.store.get(key, now)
	if fresh {
		if now >= e.refreshAt.Load() {
			c.refresh(token, e, now)
		}
		return e.session, nil
	}
	return c.ask(ctx, key, token, e, request[S]{})
}

// Cached returns the session of a token if it is fresh in memory, and starts a background
// refresh when one is due. remembered reports whether there is one, fresh or not.
func (c *Cache[S]) Cached(token string) (session S, remembered bool) {
	now := c.clock.now()
	e, fresh := c.store.get(KeyOf(token), now)
	if !fresh {
		return session, e != nil
	}
	if now >= e.refreshAt.Load() {
		c.refresh(token, e, now)
	}
	return e.session, true
}

// Peek returns what is remembered of a token, fresh or not, without counting as a use.
func (c *Cache[S]) Peek(token string) (session S, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.store.peek(KeyOf(token)); e != nil {
		return e.session, true
	}
	return session, false
}

// Closed reports whether the cache is closed.
func (c *Cache[S]) Closed() bool { return c.work.Err() != nil }

// Stats returns the counters.
func (c *Cache[S]) Stats() Stats {
	c.mu.Lock()
	size, bytes := c.store.size, c.store.bytes
	c.mu.Unlock()
	n := &c.counts
	st := Stats{
		Hits: c.store.hits(), Misses: n.misses.Load(), Coalesced: n.coalesced.Load(), Refreshes: n.refreshes.Load(), Adopted: n.adopted.Load(),
		Stale: n.stale.Load(), Stretched: n.stretched.Load(), Refused: n.refused.Load(), Unavailable: n.failed.Load(), Limited: n.limited.Load(),
		Rotations: n.rotations.Load(), RotationsFailed: n.rotationsFailed.Load(),
		Evictions: c.store.evictions.Load(), Size: size, Bytes: bytes, Queued: c.gate.queued(), Degraded: c.health.degraded(),
	}
	if s := c.shared; s != nil {
		st.SharedHits, st.SharedMisses, st.SharedRejected, st.SharedErrors = s.hits.Load(), s.misses.Load(), s.rejected.Load(), s.errors.Load()
		st.SharedSaves, st.Announced, st.Received = s.saves.Load(), s.announced.Load(), s.received.Load()
	}
	return st
}

// Go runs work in the background until the cache is closed, which ends its context and
// waits for it. It reports false, and runs nothing, if the cache is closed already.
func (c *Cache[S]) Go(work func(context.Context)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.background.Go(func() { work(c.work) })
	return true
}

// Close ends all fetches, waits for them, and forgets everything. Calls made afterwards
// fail. It may be called more than once.
func (c *Cache[S]) Close() {
	c.mu.Lock()
	c.closed = true
	c.store.clear()
	c.watchers.endAll()
	c.rotation.clear()
	c.mu.Unlock()
	c.gate.close()
	c.stopWork()
	c.background.Wait()
}
