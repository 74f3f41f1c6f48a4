package sessions

import (
	"math"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A store holds entries by key, evicts the least recently used one, and knows which
// entries belong to a uid. get may run at any time; everything else is called with the
// cache's lock held.
type store[S any] struct {
	clock     *clock
	capacity  int
	maxBytes  int
	shards    []shard[S]
	mask      uint8
	size      int
	bytes     int
	byUID     map[string]*entry[S]
	evictions atomic.Uint64
	index     readIndex[S]
}

// A shard finds entries by the first eight bytes of their key, since Go's maps look up a
// uint64 at a third of the cost, and compares the whole key then. Of two keys that begin
// alike the later one takes the place; among a million sessions the odds of that are one
// in forty million.
type shard[S any] struct {
	mu   sync.Mutex
	lru  simplelru.LRU[uint64, *entry[S]]
	hits uint64
	_    [16]byte // keeps neighbours' locks off this cache line
}

// newStore uses shards, so that cores do not queue on one lock, where there are enough
// entries for two requests to rarely meet in one. More shards than that takes would only
// spread a hit over more of the processor's cache.
func newStore[S any](c *clock, capacity, maxBytes int) *store[S] {
	capacity = max(1, min(capacity, maxBytes/overhead))
	n := 1
	if capacity > 1024 {
		n = min(256, 1<<bits.Len(uint(8*runtime.GOMAXPROCS(0)-1))) // the next power of two
	}
	s := &store[S]{clock: c, capacity: capacity, maxBytes: maxBytes, shards: make([]shard[S], n), mask: uint8(n - 1), byUID: map[string]*entry[S]{}}
	for i := range s.shards {
		// The shards share one capacity, which put keeps; none has a bound of its own.
		lru, _ := simplelru.NewLRU[uint64, *entry[S]](math.MaxInt, nil)
		s.shards[i].lru = *lru
	}
	if capacity > indexFrom {
		s.index.init(capacity)
	}
	return s
}

func (s *store[S]) shard(key Key) *shard[S] { return &s.shards[key[0]&s.mask] }

// get returns the entry and marks it as used. fresh says that it may be served as it is;
// it is counted as a hit then.
func (s *store[S]) get(key Key, now int64) (e *entry[S], fresh bool) {
	if e := s.index.get(&key, now); e != nil {
		return e, true
	}
	sh := &s.shards[key[0]&s.mask]
	sh.mu.Lock()
	e, ok := sh.lru.Get(key.prefix())
	if !ok || e.key != key {
		sh.mu.Unlock()
		return nil, false
	}
	if fresh = now < e.freshUntil && !s.over(e, now); fresh {
		e.lastUsed.Store(now)
		sh.hits++
	}
	sh.mu.Unlock()
	return e, fresh
}

// over reports whether the token's own expiry has passed by the wall clock, which is
// looked at once a second: a machine that was suspended notices it here. The shard's lock
// is held.
func (s *store[S]) over(e *entry[S], now int64) bool {
	if e.expires == 0 || now-e.checked < touchEvery {
		return false
	}
	if s.clock.wall().UnixNano() >= e.expires {
		return true // checked stays, so that the next one looks again
	}
	e.checked = now
	return false
}

// ended reports whether a token's own expiry has passed by either clock.
func (s *store[S]) ended(e *entry[S], now int64) bool {
	return now >= e.end || e.expires != 0 && s.clock.wall().UnixNano() >= e.expires
}

// peek returns the entry of a key without marking it as used, or nil.
func (s *store[S]) peek(key Key) *entry[S] {
	sh := s.shard(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	e, ok := sh.lru.Peek(key.prefix())
	if !ok || e.key != key {
		return nil
	}
	return e
}

// put stores e in place of an older entry of its key and makes room if need be.
func (s *store[S]) put(e *entry[S], now int64) {
	s.remove(e.key)
	for s.size > 0 && (s.size >= s.capacity || s.bytes > s.maxBytes-e.size) {
		s.evictOldest()
	}
	if e.lastUsed.Load() == 0 {
		e.lastUsed.Store(now)
	}
	e.checked = now
	sh := s.shard(e.key)
	sh.mu.Lock()
	sh.lru.Add(e.key.prefix(), e)
	sh.mu.Unlock()
	s.size++
	s.bytes += e.size
	if head := s.byUID[e.uid]; head != nil {
		e.next, head.prev = head, e
	}
	s.byUID[e.uid] = e
	s.index.put(e)
}

// remove drops the entry in a key's place, if there is one.
func (s *store[S]) remove(key Key) {
	sh := s.shard(key)
	sh.mu.Lock()
	e, ok := sh.lru.Peek(key.prefix())
	if ok {
		sh.lru.Remove(key.prefix())
	}
	sh.mu.Unlock()
	if ok {
		s.unlink(e)
	}
}

func (s *store[S]) unlink(e *entry[S]) {
	s.size--
	s.bytes -= e.size
	s.index.remove(e)
	if e.next != nil {
		e.next.prev = e.prev
	}
	switch {
	case e.prev != nil:
		e.prev.next = e.next
	case e.next != nil:
		s.byUID[e.uid] = e.next
	default:
		delete(s.byUID, e.uid)
	}
	e.prev, e.next = nil, nil
}

// removeUser drops every entry of a uid.
func (s *store[S]) removeUser(uid string) {
	for e := s.byUID[uid]; e != nil; e = s.byUID[uid] {
		s.remove(e.key)
	}
}

// clear drops everything.
func (s *store[S]) clear() {
	for uid := range s.byUID {
		s.removeUser(uid)
	}
}

// evictOldest drops the least recently used entry of all shards.
func (s *store[S]) evictOldest() {
	var victim *entry[S]
	oldest := int64(math.MaxInt64)
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		if _, e, ok := sh.lru.GetOldest(); ok && e.lastUsed.Load() < oldest {
			victim, oldest = e, e.lastUsed.Load()
		}
		sh.mu.Unlock()
	}
	if victim != nil {
		s.remove(victim.key)
		s.evictions.Add(1)
	}
}

func (s *store[S]) hits() uint64 {
	n := s.index.hits()
	for i := range s.shards {
		s.shards[i].mu.Lock()
		n += s.shards[i].hits
		s.shards[i].mu.Unlock()
	}
	return n
}
