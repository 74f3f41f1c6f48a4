package sessions

import "context"

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
