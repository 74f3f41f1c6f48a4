package sessions

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A user is a session of the tests.
type user struct {
	uid    string
	serial int // of the question
	expiry time.Time
}

// A fakeService answers fetches as scripted.
type fakeService struct {
	mu     sync.Mutex
	dead   map[string]bool // tokens
	uids   map[string]string
	asked  int
	fail   bool
	during func() // called while a question is under way
	rotate func(token string) Rotated
	off    Off // of its replicas
}

func (f *fakeService) set(token string, dead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead[token] = dead
}

func (f *fakeService) questions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

var (
	errRefused = errors.New("refused")
	errDown    = errors.New("down")
)

func (f *fakeService) fetch(_ context.Context, q *Question[*user]) Answer[*user] {
	f.mu.Lock()
	f.asked++
	serial, dead, fail, during := f.asked, f.dead[q.Token], f.fail, f.during
	uid := f.uids[q.Token]
	f.during = nil
	f.mu.Unlock()
	if during != nil {
		during()
	}
	switch {
	case fail:
		return Answer[*user]{Outcome: Unavailable, Err: errDown}
	case dead:
		return Answer[*user]{Outcome: Refused, Err: errRefused}
	}
	if uid == "" {
		uid = "ada"
	}
	expiry := time.Now().Add(24 * time.Hour)
	return Answer[*user]{Outcome: Valid, Session: &user{uid, serial, expiry}, UID: uid, Expiry: expiry, ExpiryKnown: true, Size: 100}
}

func newFakeService() *fakeService {
	return &fakeService{dead: map[string]bool{}, uids: map[string]string{}}
}

// replica returns a cache that asks the service, and shares with others by the store.
func (f *fakeService) replica(store Store, change ...func(*Config[*user])) *Cache[*user] {
	cfg := Config[*user]{
		Capacity: 1000, MaxBytes: 1 << 20, TTL: 2 * time.Minute, MaxTTL: 2 * time.Minute, RefreshAfter: time.Minute, StaleIfError: 15 * time.Minute,
		UnknownExpiryTTL: time.Minute, NegativeTTL: 10 * time.Second, NegativeCapacity: 100, Rate: 1e6, Concurrency: 100, Timeout: 10 * time.Second,
		RecheckFor: 72 * time.Hour, RecheckCapacity: 100, StaleWait: 3 * time.Second, TurnWait: time.Second, StrangerTurnWait: 5 * time.Second,
		Fetch: f.fetch, Plausible: func(string) bool { return true }, Address: func(context.Context) string { return "" },
		Rotate: func(_ context.Context, token string) Rotated { return f.rotate(token) },
	}
	if store != nil {
		cfg.Sharing = &Sharing[*user]{
			Store: store, Secret: []byte("0123456789abcdef0123456789abcdef"), Salt: []byte("site"), Layout: "layout", Off: f.off,
			Encode: func(u *user) []byte { return []byte(u.uid) },
			Decode: func(_ Key, data []byte, expiry time.Time, known bool) (Answer[*user], bool) {
				return Answer[*user]{Outcome: Valid, Session: &user{string(data), 0, expiry}, UID: string(data), Expiry: expiry, ExpiryKnown: known, Size: 100}, true
			},
			Addresses:     func(u *user) []string { return []string{u.uid + "@example.com"} },
			EncodeRotated: func(r Rotated) []byte { return []byte(r.Access + " " + r.Refresh) },
			DecodeRotated: func(b []byte) (Rotated, bool) {
				access, refresh, ok := cutString(string(b))
				return Rotated{Outcome: Valid, Tokens: access, Access: access, Refresh: refresh}, ok
			},
		}
	}
	for _, c := range change {
		c(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		panic(err)
	}
	c.Start()
	return c
}

func cutString(s string) (before, after string, ok bool) {
	for i := range len(s) {
		if s[i] == ' ' {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// A memoryStore is a Store in memory that delivers its events when told to.
type memoryStore struct {
	mu      sync.Mutex
	values  map[string][]byte
	marks   map[string]int64
	events  []memoryEvent
	last    int64
	deaf    bool // Follow delivers nothing
	down    bool // every call fails
	changed chan struct{}
}

type memoryEvent struct {
	at    int64
	event []byte
}

func newMemoryStore() *memoryStore {
	return &memoryStore{values: map[string][]byte{}, marks: map[string]int64{}, changed: make(chan struct{})}
}

func (m *memoryStore) now() int64 { return max(time.Now().UnixMicro(), m.last) }

func (m *memoryStore) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *memoryStore) set(change func(*memoryStore)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m)
	m.wake()
}

func (m *memoryStore) Load(_ context.Context, key string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, 0, errDown
	}
	return m.values[key], m.now(), nil
}

func (m *memoryStore) Save(_ context.Context, key string, value []byte, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return errDown
	}
	m.put(key, value, ttl)
	return nil
}

// put sets a value for a while. The lock is held.
func (m *memoryStore) put(key string, value []byte, ttl time.Duration) {
	m.values[key] = value
	time.AfterFunc(ttl, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if now := m.values[key]; len(now) > 0 && &now[0] == &value[0] {
			delete(m.values, key)
		}
	})
}

func (m *memoryStore) Claim(_ context.Context, key string, value []byte, ttl time.Duration) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, errDown
	}
	if held := m.values[key]; held != nil {
		if string(held) == string(value) {
			return nil, nil
		}
		return held, nil
	}
	m.put(key, value, ttl)
	return nil, nil
}

func (m *memoryStore) Marks(_ context.Context, keys []string) ([]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, errDown
	}
	at := make([]int64, len(keys))
	for i, key := range keys {
		at[i] = m.marks[key]
	}
	return at, nil
}

func (m *memoryStore) Announce(_ context.Context, marks []string, event []byte, floor int64, _ time.Duration) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return 0, errDown
	}
	m.last = max(time.Now().UnixMicro(), m.last+1, floor+1)
	for _, mark := range marks {
		m.marks[mark] = m.last
	}
	m.events = append(m.events, memoryEvent{m.last, event})
	m.wake()
	return m.last, nil
}

func (m *memoryStore) Follow(ctx context.Context, after int64, do func(int64, []byte)) error {
	for {
		m.mu.Lock()
		if m.down {
			m.mu.Unlock()
			return errDown
		}
		var due []memoryEvent
		for _, e := range m.events {
			if e.at > after && !m.deaf {
				due = append(due, e)
			}
		}
		changed := m.changed
		m.mu.Unlock()
		for _, e := range due {
			do(e.at, e.event)
			after = e.at
		}
		if len(due) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
