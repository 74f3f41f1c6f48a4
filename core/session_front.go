package core

import (
	"math"
	"math/bits"
	"sync/atomic"
	"time"
	"unsafe"
)

// touchEvery is how exactly the front notes the use of a session.
const touchEvery = int64(time.Second)

// frontFrom is the capacity above which there is a front: smaller stores know exactly
// at any time who was used last.
const frontFrom = 10_000

// A sessionFront finds sessions in front of the shards, without a lock and without
// writing to memory that other cores read: cores that hand a lock and a list to each
// other make fewer hits together than one alone. It only finds what is in the store,
// and nearly all of it: a full set drops its least recently used entry.
type sessionFront struct {
	sets   []frontSet // a power of two, by the first bytes of the key; none up to frontFrom
	_      [64]byte   // what is only read stays apart from what is counted
	counts [64]struct {
		hits atomic.Uint64
		_    [120]byte // two cache lines each: processors fetch them in pairs
	}
}

// A frontSet is a cache line. A byte of each key tells which of the entries to look
// at, so that a hit reads this line and that of the entry and no other.
type frontSet struct {
	tags    atomic.Uint64
	entries [7]atomic.Pointer[sessionEntry]
}

// A full store has two to four entries for a set: next to none has more than seven.
func (f *sessionFront) init(capacity int) {
	f.sets = make([]frontSet, 1<<bits.Len(uint(capacity/4)))
}

func (f *sessionFront) set(prefix uint64) *frontSet {
	return &f.sets[prefix&uint64(len(f.sets)-1)] //nolint:gosec // the length is positive
}

const eachByte = 0x0101010101010101

// find returns the entry of a key, or nil.
func (s *frontSet) find(key *tokenKey, prefix uint64) *sessionEntry {
	// The bytes of differ that are 0 belong to equal tags; one of them, the lowest,
	// is where the borrow begins, and those above it may be wrong: the keys decide.
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
func (f *sessionFront) get(key *tokenKey, now int64) *sessionEntry {
	if len(f.sets) == 0 {
		return nil
	}
	prefix := key.prefix()
	e := f.set(prefix).find(key, prefix)
	if e == nil || now >= e.freshUntil {
		return nil
	}
	if used := e.lastUsed.Load(); used == gone || now-used >= touchEvery {
		return nil
	}
	// Goroutines have stacks of their own, and so, mostly, counters.
	var here byte
	f.counts[uintptr(unsafe.Pointer(&here))>>11%uintptr(len(f.counts))].hits.Add(1) //nolint:gosec // an address is taken, nothing is read
	return e
}

// put and remove are called with the cache's lock held.
func (f *sessionFront) put(e *sessionEntry) {
	if len(f.sets) == 0 {
		return
	}
	prefix := e.key.prefix()
	s := f.set(prefix)
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

func (f *sessionFront) remove(e *sessionEntry) {
	e.lastUsed.Store(gone)
	if len(f.sets) == 0 {
		return
	}
	s := f.set(e.key.prefix())
	for i := range s.entries {
		s.entries[i].CompareAndSwap(e, nil)
	}
}

func (f *sessionFront) hits() uint64 {
	var n uint64
	for i := range f.counts {
		n += f.counts[i].hits.Load()
	}
	return n
}
