package core

import (
	"context"
	"errors"
	"slices"
)

// AnyVerifier returns a verifier that accepts what one of several accepts, for example
// tokens of users and of machines. It asks them in order.
func AnyVerifier(verifiers ...TokenVerifier) TokenVerifier {
	if len(verifiers) == 1 {
		return verifiers[0]
	}
	return &anyVerifier{slices.Clone(verifiers)}
}

type anyVerifier struct{ of []TokenVerifier }

func (a *anyVerifier) asksLoginRadius() bool { return slices.ContainsFunc(a.of, asksLoginRadius) }

func (a *anyVerifier) Accepts(token string) bool {
	for _, v := range a.of {
		if v.Accepts(token) {
			return true
		}
	}
	return false
}

func (a *anyVerifier) Verify(ctx context.Context, token string) (*VerifiedToken, error) {
	var unclear, refused error
	for _, v := range a.of {
		if !v.Accepts(token) {
			continue
		}
		t, err := v.Verify(ctx, token)
		switch {
		case err == nil:
			return t, nil
		case errors.Is(err, ErrInvalidToken) && !errors.Is(err, ErrUnavailable):
			refused = err
		default:
			unclear = err // a verifier that could not decide might have accepted it
		}
	}
	if unclear != nil {
		return nil, unclear
	}
	if refused == nil {
		return nil, &Error{Operation: "Session", Message: "no verifier accepts the token", is: []error{ErrInvalidToken}, answered: true}
	}
	return nil, refused
}
