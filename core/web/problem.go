package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The codes of the problems that guards and routes answer with. They are part of
// the API: a client program decides by them. The problem's type is the code behind
// "urn:loginradius:problem:".
const (
	CodeUnauthenticated      = "unauthenticated"           // 401: no token came with the request
	CodeInvalidToken         = "invalid_token"             // 401: the token is not, or no longer, good
	CodeInvalidSignature     = "invalid_signature"         // 401: a webhook is not signed with our secret
	CodeInvalidCredentials   = "invalid_credentials"       // 401: no such user, or a wrong password
	CodeMFARequired          = "mfa_required"              // 401: a second factor is wanted
	CodeInvalidCode          = "invalid_code"              // 401: a one-time code, PIN or answer is wrong
	CodeMFAExpired           = "mfa_expired"               // 401: the login that waited for a second factor is over: log in again
	CodeReauthRequired       = "reauthentication_required" // 401: prove your presence first; see max_age
	CodeReauthUnavailable    = "reauth_unavailable"        // 403: the site has re-authentication switched off
	CodePrivacyRequired      = "privacy_required"          // 403: accept the privacy policy first; see privacy_token
	CodeConsentRequired      = "consent_required"          // 403: answer the consent form first; see consent_token
	CodePINRequired          = "pin_required"              // 403: choose a PIN first; see pin_token
	CodePhoneNotVerified     = "phone_not_verified"        // 403: the phone number must be verified first
	CodeNotEnrolled          = "not_enrolled"              // 403: the user has not set up this factor, PIN or question
	CodeConflict             = "conflict"                  // 409: it exists already, or belongs to another account
	CodeForbidden            = "forbidden"                 // 403: logged in, but not allowed
	CodeMissingRole          = "missing_role"              // 403: logged in, without the role
	CodeMissingPermission    = "missing_permission"        // 403: no role of the user grants the permission
	CodeMissingScope         = "missing_scope"             // 403: see Scopes
	CodeEmailNotVerified     = "email_not_verified"        // 403: the address must be verified first
	CodeAccountBlocked       = "account_blocked"           // 403; from a guard 401, since the token is no longer good
	CodeAccountLocked        = "account_locked"            // 403: too many wrong passwords; see Retry-After
	CodePasswordExpired      = "password_expired"          // 403: reset the password first
	CodeCrossOrigin          = "cross_origin"              // 403: a cookie came from another site's page
	CodeNotAllowed           = "not_allowed"               // 403: the site's rules forbid it
	CodeNotFound             = "not_found"                 // 404: there is no such thing, e.g. no session with this id
	CodeInvalidBody          = "invalid_body"              // 400: broken, duplicate or unknown fields
	CodeInvalidRequest       = "invalid_request"           // 400: e.g. two Authorization headers
	CodeBodyTooLarge         = "body_too_large"            // 413
	CodeUnsupportedMediaType = "unsupported_media_type"    // 415
	CodeValidationFailed     = "validation_failed"         // 422: see errors
	CodeInvalidLink          = "invalid_link"              // 422: a mailed token or code is wrong, used or expired
	CodeOtherBrowser         = "other_browser"             // 422: a mailed link was opened in another browser than the one that asked
	CodeThrottled            = "throttled"                 // 429: see Retry-After
	CodeInternal             = "internal_error"            // 500
	CodeUnavailable          = "unavailable"               // 503: LoginRadius cannot be asked; see Retry-After
)

// A Problem is a failure as RFC 9457 writes it, and as a client program reads it.
// It holds no addresses, tokens or secrets, and of what LoginRadius said in words only the
// rule of the site that a new password breaks.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code"`
	Detail string         `json:"detail,omitempty"`
	Errors []FieldProblem `json:"errors,omitempty"`

	// The members of these come beside the others with mfa_required, privacy_required,
	// consent_required and pin_required. They are nil otherwise.
	*MFAProblem
	*PrivacyProblem
	*ConsentProblem
	*PINProblem

	// MaxAge comes with reauthentication_required: how old a proof may be, in seconds.
	MaxAge int `json:"max_age,omitempty"`

	// Scopes comes with missing_scope: the scopes that a token needs. It becomes scope in
	// WWW-Authenticate.
	Scopes []string `json:"scopes,omitempty"`

	// RetryAfter becomes the header of that name, in whole seconds.
	RetryAfter time.Duration `json:"-"`

	bearerError string // the error code of RFC 6750 in WWW-Authenticate; none where no token was sent
}

// A FieldProblem says what is wrong with one field. Its code is required, unknown,
// duplicate, ambiguous, wrong_type, too_long, invalid (a character that cannot be
// stored), not_acceptable, breached or used_before (a password), taken or wrong.
type FieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`

	// Allowed lists the values that are allowed, if they are few. For an unknown field it lists
	// the fields that there are.
	Allowed []string `json:"allowed,omitempty"`

	own bool // the message is the site's or the application's, for its users
}

var titles = map[string]string{
	CodeUnauthenticated: "Login required", CodeInvalidToken: "The session is not valid or has expired",
	CodeInvalidSignature:   "The webhook is not signed with the expected secret",
	CodeInvalidCredentials: "The name or the password is wrong", CodeMFARequired: "A second factor is required",
	CodeInvalidCode: "The code is wrong or expired", CodeMFAExpired: "The login is over: log in again",
	CodeReauthRequired: "Prove that it is you first", CodeReauthUnavailable: "The site has no re-authentication",
	CodePrivacyRequired: "The privacy policy must be accepted first", CodeConsentRequired: "The consent form must be answered first", CodePINRequired: "A PIN must be chosen first",
	CodePhoneNotVerified: "The phone number is not verified", CodeNotEnrolled: "This is not set up", CodeConflict: "It exists already",
	CodeForbidden: "Not allowed", CodeMissingRole: "Not allowed without the required role", CodeMissingPermission: "Not allowed without the required permission", CodeMissingScope: "The token lacks a required scope", CodeEmailNotVerified: "The e-mail address is not verified",
	CodeAccountBlocked: "The account is blocked", CodeAccountLocked: "The account is locked for now", CodePasswordExpired: "The password must be reset",
	CodeCrossOrigin: "The request came from another site", CodeNotAllowed: "The site does not allow this",
	CodeNotFound: "There is no such thing here", CodeInvalidBody: "The body cannot be read", CodeInvalidRequest: "The request is ambiguous",
	CodeBodyTooLarge: "The body is too large", CodeUnsupportedMediaType: "The content type is not supported", CodeValidationFailed: "Some fields are not acceptable",
	CodeInvalidLink: "The link or code is wrong, used or expired", CodeOtherBrowser: "The link belongs to another browser", CodeThrottled: "Too many requests", CodeInternal: "Something went wrong here",
	CodeUnavailable: "The login service cannot be reached",
}

func problem(status int, code string) *Problem {
	return &Problem{Type: "urn:loginradius:problem:" + code, Title: titles[code], Status: status, Code: code}
}

func fieldProblem(field, code, message string) *Problem {
	p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	p.Errors = []FieldProblem{{Field: field, Code: code, Message: message}}
	return p
}

// Error makes a Problem usable as an error.
func (p *Problem) Error() string { return fmt.Sprintf("%d %s", p.Status, p.Code) }

// withDefaults fills in what an application left out of its own problem.
func (p *Problem) withDefaults() *Problem {
	w := *p
	if w.Status < 400 || w.Status > 599 {
		w.Status = http.StatusInternalServerError
	}
	if w.Type == "" {
		w.Type = "about:blank" // as RFC 9457 has it
	}
	if w.Title == "" {
		w.Title = http.StatusText(w.Status)
	}
	return &w
}

const problemType = "application/problem+json"

// response writes the problem with the headers that belong to its status.
func (p *Problem) response(realm string) *Response {
	body, _ := json.Marshal(p) // plain fields only
	r := &Response{Status: p.Status, Header: header(problemType), Body: append(body, '\n')}
	// Every 401 and 403, whatever it refuses: RFC 9110 wants a challenge with a 401, and
	// a client that reads it, as RFC 6750 has it, should find it by the status alone.
	// Where no token would help, as with email_not_verified or cross_origin, the code
	// says so.
	if p.Status == http.StatusUnauthorized || p.Status == http.StatusForbidden || p.bearerError != "" {
		challenge := `Bearer realm="` + realm + `"`
		if p.bearerError != "" {
			challenge += `, error="` + p.bearerError + `"`
		}
		if len(p.Scopes) > 0 {
			challenge += `, scope="` + strings.Join(p.Scopes, " ") + `"`
		}
		if p.MaxAge > 0 {
			challenge += `, max_age="` + strconv.Itoa(p.MaxAge) + `"`
		}
		r.Header.Set("Www-Authenticate", challenge)
	}
	if p.RetryAfter > 0 {
		r.Header.Set("Retry-After", strconv.Itoa(seconds(p.RetryAfter)))
	}
	return r
}

// seconds rounds up, since asking too early is asking twice.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// bearerProblem returns a problem that is answered with a challenge to authenticate.
func bearerProblem(status int, code, bearerError string) *Problem {
	p := problem(status, code)
	p.bearerError = bearerError
	return p
}

func unauthenticated() *Problem {
	return bearerProblem(http.StatusUnauthorized, CodeUnauthenticated, "")
}

func invalidToken() *Problem {
	return bearerProblem(http.StatusUnauthorized, CodeInvalidToken, "invalid_token")
}

func forbidden(code string) *Problem {
	return bearerProblem(http.StatusForbidden, code, "insufficient_scope")
}

func missingScope(scopes []string) *Problem {
	p := forbidden(CodeMissingScope)
	p.Scopes = scopes
	return p
}

// ambiguous is RFC 6750's answer to more than one way of sending a token.
func ambiguous(detail string) *Problem {
	p := bearerProblem(http.StatusBadRequest, CodeInvalidRequest, "invalid_request")
	p.Detail = detail
	return p
}

func unavailable(err error) *Problem {
	p := problem(http.StatusServiceUnavailable, CodeUnavailable)
	p.RetryAfter = time.Second
	var e *core.Error
	if errors.As(err, &e) && e.RetryAfter > p.RetryAfter {
		p.RetryAfter = min(e.RetryAfter, maxRetryAfter)
	}
	return p
}

// maxRetryAfter bounds what an answer of the service makes clients wait for.
const maxRetryAfter = 10 * time.Minute

// lockedRetry is how long a client waits that was locked out without a time, as by wrong
// second factors.
const lockedRetry = time.Minute

// meanings says what the errors of the core mean to a client program. The first that
// fits counts.
var meanings = []struct {
	is     error
	status int
	code   string
}{
	{core.ErrUnavailable, http.StatusServiceUnavailable, CodeUnavailable},
	{core.ErrAPICredentials, http.StatusServiceUnavailable, CodeUnavailable},
	{core.ErrInvalidToken, http.StatusUnauthorized, CodeInvalidToken},
	{core.ErrInvalidRefreshToken, http.StatusUnauthorized, CodeInvalidToken},
	{core.ErrInvalidRequestToken, http.StatusUnauthorized, CodeInvalidToken},
	{core.ErrProviderFailed, http.StatusUnauthorized, CodeInvalidToken},
	{core.ErrInvalidCredentials, http.StatusUnauthorized, CodeInvalidCredentials},
	{core.ErrMFARequired, http.StatusUnauthorized, CodeMFARequired},
	{core.ErrMFATokenExpired, http.StatusUnauthorized, CodeMFAExpired},
	{core.ErrSessionTokenExpired, http.StatusUnauthorized, CodeInvalidToken},
	{core.ErrPrivacyPolicy, http.StatusForbidden, CodePrivacyRequired},
	{core.ErrConsentRequired, http.StatusForbidden, CodeConsentRequired},
	{core.ErrPINRequired, http.StatusForbidden, CodePINRequired},
	{core.ErrNotEnrolled, http.StatusForbidden, CodeNotEnrolled},
	{core.ErrConflict, http.StatusConflict, CodeConflict},
	{core.ErrUserNotFound, http.StatusNotFound, CodeNotFound}, // a login answers as for a wrong password
	{core.ErrNotFound, http.StatusNotFound, CodeNotFound},
	{core.ErrEmailNotVerified, http.StatusForbidden, CodeEmailNotVerified},
	{core.ErrPhoneNotVerified, http.StatusForbidden, CodePhoneNotVerified},
	{core.ErrAccountBlocked, http.StatusForbidden, CodeAccountBlocked},
	{core.ErrAccountLocked, http.StatusForbidden, CodeAccountLocked},
	{core.ErrPasswordExpired, http.StatusForbidden, CodePasswordExpired},
	{core.ErrNotAllowed, http.StatusForbidden, CodeNotAllowed},
	{core.ErrRateLimited, http.StatusTooManyRequests, CodeThrottled},
	{core.ErrInvalidLink, http.StatusUnprocessableEntity, CodeInvalidLink},
	{core.ErrInvalidOTP, http.StatusUnprocessableEntity, CodeInvalidLink},
}

// ProblemOf says what an error of the core means to a client program. It is what
// the routes answer with; use it in handlers of your own that call the core.
func ProblemOf(err error) *Problem {
	var p *Problem
	var e *core.Error
	errors.As(err, &e)
	for _, m := range meanings {
		if errors.Is(err, m.is) {
			p = problem(m.status, m.code)
			break
		}
	}
	switch {
	case errors.As(err, &p):
		return p
	case p != nil && p.Code == CodeUnavailable:
		return unavailable(err)
	case p != nil && p.Code == CodeInvalidToken:
		return invalidToken()
	case p != nil && p.Code == CodeMFARequired:
		if c, ok := errors.AsType[*core.MFAChallenge](err); ok {
			p.MFAProblem = rawChallenge(c)
		}
		return p
	case p != nil && p.Code == CodeAccountLocked && e != nil:
		p.RetryAfter = cmp.Or(e.LockedFor, lockedRetry)
		return p
	case p != nil:
		return p
	case errors.Is(err, core.ErrPasswordRejected):
		p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
		p.Errors = []FieldProblem{passwordProblem(e)}
		return p
	case errors.Is(err, core.ErrEmailTaken):
		return fieldProblem("email", "taken", "This address is already registered.")
	case errors.Is(err, core.ErrUsernameTaken):
		return fieldProblem("username", "taken", "This username is already registered.")
	case errors.Is(err, core.ErrPhoneTaken):
		return fieldProblem("phone", "taken", "This number is already registered.")
	case errors.Is(err, core.ErrValidation), errors.Is(err, core.ErrMissingArgument), errors.Is(err, core.ErrInvalidArgument):
		return validationProblem(e)
	case e != nil && e.Answered() && e.HTTPStatus == http.StatusBadRequest:
		return validationProblem(e)
	case e != nil && e.Answered() && e.HTTPStatus >= 401 && e.HTTPStatus < 500:
		// A code that we do not know: LoginRadius refused it, and nothing is broken here.
		return problem(http.StatusForbidden, CodeNotAllowed)
	}
	return problem(http.StatusInternalServerError, CodeInternal)
}

// fieldNames maps what LoginRadius calls a field to what the routes call it.
var fieldNames = map[string]string{
	"email": "email", "emailid": "email", "password": "password", "username": "username", "phoneid": "phone", "phone": "phone",
	"firstname": "first_name", "lastname": "last_name", "newpassword": "new_password", "oldpassword": "current_password", "birthdate": "birth_date",
}

// refusedFields says which field a code is about that comes without a list of them.
var refusedFields = map[core.ErrorCode]string{
	core.CodeEmailAddressInvalid: "email", core.CodeEmailInvalid: "email", core.CodePhoneNumberInvalid: "phone",
	core.CodeUsernameInvalid: "username", core.CodeUsernameFormatInvalid: "username",
	core.CodeDateInvalid: "birth_date", core.CodeInvalidDate: "birth_date", core.CodeCustomFieldInvalid: "custom_fields",
}

// validationProblem lists the fields that LoginRadius refused, without its words.
func validationProblem(e *core.Error) *Problem {
	p := problem(http.StatusUnprocessableEntity, CodeValidationFailed)
	if e == nil {
		return p
	}
	names := []string{refusedFields[e.Code]}
	if len(e.Fields) > 0 {
		names = nil
	}
	for _, f := range e.Fields {
		names = append(names, fieldName(f.Name))
	}
	for i, name := range names {
		switch {
		case name == "":
		case strings.HasSuffix(name, "password") && len(e.Fields) > 0:
			p.Errors = append(p.Errors, *refusedPassword(name, e.Fields[i].Message))
		default:
			p.Errors = append(p.Errors, FieldProblem{Field: name, Code: "not_acceptable", Message: "This value is missing or not acceptable."})
		}
	}
	return p
}

// fieldName returns what the routes call a field of LoginRadius, or "". Custom fields
// come with a prefix or as they are, and their names are the site's.
func fieldName(name string) string {
	lower := strings.ToLower(name)
	if known := fieldNames[lower]; known != "" {
		return known
	}
	for ours, theirs := range writableFields {
		if strings.ToLower(theirs) == lower {
			return ours
		}
	}
	if custom, ok := strings.CutPrefix(lower, "cf_"); ok {
		return "custom_fields." + name[len(name)-len(custom):]
	}
	return ""
}

// maxRule bounds the words about a refused password, in bytes.
const maxRule = 300

// refusedPassword says which rule a new password breaks, in the words of the site or the
// application. The core has taken secrets out of the site's.
func refusedPassword(field, rule string) *FieldProblem {
	p := passwordProblem(nil)
	p.Field = field
	if rule = strings.TrimSpace(rule); rule != "" && len(rule) <= maxRule && !strings.ContainsFunc(rule, unicode.IsControl) {
		p.Message, p.own = rule, true
	}
	return &p
}

// passwordProblem says why LoginRadius refused a new password, if it told.
func passwordProblem(e *core.Error) FieldProblem {
	p := FieldProblem{Field: "password", Code: "not_acceptable", Message: "This password is not acceptable: choose a longer or less common one."}
	switch {
	case e == nil:
	case e.Code == core.CodeNewPasswordBreached:
		p.Code, p.Message = "breached", "This password is known from a data breach: choose another one."
	case e.Code == core.CodeNewPasswordInvalid:
		p.Code, p.Message = "used_before", "Choose a password that you have not used before."
	}
	return p
}
