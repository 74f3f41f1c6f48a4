package sharedtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

func testMarks(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	if at := marks(t, a, "x", "y"); at[0] != 0 || at[1] != 0 {
		t.Fatalf("marks of an empty store: %v", at)
	}
	_, before := load(t, a, "k")
	first := announce(t, a, []string{"x"}, "one", 0, time.Minute)
	if first < before {
		t.Errorf("the first event is %d µs before a Load that preceded it", before-first)
	}
	second := announce(t, b, []string{"y", "x"}, "two", 0, time.Minute)
	third := announce(t, a, []string{"z"}, "three", 0, time.Minute)
	announce(t, a, nil, "none", 0, time.Minute)
	if first >= second || second >= third {
		t.Errorf("times of events do not grow: %d, %d, %d", first, second, third)
	}
	if at, want := marks(t, b, "z", "none", "x", "y", "x"), []int64{third, 0, second, second, second}; !slices.Equal(at, want) {
		t.Errorf("marks: %v, want %v", at, want)
	}
	wantValue(t, a, "x", nil) // marks are no values

	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprint("many-", i))
	}
	at := announce(t, a, many, "many", 0, time.Minute)
	for i, got := range marks(t, b, many...) {
		if got != at {
			t.Fatalf("mark %d of %d is %d, want %d", i, len(many), got, at)
		}
	}
}

// A mark lives for its ttl, and a later Announce never shortens its life.
func testMarksExpire(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	announce(t, a, []string{"short"}, "e", 0, 300*time.Millisecond)
	long := announce(t, a, []string{"long"}, "e", 0, time.Hour)
	last := announce(t, b, []string{"long"}, "e", 0, 300*time.Millisecond)
	eventually(t, "expiry of a mark", func() bool { return marks(t, b, "short")[0] == 0 })
	if at := marks(t, a, "long"); at[0] != last {
		t.Errorf("the mark with the longer life is %d, want %d", at[0], last)
	}
	// The event of that mark lives as long: a new replica reads it.
	if seen, _ := follow(t, a, 0, 3, long); !slices.Contains(seen, long) {
		t.Errorf("the log has the events %v, not the long-lived %d", seen, long)
	}
}

// An event is later than what the caller knows, however far the store's clock is
// behind that.
func testFloor(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	_, now := load(t, a, "k")
	floor := now + time.Hour.Microseconds()
	at := announce(t, a, []string{"x"}, "one", floor, time.Minute)
	if at <= floor {
		t.Fatalf("the event is %d µs before the floor", floor-at)
	}
	if _, now = load(t, b, "k"); now < at {
		t.Errorf("the store's time is %d µs before an event", at-now)
	}
	if next := announce(t, b, []string{"x"}, "two", 0, time.Minute); next <= at {
		t.Errorf("the next event is not later: %d, %d", at, next)
	} else if got := marks(t, a, "x")[0]; got != next {
		t.Errorf("the mark is %d, want %d", got, next)
	}
}

// Times of events are unique and grow for each caller, and none is before a Load that
// returned before the call.
func testAnnounceInParallel(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	const callers, each = 8, 50
	times := make([][]int64, callers)
	var wg sync.WaitGroup
	for c := range callers {
		s := a
		if c%2 == 1 {
			s = b
		}
		wg.Go(func() {
			for i := range each {
				_, now, err := s.Load(callContext(t), "k")
				if err != nil {
					t.Error(err)
					return
				}
				at, err := s.Announce(callContext(t), []string{fmt.Sprint("m", c), "all"}, fmt.Append(nil, c, "/", i), 0, time.Minute)
				if err != nil {
					t.Error(err)
					return
				}
				if at < now {
					t.Errorf("an event is %d µs before a Load that preceded it", now-at)
				}
				times[c] = append(times[c], at)
			}
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	if got := len(slices.Compact(slices.Clone(all))); got != callers*each {
		t.Errorf("%d events have %d different times", callers*each, got)
	}
	for c, own := range times {
		if !slices.IsSorted(own) {
			t.Errorf("the times of caller %d do not grow", c)
		}
		if got := marks(t, a, fmt.Sprint("m", c))[0]; got != own[each-1] {
			t.Errorf("the mark of caller %d is %d, want its last event, %d", c, got, own[each-1])
		}
	}
	if got := marks(t, b, "all")[0]; got != all[len(all)-1] {
		t.Errorf("the common mark is %d, want the last event, %d", got, all[len(all)-1])
	}
	if seen, _ := follow(t, b, 0, len(all), all[len(all)-1]); !slices.Equal(seen, all) {
		t.Errorf("Follow saw %d events, want the %d announced, in order", len(seen), len(all))
	}
}

// follow reads from after until it has seen the last event or enough of them.
func follow(t *testing.T, s core.SharedStore, after int64, enough int, last int64) (times []int64, events []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := s.Follow(ctx, after, func(at int64, event []byte) {
		times, events = append(times, at), append(events, string(event))
		if at == last || len(times) >= enough {
			cancel()
		}
	})
	if err == nil {
		t.Error("Follow returned nil; it returns only when its context is done or the store fails")
	}
	return times, events
}

func testFollow(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	var want []int64
	for i := range 5 {
		want = append(want, announce(t, a, nil, fmt.Sprintf("event %d\r\n\x00\xff", i), 0, time.Minute))
	}
	seen, events := follow(t, b, 0, 5, want[4])
	if !slices.Equal(seen, want) || events[3] != "event 3\r\n\x00\xff" {
		t.Errorf("from the start: %v %q, want %v", seen, events, want)
	}
	if seen, _ := follow(t, a, want[2], 2, want[4]); !slices.Equal(seen, want[3:]) {
		t.Errorf("after the third event: %v, want %v", seen, want[3:])
	}
	if seen, _ := follow(t, a, want[2]-1, 3, want[4]); !slices.Equal(seen, want[2:]) {
		t.Errorf("just before the third event: %v, want %v", seen, want[2:])
	}
}

// Two followers see every new event, in order and soon, and end with their context.
func testFollowLive(t *testing.T, a, b core.SharedStore) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	type sight struct {
		at   int64
		when time.Time
	}
	seen := make([]chan sight, 2)
	ended := make(chan error, 2)
	start := announce(t, a, nil, "start", 0, time.Minute)
	for i, s := range []core.SharedStore{a, b} {
		seen[i] = make(chan sight, 1000)
		go func() {
			ended <- s.Follow(ctx, start-1, func(at int64, _ []byte) { seen[i] <- sight{at, time.Now()} })
		}()
		if got := <-seen[i]; got.at != start {
			t.Fatalf("the first event is %d, want %d", got.at, start)
		}
	}
	// Three rounds, because a busy machine may delay an event of one.
	slowest := time.Hour
	for round := 0; round < 3 && slowest > time.Second; round++ {
		slowest = 0
		for i := range 200 {
			s := a
			if i%2 == 1 {
				s = b
			}
			at := announce(t, s, []string{"m"}, "e", 0, time.Minute)
			announced := time.Now()
			for f := range seen {
				select {
				case got := <-seen[f]:
					if got.at != at {
						t.Fatalf("follower %d saw %d, want %d", f, got.at, at)
					}
					slowest = max(slowest, got.when.Sub(announced))
				case <-time.After(patience):
					t.Fatalf("follower %d did not see event %d", f, i)
				}
			}
		}
	}
	if slowest > time.Second {
		t.Errorf("an event took %v to a follower", slowest)
	}
	cancel()
	for range 2 {
		select {
		case err := <-ended:
			if err == nil {
				t.Error("Follow returned nil after its context ended")
			}
		case <-time.After(patience):
			t.Fatal("Follow did not return after its context ended")
		}
	}
}
