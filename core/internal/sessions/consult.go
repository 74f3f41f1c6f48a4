package sessions

import (
	"context"
	"time"
)

// asksStore reports whether a fetch concerns the shared store.
func (c *Cache[S]) asksStore(f *fetch[S]) bool {
	return c.shared != nil && f.source == nil && f.ask.session
}

// While another replica refreshes a session, this one looks for its answer this often and
// this long, and then asks itself.
const (
	othersPause = 100 * time.Millisecond
	othersWait  = 500 * time.Millisecond
)

// consult looks for the answer of another replica that is newer than what is remembered
// here. Of several replicas that want to refresh a session, one asks the service.
func (c *Cache[S]) consult(f *fetch[S]) sharedAnswer[S] {
	r := c.shared.load(f.key)
	if f.lane != background || r.now == 0 {
		return c.usable(f, r)
	}
	if r = c.usable(f, r); r.found || c.shared.claimRefresh(f.key) {
		return r
	}
	for end := time.Now().Add(othersWait); time.Now().Before(end) && c.work.Err() == nil; {
		wait(c.work, othersPause)
		if r = c.usable(f, c.shared.load(f.key)); r.found || r.now == 0 {
			break
		}
	}
	return r
}

// complete adds what replicas do not share to an answer, or drops it if that fails.
func (s *shared[S]) complete(ctx context.Context, r *sharedAnswer[S]) {
	if !r.found || r.answer.Outcome != Valid || s.cfg.Complete == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.cache.cfg.Timeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			s.cache.notice(NoticePanic)
			r.found = false
		}
	}()
	r.answer = s.cfg.Complete(ctx, r.answer)
	r.found = r.answer.Outcome == Valid
}

// usable drops an answer that would be of no use here: it is as old as the one that is
// remembered, or due for a refresh itself.
func (c *Cache[S]) usable(f *fetch[S], r sharedAnswer[S]) sharedAnswer[S] {
	if !r.found || r.answer.Outcome != Valid {
		return r
	}
	e, now := c.newEntry(f, &r.answer, r.asked), c.clock.now()
	if now >= e.freshUntil || f.entry != nil && (r.asked <= f.entry.asked || now >= e.asked+int64(c.cfg.RefreshAfter)) {
		r.found = false
	}
	return r
}

// share stores an answer of the service here and for the other replicas.
func (c *Cache[S]) share(f *fetch[S], a *Answer[S], asked, storeNow int64) {
	s := c.shared
	if a.Outcome == Valid {
		recheck, forgotten := s.outdated(s.names(f.key, a.UID, a.Session), storeNow, asked, storeNow)
		c.mu.Lock()
		f.recheck, f.outdatedHere = recheck, forgotten
		c.mu.Unlock()
	}
	switch remembered := c.land(f, a, asked, false); {
	case remembered && storeNow != 0:
		s.save(f.key, a, asked, storeNow)
	case a.Outcome == Refused && f.entry != nil:
		// It was good before: the others learn that it is not.
		c.forgetEverywhere(eventToken, string(f.key[:]), s.life, func() {})
	}
}

// saveAdopted shares an answer that issued a token. The store's clock was not read before
// it was asked for, so that its time is estimated, on the safe side.
func (s *shared[S]) saveAdopted(key Key, a *Answer[S], asked int64) {
	var now int64
	if !s.try(func(ctx context.Context) (err error) {
		_, now, err = s.cfg.Store.Load(ctx, s.seal.key("v", string(key[:])))
		return err
	}) {
		return
	}
	age := time.Duration(s.cache.clock.now()-asked) + time.Second
	s.save(key, a, asked, now-age.Microseconds())
}
