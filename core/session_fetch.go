package core

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// fetch asks for the profile, which says whose token it is, and for the expiry at
// the same time. Any doubt makes it ErrUnavailable; every other error means that
// the token is definitely not good.
func (s *sessionCache) fetch(ctx context.Context, f *flight) (*Session, error) {
	known := f.known != nil
	if err := s.admit(ctx, known); err != nil {
		return nil, err
	}
	var expiresAt time.Time
	validated := make(chan error, 1)
	if s.cfg.SkipExpiry {
		validated <- nil
	} else {
		go func() {
			got, err := s.send(ctx, opAuthenticationValidateToken, bearerOnly{f.token}, known)
			if err == nil {
				expiresAt = expiryIn(got, time.Unix(0, s.clock.now()))
			}
			validated <- err
		}()
	}
	in := ProfileRequest{AccessToken: f.token, Fields: s.cfg.ProfileFields}
	if s.kept["*"] {
		in.Fields = nil
	}
	profile, profileErr := s.send(ctx, opAuthenticationProfile, in, known)
	validateErr := <-validated
	for _, err := range []error{verdict(profileErr, true), verdict(validateErr, false), trouble(profileErr), trouble(validateErr)} {
		if err != nil {
			return nil, err
		}
	}
	return s.session(profile, expiresAt)
}

// admit waits for the turn of a validation, for at most half of the time there is:
// the other half is for the answer.
func (s *sessionCache) admit(ctx context.Context, known bool) error {
	ctx, cancel := context.WithTimeout(ctx, s.client.cfg.Timeout/2)
	defer cancel()
	calls := 2
	if s.cfg.SkipExpiry {
		calls = 1
	}
	if err := s.gate.admit(ctx, calls, known); err != nil {
		return unavailableSession(err.Error(), err)
	}
	return nil
}

func (s *sessionCache) send(ctx context.Context, op operation, in any, known bool) (answer, error) {
	call, err := newCall(op, in)
	if err != nil {
		return nil, err
	}
	call.gate = s.gate.forAdmitted(known)
	return s.client.send(ctx, call)
}

// verdict returns err if LoginRadius said that the token is definitely not good.
// Who it belongs to only the profile can tell.
func verdict(err error, isProfile bool) error {
	var e *Error
	if !errors.As(err, &e) || !e.Answered() {
		return nil
	}
	switch e.Code {
	case CodeAccessTokenInvalid, CodeAccessTokenExpired, CodeSessionExpired, CodeAccessTokenExpiredOrInvalid:
		return err
	case CodeUserNotFound:
		if isProfile { // the account is gone, and the token with it
			gone := *e
			gone.is = []error{ErrInvalidToken, ErrUserNotFound}
			return &gone
		}
	case CodeAccountBlocked:
		if isProfile {
			return err
		}
	}
	return nil
}

// trouble makes a failure that is no verdict on the token one of the service: our
// own key being refused must not log anybody out.
func trouble(err error) error {
	var e *Error
	switch {
	case err == nil, errors.Is(err, ErrUnavailable):
		return err
	case errors.As(err, &e):
		t := *e
		t.is = []error{ErrUnavailable}
		if errors.Is(e, ErrAPICredentials) {
			t.is = append(t.is, ErrAPICredentials)
		}
		return &t
	}
	return unavailableSession(err.Error(), err)
}

// session makes the session out of a profile answer.
func (s *sessionCache) session(profile answer, expiresAt time.Time) (*Session, error) {
	session, err := newSession(profile, s.kept, expiresAt)
	if err != nil || session.uid == "" {
		return nil, &Error{Operation: opAuthenticationProfile.name, HTTPStatus: http.StatusOK, cause: &causeError{text: "the profile names no account"}, is: []error{ErrUnavailable}}
	}
	var flags struct{ IsActive, IsDeleted *bool }
	profile.decode(&flags)
	switch {
	case flags.IsDeleted != nil && *flags.IsDeleted:
		return nil, &Error{Operation: opAuthenticationProfile.name, Code: CodeUserNotFound, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrInvalidToken, ErrUserNotFound}}
	case flags.IsActive != nil && !*flags.IsActive:
		return nil, &Error{Operation: opAuthenticationProfile.name, Code: CodeAccountBlocked, HTTPStatus: http.StatusOK, answered: true, is: []error{ErrAccountBlocked}}
	}
	return session, nil
}
