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
