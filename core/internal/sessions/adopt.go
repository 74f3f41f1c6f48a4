package sessions

import (
	"context"
	"time"
)

// A Stamp is a moment before a question was sent to the service. An answer is aged from
// it.
type Stamp struct {
	at      int64
	forgets uint64
}

// Begin returns the stamp of now.
func (c *Cache[S]) Begin() Stamp {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stamp{c.clock.now(), c.forgets}
}

// Adopt stores a session of a token that the service has just issued to us, as its answer
// described it; began is from before that was asked for. Nothing is stored if the token or
// its account was forgotten since, if the account is marked for recheck, or if a later
// answer is known. The token counts as known in any case.
func (c *Cache[S]) Adopt(began Stamp, token string, a Answer[S]) {
	key := KeyOf(token)
	if c.adopt(began, key, a) && c.shared != nil {
		c.shared.saveAdopted(key, &a, began.at)
	}
}

func (c *Cache[S]) adopt(began Stamp, key Key, a Answer[S]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.now()
	c.trustKey(key, a.Expiry, now)
	ofUser, _ := c.marks.Peek(a.UID)
	ofToken, _ := c.marks.Peek(string(key[:]))
	if max(ofUser, ofToken, c.unclear) > began.forgets || c.closed || c.rechecked(a.UID, now) {
		return false
	}
	if known := c.store.peek(key); known != nil && known.asked > began.at {
		return false
	}
	e := c.newEntry(&fetch[S]{key: key}, &a, began.at)
	if now < e.freshUntil {
		c.store.put(e, now)
		c.counts.adopted.Add(1)
	}
	return true
}

// Trust notes that the service has just issued a token to us, without saying much about
// it: asking about it does not queue behind strangers. The expiry may be zero.
func (c *Cache[S]) Trust(token string, expiry time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trustKey(KeyOf(token), expiry, c.clock.now())
}

// TrustRefresh notes that the service has just issued a refresh token to us, together
// with an access token.
func (c *Cache[S]) TrustRefresh(refresh, access string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.issued.Add(KeyOf(refresh), issue{KeyOf(access), c.clock.now() + int64(trustRefreshFor)})
}

// ForgetIssuedWith forgets the access token that was issued together with a refresh token
// which has been used up.
func (c *Cache[S]) ForgetIssuedWith(refresh string) {
	key := KeyOf(refresh)
	c.mu.Lock()
	i, ok := c.issued.Peek(key)
	c.issued.Remove(key)
	c.mu.Unlock()
	if ok {
		c.forgetToken(i.access)
	}
}

func (c *Cache[S]) trustKey(key Key, expiry time.Time, now int64) {
	c.negative.Remove(key)
	c.trusted.Add(key, trust{expiry, now + int64(trustFor)})
}

// GetIssued is Get for a token that the service has just issued to us and that no request
// has brought yet: it does not count as a sign that the token has reached its user.
func (c *Cache[S]) GetIssued(ctx context.Context, token string) (S, error) {
	key := KeyOf(token)
	e, fresh := c.store.get(key, c.clock.now())
	if fresh {
		return e.session, nil
	}
	return c.ask(ctx, key, token, e, request[S]{own: true})
}
