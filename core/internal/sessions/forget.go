package sessions

import (
	"slices"
	"strings"
	"time"
)

// Forget drops a token, here and on all replicas. A fetch that is under way still
// answers the callers that joined it before; later callers start another.
func (c *Cache[S]) Forget(token string) { c.forgetToken(KeyOf(token)) }

func (c *Cache[S]) forgetToken(key Key) {
	c.forgetEverywhere(eventToken, string(key[:]), c.markLife(), func() { c.forgetKey(key) })
}

func (c *Cache[S]) markLife() time.Duration {
	if c.shared == nil {
		return 0
	}
	return c.shared.life
}

func (c *Cache[S]) forgetKey(key Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store.remove(key)
	c.negative.Remove(key)
	c.trusted.Remove(key)
	c.forgets++
	c.marks.Add(string(key[:]), c.forgets)
	c.dropFetch(key)
	c.watchers.end(key)
}

// dropFetch lets the fetch of a key go on for those only who wait for it now.
func (c *Cache[S]) dropFetch(key Key) {
	if f := c.fetches[key]; f != nil {
		f.dropped = true
		delete(c.fetches, key)
	}
}

// ForgetUser drops all tokens of an account, here and on all replicas. Watchers of them are
// told to look again.
func (c *Cache[S]) ForgetUser(uid string) {
	c.forgetEverywhere(eventUser, uid, c.markLife(), func() { c.forgetUserHere(uid) })
}

func (c *Cache[S]) forgetUserHere(uid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgetUser(uid)
}

// forgetUser drops the tokens of an account. The accounts of fetches are unknown before
// they end, so each is told. The lock is held.
func (c *Cache[S]) forgetUser(uid string) {
	c.store.removeUser(uid)
	c.forgets++
	c.marks.Add(uid, c.forgets)
	for _, f := range c.fetches {
		if f.forgotten == nil {
			f.forgotten = map[string]uint64{}
		}
		if _, already := f.forgotten[uid]; !already { // the first counts: who came after that gets a newer answer
			f.forgotten[uid] = c.forgets
		}
	}
	c.watchers.doubtUser(uid)
}

// endUserHere ends what watches the sessions of an account, and drops them.
func (c *Cache[S]) endUserHere(uid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers.endUser(uid)
	c.forgetUser(uid)
}

// ForgetAddress forgets the accounts with an e-mail address, which addresses tells of a
// session. It looks at every account that is remembered, so use it for rare operations only.
func (c *Cache[S]) ForgetAddress(address string, addresses func(S) []string) {
	c.forgetEverywhere(eventEmail, strings.ToLower(address), c.markLife(), func() {
		c.forgetMatchingHere(func(session S) bool { return hasAddress(addresses(session), address) })
	})
}

func hasAddress(addresses []string, address string) bool {
	return slices.ContainsFunc(addresses, func(a string) bool { return strings.EqualFold(a, address) })
}

// forgetMatchingHere forgets the accounts with a session that satisfies match. The accounts
// of fetches that are under way are unknown, so new callers join none of them.
func (c *Cache[S]) forgetMatchingHere(match func(S) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for uid, e := range c.store.byUID {
		if match(e.session) {
			c.forgetUser(uid)
		}
	}
	for key := range c.fetches {
		c.dropFetch(key)
	}
	c.forgets++
	c.unclear = c.forgets
}

// Recheck has the service asked for every request of an account for a while, without
// remembering the answers.
func (c *Cache[S]) Recheck(uid string) {
	c.forgetEverywhere(eventRecheck, uid, c.cfg.RecheckFor, func() { c.recheckHere(uid) })
}

func (c *Cache[S]) recheckHere(uid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recheck.Add(uid, c.clock.now()+int64(c.cfg.RecheckFor))
	for e := c.store.byUID[uid]; e != nil; e = e.next {
		c.trusted.Add(e.key, trust{until: c.clock.now() + int64(trustFor)}) // its requests do not queue behind strangers
	}
	c.forgetUser(uid)
}

// rechecked reports whether an account is marked for recheck. The lock is held.
func (c *Cache[S]) rechecked(uid string, now int64) bool {
	until, ok := c.recheck.Peek(uid)
	if ok && now >= until {
		c.recheck.Remove(uid)
		return false
	}
	return ok
}
