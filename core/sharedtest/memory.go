package sharedtest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Memory is a [core.SharedStore] and [core.SharedLimiter] in the memory of one
// process, for tests: clients that have the same Memory behave like replicas with
// one Redis. It removes nothing before its time except by [Memory.Flush], so that it
// is no cache for production. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	clock   func() time.Time
	fault   error
	hanging bool
	last    int64 // the time of the last event, or of the last floor
	values  map[string]timedValue
	marks   map[string]timedMark
	events  []timedEvent
	buckets map[string]int64 // when the bucket is full again, in microseconds
	changed chan struct{}    // closed and replaced when a waiting call must look again
}

var (
	_ core.SharedStore   = (*Memory)(nil)
	_ core.SharedLimiter = (*Memory)(nil)
)

type timedValue struct {
	value []byte
	until int64
}

type timedMark struct{ at, until int64 }

type timedEvent struct {
	at, until int64
	event     []byte
}

// NewMemory returns an empty store on the clock [time.Now].
func NewMemory() *Memory {
	m := &Memory{clock: time.Now, changed: make(chan struct{})}
	m.clear()
	return m
}

// SetClock replaces the store's clock. The clock must not go back.
func (m *Memory) SetClock(now func() time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock = now
}

// Fail lets every call fail with err, including those that wait in Follow, until Fail
// is called with nil.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = err
	m.wake()
}

// Hang lets every call wait until its context is done, as a stopped server does,
// until Hang is called with false.
func (m *Memory) Hang(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hanging = on
	m.wake()
}

// Flush removes everything, as a restart without persistence does.
func (m *Memory) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	m.wake()
}

func (m *Memory) clear() {
	m.last = 0
	m.values, m.marks, m.events, m.buckets = map[string]timedValue{}, map[string]timedMark{}, nil, map[string]int64{}
}

func (m *Memory) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// enter locks the store and returns what its clock shows, as soon as the store does
// not hang. The caller unlocks it only if there is no error.
func (m *Memory) enter(ctx context.Context) (now int64, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		m.mu.Lock()
		if !m.hanging {
			break
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-changed:
		}
	}
	if m.fault != nil {
		err := m.fault
		m.mu.Unlock()
		return 0, err
	}
	return m.clock().UnixMicro(), nil
}

// Load implements [core.SharedStore].
func (m *Memory) Load(ctx context.Context, key string) ([]byte, int64, error) {
	now, err := m.enter(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer m.mu.Unlock()
	return bytes.Clone(m.value(key, now)), max(now, m.last), nil
}

func (m *Memory) value(key string, now int64) []byte {
	v, ok := m.values[key]
	if ok && v.until <= now {
		delete(m.values, key)
		return nil
	}
	return v.value
}

// Save implements [core.SharedStore].
func (m *Memory) Save(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := checkValue(key, value, ttl); err != nil {
		return err
	}
	now, err := m.enter(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.values[key] = timedValue{bytes.Clone(value), now + ttl.Microseconds()}
	return nil
}

// Claim implements [core.SharedStore].
func (m *Memory) Claim(ctx context.Context, key string, value []byte, ttl time.Duration) ([]byte, error) {
	if err := checkValue(key, value, ttl); err != nil {
		return nil, err
	}
	now, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	if held := m.value(key, now); held != nil {
		if bytes.Equal(held, value) {
			return nil, nil
		}
		return bytes.Clone(held), nil
	}
	m.values[key] = timedValue{bytes.Clone(value), now + ttl.Microseconds()}
	return nil, nil
}

// Marks implements [core.SharedStore].
func (m *Memory) Marks(ctx context.Context, keys []string) ([]int64, error) {
	now, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	out := make([]int64, len(keys))
	for i, key := range keys {
		if mark := m.marks[key]; mark.until > now {
			out[i] = mark.at
		}
	}
	return out, nil
}

// Announce implements [core.SharedStore].
func (m *Memory) Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (int64, error) {
	switch {
	case len(event) == 0:
		return 0, errors.New("sharedtest: the event is empty")
	case ttl < time.Millisecond:
		return 0, errors.New("sharedtest: the ttl is below a millisecond")
	case slices.Contains(marks, ""):
		return 0, errors.New("sharedtest: the key of a mark is empty")
	}
	now, err := m.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	at := max(now, m.last+1, floor+1)
	until := now + ttl.Microseconds()
	m.last = at
	for _, key := range marks {
		m.marks[key] = timedMark{at, max(until, m.marks[key].until)}
	}
	m.events = append(m.events, timedEvent{at, until, bytes.Clone(event)})
	m.wake()
	return at, nil
}

// Follow implements [core.SharedStore].
func (m *Memory) Follow(ctx context.Context, after int64, do func(at int64, event []byte)) error {
	for {
		now, err := m.enter(ctx)
		if err != nil {
			return err
		}
		if m.last < after { // the log was lost: everything in it is new
			after = 0
		}
		first, found := slices.BinarySearchFunc(m.events, after, func(e timedEvent, at int64) int { return cmp.Compare(e.at, at) })
		if found {
			first++
		}
		next := slices.Clone(m.events[first:])
		changed := m.changed
		m.mu.Unlock()
		for _, e := range next {
			if err := ctx.Err(); err != nil {
				return err
			}
			if e.until > now {
				do(e.at, bytes.Clone(e.event))
			}
			after = e.at
		}
		if len(next) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// Take implements [core.SharedLimiter].
func (m *Memory) Take(ctx context.Context, key string, n int, perSecond float64, burst int) (time.Duration, error) {
	if key == "" || n < 1 || n > burst || !(perSecond > 0) || math.IsInf(perSecond, 1) {
		return 0, errors.New("sharedtest: the key is empty, n is not within 1 and burst, or perSecond is not a positive number")
	}
	now, err := m.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	interval := 1e6 / perSecond
	empty := now + int64(interval*float64(burst))
	full := min(max(m.buckets[key], now), empty) + int64(interval*float64(n))
	if full > empty {
		return time.Duration(full-empty) * time.Microsecond, nil
	}
	m.buckets[key] = full
	return 0, nil
}

func checkValue(key string, value []byte, ttl time.Duration) error {
	switch {
	case key == "":
		return errors.New("sharedtest: the key is empty")
	case len(value) == 0:
		return errors.New("sharedtest: the value is empty")
	case ttl < time.Millisecond:
		return errors.New("sharedtest: the ttl is below a millisecond")
	}
	return nil
}
