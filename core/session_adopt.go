package core

import "context"

// Adopt returns the session of tokens that an operation of this client has just
// returned: of a login, a refresh, an exchange or a verification. Call it instead of
// [Client.Session] then, and only with tokens that came from LoginRadius, never with
// tokens of a request.
//
// The errors are those of [Client.Session].
func (c *Client) Adopt(ctx context.Context, t Tokens) (*Session, error) {
	return c.Session(ctx, t.AccessToken)
}
