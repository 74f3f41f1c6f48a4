package core

// CachedSession answers from memory alone. It returns the session if it is fresh, and
// starts the same background refresh as [Client.Session] when one is due. known reports
// whether the token has an entry, fresh or not: a caller that limits the rate of
// unknown tokens must not count those of users who are logged in.
//
// A guard calls it first, so that what only a question to LoginRadius needs (the end
// user, a rate limit) costs nothing on a hit.
func (c *Client) CachedSession(accessToken string) (s *Session, known bool) {
	return c.sessions.Cached(accessToken)
}
