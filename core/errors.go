package core

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Error is what became of an operation that did not succeed. It holds no
// credential, token or password: those of the call are replaced in every text.
type Error struct {
	Operation  string    // e.g. "Authentication.LoginByEmail"
	Code       ErrorCode // 0 if LoginRadius gave none
	HTTPStatus int       // 0 if there was no answer

	// Message and Description are LoginRadius' words, for logs and developers.
	// They are not meant for end users: they tell whether an account exists.
	Message     string
	Description string

	Fields     []FieldError  // refused fields, with ErrValidation
	LockedFor  time.Duration // with ErrAccountLocked: time to wait; 0 if not told
	RetryAfter time.Duration // from the Retry-After header; 0 if not told

	// ProviderResponse is what a social provider said, with ErrProviderFailed.
	ProviderResponse string

	// What the next step needs, if LoginRadius said so: with ErrPrivacyPolicy,
	// ErrConsentRequired and ErrPINRequired.
	Privacy *PrivacyStep
	Consent *ConsentStep
	PIN     *PINStep
	// Risks are why a login looks suspicious, with ErrRiskCheck and ErrAccountBlocked.
	Risks []Risk

	answered bool
	cause    error // why there is no answer, or nil
	is       []error
}

// A FieldError is one field that LoginRadius refused.
type FieldError struct {
	Name    string // as LoginRadius spells it, e.g. "Password"
	Message string
}

// Answered reports whether LoginRadius itself said this, in its own JSON. If not,
// it could not be asked or something in between answered, and the error matches
// [ErrUnavailable].
func (e *Error) Answered() bool { return e.answered }

// Error names the operation and what happened, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("loginradius: " + e.Operation + ": ")
	switch {
	case e.Code != 0:
		b.WriteString(strconv.Itoa(int(e.Code)) + " " + firstOf(e.Message, e.Code.Message()))
	case e.cause != nil:
		b.WriteString(e.cause.Error())
	default:
		b.WriteString(firstOf(e.Message, "failed"))
	}
	if e.HTTPStatus != 0 {
		b.WriteString(" (HTTP " + strconv.Itoa(e.HTTPStatus) + ")")
	}
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Message)
	}
	return b.String()
}

// Is reports whether target is one of the sentinels that the error stands for.
func (e *Error) Is(target error) bool {
	return slices.ContainsFunc(e.is, func(s error) bool { return s == target || kindOf[s] == target })
}

// Unwrap returns why LoginRadius could not be asked, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Format implements [fmt.Formatter]: every verb prints what Error returns.
func (e Error) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.Error())) }

// isCode reports whether LoginRadius answered with a code.
func isCode(err error, code ErrorCode) bool {
	var e *Error
	return errors.As(err, &e) && e.Answered() && e.Code == code
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// A causeError stands for an error of the network layer without its text, which
// may quote a URL with a token in it.
type causeError struct {
	text string
	err  error
}

func (e *causeError) Error() string        { return e.text }
func (e *causeError) Is(target error) bool { return errors.Is(e.err, target) }

// Format implements fmt.Formatter: no verb looks into the error behind it.
func (e *causeError) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.text)) }

// Timeout reports whether the call ran out of time.
func (e *causeError) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.err, &t) && t.Timeout()
}

// An argumentError says which argument kept an operation from being sent.
type argumentError struct {
	op, field, reason string
	sentinel          error
}

func (e *argumentError) Error() string {
	return "loginradius: " + e.op + ": " + e.field + " " + e.reason
}
func (e *argumentError) Unwrap() error { return e.sentinel }

func missingArgument(op operation, field string) error {
	return &argumentError{op.name, field, "is missing", ErrMissingArgument}
}

func invalidArgument(op operation, field, reason string) error {
	return &argumentError{op.name, field, reason, ErrInvalidArgument}
}
