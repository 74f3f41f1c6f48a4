package sessions

import (
	"math"
	"math/bits"
	"sync/atomic"
	"time"
	"unsafe"
)

// touchEvery is how exactly the read index notes the use of an entry, and how often a
// token's own expiry is compared with the wall clock.
const touchEvery = int64(time.Second)

// indexFrom is the capacity above which there is a read index: smaller stores know
// exactly at any time which entry was used last.
const indexFrom = 10_000

// maxSets bounds the memory of the read index to 64 MiB. Beyond seven million sessions
// it finds only a part of them; the shards have the rest.
const maxSets = 1 << 20

// A readIndex finds entries without a lock and without writing to memory that other
// cores read: cores that hand a lock and a list to each other make fewer hits together
// than one alone. It only finds what is in the store, and nearly all of it: a full set
// drops its least recently used entry.
type readIndex[S any] struct {
	sets   []indexSet[S] // a power of two, by the first bytes of the key; none up to indexFrom
	_      [64]byte      // what is only read stays apart from what is counted
	counts [64]struct {
		hits atomic.Uint64
		_    [120]byte // two cache lines each: processors fetch them in pairs
	}
}

// An indexSet is a cache line. One byte of each key tells which of the entries to look
// at, so that a hit reads this line and the entry's line and no other.
type indexSet[S any] struct {
	tags    atomic.Uint64
	entries [7]atomic.Pointer[entry[S]]
}

// A full store has two to four entries per set: hardly any set needs more than seven.
func (x *readIndex[S]) init(capacity int) {
	x.sets = make([]indexSet[S], min(maxSets, 1<<bits.Len(uint(capacity/4))))
}

func (x *readIndex[S]) set(prefix uint64) *indexSet[S] {
	return &x.sets[prefix&uint64(len(x.sets)-1)] //nolint:gosec // the length is positive
}

const eachByte = 0x0101010101010101

// find returns the entry of a key, or nil.
func (s *indexSet[S]) find(key *Key, prefix uint64) *entry[S] {
	// The bytes of differ that are 0 belong to equal tags; the lowest of them is where
	// the borrow begins, and those above it may be wrong: the keys decide.
	differ := s.tags.Load() ^ prefix>>56*eachByte
	for equal := (differ - eachByte) &^ differ & (0x80 * eachByte); equal != 0; equal &= equal - 1 {
		if i := bits.TrailingZeros64(equal) / 8; i < len(s.entries) {
			if e := s.entries[i].Load(); e != nil && e.key == *key {
				return e
			}
		}
	}
	return nil
}

// get returns the entry of a key if it is fresh and its use need not be noted.
func (x *readIndex[S]) get(key *Key, now int64) *entry[S] {
	if len(x.sets) == 0 {
		return nil
	}
	prefix := key.prefix()
	e := x.set(prefix).find(key, prefix)
	if e == nil || now >= e.freshUntil {
		return nil
	}
	if used := e.lastUsed.Load(); used == removed || now-used >= touchEvery {
		return nil
	}
	// Goroutines have stacks of their own, and so, mostly, counters.
	var here byte
	x.counts[uintptr(unsafe.Pointer(&here))>>11%uintptr(len(x.counts))].hits.Add(1) //nolint:gosec // an address is taken, nothing is read
	return e
}

// put and remove are called with the cache's lock held.
func (x *readIndex[S]) put(e *entry[S]) {
	if len(x.sets) == 0 {
		return
	}
	prefix := e.key.prefix()
	s := x.set(prefix)
	place, oldest := 0, int64(math.MaxInt64)
	for i := range s.entries {
		other := s.entries[i].Load()
		if other == nil {
			place = i
			break
		}
		if used := other.lastUsed.Load(); used < oldest {
			place, oldest = i, used
		}
	}
	s.entries[place].Store(e)
	s.tags.Store(s.tags.Load()&^(0xff<<(8*place)) | prefix>>56<<(8*place))
}

func (x *readIndex[S]) remove(e *entry[S]) {
	e.lastUsed.Store(removed)
	if len(x.sets) == 0 {
		return
	}
	s := x.set(e.key.prefix())
	for i := range s.entries {
		s.entries[i].CompareAndSwap(e, nil)
	}
}

func (x *readIndex[S]) hits() uint64 {
	var n uint64
	for i := range x.counts {
		n += x.counts[i].hits.Load()
	}
	return n
}
