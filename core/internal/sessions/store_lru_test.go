package sessions

import (
	"container/list"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
)

func storeEntry(n uint64, uid string) *entry[string] {
	e := &entry[string]{uid: uid, freshUntil: 1 << 62}
	binary.BigEndian.PutUint64(e.key[:], n*0x9e3779b97f4a7c15) // spread over the shards, and never twice the same
	return e
}

// checkStore fails the test unless what the store counts, holds and finds by uid is
// the same.
func checkStore(t *testing.T, s *store[string]) {
	t.Helper()
	held := 0
	for i := range s.shards {
		held += s.shards[i].lru.Len()
	}
	indexed := 0
	for uid, head := range s.byUID {
		if head == nil || head.prev != nil {
			t.Fatalf("the entries of %s do not begin at their head", uid)
		}
		for e := head; e != nil; e = e.next {
			indexed++
			if e.uid != uid || e.next != nil && e.next.prev != e || s.peek(e.key) != e {
				t.Fatalf("an entry of %s is out of its place", uid)
			}
		}
	}
	if s.size != held || s.size != indexed || s.size > s.capacity {
		t.Fatalf("counts %d, holds %d, finds %d by uid, may hold %d", s.size, held, indexed, s.capacity)
	}
}

// After a million inserts and as many evictions nothing is left over, in any shard or
// in the index of uids.
func TestStoreLeaksNothing(t *testing.T) {
	inserts := 960_000
	if testing.Short() {
		inserts = 60_000
	}
	for _, tt := range []struct{ capacity, inserts int }{{1000, inserts}, {2000, 40_000}} { // one shard, and many
		s := newTestStore(tt.capacity)
		uids := make([]string, tt.capacity/2)
		for i := range uids {
			uids[i] = fmt.Sprint("u", i)
		}
		for i := range tt.inserts {
			s.put(storeEntry(uint64(i), uids[i*7%len(uids)]), int64(i))
			switch {
			case i%1001 == 0:
				s.removeUser(uids[i%len(uids)])
			case i%1003 == 0:
				s.remove(storeEntry(uint64(i), "").key)
			}
			if i%(tt.inserts/10) == 0 {
				checkStore(t, s)
			}
		}
		if n := s.evictions.Load(); n < uint64(tt.inserts)*9/10 {
			t.Errorf("only %d evictions", n)
		}
		for uid := range s.byUID {
			s.removeUser(uid)
		}
		checkStore(t, s)
		if s.size != 0 || len(s.byUID) != 0 {
			t.Errorf("%d entries and %d uids are left over", s.size, len(s.byUID))
		}
	}
}

// Which entry makes room is the least recently used one, over all shards: compared
// with a plain list.
func TestStoreEvictsLeastRecentlyUsed(t *testing.T) {
	for _, capacity := range []int{1, 7, 1500} {
		s := newTestStore(capacity)
		rnd := rand.New(rand.NewPCG(1, uint64(capacity)))
		order, at := list.New(), map[uint64]*list.Element{} // front: used last
		for i := range 20_000 {
			n := rnd.Uint64N(uint64(capacity)*3/2 + 2)
			e := storeEntry(n, fmt.Sprint("u", n%5))
			if got, _ := s.get(e.key, int64(i)); (got != nil) != (at[n] != nil) {
				t.Fatalf("capacity %d, step %d: %d is there: %v, want %v", capacity, i, n, got != nil, at[n] != nil)
			}
			if el := at[n]; el != nil {
				order.MoveToFront(el)
				continue
			}
			s.put(e, int64(i))
			at[n] = order.PushFront(n)
			if order.Len() > capacity {
				delete(at, order.Remove(order.Back()).(uint64))
			}
			if s.size != order.Len() {
				t.Fatalf("capacity %d, step %d: holds %d, want %d", capacity, i, s.size, order.Len())
			}
		}
		checkStore(t, s)
	}
}
