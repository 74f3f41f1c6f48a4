package sessions

import (
	"context"
	"time"
)

// A Source is another way to validate tokens than Config.Fetch, for example a local check
// of a signature. What one source accepted is never a hit for another.
type Source[S any] struct {
	ID    uint64 // different for every source of a cache, not 0
	Local bool   // it makes no calls that the limits are for
	Fetch Fetch[S]
}

// GetFrom is [Cache.Get] with another source.
func (c *Cache[S]) GetFrom(ctx context.Context, token string, source *Source[S]) (S, error) {
	key := KeyOf(token).with(source.ID)
	now := c.clock.now()
	e, fresh := c.store.get(key, now)
	if fresh {
		if now >= e.refreshAt.Load() {
			c.refresh(token, e, now)
		}
		return e.session, nil
	}
	return c.ask(ctx, key, token, e, request[S]{source: source})
}

// Key returns the key of a token's session from a source.
func (source *Source[S]) Key(token string) Key { return KeyOf(token).with(source.ID) }

// PeekFrom is [Cache.Peek] for a session from a source.
func (c *Cache[S]) PeekFrom(token string, source *Source[S]) (session S, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.store.peek(source.Key(token)); e != nil {
		return e.session, true
	}
	return session, false
}

// ForgetKeyFrom drops a token's session from a source, on this replica.
func (c *Cache[S]) ForgetKeyFrom(token Key, source *Source[S]) { c.forgetKey(token.with(source.ID)) }

// CachedFrom is [Cache.Cached] for a session from a source.
func (c *Cache[S]) CachedFrom(token string, source *Source[S]) (session S, remembered bool) {
	now := c.clock.now()
	e, fresh := c.store.get(source.Key(token), now)
	if !fresh {
		return session, e != nil
	}
	if now >= e.refreshAt.Load() {
		c.refresh(token, e, now)
	}
	return e.session, true
}

// A Revocation refuses what would be accepted if it was checked again: what is checked
// locally cannot be asked about. It drops nothing from the cache.
type Revocation struct {
	Token string // the bytes of a token's Key, or
	UID   string // an account, or
	ID    string // the identifier of a token
	At    time.Time
}

// revoked tells of a revocation on this replica or another one.
func (c *Cache[S]) revoked(kind byte, id string, at time.Time) {
	if c.cfg.Revoked == nil {
		return
	}
	switch kind {
	case eventRevokedToken:
		c.cfg.Revoked(Revocation{Token: id, At: at})
	case eventRevokedUser:
		c.cfg.Revoked(Revocation{UID: id, At: at})
	case eventRevokedID:
		c.cfg.Revoked(Revocation{ID: id, At: at})
	}
}

// Revoke tells all replicas of what is not to be accepted any more. Its At does not count.
func (c *Cache[S]) Revoke(r Revocation, life time.Duration) {
	switch {
	case r.Token != "":
		c.forgetEverywhere(eventRevokedToken, r.Token, life, func() {})
	case r.UID != "":
		c.forgetEverywhere(eventRevokedUser, r.UID, life, func() {})
	case r.ID != "":
		c.forgetEverywhere(eventRevokedID, r.ID, life, func() {})
	}
}

// RevocationTimes returns when a token, its account and its identifier were last revoked
// according to the shared store; a zero time means never. ok is false without a store.
func (c *Cache[S]) RevocationTimes(token Key, uid, id string) (times [3]time.Time, ok bool) {
	s := c.shared
	if s == nil {
		return times, false
	}
	names := []string{s.seal.key(string(eventRevokedToken), string(token[:])), s.seal.key(string(eventRevokedUser), uid), s.seal.key(string(eventRevokedID), id)}
	var at []int64
	if !s.try(func(ctx context.Context) (err error) { at, err = s.cfg.Store.Marks(ctx, names); return err }) || len(at) != len(names) {
		return times, false
	}
	for i, t := range at {
		if t != 0 {
			times[i] = time.UnixMicro(t)
		}
	}
	return times, true
}

// MarkLife sets how long revocations are kept in the shared store at least.
func (c *Cache[S]) MarkLife(life time.Duration) { c.minMarkLife.Store(int64(life)) }
