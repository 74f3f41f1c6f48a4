package core

import (
	"context"
	"errors"
	"time"
)

// SocialService holds the older native API: request tokens of the hosted page and
// of social logins, and the list of a user's sessions. This API documents secret
// and token as query parameters only, so they are in the URL of these calls; prefer
// the twin in [AuthenticationService] where there is one.
type SocialService struct{ c *Client }

// ExchangeToken trades the request token that a social login or the hosted page
// hands to the browser for a session. A request token lives for 15 minutes.
//
// GET /api/v2/access_token with the secret. This GET uses the token up. Sentinels:
// ErrInvalidRequestToken.
func (s *SocialService) ExchangeToken(ctx context.Context, requestToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opSocialExchangeToken, struct {
		Token string `lr:"query,token,required,secret"`
	}{requestToken})
}

// nativeToken is the input of operations that take the access token in the query.
type nativeToken struct {
	AccessToken string `lr:"query,access_token,required,secret"`
}

// ValidateToken is [AuthenticationService.ValidateToken] of the native API.
//
// GET /api/v2/access_token/validate with key and secret; a read. Sentinels:
// ErrInvalidToken.
func (s *SocialService) ValidateToken(ctx context.Context, accessToken string) (*Tokens, error) {
	return do[Tokens](ctx, s.c, opSocialValidateToken, nativeToken{accessToken})
}

// NativeInvalidateRequest is the input of [SocialService.InvalidateToken].
type NativeInvalidateRequest struct {
	AccessToken    string `lr:"query,access_token,required,secret"`
	PreventRefresh bool   `lr:"query,preventrefresh"` // also end the refresh token
}

// InvalidateToken is [AuthenticationService.InvalidateToken] of the native API.
//
// GET /api/v2/access_token/invalidate with key and secret. This GET has a side
// effect. Sentinels: ErrInvalidToken.
func (s *SocialService) InvalidateToken(ctx context.Context, in NativeInvalidateRequest) error {
	s.c.Forget(in.AccessToken)
	defer s.c.Forget(in.AccessToken)
	_, err := do[ackResponse](ctx, s.c, opSocialInvalidateToken, in)
	return err
}

// Sessions lists the live sessions of the user that an access token belongs to.
//
// GET /api/v2/access_token/activesession with key and secret; a read. Sentinels:
// ErrInvalidToken.
func (s *SocialService) Sessions(ctx context.Context, accessToken string) (*ActiveSessions, error) {
	return do[ActiveSessions](ctx, s.c, opSocialSessions, struct {
		Token string `lr:"query,token,required,secret"`
	}{accessToken})
}

// SessionsByUID lists the live sessions of an account; the list may be empty.
//
// GET /api/v2/access_token/activesession with key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *SocialService) SessionsByUID(ctx context.Context, uid string) (*ActiveSessions, error) {
	return orNoSessions(do[ActiveSessions](ctx, s.c, opSocialSessionsByUID, struct {
		UID string `lr:"query,accountid,required"`
	}{uid}))
}

// orNoSessions reads 1055, "session has expired", in answer to a question that
// names no session, as what it means: there is none. It would match
// ErrInvalidToken, although the caller gave no token.
func orNoSessions(list *ActiveSessions, err error) (*ActiveSessions, error) {
	var e *Error
	if errors.As(err, &e) && e.Answered() && e.Code == CodeSessionExpired {
		return &ActiveSessions{Sessions: []ActiveSession{}}, nil
	}
	return list, err
}

// SessionsByProfileID lists the live sessions of one identity, named by
// [Profile.ID]; the list may be empty.
//
// GET /api/v2/access_token/activesession with key and secret; a read. Sentinels:
// ErrUserNotFound.
func (s *SocialService) SessionsByProfileID(ctx context.Context, profileID string) (*ActiveSessions, error) {
	return orNoSessions(do[ActiveSessions](ctx, s.c, opSocialSessionsByProfileID, struct {
		ProfileID string `lr:"query,profileid,required"`
	}{profileID}))
}

// SocialProfileRequest is the input of [SocialService.Profile].
type SocialProfileRequest struct {
	AccessToken string   `lr:"query,access_token,required,secret"`
	Fields      []string `lr:"query,fields"`
}

// Profile returns the profile of the provider that a session began with.
//
// GET /api/v2/userprofile with the access token alone; a read. Sentinels:
// ErrInvalidToken.
func (s *SocialService) Profile(ctx context.Context, in SocialProfileRequest) (*Profile, error) {
	return do[Profile](ctx, s.c, opSocialProfile, in)
}

// An ActiveSession is one live session of a user. Its token is as good as the
// user's password: never log it or hand it to anyone.
type ActiveSession struct {
	AccessToken string `lr:",,secret"`
	Browser     string
	Device      string
	OS          string `json:"Os"`
	DeviceType  string
	City        string
	Country     string
	IP          string `json:"Ip"`
	LoginDate   Time
}

// ActiveSessions is one page of a user's live sessions. NextCursor is 0 on the
// last page.
type ActiveSessions struct {
	Sessions   []ActiveSession `json:"data"`
	NextCursor int             `json:"nextcursor"`
}

func (s *ActiveSessions) finish(operation, answer, time.Time) error { //nolint:unparam // it implements finisher
	if s.Sessions == nil {
		s.Sessions = []ActiveSession{}
	}
	return nil
}
