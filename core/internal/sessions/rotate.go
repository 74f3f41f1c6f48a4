package sessions

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// rotateGrace is how long the outcome of a rotation is handed to whoever still holds the
// old refresh token after its new tokens have been seen: requests that a browser sent
// before it had them.
const rotateGrace = 30 * time.Second

// rotateKeep is how long new tokens are kept that were never seen, for example because the
// answer was lost: the default life of a refresh token. It is the one time that tokens stay
// in memory.
const rotateKeep = 60 * 24 * time.Hour

// Rotated is what became of a refresh token.
type Rotated struct {
	// With Valid: the new tokens, as the cache's user wants them back, and by their
	// strings. Expiry is the end of the access token; zero means unknown.
	Tokens          any
	Access, Refresh string
	Expiry          time.Time

	Outcome Outcome // Valid, Refused, or anything else for undecided
	Err     error   // unless Valid
}

// A rotation is one use of a refresh token, shared by all who hold it.
type rotation struct {
	key    Key
	done   chan struct{}
	result Rotated // constant once done is closed

	// Guarded by the cache's lock.
	until int64
	// The new tokens, while unseen.
	unseen          bool
	access, refresh Key
	timer           *time.Timer
}

type rotations struct {
	list   *simplelru.LRU[Key, *rotation] // by the refresh token that was used
	unused map[Key]*rotation              // by the new access token, until a client uses it
	led    map[Key]*rotation              // the same by the new refresh token
	count  atomic.Int64                   // the length of unused
	active int
}

// firstUse is the refreshAt of an entry that no request has used yet.
const firstUse = 0

func (r *rotations) init() {
	r.unused, r.led = map[Key]*rotation{}, map[Key]*rotation{}
	r.list, _ = simplelru.NewLRU(smallCapacity, func(_ Key, dropped *rotation) {
		r.used(dropped)
		if dropped.timer != nil {
			dropped.timer.Stop()
		}
	})
}

// used takes a rotation off those with unused tokens.
func (r *rotations) used(one *rotation) {
	if !one.unseen {
		return
	}
	one.unseen = false
	if r.unused[one.access] == one {
		delete(r.unused, one.access)
	}
	if r.led[one.refresh] == one {
		delete(r.led, one.refresh)
	}
	r.count.Store(int64(len(r.unused)))
}

func (r *rotations) clear() { r.list.Purge() }

func (r *rotations) unseen(access Key) bool { return r.unused[access] != nil }

// see notes that an access token has come back from its user. The rotation that made it,
// and those that led to it, are kept for the grace from then on.
func (r *rotations) see(access Key, now int64) {
	for one := r.unused[access]; one != nil; one = r.led[one.key] {
		r.used(one)
		one.until = min(one.until, now+int64(rotateGrace))
		if one.timer != nil {
			one.timer.Reset(time.Duration(one.until - now))
		}
	}
}

// noteFirstUse is called by the first hit of an entry that we asked for ourselves.
func (c *Cache[S]) noteFirstUse(e *entry[S], now int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.refreshAt.CompareAndSwap(firstUse, c.refreshTime(e)) {
		c.rotation.see(e.key, now)
	}
}

// Seen notes that a token has come back from its user. It costs nothing unless tokens of a
// rotation have yet to be seen.
func (c *Cache[S]) Seen(token string) {
	if c.rotation.count.Load() == 0 {
		return
	}
	key := KeyOf(token)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rotation.see(key, c.clock.now())
}

// Rotate uses a refresh token once, whoever asks for it, and returns what became of it.
// The error is a [*Failure].
func (c *Cache[S]) Rotate(ctx context.Context, refreshToken string) (Rotated, error) {
	r, err := c.rotate(ctx, refreshToken)
	if err != nil {
		return Rotated{}, err
	}
	select {
	case <-r.done:
		return r.result, nil
	case <-ctx.Done():
		return Rotated{}, gaveUp(ctx)
	}
}

// ForgetRotation drops what is remembered of a refresh token, and returns what became of
// it, here or on another replica; ok is false if nothing is remembered, or if the store
// fails. It waits for a rotation that is under way. The
// error is a [*Failure]; nothing is dropped then.
func (c *Cache[S]) ForgetRotation(ctx context.Context, refreshToken string) (result Rotated, ok bool, err error) {
	key := KeyOf(refreshToken)
	c.mu.Lock()
	r, ok := c.rotation.list.Peek(key)
	c.mu.Unlock()
	switch {
	case !ok && c.shared != nil:
		return c.shared.forgetRotation(ctx, key)
	case !ok:
		return result, false, nil
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return result, false, gaveUp(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dropRotation(r)
	return r.result, true, nil
}

// rotate joins the rotation of a token or starts it.
func (c *Cache[S]) rotate(ctx context.Context, token string) (*rotation, error) {
	if !c.cfg.Plausible(token) {
		return nil, &Failure{Reason: Malformed}
	}
	key, address := KeyOf(token), c.cfg.Address(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	if r, ok := c.rotation.list.Get(key); ok && now < r.until {
		return r, nil
	}
	switch {
	case c.closed:
		return nil, &Failure{Reason: Closed}
	case c.rotation.active >= maxQueue:
		return nil, &Failure{Reason: Limited, RetryAfter: c.gate.wait(stranger, address)}
	}
	c.rotation.active++
	t := &ticket{lane: stranger, address: address, least: 1, want: 1}
	if i, ok := c.issued.Get(key); ok && now < i.until {
		t.lane = known
	}
	r := &rotation{key: key, done: make(chan struct{}), until: never}
	c.rotation.list.Add(key, r)
	token = strings.Clone(token)
	work := valuesContext{c.work, context.WithoutCancel(ctx)}
	c.background.Go(func() { c.runRotation(work, token, t, r) })
	return r, nil
}

// runRotation uses the refresh token, apart from any request: an answer that no caller
// waits for any more still is the only one.
func (c *Cache[S]) runRotation(work context.Context, token string, t *ticket, r *rotation) {
	use := func() Rotated {
		r := c.useToken(work, token, t)
		if r.Outcome == Valid {
			c.counts.rotations.Add(1)
		} else {
			c.counts.rotationsFailed.Add(1)
		}
		return r
	}
	if c.shared != nil {
		r.result = c.shared.rotate(r.key, use)
	} else {
		r.result = use()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(r.done)
	c.rotation.active--
	now, keep := c.clock.now(), time.Duration(0)
	switch r.result.Outcome {
	case Valid:
		keep = rotateKeep
		c.trustKey(KeyOf(r.result.Access), r.result.Expiry, now)
	case Refused:
		keep = c.cfg.NegativeTTL
	}
	current, ok := c.rotation.list.Peek(r.key)
	switch {
	case !ok || current != r: // forgotten meanwhile
	case keep == 0 || c.closed: // what became of it is unknown: the next one asks
		c.dropRotation(r)
	default:
		r.until = now + int64(keep)
		r.timer = time.AfterFunc(keep, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.dropRotation(r)
		})
		if r.result.Outcome == Valid {
			r.unseen, r.access, r.refresh = true, KeyOf(r.result.Access), KeyOf(r.result.Refresh)
			c.rotation.unused[r.access], c.rotation.led[r.refresh] = r, r
			c.rotation.count.Store(int64(len(c.rotation.unused)))
		}
	}
}

// useToken waits for the turn of the call and makes it. Half the time may pass with
// waiting: a token that is sent with no time left for the answer is lost.
func (c *Cache[S]) useToken(work context.Context, token string, t *ticket) (r Rotated) {
	retryAfter, err := c.gate.enter(t)
	if err == nil {
		timer := time.NewTimer(c.cfg.Timeout / 2)
		defer timer.Stop()
		select {
		case <-t.ready:
		case <-timer.C:
			c.gate.drop(t, errFull)
		}
		<-t.ready
		err = t.err
	}
	if err != nil {
		f := &Failure{Reason: Limited, RetryAfter: retryAfter}
		if errors.Is(err, errClosed) {
			f.Reason = Closed
		}
		return Rotated{Outcome: Unavailable, Err: f}
	}
	defer c.gate.leave(t)
	ctx, cancel := context.WithTimeout(work, c.cfg.Timeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			c.notice(NoticePanic)
			r = Rotated{Outcome: Unavailable, Err: &Failure{Reason: Panicked}}
		}
	}()
	return c.cfg.Rotate(ctx, token)
}

// dropRotation forgets a rotation unless another took its place. The lock is held.
func (c *Cache[S]) dropRotation(r *rotation) {
	if now, ok := c.rotation.list.Peek(r.key); ok && now == r {
		c.rotation.list.Remove(r.key)
	}
}
