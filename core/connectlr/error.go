package connectlr

import (
	"errors"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// ErrorDomain is the domain in the ErrorInfo of every error of this package. Its
// reason is the code of the problem in upper case, such as INVALID_TOKEN.
const ErrorDomain = "loginradius.com"

// ErrorOf returns what an error of the core means to a client: the problem of
// [web.ProblemOf] as a connect error, for methods that call the core. It never holds a
// text of LoginRadius. CodeUnavailable and CodeResourceExhausted have a RetryInfo if
// it is known when to try again.
func ErrorOf(err error) *connect.Error { return problemError(web.ProblemOf(err)) }

// connectCodes are by HTTP status; other statuses are CodeInternal.
var connectCodes = map[int]connect.Code{
	http.StatusBadRequest:            connect.CodeInvalidArgument,
	http.StatusUnauthorized:          connect.CodeUnauthenticated,
	http.StatusForbidden:             connect.CodePermissionDenied,
	http.StatusNotFound:              connect.CodeNotFound,
	http.StatusConflict:              connect.CodeAborted,
	http.StatusRequestEntityTooLarge: connect.CodeInvalidArgument,
	http.StatusUnprocessableEntity:   connect.CodeInvalidArgument,
	http.StatusTooManyRequests:       connect.CodeResourceExhausted,
	http.StatusServiceUnavailable:    connect.CodeUnavailable,
}

func problemError(p *web.Problem) *connect.Error {
	code, ok := connectCodes[p.Status]
	if !ok {
		code = connect.CodeInternal
	}
	e := connect.NewError(code, errors.New(p.Title))
	details := []proto.Message{&errdetails.ErrorInfo{Reason: strings.ToUpper(p.Code), Domain: ErrorDomain}}
	if p.RetryAfter > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(p.RetryAfter)})
	}
	if len(p.Errors) > 0 {
		bad := new(errdetails.BadRequest)
		for _, f := range p.Errors {
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: f.Field, Description: f.Message, Reason: strings.ToUpper(f.Code),
			})
		}
		details = append(details, bad)
	}
	for _, d := range details {
		if detail, err := connect.NewErrorDetail(d); err == nil {
			e.AddDetail(detail)
		}
	}
	return e
}

// refusalError is the error of a guard's refusal. In the Connect protocol it carries the
// headers that concern authentication and time; gRPC sends such headers as trailers,
// which may not have their names.
func refusalError(r *web.Response, protocol string) *connect.Error {
	if r.Err == nil {
		return connect.NewError(connect.CodeUnauthenticated, errors.New(http.StatusText(http.StatusUnauthorized)))
	}
	e := problemError(r.Err)
	if protocol != connect.ProtocolConnect {
		return e
	}
	for _, name := range []string{"Www-Authenticate", "Retry-After"} {
		if v := r.Header.Get(name); v != "" {
			e.Meta().Set(name, v)
		}
	}
	return e
}
