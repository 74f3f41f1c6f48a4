package core

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// How long a request waits. A request about a known session waits one second at most for
// its turn; one about an unknown token waits longer, since it has nothing to go on with.
// A request that may still be served stale does not wait long for the answer.
const (
	turnWait         = time.Second
	strangerTurnWait = 5 * time.Second
	staleWait        = 3 * time.Second
)

// recheckWindow is how long an account marked by [Client.RecheckUser] is asked for on
// every request: the life of a mailed deletion link by default.
const (
	recheckWindow   = 72 * time.Hour
	recheckCapacity = 10_000
)

// ErrOverloaded means that a validation was not sent because the calls per second of
// [SessionConfig].UpstreamRate were used up, not because LoginRadius failed. Such an
// error matches [ErrUnavailable] too, and its RetryAfter is about when it would have been
// its turn.
var ErrOverloaded = errors.New("loginradius: the limit of validations per second is reached")

// Session validates an access token and returns its session. Nearly every call is
// answered from memory; see [SessionConfig] for when LoginRadius is asked. Calls for
// the same token share one fetch, and giving up (ctx) does not end it for others.
// Unknown tokens share their part of the budget fairly by the address in [EndUser] of
// ctx, if it has one.
//
// Errors:
//   - [ErrInvalidToken] or [ErrAccountBlocked]: the token is definitely not good. This is
//     remembered for a moment.
//   - [ErrEmailNotVerified], [ErrPhoneNotVerified], [ErrNotAllowed] and others about the
//     account: LoginRadius answers nothing about this token for now, and no session of it
//     is remembered. Answer with 403.
//   - [ErrUnavailable]: LoginRadius could not be asked, which says nothing about the
//     token. It matches [ErrOverloaded] too if our own limit was the reason, and the
//     context's error if that ended while waiting. Answer with 503.
//
// The session is nil with every error. After [Client.Close] the error is ErrUnavailable.
func (c *Client) Session(ctx context.Context, accessToken string) (*Session, error) {
	s, err := c.sessions.Get(ctx, accessToken)
	if err != nil {
		return nil, sessionError(err)
	}
	return s, nil
}

// Forget drops what is remembered of an access token, even while it is being asked for:
// calls from now on get an answer that LoginRadius gives from now on. With a
// [SharedStore] that holds for all replicas: those that can be reached hear it within
// milliseconds, and none takes up an older answer later. Forget then waits for the store,
// at most about 50 ms.
//
// A token that a [TokenVerifier] accepts is refused from then on until it ends, since there
// is no service to ask again. Forget checks it for that, which may take up to two seconds
// if the keys have yet to be fetched.
func (c *Client) Forget(accessToken string) {
	c.sessions.revokeToken(accessToken)
	c.sessions.Forget(accessToken)
}

// ForgetUser is [Client.Forget] for all tokens of an account. Tokens that a [TokenVerifier]
// would accept are refused if they were issued before, or at an unknown time.
func (c *Client) ForgetUser(uid string) {
	c.sessions.revokeUser(uid, time.Time{})
	c.sessions.ForgetUser(uid)
}

// UncacheUser drops the cached sessions of an account, so that LoginRadius is asked again.
// Unlike [Client.ForgetUser] it refuses no token: call it when something about the account
// changed, and not its right to log in.
func (c *Client) UncacheUser(uid string) { c.sessions.ForgetUser(uid) }

// RecheckUser has LoginRadius asked on every request of an account for the next 72
// hours, without remembering the answers. Use it for accounts that may disappear without
// notice, as after [AuthenticationService.DeleteAccount]. At most 10,000 accounts are on
// the list; the oldest makes room.
func (c *Client) RecheckUser(uid string) { c.sessions.Recheck(uid) }

// Stats holds counters accumulated since [New]. Size, Bytes, Queued and Degraded are the
// state of now.
type Stats struct {
	Hits        uint64 // served from memory, within TTL
	Misses      uint64 // waited for LoginRadius
	Coalesced   uint64 // joined a fetch that was under way
	Refreshes   uint64 // background fetches
	Adopted     uint64 // sessions taken from the answer that issued their token, without a call
	StaleServed uint64 // served from memory past TTL because LoginRadius failed
	Stretched   uint64 // served from memory past TTL because our own limit was reached (MaxTTL)
	Invalid     uint64 // refused: malformed or definitely bad
	Errors      uint64 // refused: LoginRadius could not be asked or did not decide
	Overloaded  uint64 // refused: our own limit was reached (UpstreamRate)
	Rotations   uint64 // refresh tokens that were used for new tokens
	// RotationsFailed counts refresh tokens that got no new tokens: refused ones, and those
	// that LoginRadius could not be asked about.
	RotationsFailed uint64

	Trimmed   uint64 // sessions that lost fields to MaxSessionBytes
	Evictions uint64 // sessions dropped because the cache was full

	// With a [SharedStore].
	SharedHits     uint64 // answers that another replica had asked for
	SharedMisses   uint64 // answers that no replica had, or too old ones
	SharedRejected uint64 // answers that were revoked since, or are not ours to read
	SharedErrors   uint64 // failures of the store
	SharedSaves    uint64 // answers shared with the others
	Announced      uint64 // revocations told to the others, repetitions included
	Received       uint64 // revocations heard, own ones included

	Size     int  // sessions in memory
	Bytes    int  // about what they take
	Queued   int  // fetches that wait for their turn
	Degraded bool // LoginRadius is failing: known sessions are served stale
}

// Stats returns the session cache's counters. It is meant for a metrics scrape.
func (c *Client) Stats() Stats {
	n := c.sessions.Stats()
	return Stats{
		Hits: n.Hits, Misses: n.Misses, Coalesced: n.Coalesced, Refreshes: n.Refreshes, Adopted: n.Adopted,
		StaleServed: n.Stale, Stretched: n.Stretched, Invalid: n.Refused, Errors: n.Unavailable, Overloaded: n.Limited,
		Rotations: n.Rotations, RotationsFailed: n.RotationsFailed,
		Trimmed: c.sessions.trimmed.Load(), Evictions: n.Evictions,
		SharedHits: n.SharedHits, SharedMisses: n.SharedMisses, SharedRejected: n.SharedRejected, SharedErrors: n.SharedErrors,
		SharedSaves: n.SharedSaves, Announced: n.Announced, Received: n.Received,
		Size: n.Size, Bytes: n.Bytes, Queued: n.Queued, Degraded: n.Degraded,
	}
}

// sessionCache is the cache of package sessions, with what LoginRadius' answers mean.
type sessionCache struct {
	*sessions.Cache[*Session]
	client  *Client
	cfg     SessionConfig
	kept    fieldSet
	trimmed atomic.Uint64

	verified    verifiedTokens
	permissions rolePermissions
}

func newSessionCache(c *Client, cfg SessionConfig, clock func() time.Time) (s *sessionCache, err error) {
	s = &sessionCache{client: c, cfg: cfg, kept: newFieldSet(cfg.ProfileFields)}
	trace, joined, announced := observeFetches(c.cfg.Observer)
	s.Cache, err = sessions.New(sessions.Config[*Session]{
		Trace: trace, Joined: joined, Announced: announced,
		Capacity: cfg.Capacity, MaxBytes: cfg.MaxCacheBytes,
		TTL: cfg.TTL, MaxTTL: cfg.MaxTTL, RefreshAfter: cfg.RefreshAfter, StaleIfError: cfg.StaleIfError,
		UnknownExpiryTTL: unknownExpiryTTL, SkipExpiry: cfg.SkipExpiry,
		NegativeTTL: cfg.NegativeTTL, NegativeCapacity: cfg.NegativeCapacity,
		Rate: cfg.UpstreamRate, Concurrency: cfg.UpstreamConcurrency, Timeout: c.cfg.Timeout,
		RecheckFor: recheckWindow, RecheckCapacity: recheckCapacity,
		StaleWait: staleWait, TurnWait: turnWait, StrangerTurnWait: min(strangerTurnWait, c.cfg.Timeout/2),
		Clock: clock, Fetch: s.fetch, Rotate: s.rotate, Plausible: plausible, Notify: s.notify, Sharing: s.sharing(), Revoked: s.revoke,
		Address: func(ctx context.Context) string { return fairnessKey(endUserFrom(ctx).IP) },
	})
	if err != nil {
		return nil, &ConfigError{"SharedSecret", "is unusable"}
	}
	s.Start()
	return s, nil
}

// notify tells the operator, at most once a minute for each kind.
func (s *sessionCache) notify(n sessions.Notice) {
	logger := s.client.cfg.Logger
	switch n.Kind {
	case sessions.NoticeLimited:
		logger.Warn("loginradius: requests were refused because Sessions.UpstreamRate is too small for the users of this site",
			"refused", n.Count, "queued", n.Queue, "wait", n.Wait.Round(time.Millisecond))
	case sessions.NoticeDegraded:
		logger.Warn("loginradius: the service fails; known sessions go on for up to Sessions.StaleIfError", "times", n.Count)
	case sessions.NoticeShared:
		logger.Warn("loginradius: the shared store fails; this replica goes on without it", "times", n.Count, "error", n.Err)
	case sessions.NoticePanic:
		logger.Error("loginradius: a function of the application panicked in the background", "times", n.Count)
	}
}

// sessionError makes an error of the core from one of package sessions.
func sessionError(err error) error {
	f, ok := errors.AsType[*sessions.Failure](err)
	if !ok {
		return err
	}
	switch f.Reason {
	case sessions.Malformed:
		return &Error{Operation: "Session", Message: f.Error(), is: []error{ErrInvalidToken}, answered: true}
	case sessions.GaveUp:
		text := context.Canceled.Error()
		if errors.Is(f.Err, context.DeadlineExceeded) {
			text = context.DeadlineExceeded.Error()
		}
		return unavailableSession(text, f.Err)
	}
	e := unavailableSession(f.Error(), nil)
	e.RetryAfter = f.RetryAfter
	if f.Reason == sessions.Limited {
		e.is = append(e.is, ErrOverloaded)
	}
	return e
}

func unavailableSession(text string, err error) *Error {
	return &Error{Operation: "Session", cause: &causeError{text, err}, is: []error{ErrUnavailable}}
}

// maxToken is longer than any token LoginRadius issues, encrypted ones included.
const maxToken = 8 << 10

// plausible refuses what cannot be a token, so that it costs no network: nothing,
// too much, spaces, control or non-ASCII characters, and the all-zero GUID that
// logins waiting for a second factor share.
func plausible(token string) bool {
	if token == "" || len(token) > maxToken || token == zeroGUID {
		return false
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return false
		}
	}
	return true
}
