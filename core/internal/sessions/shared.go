package sessions

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A Store is what replicas share; see core.SharedStore, which documents it.
type Store interface {
	Load(ctx context.Context, key string) (value []byte, now int64, err error)
	Save(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Claim(ctx context.Context, key string, value []byte, ttl time.Duration) (held []byte, err error)
	Marks(ctx context.Context, keys []string) ([]int64, error)
	Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (at int64, err error)
	Follow(ctx context.Context, after int64, do func(at int64, event []byte)) error
}

// A Limiter is a token bucket that replicas share; see core.SharedLimiter.
type Limiter interface {
	Take(ctx context.Context, key string, n int, perSecond float64, burst int) (wait time.Duration, err error)
}

// Sharing configures what a cache shares with other replicas.
type Sharing[S any] struct {
	Store  Store
	Secret []byte // at least 16 bytes
	Salt   []byte // separates sites
	Layout string // separates replicas with sessions that hold different things

	Encode func(S) []byte
	Decode func(key Key, data []byte, expiry time.Time, expiryKnown bool) (Answer[S], bool)
	// Complete adds to a decoded answer what replicas do not share. Optional.
	Complete  func(ctx context.Context, a Answer[S]) Answer[S]
	Addresses func(S) []string // e-mail addresses, by which sessions are forgotten
	// The tokens of a rotation.
	EncodeRotated func(Rotated) []byte
	DecodeRotated func([]byte) (Rotated, bool)

	Off Off // set by tests only
}

// Off switches invariants off, so that a test can show that it notices. The zero value
// keeps all of them.
type Off struct {
	Freshness   bool // an answer is believed no longer than TTL after LoginRadius was asked
	Marks       bool // no answer from before a mark in the store is taken
	LocalMarks  bool // no replica takes back what it forgot or was told to forget
	Repeating   bool // what the store lost is announced again
	NoRefusals  bool // no refusal comes from the store
	StoreErrors bool // an error of the store means "not found"
	Claims      bool // the replica that holds a claim is the only one that acts on it
	SeenClaims  bool // a claim that was seen holds even if the store fails afterwards
}

// A request waits for the store as long as opTime at most. After a failure the store is
// left alone for breakFor, except for one try, and everything goes on without it.
const (
	opTime   = 50 * time.Millisecond
	breakFor = time.Second
)

// shared is the level that replicas have in common. It holds answers of the service, each
// with the time when that was asked, so that an answer is believed no longer than if every
// replica had asked itself; and an ordered log of what was forgotten, with marks that make
// older answers unusable wherever they come from. No refusal is ever stored, and the store
// never decides that a token is bad. Every failure of the store means "not found".
type shared[S any] struct {
	cfg      Sharing[S]
	cache    *Cache[S]
	seal     *sealer
	life     time.Duration // of marks
	breaker  atomic.Int64  // while the store fails: when to try it next, in elapsed time
	failedAt atomic.Int64  // when the store last failed
	floor    atomic.Int64  // the latest time of the store that this replica has seen

	mu      sync.Mutex
	heard   *simplelru.LRU[string, int64] // marks that were announced, by key, in the store's time
	unsaid  map[string]int64              // marks that have yet to be announced, in elapsed time
	mine    []*announcement
	blindTo int64 // until then no value is taken, since an announcement had to be dropped
	wake    chan struct{}

	hits, misses, rejected, errors, saves, announced, received atomic.Uint64
}

// maxMine bounds the announcements that a replica keeps in mind.
const maxMine = 20_000

func newShared[S any](c *Cache[S], cfg Sharing[S]) (*shared[S], error) {
	seal, err := newSealer(cfg.Secret, cfg.Salt, cfg.Layout)
	if err != nil {
		return nil, err
	}
	s := &shared[S]{cfg: cfg, cache: c, seal: seal, unsaid: map[string]int64{}, wake: make(chan struct{}, 1)}
	s.life = max(c.cfg.StaleIfError, c.cfg.MaxTTL) + time.Minute
	s.heard, _ = simplelru.NewLRU[string, int64](2*maxMine, nil)
	return s, nil
}

var errStorePanicked = errors.New("the store panicked")

// try calls the store within its time, unless it failed a moment ago.
func (s *shared[S]) try(call func(context.Context) error) bool {
	now := s.cache.clock.now()
	if next := s.breaker.Load(); next != 0 && (now < next || !s.breaker.CompareAndSwap(next, now+int64(breakFor))) {
		return false
	}
	ctx, cancel := context.WithTimeout(s.cache.work, opTime)
	defer cancel()
	err := errStorePanicked
	func() {
		defer func() { _ = recover() }() // a store of the application
		err = call(ctx)
	}()
	switch {
	case err == nil:
		s.breaker.Store(0)
		return true
	case s.cache.work.Err() == nil:
		s.errors.Add(1)
		s.failedAt.Store(s.cache.clock.now())
		s.breaker.Store(s.cache.clock.now() + int64(breakFor))
		s.cache.noticeError(NoticeShared, err)
	}
	return false
}

// names returns the marks that concern a session.
func (s *shared[S]) names(key Key, uid string, session S) []string {
	names := []string{s.seal.key("t", string(key[:])), s.seal.key("u", uid), s.seal.key("r", uid)}
	for _, address := range s.cfg.Addresses(session) {
		names = append(names, s.seal.key("e", strings.ToLower(address)))
	}
	return names
}

const recheckMark = 2 // its place in names

// A sharedAnswer is what the store knows of a token.
type sharedAnswer[S any] struct {
	answer Answer[S]
	asked  int64 // elapsed time of this replica
	found  bool
	now    int64 // the store's time before anything was asked; 0: it could not be read
}

// load returns what another replica was told about a token, if that may still be believed.
func (s *shared[S]) load(key Key) (r sharedAnswer[S]) {
	var box []byte
	if !s.try(func(ctx context.Context) (err error) {
		box, r.now, err = s.cfg.Store.Load(ctx, s.seal.key("v", string(key[:])))
		return err
	}) {
		r.answer, r.found = Answer[S]{Outcome: Unavailable, Err: &Failure{Reason: Closed}}, s.cfg.Off.StoreErrors
		return r
	}
	if box == nil {
		s.misses.Add(1)
		return r
	}
	elapsed, wall := s.cache.clock.now(), s.cache.clock.wall()
	plain, err := s.seal.open(key, box)
	if err != nil {
		s.rejected.Add(1)
		r.answer, r.found = Answer[S]{Outcome: Refused, Err: &Failure{Reason: Malformed}}, s.cfg.Off.NoRefusals
		return r
	}
	v, err := decodeShared(plain)
	if err != nil {
		s.rejected.Add(1)
		return r
	}
	// The stricter of two clocks counts: the store's, and that of the replicas.
	age := max(microseconds(r.now-v.askedStore), wall.Sub(time.Unix(0, v.askedWall)), 0)
	if s.cfg.Off.Freshness {
		age = 0
	}
	if age >= s.cache.cfg.TTL {
		s.misses.Add(1)
		return r
	}
	var expiry time.Time
	if v.expires != 0 {
		expiry = time.Unix(0, v.expires).UTC()
	}
	a, ok := s.cfg.Decode(key, v.data, expiry, v.known)
	if !ok || a.Outcome != Valid || v.expires != 0 && !wall.Before(expiry) {
		s.rejected.Add(1)
		return r
	}
	r.asked = elapsed - int64(age)
	if s.revoked(s.names(key, a.UID, a.Session), v.askedStore, r.asked, r.now) {
		s.rejected.Add(1)
		return r
	}
	s.hits.Add(1)
	r.answer, r.found = a, true
	return r
}

func microseconds(n int64) time.Duration {
	const most = int64(1<<63-1) / 1000
	return time.Duration(min(max(n, -most), most)) * time.Microsecond
}

// revoked reports whether an answer may not be taken or kept: something that it concerns
// was forgotten after it was asked for, its account is marked for recheck, or the store
// cannot tell.
func (s *shared[S]) revoked(names []string, askedStore, asked, now int64) bool {
	if s.revokedHere(names, askedStore, asked) {
		return true
	}
	if s.cfg.Off.Marks {
		return false
	}
	var at []int64
	if !s.try(func(ctx context.Context) (err error) { at, err = s.cfg.Store.Marks(ctx, names); return err }) || len(at) != len(names) {
		return true
	}
	for i, t := range at {
		if i == recheckMark && t != 0 && microseconds(now-t) < s.cache.cfg.RecheckFor || i != recheckMark && t >= askedStore {
			return true
		}
	}
	return false
}

// revokedHere is revoked by what this replica has announced, or has yet to announce, or
// was told: it must not take back what it was told to forget, even if the store lost it.
func (s *shared[S]) revokedHere(names []string, askedStore, asked int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cfg.Off.LocalMarks {
		return false
	}
	if s.cache.clock.now() < s.blindTo {
		return true
	}
	for i, name := range names {
		if at, ok := s.heard.Peek(name); ok && i != recheckMark && at >= askedStore {
			return true
		}
		if at, ok := s.unsaid[name]; ok && at >= asked {
			return true
		}
	}
	return false
}

// rechecked reports whether another replica has marked an account for recheck, and
// whether anything that an answer concerns was forgotten since it was asked for.
func (s *shared[S]) outdated(names []string, askedStore, asked, now int64) (recheck, forgotten bool) {
	if s.revokedHere(names, askedStore, asked) {
		return false, true
	}
	var at []int64
	if askedStore == 0 || s.cfg.Off.Marks || !s.try(func(ctx context.Context) (err error) { at, err = s.cfg.Store.Marks(ctx, names); return err }) || len(at) != len(names) {
		return false, false
	}
	for i, t := range at {
		if i == recheckMark {
			recheck = t != 0 && microseconds(now-t) < s.cache.cfg.RecheckFor
		} else if t >= askedStore {
			forgotten = true
		}
	}
	return recheck, forgotten
}

// save shares an answer of the service. A late one does no harm: whoever loads it looks at
// the marks.
func (s *shared[S]) save(key Key, a *Answer[S], asked, storeNow int64) {
	c := s.cache
	age := time.Duration(c.clock.now() - asked)
	v := sharedValue{askedStore: storeNow, askedWall: c.clock.wall().Add(-age).UnixNano(), expires: unixNano(a.Expiry), known: a.ExpiryKnown, data: s.cfg.Encode(a.Session)}
	box, err := s.seal.seal(key, v.encode())
	if err != nil {
		return
	}
	if s.try(func(ctx context.Context) error {
		return s.cfg.Store.Save(ctx, s.seal.key("v", string(key[:])), box, c.cfg.TTL)
	}) {
		s.saves.Add(1)
	}
}

// claimRefresh reports whether this replica is to refresh a session in the background:
// yes, unless another one has begun to a moment ago.
func (s *shared[S]) claimRefresh(key Key) bool {
	held := []byte(nil)
	nonce := newNonce()
	if !s.try(func(ctx context.Context) (err error) {
		held, err = s.cfg.Store.Claim(ctx, s.seal.key("f", string(key[:])), nonce, 2*time.Second)
		return err
	}) {
		return true
	}
	return held == nil
}

// bucket returns the calls per second of the service, which all replicas spend together.
func (s *shared[S]) bucket(limiter Limiter) bucket {
	key := s.seal.key("l", "upstream")
	return func(n int) (wait time.Duration, ok bool) {
		rate, burst := s.cache.cfg.Rate, max(2, int(s.cache.cfg.Rate))
		ok = s.try(func(ctx context.Context) (err error) {
			wait, err = limiter.Take(ctx, key, min(n, burst), rate, burst)
			return err
		})
		return wait, ok
	}
}
