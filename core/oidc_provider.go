package core

import (
	"context"
	"time"
)

// An OIDCProvider logs users in at LoginRadius' hosted page, by the authorization code
// flow of OpenID Connect with PKCE. jwt.NewLogin makes one; package web knows only this
// interface, so that programs without OpenID Connect link no JOSE library.
//
// Implementations must be safe for concurrent use.
type OIDCProvider interface {
	// AuthorizeURL returns the address of the hosted page for an attempt.
	AuthorizeURL(ctx context.Context, attempt OIDCAttempt) (string, error)

	// Exchange trades the code that the hosted page sent back for tokens, once. It checks
	// the ID token, and that it belongs to the attempt. Errors match ErrInvalidRequestToken
	// if the code or the ID token is not acceptable, or ErrUnavailable.
	Exchange(ctx context.Context, code string, attempt OIDCAttempt) (*OIDCResult, error)

	// RedirectURL returns the absolute address to which the hosted page sends browsers
	// back.
	RedirectURL() string

	// LogoutURL returns the address that ends the session of the hosted page and then
	// leads to returnTo, an absolute address.
	LogoutURL(returnTo string) string
}

// An OIDCAttempt is what binds a login at the hosted page to one browser: three random
// values, known to that browser and to this program.
type OIDCAttempt struct {
	State    string // travels with the redirects
	Nonce    string `lr:",,secret"` // is repeated in the ID token
	Verifier string `lr:",,secret"` // of PKCE, see RFC 7636; 43 to 128 characters

	// AskAgain has the hosted page ask its user to log in although it knows the browser.
	AskAgain bool
}

// An OIDCResult is what a login at the hosted page ended with.
type OIDCResult struct {
	Tokens  Tokens
	Subject string // the Uid of the account

	// AuthenticatedAt is when the user last proved to the hosted page who they are: the
	// ID token's auth_time. Zero if it does not say.
	AuthenticatedAt time.Time
}
