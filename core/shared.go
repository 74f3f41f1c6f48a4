package core

import (
	"context"
	"time"
)

// SharedStore holds what the replicas of one application share: sealed sessions,
// claims and an ordered log of revocations. The package core/redisstore implements
// it with Redis; core/sharedtest has tests for other implementations and an
// implementation in memory.
//
// Keys are printable ASCII without spaces, at most 64 bytes. Values and events are
// opaque, sealed by the client, and at most 64 KiB. A store may lose any of them at
// any time: the client then asks LoginRadius. A store must never return bytes that
// were not saved under that key, and must not retain or change the slices that it
// was given.
//
// Times are microseconds since 1970 on the clock of the store, which all replicas
// share. That clock must not go back as long as the store remembers anything, and
// it must never be behind a time that Announce returned.
//
// Implementations are safe for concurrent use. Every method returns an error soon
// after its context is done; the client gives the calls that a request waits for
// about 50 ms. The client treats every error as "not found", so that an error is
// always a safe answer. The latest error is logged once a minute: it must hold no
// password.
//
// If an implementation has the method Check() error, [New] calls it once and
// refuses the configuration with its error. Check reports unusable options; it does
// not use the network, because an application must start while the store is down.
type SharedStore interface {
	// Load returns the value under key, or nil if there is none, and the store's
	// time. The time is also returned if there is no value.
	Load(ctx context.Context, key string) (value []byte, now int64, err error)

	// Save sets the value under key for at least a millisecond and at most ttl. It
	// replaces any value, including one that Claim set. An empty value is an error.
	Save(ctx context.Context, key string, value []byte, ttl time.Duration) error

	// Claim sets the value under key for ttl if there is none. It returns nil if
	// it set the value, and the value that is already there if it did not. If the
	// value already there equals the given one, Claim returns nil too, so that a
	// call can be repeated after its answer was lost; callers use values that no
	// other caller uses. Load, Save and Claim work on the same values.
	Claim(ctx context.Context, key string, value []byte, ttl time.Duration) (held []byte, err error)

	// Marks returns the time of the last Announce for each key, in the order of
	// the keys, and 0 for a key that has none.
	Marks(ctx context.Context, keys []string) ([]int64, error)

	// Announce appends the event to the log and sets the marks to the event's
	// time, both or neither. It returns that time, which is greater than floor and
	// than every time that Announce returned before, and not less than any time
	// that Load returned before. Marks and event live for ttl at least; a later
	// Announce with a shorter ttl does not shorten the life of a mark.
	Announce(ctx context.Context, marks []string, event []byte, floor int64, ttl time.Duration) (at int64, err error)

	// Follow calls do for each event after the given time, in the order of the
	// log, first for those already there and then for new ones as they come. It
	// returns only when ctx is done or the store fails, always with an error. The
	// caller then calls Follow again with the time of the last event it saw. The
	// store may trim the oldest events and may repeat events. do is never called
	// concurrently by one Follow.
	Follow(ctx context.Context, after int64, do func(at int64, event []byte)) error
}

// SharedLimiter is a token bucket that all replicas share. A [SharedStore] may
// implement it; the client then spends the calls per second that LoginRadius allows
// the tenant from one bucket.
type SharedLimiter interface {
	// Take takes n tokens from the bucket of key, which holds at most burst tokens
	// and refills by perSecond tokens a second. A bucket that is new or was lost is
	// full. Take returns 0 if it took the tokens. If there are too few, it takes
	// nothing and returns how long the bucket needs to hold n tokens if no
	// other call takes any. n and burst are at least 1, n is at most burst, and
	// perSecond is positive; anything else is an error.
	Take(ctx context.Context, key string, n int, perSecond float64, burst int) (wait time.Duration, err error)
}

// Limiter returns the limiter that the client's replicas share, or nil if it has no
// [SharedStore] or one that does not limit.
func (c *Client) Limiter() SharedLimiter {
	limiter, _ := c.cfg.Shared.(SharedLimiter)
	return limiter
}

// SharedStore returns [Config].Shared, or nil if the client has none. Callers that keep
// something of their own in it use keys that begin with a word and a colon, and seal what
// they store: see [Client.DerivedKey].
func (c *Client) SharedStore() SharedStore { return c.cfg.Shared }

// Shares reports whether the client has a [SharedStore], so that several processes use a
// refresh token only once.
func (c *Client) Shares() bool { return c.cfg.Shared != nil }
