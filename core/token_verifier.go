package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// A TokenVerifier checks one kind of access token that is not an opaque LoginRadius
// token: a JWT, or a token that an authorization server introspects. The package
// core/jwt has implementations; core and core/web know only this interface, so that
// programs without JWTs link no JOSE library.
//
// Implementations must be safe for concurrent use. The client caches what Verify
// returns, so implementations need no cache of verified tokens.
type TokenVerifier interface {
	// Accepts reports whether a token has the form that this verifier checks. It only
	// looks at the string: no I/O, no cryptography, no allocation. A token that no
	// verifier accepts is validated as an opaque token.
	Accepts(token string) bool

	// Verify checks an accepted token in full. An error that matches [ErrInvalidToken]
	// means that the token is definitely not acceptable. Every other error, best one
	// that matches [ErrUnavailable], means that the check was not possible, for example
	// because no keys could be fetched; the client then treats the token as during an
	// outage. No error may contain the token.
	Verify(ctx context.Context, token string) (*VerifiedToken, error)
}

// A VerifiedToken is what a [TokenVerifier] learned from a good token. It is
// read-only once it is returned.
type VerifiedToken struct {
	UID string // the subject: the Uid of an account, or the name of a machine; required
	ID  string // jti, the identifier of the token; "" if it has none
	// ExpiresAt is when the verifier stops accepting the token, leeway included. Zero
	// means unknown: the client then keeps the result no longer than that of an opaque
	// token.
	ExpiresAt time.Time
	Scopes    []string
	// Claims is the JSON object of all claims, or nil.
	Claims json.RawMessage
}

// HasScope reports whether the token has the scope. Names are compared exactly.
func (t *VerifiedToken) HasScope(scope string) bool {
	return t != nil && slices.Contains(t.Scopes, scope)
}

// String shows the account and the expiry. Claims stay hidden, as they may hold
// personal data.
func (t VerifiedToken) String() string {
	return fmt.Sprintf("core.VerifiedToken{UID:%s ExpiresAt:%s}", t.UID, t.ExpiresAt.UTC().Format(time.RFC3339))
}

// Format implements fmt.Formatter: every verb prints what String returns.
func (t VerifiedToken) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue implements slog.LogValuer.
func (t VerifiedToken) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON writes the printable form, without the claims.
func (t VerifiedToken) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// verifyToken runs a verifier and holds it to the contract of [TokenVerifier]: the
// result is a usable token, or an error that matches ErrInvalidToken or
// ErrUnavailable. now is the time of the client's clock.
func verifyToken(ctx context.Context, v TokenVerifier, token string, now time.Time) (*VerifiedToken, error) {
	verified, err := v.Verify(ctx, token)
	switch {
	case errors.Is(err, ErrUnavailable):
		return nil, err
	case errors.Is(err, ErrInvalidToken):
		return nil, err
	case err != nil:
		return nil, unavailableSession("the token could not be verified", err)
	case verified == nil || verified.UID == "":
		return nil, unavailableSession("the verifier returned no subject", nil)
	case !verified.ExpiresAt.IsZero() && !now.Before(verified.ExpiresAt):
		return nil, &Error{Operation: "Session", Message: "the token has expired", is: []error{ErrInvalidToken}, answered: true}
	}
	return verified, nil
}
