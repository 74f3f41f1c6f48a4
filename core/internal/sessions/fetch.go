package sessions

import (
	"context"
	"errors"
	"math"
	"strings"
	"time"
)

// A fetch is one question to the service about a token, shared by all who want to know.
// It runs apart from any request, so that a caller that leaves does not end it.
type fetch[S any] struct {
	key     Key
	token   string    // our own copy
	entry   *entry[S] // what was remembered when it began, or nil
	source  *Source[S]
	lane    lane
	own     bool // no request with the token has come yet: see Adopt
	address string
	ticket  *ticket
	ask     parts
	expiry  time.Time       // of a trusted token
	values  context.Context // of the request that began it, or nil
	traced  context.Context // of Config.Trace; constant when done is closed
	turn    chan struct{}   // closed when it is its turn, or will never be
	done    chan struct{}   // closed when there is an answer

	// Guarded by the cache's lock until done is closed, constant from then on.
	forgets   uint64            // of the cache, when it began
	dropped   bool              // the token was forgotten meanwhile: do not store the answer
	forgotten map[string]uint64 // uids forgotten meanwhile, and when first (Cache.forgets)
	recheck   bool              // the account is marked for recheck, so the answer is not stored
	// outdatedHere says that another replica forgot what the answer is about since it was
	// asked for.
	outdatedHere bool
	answer       Answer[S]
}

// parts are the calls of a fetch.
type parts struct {
	session, expiry bool
}

// A joinState tells what a caller found when it came to a fetch.
type joinState struct {
	began   bool   // the fetch was started for this caller
	refused bool   // the token was refused a moment ago
	forgets uint64 // Cache.forgets at that time
}

// join joins the fetch of a key or starts one. If the answer is known after all, it
// returns that and no fetch.
func (c *Cache[S]) join(ctx context.Context, key Key, token string, e *entry[S], how request[S]) (none S, _ *fetch[S], _ joinState, _ error) {
	address := ""
	if e == nil {
		address = c.cfg.Address(ctx)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	if !how.own {
		c.rotation.see(key, now)
	}
	// A fetch may have ended since the caller looked.
	if e := c.store.peek(key); e != nil && now < e.freshUntil && !c.store.ended(e, now) {
		c.counts.coalesced.Add(1)
		return e.session, nil, joinState{}, nil
	}
	if r, ok := c.negative.Get(key); ok {
		if now < r.until {
			return none, nil, joinState{refused: true}, r.err
		}
		c.negative.Remove(key)
	}
	if f := c.fetches[key]; f != nil {
		c.counts.coalesced.Add(1)
		f.own = f.own && how.own
		if f.ticket != nil {
			c.gate.promote(f.ticket)
		}
		return none, f, joinState{forgets: c.forgets}, nil
	}
	f := &fetch[S]{key: key, entry: e, source: how.source, own: how.own, lane: known, address: address, ask: parts{session: true}, values: context.WithoutCancel(ctx)}
	if e != nil {
		f.ask.expiry = c.wantsExpiry(e, now)
	} else if t, ok := c.trusted.Get(key); ok && now < t.until {
		f.expiry, f.ask.expiry = t.expiry, t.expiry.IsZero() && !c.cfg.SkipExpiry
	} else {
		f.lane, f.ask.expiry = stranger, !c.cfg.SkipExpiry
	}
	if err := c.start(f, token); err != nil {
		return none, nil, joinState{}, err
	}
	c.counts.misses.Add(1)
	return none, f, joinState{began: true, forgets: c.forgets}, nil
}

// wantsExpiry reports whether a fetch about an entry should also ask for the expiry: if
// it is not known yet, and near the known one, since sites may let sessions slide.
func (c *Cache[S]) wantsExpiry(e *entry[S], now int64) bool {
	if c.cfg.SkipExpiry {
		return false
	}
	return !e.expiryKnown || e.expires != 0 && e.end-now < 2*int64(c.cfg.TTL)
}

// start queues a fetch and runs it when it is its turn. The lock is held.
func (c *Cache[S]) start(f *fetch[S], token string) error {
	if c.closed {
		return &Failure{Reason: Closed}
	}
	f.token, f.forgets = strings.Clone(token), c.forgets
	f.turn, f.done = make(chan struct{}), make(chan struct{})
	if f.source == nil || !f.source.Local {
		calls := 0
		for _, ask := range []bool{f.ask.session, f.ask.expiry} {
			if ask {
				calls++
			}
		}
		f.ticket = &ticket{lane: f.lane, address: f.address, least: 1, want: calls}
		if f.entry != nil && !f.entry.expiryKnown {
			f.ticket.least = calls // once it is known, the answer is believed for longer
		}
		if !c.asksStore(f) { // else it enters once the store knows nothing
			if retryAfter, err := c.gate.enter(f.ticket); err != nil {
				return &Failure{Reason: Limited, RetryAfter: retryAfter}
			}
		}
	}
	if f.entry != nil {
		f.entry.refreshAt.Store(never) // until the fetch ends
	}
	c.fetches[f.key] = f
	c.background.Go(func() { c.run(f) })
	return nil
}

// refresh asks again about a session that is used, in the background, unless a fetch is
// under way, the budget is short, or the service is degraded and was tried a moment ago.
func (c *Cache[S]) refresh(token string, e *entry[S], now int64) {
	if e.refreshAt.Load() == firstUse {
		c.noteFirstUse(e, now)
		return
	}
	if at := e.failedAt.Load(); at != 0 && now-at < int64(retryPause) || e.source == nil && !c.health.mayTry(now) {
		return
	}
	if late := c.lateness(e, now); e.source == nil && !c.gate.mayRefresh(late) {
		e.refreshAt.Store(now + max((e.freshUntil-now)/8, int64(time.Second)/2))
		return
	}
	c.startRefresh(token, e)
}

// lateness is 0 at RefreshAfter and 1 at the end of the belief.
func (c *Cache[S]) lateness(e *entry[S], now int64) float64 {
	begin := e.asked + min(int64(c.cfg.RefreshAfter), (e.freshUntil-e.asked)*3/4)
	if now <= begin {
		return 0
	}
	return float64(now-begin) / float64(max(1, e.freshUntil-begin))
}

// startRefresh starts a background fetch, unless one is under way.
func (c *Cache[S]) startRefresh(token string, e *entry[S]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	if under := c.fetches[e.key]; under != nil || c.store.peek(e.key) != e {
		if under == nil || under.entry != e {
			e.refreshAt.Store(now + int64(retryPause))
		}
		return
	}
	f := &fetch[S]{key: e.key, entry: e, source: e.source, lane: background, ask: parts{session: true, expiry: c.wantsExpiry(e, now)}}
	if young := now < e.asked+min(int64(c.cfg.RefreshAfter), int64(c.cfg.TTL)*3/4); young && !e.expiryKnown && f.ask.expiry && now < e.freshUntil {
		f.ask.session = false // the session is young enough: learn its expiry alone
	}
	if err := c.start(f, token); err != nil {
		e.refreshAt.Store(now + int64(retryPause))
		return
	}
	c.counts.refreshes.Add(1)
}

const never = math.MaxInt64

// run waits for the fetch's turn, asks, and stores the answer.
func (c *Cache[S]) run(f *fetch[S]) {
	defer close(f.done)
	work, end := c.trace(f)
	var waited time.Duration
	defer func() { end(&f.answer, waited) }()
	var store sharedAnswer[S]
	if c.asksStore(f) {
		store = c.consult(f)
		if c.shared.complete(work, &store); store.found {
			close(f.turn)
			c.land(f, &store.answer, store.asked, true)
			return
		}
		if retryAfter, err := c.gate.enter(f.ticket); err != nil {
			c.refuse(f, err, retryAfter)
			return
		}
	}
	if f.ticket != nil {
		queued := time.Now()
		<-f.ticket.ready
		waited = time.Since(queued)
		if f.ticket.err != nil {
			c.refuse(f, f.ticket.err, c.gate.wait(f.lane, f.address))
			return
		}
		defer c.gate.leave(f.ticket)
		if f.ticket.granted < f.ticket.want {
			f.ask.expiry = false // it follows when there is room
		}
	}
	close(f.turn)
	ctx, cancel := context.WithTimeout(work, c.cfg.Timeout)
	defer cancel()
	asked := c.clock.now()
	a := c.fetch(ctx, f)
	if !c.asksStore(f) {
		c.land(f, &a, asked, false)
		return
	}
	c.share(f, &a, asked, store.now)
}

// refuse ends a fetch that had no turn.
func (c *Cache[S]) refuse(f *fetch[S], err error, retryAfter time.Duration) {
	reason := Limited
	if errors.Is(err, errClosed) {
		reason = Closed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f.answer = Answer[S]{Outcome: Unavailable, Err: &Failure{Reason: reason, RetryAfter: retryAfter}}
	c.end(f)
	close(f.turn)
}

// fetch calls the fetch function; a panic in it is a failure of the service.
func (c *Cache[S]) fetch(ctx context.Context, f *fetch[S]) (a Answer[S]) {
	defer func() {
		if recover() != nil {
			c.notice(NoticePanic)
			a = Answer[S]{Outcome: Unavailable, Err: &Failure{Reason: Panicked}}
		}
	}()
	q := &Question[S]{Token: f.token, AskSession: f.ask.session, AskExpiry: f.ask.expiry, KnownExpiry: f.expiry}
	if f.ticket != nil {
		q.again = func(ctx context.Context) error { return c.gate.again(ctx, f.ticket) }
	}
	if e := f.entry; e != nil {
		q.Known, q.HasKnown = e.session, true
		if e.expires != 0 {
			q.KnownExpiry = time.Unix(0, e.expires)
		}
	}
	if f.source != nil {
		return f.source.Fetch(ctx, q)
	}
	return c.cfg.Fetch(ctx, q)
}

// end takes a fetch off the list. The lock is held.
func (c *Cache[S]) end(f *fetch[S]) {
	if c.fetches[f.key] == f {
		delete(c.fetches, f.key)
	}
	f.token = ""
	switch pause := retryPause; {
	case f.entry == nil || f.answer.Outcome == Valid:
	case f.answer.Outcome == Undecided:
		pause = c.cfg.NegativeTTL
		fallthrough
	default:
		f.entry.refreshAt.Store(c.clock.now() + int64(pause))
	}
}

// land stores what the service said, unless it was outdated meanwhile. It reports whether
// the answer is remembered. stored says that the answer comes from the shared store.
func (c *Cache[S]) land(f *fetch[S], a *Answer[S], asked int64, stored bool) (remembered bool) {
	remote := !stored && (f.source == nil || !f.source.Local)
	switch {
	case a.Outcome != Unavailable:
		if remote {
			c.health.answered()
		}
	case f.entry != nil:
		c.noteFailure(f.key, f.entry, remote && a.AtOnce, a.RetryAfter)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f.answer = *a
	c.end(f)
	now := c.clock.now()
	f.recheck = a.Outcome == Valid && (f.recheck || c.rechecked(a.UID, now))
	_, forgotten := f.forgotten[a.UID]
	switch {
	case f.dropped || c.closed:
	case a.Outcome == Valid && (forgotten || f.outdatedHere):
		c.store.remove(f.key)
	case f.recheck:
		c.store.remove(f.key)
		c.trusted.Add(f.key, trust{a.Expiry, now + int64(trustFor)}) // its requests do not queue behind strangers
	case a.Outcome == Valid:
		if !f.ask.session { // it learned the expiry alone
			asked = f.entry.asked
			if c.store.peek(f.key) != f.entry {
				return false // evicted, or replaced by a newer answer
			}
		}
		e := c.newEntry(f, a, asked)
		if c.store.ended(e, now) {
			c.store.remove(f.key) // what is remembered of it does not know yet
			return false
		}
		if now < e.freshUntil {
			if f.own && c.rotation.unseen(f.key) {
				e.refreshAt.Store(firstUse)
			}
			c.store.put(e, now)
			return true
		}
	case a.Outcome == Refused:
		c.store.remove(f.key)
		c.trusted.Remove(f.key)
		c.negative.Add(f.key, refusal{a.Err, now + int64(c.cfg.NegativeTTL)})
		c.watchers.end(f.key)
	case f.entry != nil: // undecided, or no answer: this session alone goes on for a while
		f.entry.failedAt.Store(now)
	}
	return false
}

// noteFailure notes that there was no answer about a known session.
func (c *Cache[S]) noteFailure(key Key, e *entry[S], atOnce bool, retryAfter time.Duration) {
	now := c.clock.now()
	e.failedAt.Store(now)
	if c.health.failed(key, now, atOnce, retryAfter) {
		c.notice(NoticeDegraded)
	}
}

// outdated reports whether the answer is older than an eviction of its account that
// happened before the caller came.
func (f *fetch[S]) outdated(joined uint64) bool {
	at, ok := f.forgotten[f.answer.UID]
	return ok && joined >= at
}

// staleForJoiners reports whether callers that joined after the fetch began must fetch again,
// because the account may have been deleted or the token ended in between.
func (c *Cache[S]) staleForJoiners(f *fetch[S]) bool {
	end := f.answer.Expiry
	return f.recheck || f.outdatedHere || !end.IsZero() && !c.clock.wall().Before(end)
}

// newEntry decides how long an answer to a question asked at that time is believed.
func (c *Cache[S]) newEntry(f *fetch[S], a *Answer[S], asked int64) *entry[S] {
	e := &entry[S]{
		key: f.key, session: a.Session, uid: a.UID, asked: asked, end: never, source: f.source,
		expires: unixNano(a.Expiry), expiryKnown: a.ExpiryKnown, size: a.Size + overhead,
	}
	ttl := int64(c.cfg.TTL)
	if e.expires == 0 {
		ttl = min(ttl, int64(c.cfg.UnknownExpiryTTL))
	} else {
		// Half the remaining life, so that a site with sliding expiry sees the token in
		// time; at least a second, or the last seconds were all questions.
		age := time.Duration(c.clock.now() - asked)
		life := int64(a.Expiry.Sub(c.clock.wall()) + age) // since it was asked; Sub saturates
		ttl = min(ttl, max(life/2, int64(time.Second)))
		if life < never-asked {
			e.end = asked + max(life, 0)
		}
	}
	e.freshUntil = min(asked+ttl, e.end)
	e.refreshAt.Store(c.refreshTime(e))
	return e
}

// refreshTime returns when a hit starts a background fetch for the first time.
func (c *Cache[S]) refreshTime(e *entry[S]) int64 {
	belief := e.freshUntil - e.asked
	refreshAt := e.asked + min(int64(c.cfg.RefreshAfter), belief*3/4)
	switch {
	case !e.expiryKnown && !c.cfg.SkipExpiry && e.source == nil:
		// The expiry follows soon, spread over some time after a start.
		return min(refreshAt, e.asked+belief/8+belief/2*int64(e.key[1])/256)
	case c.cfg.RefreshAfter == c.cfg.TTL:
		return e.freshUntil
	}
	return refreshAt
}
