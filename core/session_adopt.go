package core

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
)

// Adopt returns the session of tokens that an operation of this client has just
// returned: of a login, a refresh, an exchange or a verification. Call it instead of
// [Client.Session] then, and only with tokens that came from LoginRadius, never with
// tokens of a request.
//
// Where the operation's answer held the profile, Adopt makes no call. Otherwise it makes
// one for the profile, which does not wait behind unknown tokens. The errors are those of
// [Client.Session].
func (c *Client) Adopt(ctx context.Context, t Tokens) (*Session, error) {
	if !plausible(t.AccessToken) {
		return nil, sessionError(&sessions.Failure{Reason: sessions.Malformed})
	}
	c.sessions.Trust(t.AccessToken, t.ExpiresAt)
	s, err := c.sessions.GetIssued(ctx, t.AccessToken)
	if err != nil {
		return nil, sessionError(err)
	}
	return s, nil
}

// An issuer is a result that holds tokens which LoginRadius has just issued to us.
type issuer interface {
	// issued returns the tokens, and the profile as it came with them, or nil.
	issued() (Tokens, *Profile)
}

func (t *Tokens) issued() (Tokens, *Profile) { return *t, nil }

func (r *LoginResult) issued() (Tokens, *Profile) { return r.Tokens(), r.Profile }

func (d *loginOrNone) issued() (Tokens, *Profile) {
	if d.login == nil {
		return Tokens{}, nil
	}
	return d.login.issued()
}

// adopt seeds the cache from an answer that issued tokens; sent is the access token that
// the call was made with, began is from before it.
func (s *sessionCache) adopt(began sessions.Stamp, sent string, result issuer) {
	t, p := result.issued()
	if !plausible(t.AccessToken) || t.AccessToken == sent { // a validation returns what it was sent
		return
	}
	if t.RefreshToken != "" {
		s.TrustRefresh(t.RefreshToken, t.AccessToken)
	}
	// A profile that does not speak of roles would take the user's roles away.
	if p != nil && p.received.has("Uid") && p.received.has("Roles") {
		a := s.answer(sessions.KeyOf(t.AccessToken), p.received, expiryAnswer{at: t.ExpiresAt, known: !t.ExpiresAt.IsZero()})
		if !s.cfg.RoleContexts { // which take a call for each session
			ctx, cancel := context.WithTimeout(context.Background(), s.client.cfg.Timeout)
			a = s.grant(ctx, a, nil)
			cancel()
			if a.Outcome == sessions.Valid {
				s.Adopt(began, t.AccessToken, a)
				return
			}
		}
	}
	s.Trust(t.AccessToken, t.ExpiresAt)
}
