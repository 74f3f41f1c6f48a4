package core

import (
	"encoding/binary"
	"math"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// tokenKey is the SHA-256 of an access token: no raw token stays in memory, and a
// string whose bytes change later cannot name another user's entry.
type tokenKey [32]byte

// A sessionEntry is a session with the times, in Unix nanoseconds, that decide what
// happens when it is asked for. Only lastUsed, refreshing, prev and next change.
type sessionEntry struct {
	// What a hit reads: 64 bytes, one cache line.
	key        tokenKey
	session    *Session
	refreshAt  int64        // from then on: asked for again in the background
	freshUntil int64        // until then: served without asking
	lastUsed   atomic.Int64 // or gone

	refreshing atomic.Bool   // a background question is under way
	staleUntil int64         // until then: served if LoginRadius cannot be asked
	prev, next *sessionEntry // other entries of the same uid; guarded by the cache
	_          [32]byte      // to 128 bytes, so that an entry begins where a cache line does
}

// gone is the last use of an entry that is no longer in the store.
const gone = math.MinInt64

// sessionStore holds entries by key, evicts the least recently used one, and knows
// which entries belong to a uid. get may run at any time; everything else is called
// with the cache's lock held.
type sessionStore struct {
	capacity  int
	shards    []sessionShard
	mask      uint8
	size      int
	byUID     map[string]*sessionEntry
	evictions atomic.Uint64
	front     sessionFront
}

// A sessionShard finds entries by the first eight bytes of their key, since Go's maps
// look up a uint64 at a third of the cost, and compares the whole key then. Of two
// keys that begin alike the later one takes the place; among a million sessions the
// odds of that are one in forty million.
type sessionShard struct {
	mu   sync.Mutex
	lru  simplelru.LRU[uint64, *sessionEntry]
	hits uint64
	_    [16]byte // keeps neighbours' locks off this cache line
}

// newSessionStore uses shards, so that cores do not queue on one lock, where there
// are enough sessions for two requests to rarely meet in one. More of them than that
// takes would only spread a hit over more of the processor's cache.
func newSessionStore(capacity int) *sessionStore {
	n := 1
	if capacity > 1024 {
		n = min(256, 1<<bits.Len(uint(8*runtime.GOMAXPROCS(0)-1))) // the next power of two
	}
	s := &sessionStore{capacity: capacity, shards: make([]sessionShard, n), mask: uint8(n - 1), byUID: map[string]*sessionEntry{}}
	for i := range s.shards {
		// The shards share one capacity, which put keeps; none has a bound of its own.
		lru, _ := simplelru.NewLRU[uint64, *sessionEntry](math.MaxInt, nil)
		s.shards[i].lru = *lru
	}
	if capacity > frontFrom {
		s.front.init(capacity)
	}
	return s
}

func (s *sessionStore) shard(key tokenKey) *sessionShard { return &s.shards[key[0]&s.mask] }

func (k *tokenKey) prefix() uint64 { return binary.LittleEndian.Uint64(k[:]) }

// get returns the entry and marks it as used. fresh says that it may be served as
// it is; it is counted as a hit then.
func (s *sessionStore) get(key tokenKey, now int64) (e *sessionEntry, fresh bool) {
	if e := s.front.get(&key, now); e != nil {
		return e, true
	}
	sh := &s.shards[key[0]&s.mask]
	sh.mu.Lock()
	e, ok := sh.lru.Get(key.prefix())
	if !ok || e.key != key {
		sh.mu.Unlock()
		return nil, false
	}
	e.lastUsed.Store(now)
	if fresh = now < e.freshUntil; fresh {
		sh.hits++
	}
	sh.mu.Unlock()
	return e, fresh
}

// peek returns the entry of a key without marking it as used, or nil.
func (s *sessionStore) peek(key tokenKey) *sessionEntry {
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
func (s *sessionStore) put(e *sessionEntry, now int64) {
	s.remove(e.key)
	for s.size >= s.capacity {
		s.evictOldest()
	}
	e.lastUsed.Store(now)
	sh := s.shard(e.key)
	sh.mu.Lock()
	sh.lru.Add(e.key.prefix(), e)
	sh.mu.Unlock()
	s.size++
	if head := s.byUID[e.session.uid]; head != nil {
		e.next, head.prev = head, e
	}
	s.byUID[e.session.uid] = e
	s.front.put(e)
}

// remove drops the entry in a key's place, if there is one.
func (s *sessionStore) remove(key tokenKey) {
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

func (s *sessionStore) unlink(e *sessionEntry) {
	s.size--
	s.front.remove(e)
	if e.next != nil {
		e.next.prev = e.prev
	}
	switch {
	case e.prev != nil:
		e.prev.next = e.next
	case e.next != nil:
		s.byUID[e.session.uid] = e.next
	default:
		delete(s.byUID, e.session.uid)
	}
	e.prev, e.next = nil, nil
}

// removeUser drops every entry of a uid.
func (s *sessionStore) removeUser(uid string) {
	for e := s.byUID[uid]; e != nil; e = s.byUID[uid] {
		s.remove(e.key)
	}
}

// evictOldest drops the least recently used entry of all shards.
func (s *sessionStore) evictOldest() {
	var victim *sessionEntry
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

func (s *sessionStore) hits() uint64 {
	n := s.front.hits()
	for i := range s.shards {
		s.shards[i].mu.Lock()
		n += s.shards[i].hits
		s.shards[i].mu.Unlock()
	}
	return n
}
