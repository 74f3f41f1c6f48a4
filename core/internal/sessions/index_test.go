package sessions

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"
	"unsafe"
)

// What the read index finds is in the store: not what was removed, replaced, or is stale.
func TestReadIndexFindsOnlyWhatIsThere(t *testing.T) {
	const later = int64(time.Hour)
	s := newTestStore(20_000)
	add := func(n uint64, uid string) *entry[string] {
		var key Key
		binary.LittleEndian.PutUint64(key[:], n)
		e := &entry[string]{key: key, uid: uid, freshUntil: later}
		s.put(e, 0)
		return e
	}
	e := add(1, "ada")
	fromIndex := func(e *entry[string], now int64) *entry[string] { return s.index.get(&e.key, now) }
	if fromIndex(e, 0) != e {
		t.Fatal("an entry is not found")
	}
	if fromIndex(e, later) != nil || fromIndex(e, touchEvery) != nil {
		t.Error("found although it is stale, or its use has to be noted")
	}
	if got, fresh := s.get(e.key, touchEvery); got != e || !fresh || fromIndex(e, touchEvery) != e {
		t.Error("a use that was noted is not found afterwards")
	}
	e.freshUntil = 2*touchEvery - 1 // its use was noted less than a second before
	if fromIndex(e, 2*touchEvery-1) != nil {
		t.Error("found although it is no longer fresh")
	}
	twin := add(1, "ada") // a refresh
	if fromIndex(e, 0) != nil && fromIndex(e, 0) != twin {
		t.Error("the older entry is found")
	}
	alike := twin.key
	alike[31]++ // the same set, the same tag, another token
	if s.index.get(&alike, 0) != nil {
		t.Error("a key that begins alike is taken for another")
	}
	removed := add(2, "bob")
	s.removeUser("bob")
	if fromIndex(removed, 0) != nil {
		t.Error("found after it was removed")
	}
	s.index.put(removed) // as a get sees it that was already looking
	for _, now := range []int64{-later, 0, later - 1, math.MaxInt64 / 2} {
		if removed.freshUntil = math.MaxInt64; fromIndex(removed, now) != nil {
			t.Errorf("found at %d although it is gone", now)
		}
	}
	if hits := s.hits(); hits != 5 {
		t.Errorf("%d hits, want 5", hits)
	}
}

// A full set drops the entry that was used least recently, which the store still has,
// and fills the place of one that was removed first.
func TestReadIndexFullSet(t *testing.T) {
	s := newTestStore(20_000)
	var entries []*entry[string]
	add := func(tag byte, now int64) *entry[string] {
		e := &entry[string]{key: Key{7: tag}, uid: "ada", freshUntil: 1 << 40}
		s.put(e, now)
		entries = append(entries, e)
		return e
	}
	lost := func(now int64) (list []byte) {
		for _, e := range entries {
			if s.index.get(&e.key, now) == nil && s.peek(e.key) == e {
				list = append(list, e.key[7])
			}
		}
		return list
	}
	for tag := range byte(7) {
		add(tag, int64(tag+1))
	}
	if got := lost(0); len(got) > 0 {
		t.Fatalf("seven share a set, but %v are not found", got)
	}
	s.get(entries[0].key, 2*touchEvery) // notes the use
	add(200, 0)
	if got := lost(0); !bytes.Equal(got, []byte{1}) {
		t.Errorf("%v made room, want 1", got)
	}
	s.remove(entries[3].key)
	add(201, 0)
	if got := lost(0); !bytes.Equal(got, []byte{1}) {
		t.Errorf("%v are not found, though a place was free; want 1", got)
	}
}

// The least recently used session makes room in a large store too, to the second.
func TestReadIndexKeepsWhoIsUsed(t *testing.T) {
	const capacity = 10_001
	s := newTestStore(capacity)
	put := func(n uint64, now int64) Key {
		var key Key
		binary.LittleEndian.PutUint64(key[:], n*0x9E3779B97F4A7C15)
		s.put(&entry[string]{key: key, uid: fmt.Sprint(n), freshUntil: 1 << 62}, now)
		return key
	}
	used, unused := put(1, 0), put(2, 0)
	for n := uint64(3); n < 3*capacity; n++ {
		now := int64(n) * int64(time.Millisecond)
		put(n, now)
		if e, _ := s.get(used, now); e == nil {
			t.Fatalf("a session in use made room for number %d", n)
		}
	}
	if s.peek(unused) != nil || s.size != capacity {
		t.Errorf("%d sessions, the unused one is there: %v", s.size, s.peek(unused) != nil)
	}
	found := 0
	for n := uint64(2 * capacity); n < 3*capacity; n++ {
		var key Key
		binary.LittleEndian.PutUint64(key[:], n*0x9E3779B97F4A7C15)
		if s.index.set(key.prefix()).find(&key, key.prefix()) != nil {
			found++
		}
	}
	if found < capacity*97/100 {
		t.Errorf("the read index of a full store finds %d of %d", found, capacity)
	}
}

// An entry that hits read fills cache lines of its own.
func TestEntryFitsCacheLines(t *testing.T) {
	var e entry[*string]
	if size, read := unsafe.Sizeof(e), unsafe.Offsetof(e.uid); size != 192 || read != 64 {
		t.Errorf("%d bytes, of which a hit reads %d; want 192 and 64", size, read)
	}
	if size := unsafe.Sizeof(indexSet[string]{}); size != 64 {
		t.Errorf("a set has %d bytes, want 64", size)
	}
}

// Gets beside puts and removals never return a removed entry to whoever came later.
func TestReadIndexUnderConcurrency(t *testing.T) {
	s := newTestStore(20_000)
	var keys [64]Key
	for i := range keys {
		binary.LittleEndian.PutUint64(keys[i][:], uint64(i))
	}
	var mu sync.Mutex // the cache's
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 5_000 {
				key := keys[(i*7+w)%len(keys)]
				mu.Lock()
				s.put(&entry[string]{key: key, uid: "u", freshUntil: 1 << 40}, 1)
				mu.Unlock()
				if e, fresh := s.get(key, 1); fresh && e.key != key {
					t.Error("another's entry")
				}
				mu.Lock()
				s.remove(key)
				e, _ := s.get(key, 1)
				mu.Unlock()
				if e != nil {
					t.Error("a removed entry is found")
				}
			}
		})
	}
	wg.Wait()
}
