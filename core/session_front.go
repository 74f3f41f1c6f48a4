package core

import (
	"math/bits"
	"sync/atomic"
	"time"
	"unsafe"
)

// touchEvery is how exactly the use of a session is noted while the store is less
// than half full. From then on, every use counts.
const touchEvery = int64(time.Second)

// frontFrom is the capacity above which there is a front: smaller stores know exactly
// at any time who was used last.
const frontFrom = 10_000

// A sessionFront finds sessions in front of the shards, without a lock and without
// writing to memory that other cores read: cores that hand a lock and a list to each
// other make fewer hits together than one alone. It only finds what is in the store,
// but not all of it: of two keys for one slot the later one takes it.
type sessionFront struct {
	slots   []atomic.Pointer[sessionEntry] // a power of two, by the first bytes of the key; none up to frontFrom
	crowded atomic.Bool                    // room may run short: who was used last has to be known exactly
	_       [64]byte                       // what is only read stays apart from what is counted
	counts  [64]struct {
		hits atomic.Uint64
		_    [120]byte // two cache lines each: processors fetch them in pairs
	}
}

func (f *sessionFront) init(capacity int) {
	f.slots = make([]atomic.Pointer[sessionEntry], 1<<bits.Len(uint(capacity)))
}

func (f *sessionFront) slot(key *tokenKey) *atomic.Pointer[sessionEntry] {
	return &f.slots[key.prefix()&uint64(len(f.slots)-1)] //nolint:gosec // the length is positive
}

// get returns the entry of a key if it is fresh and its use need not be noted.
func (f *sessionFront) get(key *tokenKey, now int64) *sessionEntry {
	if len(f.slots) == 0 || f.crowded.Load() {
		return nil
	}
	e := f.slot(key).Load()
	if e == nil || e.key != *key || now >= e.freshUntil || now-e.lastUsed.Load() >= touchEvery || e.gone.Load() {
		return nil
	}
	// Goroutines have stacks of their own, and so, mostly, counters.
	var here byte
	f.counts[uintptr(unsafe.Pointer(&here))>>11%uintptr(len(f.counts))].hits.Add(1) //nolint:gosec // an address is taken, nothing is read
	return e
}

// put and remove are called with the cache's lock held.
func (f *sessionFront) put(e *sessionEntry) {
	if len(f.slots) > 0 {
		f.slot(&e.key).Store(e)
	}
}

func (f *sessionFront) remove(e *sessionEntry) {
	e.gone.Store(true)
	if len(f.slots) > 0 {
		f.slot(&e.key).CompareAndSwap(e, nil)
	}
}

func (f *sessionFront) hits() uint64 {
	var n uint64
	for i := range f.counts {
		n += f.counts[i].hits.Load()
	}
	return n
}
