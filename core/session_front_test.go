package core

import (
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"
)

// What the front finds is in the store: not what was removed, replaced, or is stale.
func TestSessionFrontFindsOnlyWhatIsThere(t *testing.T) {
	const later = int64(time.Hour)
	s := newSessionStore(20_000)
	add := func(n uint64, uid string) *sessionEntry {
		var key tokenKey
		binary.LittleEndian.PutUint64(key[:], n)
		e := &sessionEntry{key: key, session: &Session{uid: uid}, freshUntil: later}
		s.put(e, 0)
		return e
	}
	e := add(1, "ada")
	front := func(e *sessionEntry, now int64) *sessionEntry { return s.front.get(&e.key, now) }
	if front(e, 0) != e {
		t.Fatal("an entry is not found")
	}
	if front(e, later) != nil || front(e, touchEvery) != nil {
		t.Error("found although it is stale, or its use has to be noted")
	}
	if got, fresh := s.get(e.key, touchEvery); got != e || !fresh || front(e, touchEvery) != e {
		t.Error("a use that was noted is not found afterwards")
	}
	twin := add(1, "ada") // a refresh
	if front(e, 0) != twin {
		t.Error("the older entry is found")
	}
	other := add(1+uint64(len(s.front.slots)), "bob") // the same slot
	if front(other, 0) != other || front(twin, 0) != nil {
		t.Error("two keys for one slot are mixed up")
	}
	if got, fresh := s.get(twin.key, 0); got != twin || !fresh {
		t.Error("who lost the slot is lost")
	}
	s.removeUser("bob")
	if front(other, 0) != nil {
		t.Error("found after it was removed")
	}
	if hits := s.hits(); hits != 6 {
		t.Errorf("%d hits, want 6", hits)
	}
	for i := range uint64(10_000) {
		add(i+10, fmt.Sprint(i))
	}
	if front(twin, 0) != nil {
		t.Error("uses are not noted although room may run short")
	}
}

// Gets beside puts and removals never return a removed entry to whoever came later.
func TestSessionFrontUnderConcurrency(t *testing.T) {
	s := newSessionStore(20_000)
	var keys [64]tokenKey
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
				s.put(&sessionEntry{key: key, session: &Session{uid: "u"}, freshUntil: 1 << 40}, 1)
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
