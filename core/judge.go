package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// judge returns the answer if it is a success: 2xx, JSON, and no error code inside.
func (c *call) judge(res *http.Response, body []byte, now time.Time) (answer, error) {
	status := res.StatusCode
	retryAfter := parseRetryAfter(res.Header.Get("Retry-After"), now)
	if status == http.StatusTooManyRequests {
		e := c.unavailable(status, "too many requests", nil)
		e.RetryAfter = retryAfter
		e.is = append(e.is, ErrRateLimited)
		return nil, e
	}
	got, err := c.parse(status, body)
	if err != nil {
		kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
		e := c.unavailable(status, fmt.Sprintf("the answer is not a JSON object (%d bytes of %q)", len(body), kind), nil)
		e.RetryAfter = retryAfter
		return nil, e
	}
	success := status >= 200 && status < 300
	if success && !got.has("ErrorCode") {
		return got, nil
	}
	var said struct {
		ErrorCode             flexInt
		Message               flexString
		Description           flexString
		IsProviderError       flexBool
		ProviderErrorResponse flexString
		Errors                []struct{ FieldName, ErrorMessage flexString }
		ExtraInfo             []struct {
			ErrorCode            flexInt
			Message, Description flexString
		}
		Data             struct{ LoginLockedTimeout flexString }
		OAuthError       flexString `json:"error"` // the federation endpoints' form
		OAuthDescription flexString `json:"error_description"`
	}
	got.decode(&said)
	if success && said.ErrorCode == 0 {
		return got, nil
	}
	if said.ErrorCode == 0 && said.OAuthError == "" {
		// Gateways and firewalls speak JSON too.
		e := c.unavailable(status, "the answer holds no error code", nil)
		e.RetryAfter = retryAfter
		return nil, e
	}
	e := &Error{
		Operation:   c.op.name,
		Code:        ErrorCode(said.ErrorCode),
		HTTPStatus:  status,
		Message:     c.clean(firstOf(string(said.Message), string(said.OAuthError))),
		Description: c.clean(firstOf(string(said.Description), string(said.OAuthDescription))),
		RetryAfter:  retryAfter,
		LockedFor:   lockedFor(string(said.Data.LoginLockedTimeout), now),
		answered:    true,
	}
	if said.IsProviderError {
		e.ProviderResponse = c.clean(string(said.ProviderErrorResponse))
		e.is = append(e.is, ErrProviderFailed)
	}
	for _, f := range said.Errors {
		e.Fields = append(e.Fields, FieldError{c.clean(string(f.FieldName)), c.clean(string(f.ErrorMessage))})
	}
	for _, r := range said.ExtraInfo {
		e.Risks = append(e.Risks, Risk{ErrorCode(r.ErrorCode), c.clean(string(r.Message)), c.clean(string(r.Description))})
	}
	e.steps(got, now)
	if s := sentinelOf[e.Code]; s != nil {
		e.is = append(e.is, s)
	}
	if blamesCredentials(e.Code, string(said.Description), string(said.OAuthError)) {
		e.is = append(e.is, ErrAPICredentials)
	}
	if status >= 500 && len(e.is) == 0 {
		e.is = append(e.is, ErrUnavailable)
	}
	return nil, e
}

// blamesCredentials reports whether an error is about our own credentials although its
// code does not say so: a missing parameter that is the key, or a refused OAuth client.
func blamesCredentials(code ErrorCode, description, oauth string) bool {
	return code == CodeParameterInvalid && strings.Contains(strings.ToLower(description), "apikey") ||
		oauth == "invalid_client" || oauth == "unauthorized_client"
}

// parse reads the answer in the forms that the operation allows.
func (c *call) parse(status int, body []byte) (answer, error) {
	trimmed := bytes.TrimSpace(body)
	switch {
	case c.empty && len(trimmed) == 0 && status >= 200 && status < 300:
		return answer{}, nil
	case c.list && len(trimmed) > 0 && trimmed[0] == '[':
		if !json.Valid(trimmed) {
			return nil, errNotObject
		}
		return answer{listKey: trimmed}, nil
	}
	return parseAnswer(body)
}

// unavailable makes the error of a call that LoginRadius did not answer.
func (c *call) unavailable(status int, text string, err error) *Error {
	if err != nil {
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err // without the URL, which holds credentials
		}
		text = strings.TrimPrefix(text+": "+c.clean(err.Error()), ": ")
	}
	return &Error{Operation: c.op.name, HTTPStatus: status, cause: &causeError{text, err}, is: []error{ErrUnavailable}}
}

// clean makes a text of the service fit for logs: without the call's secrets, short,
// and in one line.
func (c *call) clean(s string) string {
	s = scrub(s, c.secrets) // before it is cut: half a token is a secret too
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}

// parseRetryAfter reads both forms of the header: seconds and a date.
func parseRetryAfter(v string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(n, 0), 24*3600)) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(t.Sub(now), 0), 24*time.Hour)
	}
	return 0
}

// lockedFor reads LoginLockedTimeout: a point in time, or a number of seconds.
func lockedFor(v string, now time.Time) time.Duration {
	if n, err := strconv.ParseFloat(v, 64); err == nil && n > 0 && n < 1e9 {
		return time.Duration(n * float64(time.Second))
	}
	if t := parseTime(v); !t.IsZero() {
		return max(t.Sub(now), 0)
	}
	return 0
}
