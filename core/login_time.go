package core

import (
	"crypto/sha256"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxLoginTimes bounds how many logins are remembered. A forgotten one only makes a user
// prove their presence again.
const maxLoginTimes = 20_000

// loginTimes remembers when the user of a token last logged in, by the token's hash.
type loginTimes = lru.Cache[[sha256.Size]byte, time.Time]

func newLoginTimes() *loginTimes {
	c, _ := lru.New[[sha256.Size]byte, time.Time](maxLoginTimes) // the size is positive
	return c
}

// NoteLogin remembers that a user has just logged in and got this token. Routes that log
// in call it. It is kept in this process only, for the last 20,000 logins.
func (c *Client) NoteLogin(accessToken string) {
	c.loginTimes.Add(sha256.Sum256([]byte(accessToken)), c.cfg.Clock())
}

// LoginAge returns how long ago [Client.NoteLogin] was called for a token. It reports
// false if the client does not remember: ask the user to prove their presence again.
func (c *Client) LoginAge(accessToken string) (time.Duration, bool) {
	at, ok := c.loginTimes.Get(sha256.Sum256([]byte(accessToken)))
	if !ok {
		return 0, false
	}
	return max(0, c.cfg.Clock().Sub(at)), true
}
