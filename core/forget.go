package core

import "context"

// forgetOwner forgets the cached sessions of the account that an access token belongs to,
// after an operation that changed the account ended with err. It does so too if it is
// unknown whether the operation took effect.
func (c *Client) forgetOwner(ctx context.Context, accessToken string, err error) {
	c.sessions.forgetUserOf(ctx, accessToken, err)
}

// revokeOwner is [Client.ForgetUser] for the account that an access token belongs to, after
// an operation that ends what was issued before it.
func (c *Client) revokeOwner(ctx context.Context, accessToken string) {
	c.sessions.forEachAccountOf(ctx, accessToken, nil, c.ForgetUser, func() { c.Forget(accessToken) })
}

// forgetAddress does the same for the accounts with an e-mail address.
func (c *Client) forgetAddress(email string, err error) {
	if mayBeDone(err) {
		c.sessions.forgetEmail(email)
	}
}
