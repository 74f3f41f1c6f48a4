package echolr

import (
	"encoding/json"

	"github.com/labstack/echo/v5"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// returned is a problem in the forms that echo's own error handlers look for: the
// default one takes the status and the JSON, the one for problem details takes a
// *echo.ProblemError.
type returned struct{ problem *web.Problem }

// Error names the status and the code.
func (e returned) Error() string { return e.problem.Error() }

// Unwrap lets errors.As find the *web.Problem.
func (e returned) Unwrap() error { return e.problem }

// StatusCode implements echo.HTTPStatusCoder.
func (e returned) StatusCode() int { return e.problem.Status }

// MarshalJSON returns the problem as RFC 9457 writes it.
func (e returned) MarshalJSON() ([]byte, error) { return json.Marshal(e.problem) }

// ProblemError implements echo.ProblemErrorer.
func (e returned) ProblemError() *echo.ProblemError {
	return &echo.ProblemError{Type: e.problem.Type, Title: e.problem.Title, Status: e.problem.Status, Detail: e.problem.Detail}
}
