package sessions

import (
	"context"
	"time"
)

// localShare is the part of the rate that a replica uses by itself while the shared bucket
// cannot be asked.
const localShare = 4

// remoteFor is how long the shared bucket is left alone after a failure.
const remoteFor = time.Second

// A bucket takes calls from the bucket that all replicas share. It returns how long to
// wait if there are too few; ok is false if it cannot be asked.
type bucket func(n int) (wait time.Duration, ok bool)

// share lets the gate spend the calls of a shared bucket instead of its own.
func (g *gate) share(take bucket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.take, g.remote, g.tokens = take, true, 0
	g.needy = make(chan struct{}, 1)
}

// fill fetches calls from the shared bucket whenever a fetch waits for one, a few at a
// time, so that replicas get them in turns.
func (g *gate) fill(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-g.needy:
		}
		for n := g.demand(); n > 0 && ctx.Err() == nil; n = g.demand() {
			pause, ok := g.take(n)
			switch {
			case !ok:
				g.setRemote(false)
				wait(ctx, remoteFor)
				g.setRemote(true)
			case pause > 0:
				g.press()
				wait(ctx, min(pause, time.Second))
			default:
				g.feed(n)
			}
		}
	}
}

// demand returns how many calls to fetch.
func (g *gate) demand() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	own, other := g.known.peek(), g.strangers.peek()
	if own == nil {
		own = g.behind.peek()
	}
	n := len(g.known) + len(g.behind) + g.strangers.size
	switch {
	case own == nil && other == nil:
		return 0
	case n == 1 && own != nil:
		n = own.want
	case n == 1:
		n = other.want
	}
	if g.slots < 1 {
		return 0 // those under way signal when they are done
	}
	return max(0, min(n, max(2, int(g.rate/10)))-int(g.tokens))
}

func (g *gate) feed(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tokens += float64(n)
	g.pump()
}

func (g *gate) press() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pressed = time.Now()
}

// setRemote switches between the shared bucket and the local share.
func (g *gate) setRemote(on bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.remote == on || g.closed {
		return
	}
	g.refill(time.Now())
	g.remote, g.tokens = on, min(g.tokens, 2)
	g.filled = time.Now()
	g.pump()
}
