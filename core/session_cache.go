package core

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxFlights bounds the validations under way or waiting for their turn: of unknown
// tokens, and apart from those, of known sessions.
const maxFlights = 4096

// staleWait is how long a request waits for a new answer before it goes on with a
// session that may still be served stale.
const staleWait = 3 * time.Second

// troublePause is how often LoginRadius is tried while it is in trouble. Until it
// answers, known sessions are served stale at once, and nobody waits for the tries.
// A Retry-After puts the next try off, within reason.
const (
	troublePause    = time.Second
	maxTroublePause = time.Minute
)

// recheckWindow is how long a uid stays on the list of those who are asked for on
// every request: the life of a mailed deletion link by default.
const (
	recheckWindow   = 72 * time.Hour
	recheckCapacity = 10_000
)

// Session validates an access token and returns whose it is. Nearly every call is
// answered from memory; see [SessionConfig] for when LoginRadius is asked. Calls for
// the same token share one question, and giving up (ctx) does not end it for others.
//
// Errors: [ErrInvalidToken] or [ErrAccountBlocked] if the token is definitely not
// good, remembered for a moment; [ErrUnavailable] if LoginRadius could not be asked,
// which says nothing about the token; the context's error, wrapped, if it ended
// while waiting, which also matches ErrUnavailable. The session is nil then.
func (c *Client) Session(ctx context.Context, accessToken string) (*Session, error) {
	s := c.sessions
	key := hashToken(accessToken)
	now := s.clock.now()
	e, fresh := s.store.get(key, now)
	if fresh {
		if now >= e.refreshAt {
			s.refresh(accessToken, e)
		}
		return e.session, nil
	}
	return s.ask(ctx, key, accessToken, e)
}

// Forget drops what is remembered of an access token, also if it is being asked for
// right now: whoever asks from now on gets an answer of LoginRadius given from now
// on. Other replicas are not told.
func (c *Client) Forget(accessToken string) { c.sessions.forget(accessToken) }

// ForgetUser is [Client.Forget] for all tokens of an account.
func (c *Client) ForgetUser(uid string) { c.sessions.forgetUser(uid) }

// RecheckUser has LoginRadius asked on every request of an account for the next 72
// hours, without remembering the answers. It is for accounts that may disappear
// without a word, as after [AuthenticationService.DeleteAccount]. At most 10,000
// accounts are on the list; the oldest makes room.
func (c *Client) RecheckUser(uid string) { c.sessions.recheckUser(uid) }

// Stats are counters since the client was made, but Size, which is the number of
// sessions remembered now.
type Stats struct {
	Hits        uint64 // served from memory, believed
	Misses      uint64 // asked LoginRadius
	Coalesced   uint64 // joined a question that was under way
	Refreshes   uint64 // background questions
	StaleServed uint64 // served from memory because LoginRadius could not be asked
	Invalid     uint64 // refused: malformed or definitely bad
	Errors      uint64 // refused: LoginRadius could not be asked
	Evictions   uint64 // dropped for want of room
	Size        int
}

// Stats returns the session cache's counters. It is meant for a metrics scrape.
func (c *Client) Stats() Stats {
	s := c.sessions
	s.mu.Lock()
	size := s.store.size
	s.mu.Unlock()
	return Stats{
		Hits: s.store.hits(), Misses: s.misses.Load(), Coalesced: s.coalesced.Load(), Refreshes: s.refreshes.Load(),
		StaleServed: s.staleServed.Load(), Invalid: s.invalid.Load(), Errors: s.errors.Load(),
		Evictions: s.store.evictions.Load(), Size: size,
	}
}

// sessionCache answers Client.Session. The hit path takes one shard's lock only;
// everything that changes what is remembered happens under mu, so that an eviction
// and a late answer cannot cross.
//
// A second level shared by replicas would go between fly and fetch: consulted by a
// flight before it asks LoginRadius, told when fly stores an answer and by the forget
// methods. Its keys would be tokenKeys and its values what newSession takes.
type sessionCache struct {
	client *Client
	cfg    SessionConfig
	kept   fieldSet
	clock  sessionClock
	store  *sessionStore

	mu       sync.Mutex
	closed   bool
	flights  map[tokenKey]*flight
	underway struct{ known, unknown int } // flights, those dropped from the map included
	negative *simplelru.LRU[tokenKey, refusal]
	recheck  *simplelru.LRU[string, int64] // uid to the end of its window
	forgets  uint64                        // counts forgetUser calls; orders them against questions

	rotations   *simplelru.LRU[tokenKey, *rotation] // by the refresh token that was used
	unused      map[tokenKey]*rotation              // by the new access token, until a client uses it
	followed    map[tokenKey]*rotation              // the same by the new refresh token
	unusedCount atomic.Int64                        // the length of unused
	turning     int                                 // rotations under way

	work       context.Context // ends when the client is closed
	stopWork   context.CancelFunc
	background sync.WaitGroup
	trouble    atomic.Int64 // while LoginRadius is in trouble, when to try it next; else 0
	gate       sessionGate

	misses, coalesced, refreshes, staleServed, invalid, errors atomic.Uint64
}

// A refusal remembers that a token is definitely bad.
type refusal struct {
	err   error
	until int64
}

func newSessionCache(c *Client, cfg SessionConfig, clock func() time.Time) *sessionCache {
	s := &sessionCache{
		client:  c,
		cfg:     cfg,
		kept:    newFieldSet(cfg.ProfileFields),
		clock:   newSessionClock(clock),
		store:   newSessionStore(cfg.Capacity),
		flights: map[tokenKey]*flight{},
		unused:  map[tokenKey]*rotation{}, followed: map[tokenKey]*rotation{},
		gate: newSessionGate(cfg.UpstreamRate, cfg.UpstreamConcurrency),
	}
	s.negative, _ = simplelru.NewLRU[tokenKey, refusal](cfg.NegativeCapacity, nil)
	s.recheck, _ = simplelru.NewLRU[string, int64](recheckCapacity, nil)
	s.rotations, _ = simplelru.NewLRU(rotateCapacity, s.forgotRotation)
	s.work, s.stopWork = context.WithCancel(context.Background())
	return s
}
