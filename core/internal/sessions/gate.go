package sessions

import (
	"context"
	"sync"
	"time"
)

// maxQueue bounds the fetches about strangers that wait for their turn, and apart from
// those the fetches about known sessions.
const maxQueue = 4096

// maxQueued is how long a fetch about an unknown token may wait for its turn, and
// maxKnownQueued how long one about a known session. Their callers leave long before; the
// fetch stays in the queue, so that whoever comes back as told finds the answer, and a
// session does not lose its place to those that came later.
const (
	maxQueued      = time.Minute
	maxKnownQueued = 15 * time.Minute
)

// knownShare is how many of four turns known sessions get while strangers wait as well.
const knownShare = 3

// A lane says who waits for a turn.
type lane uint8

const (
	stranger   lane = iota // unknown tokens
	known                  // sessions that were valid before, and tokens just issued to us
	background             // refreshes that no request waits for
)

// A ticket is a place in the queue.
type ticket struct {
	lane    lane
	address string
	least   int // calls
	want    int // calls if there is room for them
	noSlot  bool

	// Guarded by the gate until ready is closed, constant from then on.
	state   ticketState
	granted int // calls
	err     error
	ready   chan struct{}
	since   time.Time
}

type ticketState uint8

const (
	waiting ticketState = iota
	granted
	dropped
)

// A gate bounds the calls of all fetches: how many a second, and how many at once. Each
// lane may use whatever the others leave; while both wait, known sessions get three of
// four turns. Strangers use at most three quarters of the places for calls at once, so
// that tokens on which the service hangs leave room for known sessions.
type gate struct {
	mu            sync.Mutex
	rate, burst   float64
	tokens        float64
	filled        time.Time
	slots         int // free places for calls at once
	strangerSlots int // of which strangers may take
	known, behind fifo
	strangers     fairQueue
	turns         int // of known sessions, while strangers wait
	timer         *time.Timer
	armed, closed bool

	// With a bucket that all replicas share.
	take    bucket
	remote  bool          // it is asked; else it failed a moment ago
	needy   chan struct{} // signals that a fetch waits for a call
	pressed time.Time     // when it last had too few
}

func (g *gate) init(perSecond float64, atOnce int) {
	g.rate, g.burst = perSecond, max(2, perSecond)
	g.tokens, g.filled = g.burst, time.Now()
	g.slots, g.strangerSlots = atOnce, max(1, atOnce-(atOnce+3)/4)
	g.strangers.maximum = maxQueue
}

// enter puts t into the queue, or returns how long to stay away if that is full.
func (g *gate) enter(t *ticket) (retryAfter time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t.ready, t.since = make(chan struct{}), time.Now()
	switch {
	case g.closed:
		return 0, errClosed
	case t.lane == stranger:
		if out := g.strangers.push(t); out == t {
			return g.estimate(t.lane, t.address), errFull
		} else if out != nil {
			g.finish(out, errFull)
		}
	case t.lane == known && len(g.known) >= maxQueue, t.lane == background && len(g.behind) >= maxQueue:
		return g.estimate(t.lane, ""), errFull
	case t.lane == known:
		g.known = append(g.known, t)
	default:
		g.behind = append(g.behind, t)
	}
	g.pump()
	return 0, nil
}

// promote moves a background ticket into the lane of requests that wait.
func (g *gate) promote(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.state == waiting && t.lane == background {
		t.lane = known
		if t.ready == nil {
			return // it has not entered yet
		}
		g.known = append(g.known, t) // the other place is skipped once this one is used
	}
}

// leave gives the places of a granted ticket back.
func (g *gate) leave(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.noSlot {
		return
	}
	g.slots += t.granted
	if t.lane == stranger {
		g.strangerSlots += t.granted
	}
	g.pump()
}

// drop takes a ticket out of the queue.
func (g *gate) drop(t *ticket, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.state == waiting {
		g.finish(t, err)
	}
}

func (g *gate) finish(t *ticket, err error) {
	t.state, t.err = dropped, err
	close(t.ready)
}

// again waits for the turn of one more call of a fetch that is under way.
func (g *gate) again(ctx context.Context, of *ticket) error {
	t := &ticket{lane: of.lane, address: of.address, least: 1, want: 1, noSlot: true}
	if _, err := g.enter(t); err != nil {
		return err
	}
	select {
	case <-t.ready:
		return t.err
	case <-ctx.Done():
		g.drop(t, ctx.Err())
		return ctx.Err()
	}
}

// pump grants what can be granted now, and sets a timer for the rest. The lock is held.
func (g *gate) pump() {
	now := time.Now()
	g.refill(now)
	for {
		t := g.next(now)
		if t == nil {
			return
		}
		if missing := float64(t.least) - g.tokens; missing > 0 {
			g.lack(missing)
			return
		}
		g.grant(t)
	}
}

// next returns the ticket to grant: none if no caller waits or all places are taken.
func (g *gate) next(now time.Time) *ticket {
	for {
		own := g.known.peek()
		if own == nil {
			own = g.behind.peek()
		}
		other := g.strangers.peek()
		if own != nil && g.slots < 1 && !own.noSlot {
			own = nil
		}
		if other != nil && (g.slots < 1 || g.strangerSlots < 1) && !other.noSlot {
			other = nil
		}
		t := own
		if own == nil || other != nil && g.turns >= knownShare {
			t = other
		}
		if t == nil || now.Sub(t.since) <= maxQueued || t.lane != stranger && now.Sub(t.since) <= maxKnownQueued {
			return t
		}
		g.finish(t, errFull) // and is skipped by the next peek
	}
}

func (g *gate) grant(t *ticket) {
	switch {
	case t.lane == stranger:
		g.strangers.pop()
		g.turns = 0
	case g.known.peek() == t:
		g.known.pop()
		g.turns++
	default:
		g.behind.pop()
		g.turns++
	}
	if g.strangers.size == 0 {
		g.turns = 0
	}
	t.state, t.granted = granted, t.least
	free := g.slots
	if t.lane == stranger {
		free = min(free, g.strangerSlots)
	}
	if t.want > t.least && g.tokens >= float64(t.want) && free >= t.want && g.strangers.size == 0 && len(g.known) == 0 {
		t.granted = t.want
	}
	g.tokens -= float64(t.granted)
	if !t.noSlot {
		g.slots -= t.granted
		if t.lane == stranger {
			g.strangerSlots -= t.granted
		}
	}
	close(t.ready)
}

// lack sees to it that pump is called again when there are more calls.
func (g *gate) lack(missing float64) {
	if !g.remote {
		g.arm(time.Duration(missing / g.localRate() * float64(time.Second)))
		return
	}
	select {
	case g.needy <- struct{}{}:
	default:
	}
}

// localRate is the calls a second that this replica may make without asking anyone.
func (g *gate) localRate() float64 {
	if g.take != nil {
		return g.rate / localShare
	}
	return g.rate
}

func (g *gate) localRateOrAll() float64 {
	if g.remote {
		return g.rate
	}
	return g.localRate()
}

func (g *gate) refill(now time.Time) {
	if d := now.Sub(g.filled); d > 0 && !g.remote {
		g.tokens = min(g.burst, g.tokens+d.Seconds()*g.localRate())
	}
	g.filled = now
}

func (g *gate) arm(d time.Duration) {
	if g.armed || g.closed {
		return
	}
	g.armed = true
	g.timer = time.AfterFunc(max(d, time.Microsecond), func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.armed = false
		if !g.closed {
			g.pump()
		}
	})
}

// mayRefresh reports whether there is room for a background refresh of an entry: easily
// when it is young, and for nearly every one when it is about to be too old. late is 0 at
// RefreshAfter and 1 at TTL.
func (g *gate) mayRefresh(late float64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refill(time.Now())
	if float64(len(g.known)+len(g.behind)) > late*8 {
		return false
	}
	if g.remote {
		return time.Since(g.pressed) > time.Duration((1-late)*float64(2*time.Second))
	}
	// While strangers wait there are never any calls left over; known sessions have a
	// share of their own then.
	return g.strangers.size > 0 || g.tokens >= (1-late)*g.burst/2
}

// wait estimates how long a new ticket would wait for its turn.
func (g *gate) wait(l lane, address string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refill(time.Now())
	return g.estimate(l, address)
}

func (g *gate) estimate(l lane, address string) time.Duration {
	ahead, share := float64(len(g.known)), 1.0
	switch {
	case l == stranger:
		ahead = float64(g.strangers.ahead(address))
		if len(g.known)+len(g.behind) > 0 {
			share = 1 - knownShare/4.0
		}
	case g.strangers.size > 0:
		share = knownShare / 4.0
	}
	missing := ahead/share + 1 - g.tokens
	return time.Duration(max(0, missing) / g.localRateOrAll() * float64(time.Second))
}

// queued returns how many fetches wait for their turn.
func (g *gate) queued() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.known) + len(g.behind) + g.strangers.size
}

// close drops everyone who waits.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	if g.timer != nil {
		g.timer.Stop()
	}
	for _, q := range []interface {
		peek() *ticket
		pop()
	}{&g.known, &g.behind, &g.strangers} {
		for t := q.peek(); t != nil; t = q.peek() {
			q.pop()
			g.finish(t, errClosed)
		}
	}
}
