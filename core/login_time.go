package core

import (
	"crypto/sha256"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// maxLoginTimes bounds how many logins are remembered. A forgotten one only makes a user
// prove their presence again.
const maxLoginTimes = 20_000

// sharedLoginLife is how long replicas share when a user logged in.
const sharedLoginLife = 24 * time.Hour

// loginTimes remembers when the user of a token last logged in, by the token's hash. The
// zero time means that the replicas know of no login.
type loginTimes = lru.Cache[[sha256.Size]byte, time.Time]

func newLoginTimes() *loginTimes {
	c, _ := lru.New[[sha256.Size]byte, time.Time](maxLoginTimes) // the size is positive
	return c
}

// NoteLogin remembers that a user logged in at that time, or just now if it is zero, and
// got this token. Routes that log in call it. This process remembers the last 20,000 logins. With a [SharedStore] all
// replicas know of it for a day; NoteLogin then waits for the store, at most about 50 ms.
func (c *Client) NoteLogin(accessToken string, at time.Time) {
	key, age := sessions.KeyOf(accessToken), time.Duration(0)
	if now := c.cfg.Clock(); !at.IsZero() {
		age = max(0, now.Sub(at))
	}
	c.loginTimes.Add(key, c.cfg.Clock().Add(-age))
	c.sessions.NoteTime("login", key, age, sharedLoginLife)
}

// LoginAge returns how long ago [Client.NoteLogin] was called for a token, on any replica
// that shares. It reports false if that is not known: ask the user to prove their presence
// again. The store is asked once for a token.
func (c *Client) LoginAge(accessToken string) (time.Duration, bool) {
	key := sessions.KeyOf(accessToken)
	if at, ok := c.loginTimes.Get(key); ok {
		return max(0, c.cfg.Clock().Sub(at)), !at.IsZero()
	}
	age, found, asked := c.sessions.NotedAge("login", key)
	switch {
	case found:
		c.loginTimes.Add(key, c.cfg.Clock().Add(-age))
	case asked:
		c.loginTimes.Add(key, time.Time{})
	}
	return age, found
}
