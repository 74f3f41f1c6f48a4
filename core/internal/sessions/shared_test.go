package sessions

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// pair runs f with two replicas that share a store, with an invariant switched off.
func pair(t *testing.T, off Off, f func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user])) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		up, store := newFakeService(), newMemoryStore()
		up.off = off
		a, b := up.replica(store), up.replica(store)
		defer a.Close()
		defer b.Close()
		time.Sleep(time.Second)
		f(t, up, store, a, b)
	})
}

func get(t *testing.T, c *Cache[*user], token string) (*user, error) {
	t.Helper()
	u, err := c.Get(context.Background(), token)
	synctest.Wait()
	return u, err
}

func must(t *testing.T, c *Cache[*user], token string) *user {
	t.Helper()
	u, err := get(t, c, token)
	if err != nil {
		t.Fatalf("Get(%s): %v", token, err)
	}
	return u
}

// What one replica asked serves the other, aged from when it was asked.
func TestSharedAnswers(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		time.Sleep(50 * time.Second)
		if u := must(t, b, "token"); u.uid != "ada" {
			t.Errorf("%+v", u)
		}
		if n := up.questions(); n != 1 {
			t.Errorf("the service was asked %d times, want once for both", n)
		}
		if st := b.Stats(); st.SharedHits != 1 {
			t.Errorf("%+v", st)
		}
	})
}

// The invariants, each with the mutation that breaks it: the test must fail with it.
var invariants = []struct {
	name string
	off  Off
	run  func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) (broken bool)
}{
	{"nothing older than TTL counts as fresh", Off{Freshness: true}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) bool {
		must(t, a, "token")
		up.set("token", true) // ended elsewhere
		time.Sleep(110 * time.Second)
		_, _ = get(t, b, "token")    // may be served: younger than TTL
		time.Sleep(11 * time.Second) // not from now on
		_, err := get(t, b, "token")
		return !errors.Is(err, errRefused)
	}},
	{"no value asked before a visible mark is taken", Off{Marks: true, LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		store.set(func(m *memoryStore) { m.deaf = true }) // the log is late
		must(t, a, "token")
		up.set("token", true)
		a.Forget("token")
		_, err := get(t, b, "token")
		return !errors.Is(err, errRefused)
	}},
	{"the same for all tokens of an account", Off{Marks: true, LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		store.set(func(m *memoryStore) { m.deaf = true })
		must(t, a, "token")
		up.set("token", true)
		a.ForgetUser("ada")
		_, err := get(t, b, "token")
		return !errors.Is(err, errRefused)
	}},
	{"the same by address", Off{Marks: true, LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		store.set(func(m *memoryStore) { m.deaf = true })
		must(t, a, "token")
		up.set("token", true)
		a.ForgetAddress("ADA@example.com", func(u *user) []string { return []string{u.uid + "@example.com"} })
		_, err := get(t, b, "token")
		return !errors.Is(err, errRefused)
	}},
	{"a late store is not taken", Off{Marks: true, LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		store.set(func(m *memoryStore) { m.deaf = true })
		up.during = func() { // asked while the token is good; answered after it was forgotten
			up.set("token", true)
			b.Forget("token")
		}
		_, _ = get(t, a, "token")
		_, err := get(t, b, "token")
		return !errors.Is(err, errRefused)
	}},
	{"a replica takes nothing back that it was told to forget", Off{LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		must(t, a, "token")
		up.set("token", true)
		a.Forget("token")
		synctest.Wait() // b has heard it
		store.set(func(m *memoryStore) { clear(m.marks) })
		_, errA := get(t, a, "token")
		_, errB := get(t, b, "token")
		return !errors.Is(errA, errRefused) || !errors.Is(errB, errRefused)
	}},
	{"what could not be announced binds its replica", Off{LocalMarks: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		must(t, a, "token")
		up.set("token", true)
		store.set(func(m *memoryStore) { m.down = true })
		a.Forget("token")
		store.set(func(m *memoryStore) { m.down = false })
		a.shared.breaker.Store(0) // the store is back before the announcement is repeated
		_, err := get(t, a, "token")
		return !errors.Is(err, errRefused)
	}},
	{"what the store lost is announced again", Off{Repeating: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		must(t, a, "token")
		up.set("token", true)
		a.Forget("token")
		store.set(func(m *memoryStore) { clear(m.marks); m.events = nil }) // failed over, and the value survived
		time.Sleep(2 * time.Second)
		c := up.replica(store) // heard nothing
		defer c.Close()
		_, err := get(t, c, "token")
		return !errors.Is(err, errRefused)
	}},
	{"no refusal comes from the store", Off{NoRefusals: true}, func(t *testing.T, _ *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		must(t, a, "token")
		store.set(func(m *memoryStore) { m.overwrite([]byte("of another program")) })
		_, err := get(t, b, "token")
		return err != nil
	}},
	{"an error of the store means not found", Off{StoreErrors: true}, func(t *testing.T, _ *fakeService, store *memoryStore, _, b *Cache[*user]) bool {
		store.set(func(m *memoryStore) { m.down = true })
		_, err := get(t, b, "token")
		return err != nil
	}},
	{"one replica uses a refresh token", Off{Claims: true}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) bool {
		refresh := &refresher{used: map[string]bool{}, delay: 100 * time.Millisecond}
		up.rotate = refresh.rotate
		done := make(chan struct{})
		go func() { _, _ = a.Rotate(context.Background(), "token"); close(done) }()
		_, _ = b.Rotate(context.Background(), "token")
		<-done
		return refresh.calls != 1
	}},
	{"a claim that was seen holds without the store", Off{SeenClaims: true}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) bool {
		refresh := &refresher{used: map[string]bool{}, delay: 100 * time.Millisecond}
		up.rotate = refresh.rotate
		done := make(chan struct{})
		go func() { _, _ = a.Rotate(context.Background(), "token"); close(done) }()
		time.Sleep(10 * time.Millisecond)
		go func() {
			time.Sleep(30 * time.Millisecond) // b has seen the claim of a
			store.set(func(m *memoryStore) { m.down = true })
		}()
		r, _ := b.Rotate(context.Background(), "token")
		<-done
		return refresh.calls != 1 || r.Outcome == Refused
	}},
}

func TestSharedInvariants(t *testing.T) {
	for _, inv := range invariants {
		t.Run(inv.name, func(t *testing.T) {
			pair(t, Off{}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
				if inv.run(t, up, store, a, b) {
					t.Error("the invariant is broken")
				}
			})
			pair(t, inv.off, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
				if !inv.run(t, up, store, a, b) {
					t.Error("the invariant holds although it is switched off: this test tests nothing")
				}
			})
		})
	}
}

// Whatever the store holds or does, no refusal comes from it, and it never makes a request
// wait for long.
func TestSharedStoreFails(t *testing.T) {
	for name, change := range map[string]func(*memoryStore){
		"down":          func(m *memoryStore) { m.down = true },
		"foreign bytes": func(m *memoryStore) { m.overwrite([]byte("something else")) },
		"empty values":  func(m *memoryStore) { m.overwrite(nil) },
		"flushed":       func(m *memoryStore) { clear(m.values); clear(m.marks); m.events = nil },
		"marks of the future": func(m *memoryStore) {
			for key := range m.marks {
				m.marks[key] = 1 << 62
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			pair(t, Off{}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
				must(t, a, "token")
				a.Forget("other")
				store.set(change)
				start := time.Now()
				must(t, b, "token")
				must(t, b, "other")
				if took := time.Since(start); took > 100*time.Millisecond {
					t.Errorf("requests waited %v", took)
				}
				b.ForgetUser("ada")
				up.set("token", true)
				if _, err := get(t, b, "token"); !errors.Is(err, errRefused) {
					t.Errorf("after an own eviction: %v", err)
				}
			})
		})
	}
}

func (m *memoryStore) overwrite(value []byte) {
	for key := range m.values {
		m.values[key] = value
	}
}

// A revocation reaches the other replica at once, ends its watchers, and is made up for
// after a time without the store.
func TestSharedRevocations(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		must(t, b, "token")
		w := b.Watch(KeyOf("token"), "ada")
		up.set("token", true)
		a.Forget("token")
		synctest.Wait()
		if _, err := get(t, b, "token"); !errors.Is(err, errRefused) {
			t.Errorf("the other replica: %v", err)
		}
		if !closed(w.Done()) {
			t.Error("the watcher has not ended")
		}
		up.set("later", false)
		must(t, a, "later")
		must(t, b, "later")
		store.set(func(m *memoryStore) { m.down = true })
		up.set("later", true)
		a.Forget("later")
		must(t, b, "later") // it cannot know
		store.set(func(m *memoryStore) { m.down = false })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if _, err := get(t, b, "later"); !errors.Is(err, errRefused) {
			t.Errorf("after the store came back: %v", err)
		}
	})
}

// An account that is marked for recheck is asked for on every request of every replica.
func TestSharedRecheck(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		must(t, b, "token")
		a.Recheck("ada")
		synctest.Wait()
		before := up.questions()
		for range 3 {
			must(t, a, "token")
			must(t, b, "token")
		}
		if n := up.questions() - before; n != 6 {
			t.Errorf("asked %d times for 6 requests", n)
		}
	})
}

// A session that turned bad on one replica is forgotten by all.
func TestSharedRefusal(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		time.Sleep(100 * time.Second)
		must(t, b, "token")
		up.set("token", true)
		time.Sleep(25 * time.Second) // past TTL on a
		if _, err := get(t, a, "token"); !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := get(t, b, "token"); !errors.Is(err, errRefused) {
			t.Errorf("the other replica: %v", err)
		}
		if st := b.Stats(); st.Size != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// Of two replicas with the same session one refreshes it.
func TestSharedRefresh(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, _ *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		must(t, b, "token")
		for range 10 * 60 {
			must(t, a, "token")
			must(t, b, "token")
			time.Sleep(time.Second)
		}
		if n := up.questions(); n > 12 {
			t.Errorf("asked %d times in ten minutes, want one refresh a minute for both", n)
		}
		st := b.Stats()
		if st.SharedHits+a.Stats().SharedHits < 8 {
			t.Errorf("%+v", st)
		}
	})
}

// Clocks two hours apart cost questions and nothing else.
func TestSharedClocksApart(t *testing.T) {
	for _, skew := range []time.Duration{2 * time.Hour, -2 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			up, store := newFakeService(), newMemoryStore()
			a := up.replica(store)
			b := up.replica(store, func(c *Config[*user]) { c.Clock = func() time.Time { return time.Now().Add(skew) } })
			defer a.Close()
			defer b.Close()
			for i, c := range []*Cache[*user]{a, b} {
				token := []string{"first", "second"}[i]
				must(t, c, token)
				must(t, []*Cache[*user]{b, a}[i], token)
				up.set(token, true)
				time.Sleep(2*time.Minute + time.Second)
				for _, c := range []*Cache[*user]{a, b} {
					if _, err := get(t, c, token); !errors.Is(err, errRefused) {
						t.Errorf("skew %v: past TTL: %v", skew, err)
					}
				}
			}
		})
	}
}

// A value of another format is ignored, even one that was sealed with the right keys, and
// so are a foreign event and one that says nothing.
func TestSharedFormats(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
		must(t, a, "token")
		key, seal := KeyOf("token"), a.shared.seal
		name := seal.key("v", keyString("token"))
		now := time.Now()
		current := sharedValue{askedStore: now.UnixMicro(), askedWall: now.UnixNano(), expires: now.Add(time.Hour).UnixNano(), known: true, data: []byte("mallory")}
		for what, content := range map[string][]byte{
			"an older version": append([]byte("0"), current.encode()[1:]...),
			"a newer version":  append([]byte("2"), current.encode()[1:]...),
			"cut off":          current.encode()[:valueHeader-1],
			"empty":            {},
		} {
			box, err := seal.seal(key, content)
			if err != nil {
				t.Fatal(err)
			}
			store.set(func(m *memoryStore) { m.values[name] = box })
			before := up.questions()
			b.Forget("token")
			time.Sleep(time.Second)
			if u := must(t, b, "token"); u.uid != "ada" || up.questions() != before+1 {
				t.Errorf("%s: %+v after %d questions", what, u, up.questions()-before)
			}
		}
		for _, plain := range []string{"", "t", "t short", "? of a later version"} {
			event, err := seal.sealEvent([]byte(plain))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Announce(context.Background(), nil, event, 0, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := store.Announce(context.Background(), nil, []byte("foreign"), 0, time.Minute); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		before := up.questions()
		must(t, b, "token")
		if up.questions() != before {
			t.Errorf("an event that says nothing dropped a session: %+v", b.Stats())
		}
	})
}

// A dump of the store shows neither tokens nor accounts, and what is in it cannot be moved
// to another token or replayed later.
func TestSharedStoreTellsNothing(t *testing.T) {
	pair(t, Off{}, func(t *testing.T, up *fakeService, store *memoryStore, a, b *Cache[*user]) {
		up.uids["token"], up.uids["victim"] = "ada-lovelace", "bob"
		must(t, a, "token")
		a.ForgetUser("ada-lovelace")
		a.Forget("token")
		must(t, a, "token")
		must(t, a, "victim")
		store.mu.Lock()
		for key, value := range store.values {
			for _, secret := range []string{"token", "ada-lovelace", "victim", "example.com"} {
				if contains(key, secret) || contains(string(value), secret) {
					t.Errorf("%s is readable in the store", secret)
				}
			}
		}
		// Exchange the values of the two tokens.
		x, y := a.shared.seal.key("v", keyString("token")), a.shared.seal.key("v", keyString("victim"))
		store.values[x], store.values[y] = store.values[y], store.values[x]
		store.mu.Unlock()
		before := up.questions()
		if u := must(t, b, "token"); u.uid != "ada-lovelace" {
			t.Errorf("the token belongs to %s", u.uid)
		}
		if up.questions() == before {
			t.Error("another token's value was taken")
		}
	})
}

func keyString(token string) string { k := KeyOf(token); return string(k[:]) }

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}
