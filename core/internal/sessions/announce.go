package sessions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"time"
)

// An announcement is something that this replica forgot and that the others must forget.
type announcement struct {
	mark  string
	event []byte
	life  time.Duration
	began int64 // elapsed time when it was intended
	// binds says that answers from before it may not be taken from the store.
	binds   bool
	prepare func() bool // optional: what has to be in the store before

	// Guarded by the level's lock.
	at    int64 // the store's time; 0: it has yet to be announced
	since int64 // elapsed time when it was announced
	until int64 // elapsed time after which it is of no use
	seen  int64 // elapsed time when the store last had it
}

// The kinds of events. What follows in the event is the key of a token, a uid or an
// e-mail address.
const (
	eventToken   = 't'
	eventUser    = 'u'
	eventRecheck = 'r'
	eventEmail   = 'e'

	// Revocations: see Revoke.
	eventRevokedToken  = 'T'
	eventRevokedUser   = 'U'
	eventRevokedBefore = 'B' // an account, with a time of its own
	eventRevokedID     = 'j' // a token of an account, by its name
)

// How often a replica looks whether the store still has its own announcements: at first
// often, since a store that fails over loses the latest.
const (
	repeatEvery = 100 * time.Millisecond
	youngFor    = 15 * time.Second
	lookYoung   = time.Second
	lookOld     = 15 * time.Second
)

func newNonce() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return b
}

// intend notes that something is about to be forgotten, so that this replica takes
// nothing of it from the store from now on.
func (s *shared[S]) intend(kind byte, id string, life time.Duration) *announcement {
	event, err := s.seal.sealEvent(append([]byte{kind}, id...))
	if err != nil {
		event = nil
	}
	a := &announcement{mark: s.markOf(kind, id), event: event, life: life}
	switch kind {
	case eventToken, eventUser, eventRecheck, eventEmail:
		a.binds = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cache.clock.now()
	a.began, a.until = now, now+int64(life)
	if len(s.mine) >= maxMine {
		oldest := s.mine[0]
		s.mine = s.mine[1:]
		if oldest.at == 0 && oldest.binds { // it binds this replica no longer, so that nothing may be taken
			delete(s.unsaid, oldest.mark)
			s.blindTo = max(s.blindTo, oldest.until)
		}
	}
	s.mine = append(s.mine, a)
	s.unsaid[a.mark] = now
	return a
}

// announce tells the others, now or as soon as the store can be reached.
func (s *shared[S]) announce(a *announcement) bool {
	var at int64
	if a.event == nil || a.prepare != nil && !a.prepare() || !s.try(func(ctx context.Context) (err error) {
		at, err = s.cfg.Store.Announce(ctx, []string{a.mark}, a.event, s.floor.Load(), a.life)
		return err
	}) {
		return false
	}
	s.announced.Add(1)
	s.raise(at)
	if delay, first := s.took(a, at); first && s.cache.cfg.Announced != nil {
		s.cache.cfg.Announced(delay)
	}
	return true
}

// took notes that the store has an announcement, and returns how long that has taken if it
// is the first time.
func (s *shared[S]) took(a *announcement, at int64) (delay time.Duration, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cache.clock.now()
	if first = a.at == 0; first {
		a.since = now
	}
	a.at, a.seen = at, now
	s.heard.Add(a.mark, at)
	delete(s.unsaid, a.mark)
	return time.Duration(now - a.began), first
}

// markOf returns the mark of an event. That of a revocation with a time of its own is the
// account's, whatever the time.
func (s *shared[S]) markOf(kind byte, id string) string {
	if uid, _, ok := splitTimed(id); ok && kind == eventRevokedBefore {
		id = uid
	}
	return s.seal.key(string(kind), id)
}

func (s *shared[S]) raise(at int64) {
	for {
		if old := s.floor.Load(); at <= old || s.floor.CompareAndSwap(old, at) {
			return
		}
	}
}

// forget carries an eviction out here and elsewhere: what is loaded between the two could
// be from before, so that it is carried out again once the others have been told.
func (c *Cache[S]) forgetEverywhere(kind byte, id string, life time.Duration, here func()) {
	c.revoked(kind, id, c.clock.wall())
	s := c.shared
	if s == nil {
		here()
		return
	}
	c.forgetAs(s.intend(kind, id, life), here)
}

func (c *Cache[S]) forgetAs(a *announcement, here func()) {
	s := c.shared
	here()
	if s.announce(a) {
		here()
		return
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// follow hears what the others forget until the cache is closed.
func (s *shared[S]) follow() {
	ctx := s.cache.work
	after, pause := int64(0), 50*time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		func() {
			defer func() { _ = recover() }() // a store of the application
			_ = s.cfg.Store.Follow(ctx, after, func(at int64, event []byte) {
				after = max(after, at)
				s.hear(at, event)
			})
		}()
		if time.Since(began) > time.Second {
			pause = 50 * time.Millisecond
		}
		wait(ctx, pause)
		pause = min(2*pause, time.Second)
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// hear carries out what a replica announced, this one included: a replica that restarted
// hears the log from its beginning.
func (s *shared[S]) hear(at int64, event []byte) {
	s.raise(at)
	plain, err := s.seal.openEvent(event)
	if err != nil || len(plain) < 2 {
		return // of a replica with another secret
	}
	s.received.Add(1)
	kind, id := plain[0], string(plain[1:])
	s.mu.Lock()
	name := s.markOf(kind, id)
	if old, ok := s.heard.Peek(name); !ok || at > old {
		s.heard.Add(name, at)
	}
	s.mu.Unlock()
	c := s.cache
	c.revoked(kind, id, time.UnixMicro(at))
	switch kind {
	case eventToken:
		if len(id) == len(Key{}) {
			c.forgetKey(Key([]byte(id)))
		}
	case eventUser:
		c.forgetUserHere(id)
	case eventRecheck:
		c.recheckHere(id)
	case eventRevokedUser:
		c.endUserHere(id)
	case eventRevokedBefore:
		if uid, _, ok := splitTimed(id); ok {
			c.forgetUserHere(uid)
		}
	case eventRevokedID:
		if len(id) > sha256.Size {
			c.forgetUserHere(id[sha256.Size:])
		}
	case eventEmail:
		c.forgetMatchingHere(func(session S) bool { return hasAddress(s.cfg.Addresses(session), id) })
	}
}

// repeat announces what could not be announced, and again what the store has lost since: a
// store that was restarted, flushed or failed over forgets what it confirmed.
func (s *shared[S]) repeat() {
	ctx := s.cache.work
	t := time.NewTicker(repeatEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			wait(ctx, repeatEvery)
		case <-t.C:
		}
		due, look := s.duties()
		if s.cfg.Off.Repeating {
			look = nil
		}
		due = append(due, s.lost(look)...)
		for _, a := range due {
			if !s.announce(a) {
				break
			}
		}
	}
}

// duties returns the announcements that have yet to be made, and those that the store
// should be asked for.
func (s *shared[S]) duties() (due, look []*announcement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cache.clock.now()
	kept := s.mine[:0]
	for _, a := range s.mine {
		if now >= a.until {
			delete(s.unsaid, a.mark)
			continue
		}
		kept = append(kept, a)
		every := lookOld
		if now-a.since < int64(youngFor) {
			every = lookYoung
		}
		switch {
		case a.at == 0:
			due = append(due, a)
		case now-a.seen >= int64(every) && len(look) < 500:
			look = append(look, a)
		}
	}
	clear(s.mine[len(kept):])
	s.mine = kept
	return due, look
}

// lost returns those announcements that the store no longer has.
func (s *shared[S]) lost(look []*announcement) (gone []*announcement) {
	if len(look) == 0 {
		return nil
	}
	names := make([]string, len(look))
	for i, a := range look {
		names[i] = a.mark
	}
	var at []int64
	if !s.try(func(ctx context.Context) (err error) { at, err = s.cfg.Store.Marks(ctx, names); return err }) || len(at) != len(look) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cache.clock.now()
	for i, a := range look {
		if a.seen = now; at[i] < a.at {
			gone = append(gone, a)
		}
	}
	return gone
}
