package sessions

import "testing"

// Two keys that begin alike must never answer for each other.
func TestStoreComparesWholeKeys(t *testing.T) {
	s := newTestStore(10)
	entry := func(last byte, uid string) *entry[string] {
		e := &entry[string]{uid: uid, freshUntil: 100}
		e.key[0], e.key[31] = 7, last
		return e
	}
	first, second := entry(1, "ada"), entry(2, "bob")
	s.put(first, 1)
	if e, fresh := s.get(second.key, 2); e != nil || fresh {
		t.Errorf("the key that is not stored finds %v", e.uid)
	}
	if e := s.peek(second.key); e != nil {
		t.Errorf("a peek for the key that is not stored finds %v", e.uid)
	}
	s.put(second, 3)
	if e, fresh := s.get(second.key, 4); e != second || !fresh {
		t.Error("the later one was not stored")
	}
	if e, _ := s.get(first.key, 4); e != nil {
		t.Errorf("the displaced key finds %v", e.uid)
	}
	if s.size != 1 || s.byUID["ada"] != nil || s.byUID["bob"] != second {
		t.Errorf("size %d, by uid %v", s.size, s.byUID)
	}
	s.removeUser("bob")
	if e, _ := s.get(second.key, 5); e != nil || s.size != 0 || len(s.byUID) != 0 {
		t.Errorf("after removing: %v, size %d, by uid %v", e, s.size, s.byUID)
	}
}

func newTestStore(capacity int) *store[string] {
	c := new(clock)
	c.init(nil)
	return newStore[string](c, capacity, 1<<40)
}
