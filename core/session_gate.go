package core

import (
	"context"
	"errors"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// errNoTurn means that a validation would have to wait too long for its turn. Asking
// again soon would only make the queue longer.
var errNoTurn = errors.New("too many validations at once")

// A sessionGate bounds the calls that all validations together make: how many a
// second and how many at once. Questions about unknown tokens may use three quarters
// of either, so that a flood of them leaves room for the sessions we know.
type sessionGate struct {
	all, unknown lane
}

type lane struct {
	rate  *rate.Limiter
	slots *semaphore.Weighted
}

func newSessionGate(perSecond float64, atOnce int) sessionGate {
	return sessionGate{
		all:     newLane(perSecond, atOnce),
		unknown: newLane(perSecond*3/4, max(1, atOnce*3/4)),
	}
}

func newLane(perSecond float64, atOnce int) lane {
	burst := max(2, int(perSecond)) // both calls of one validation at the least
	return lane{rate.NewLimiter(rate.Limit(perSecond), burst), semaphore.NewWeighted(int64(atOnce))}
}

func (g *sessionGate) lanes(known bool) []lane {
	if known {
		return []lane{g.all}
	}
	return []lane{g.unknown, g.all}
}

// admit waits for the turn of n calls, all of them or none: half a validation is worth
// nothing. It fails at once if the turn would come after the context's deadline.
func (g *sessionGate) admit(ctx context.Context, n int, known bool) error {
	for _, l := range g.lanes(known) {
		if err := l.rate.WaitN(ctx, n); err != nil {
			return errNoTurn
		}
	}
	return nil
}

// enter waits until one more call may be under way; leave ends it.
func (g *sessionGate) enter(ctx context.Context, known bool) (leave func(), err error) {
	lanes := g.lanes(known)
	for i, l := range lanes {
		if l.slots.Acquire(ctx, 1) != nil {
			for _, entered := range lanes[:i] {
				entered.slots.Release(1)
			}
			return nil, errNoTurn
		}
	}
	return func() {
		for _, l := range lanes {
			l.slots.Release(1)
		}
	}, nil
}

// pass is admit and enter for a single call.
func (g *sessionGate) pass(ctx context.Context, known bool) (leave func(), err error) {
	if err := g.admit(ctx, 1, known); err != nil {
		return nil, err
	}
	return g.enter(ctx, known)
}

// forAdmitted returns the gate of a call whose first attempt has been admitted.
func (g *sessionGate) forAdmitted(known bool) func(context.Context) (leave func(), err error) {
	first := true
	return func(ctx context.Context) (func(), error) {
		if !first {
			return g.pass(ctx, known)
		}
		first = false
		return g.enter(ctx, known)
	}
}
