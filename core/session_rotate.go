package core

import (
	"context"
	"errors"
	"slices"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// Rotate is [AccountService.RefreshToken] for refresh tokens that come from a browser,
// which sends several requests with the same one. Calls for one token share one use of it
// and get the same new tokens: at the same time, for 30 seconds after a request brought
// one of the new tokens, and for 60 days, the default life of a refresh token, if none ever
// did, because the answer was lost. A caller that gives up (ctx) does not end the
// call for others, nor lose the new tokens. With a
// [SharedStore] all replicas share one use, for ten minutes.
//
// Errors: [ErrInvalidRefreshToken], remembered for [SessionConfig].NegativeTTL, and
// [ErrAccountBlocked] mean that the session is over. Every other failure is
// [ErrUnavailable] and decides nothing, even if ctx ended while waiting. The rate of calls
// is bounded like that of fetches about unknown tokens.
func (c *Client) Rotate(ctx context.Context, refreshToken string) (*Tokens, error) {
	r, err := c.sessions.Rotate(ctx, refreshToken)
	if err != nil {
		return nil, rotateError(err)
	}
	if r.Err != nil {
		return nil, rotateError(r.Err)
	}
	return copyOfTokens(r), nil
}

// RotateSession is [Client.Rotate], and returns the session of the new tokens beside
// them. If that fails, the tokens are returned with the error: they must not be lost.
func (c *Client) RotateSession(ctx context.Context, refreshToken string) (*Session, *Tokens, error) {
	t, err := c.Rotate(ctx, refreshToken)
	if err != nil {
		return nil, nil, err
	}
	s, err := c.sessions.GetIssued(ctx, t.AccessToken)
	if err != nil {
		return nil, t, sessionError(err)
	}
	return s, t, nil
}

// ConfirmRotation tells that a client has used an access token, so that the tokens of
// [Client.Rotate] have reached it if this is one of them. [Client.Session] does the same
// when it asks LoginRadius about a token. Guards call it for every request; it costs
// nothing unless tokens of a rotation are yet to be used.
func (c *Client) ConfirmRotation(accessToken string) { c.sessions.Seen(accessToken) }

// ForgetRotation drops what [Client.Rotate] remembers of a refresh token, and returns
// the tokens that it got, which the user may have by now, or nil. A logout has to end them
// as well. With a [SharedStore] another replica may have got them. ForgetRotation waits for
// a rotation that is under way. Its error wraps that of ctx and matches [ErrUnavailable];
// nothing is dropped then.
func (c *Client) ForgetRotation(ctx context.Context, refreshToken string) (*Tokens, error) {
	r, ok, err := c.sessions.ForgetRotation(ctx, refreshToken)
	if err != nil {
		return nil, rotateError(err)
	}
	if !ok || r.Err != nil {
		return nil, nil //nolint:nilnil,nilerr // nothing remembered is an answer, and a failed rotation left nothing
	}
	return copyOfTokens(r), nil
}

func copyOfTokens(r sessions.Rotated) *Tokens {
	t, ok := r.Tokens.(*Tokens)
	if !ok {
		return new(Tokens)
	}
	own := *t
	return &own
}

// rotate uses a refresh token and says what became of it.
func (s *sessionCache) rotate(ctx context.Context, refreshToken string) sessions.Rotated {
	t, err := s.client.Account.RefreshToken(ctx, refreshToken)
	var e *Error
	switch {
	case err == nil:
		return sessions.Rotated{Outcome: sessions.Valid, Tokens: t, Access: t.AccessToken, Refresh: t.RefreshToken, Expiry: t.ExpiresAt}
	case errors.Is(err, ErrInvalidRefreshToken):
		return sessions.Rotated{Outcome: sessions.Refused, Err: err}
	case errors.As(err, &e) && e.Answered() && slices.Contains(blockedCodes, e.Code):
		return sessions.Rotated{Outcome: sessions.Refused, Err: e.as(ErrAccountBlocked)}
	case e != nil && aboutCredentials(e):
		return sessions.Rotated{Outcome: sessions.Unavailable, Err: e.as(ErrUnavailable, ErrAPICredentials)}
	case e != nil && !errors.Is(e, ErrUnavailable):
		return sessions.Rotated{Outcome: sessions.Undecided, Err: e.as(ErrUnavailable)}
	}
	return sessions.Rotated{Outcome: sessions.Unavailable, Err: err}
}

// rotateError names the operation in an error of the cache.
func rotateError(err error) error {
	f, ok := errors.AsType[*sessions.Failure](err)
	if !ok {
		return err
	}
	if f.Reason == sessions.Malformed {
		return &Error{Operation: opAccountRefreshToken.name, Message: "the refresh token is malformed", is: []error{ErrInvalidRefreshToken}, answered: true}
	}
	if e, ok := errors.AsType[*Error](sessionError(err)); ok {
		named := *e
		named.Operation = opAccountRefreshToken.name
		return &named
	}
	return err
}
