package core

import (
	"context"
	"time"
)

// JWTService gets signed tokens from the site's JWT applications. Check such tokens with
// the package core/jwt. They end by themselves only: no call revokes them.
type JWTService struct{ c *Client }

// A SignedToken is a JWT of a JWT application.
type SignedToken struct {
	Token string `json:"signature" lr:",,secret"`
}

func (t *SignedToken) finish(op operation, got answer, _ time.Time) error {
	if challenge := challengeIn(op, placesIn(got)); challenge != nil && t.Token == "" {
		return challenge
	}
	return requireToken(op, t.Token)
}

// JWTByAccessTokenRequest is the input of [JWTService.ByAccessToken].
type JWTByAccessTokenRequest struct {
	App         string `lr:"path,app,required"` // the name of the JWT application
	AccessToken string `lr:"bearer,,required,secret"`
}

// ByAccessToken returns a JWT for the user of an access token.
//
// GET /api/jwt/{app}/token on the site's host with API key and access token. This GET
// issues a token. Sentinels: ErrInvalidToken.
func (s *JWTService) ByAccessToken(ctx context.Context, in JWTByAccessTokenRequest) (*SignedToken, error) {
	return do[SignedToken](ctx, s.c, opJWTByAccessToken, in)
}

// JWTLoginByEmailRequest is the input of [JWTService.LoginByEmail].
type JWTLoginByEmailRequest struct {
	App      string `lr:"path,app,required"` // the name of the JWT application
	Email    string `lr:"body,email,required"`
	Password string `lr:"body,password,required,secret"`

	VerificationURL string `lr:"query,verificationurl"` // for the mail sent again when the address is unverified
	LoginURL        string `lr:"query,loginurl"`        // recorded as where the login happened
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// LoginByEmail logs in with e-mail address and password, and returns a JWT instead of
// an access token.
//
// POST /api/jwt/{app}/login on the site's host with API key. Sentinels:
// ErrInvalidCredentials, ErrUserNotFound, ErrEmailNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired.
func (s *JWTService) LoginByEmail(ctx context.Context, in JWTLoginByEmailRequest) (*SignedToken, error) {
	return do[SignedToken](ctx, s.c, opJWTLoginByEmail, in)
}

// JWTLoginByUsernameRequest is the input of [JWTService.LoginByUsername].
type JWTLoginByUsernameRequest struct {
	App      string `lr:"path,app,required"` // the name of the JWT application
	Username string `lr:"body,username,required"`
	Password string `lr:"body,password,required,secret"`

	VerificationURL string `lr:"query,verificationurl"`
	LoginURL        string `lr:"query,loginurl"`
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// LoginByUsername is [JWTService.LoginByEmail] with a username.
//
// POST /api/jwt/{app}/login on the site's host with API key. Sentinels:
// ErrInvalidCredentials, ErrUserNotFound, ErrEmailNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired.
func (s *JWTService) LoginByUsername(ctx context.Context, in JWTLoginByUsernameRequest) (*SignedToken, error) {
	return do[SignedToken](ctx, s.c, opJWTLoginByUsername, in)
}

// JWTLoginByPhoneRequest is the input of [JWTService.LoginByPhone].
type JWTLoginByPhoneRequest struct {
	App      string `lr:"path,app,required"`   // the name of the JWT application
	Phone    string `lr:"body,phone,required"` // E.164, e.g. "+14155550100"
	Password string `lr:"body,password,required,secret"`

	VerificationURL string `lr:"query,verificationurl"`
	LoginURL        string `lr:"query,loginurl"`
	EmailTemplate   string `lr:"query,emailtemplate"`
}

// LoginByPhone is [JWTService.LoginByEmail] with a phone number.
//
// POST /api/jwt/{app}/login on the site's host with API key. Sentinels:
// ErrInvalidCredentials, ErrUserNotFound, ErrPhoneNotVerified, ErrAccountBlocked,
// ErrAccountLocked, ErrMFARequired.
func (s *JWTService) LoginByPhone(ctx context.Context, in JWTLoginByPhoneRequest) (*SignedToken, error) {
	return do[SignedToken](ctx, s.c, opJWTLoginByPhone, in)
}
