package grpclr

import (
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// ErrorDomain is the domain in the ErrorInfo of every status of this package. Its
// reason is the code of the problem in upper case, such as INVALID_TOKEN.
const ErrorDomain = "loginradius.com"

// StatusOf returns what an error of the core means to a client: the problem of
// [web.ProblemOf] as a status, for methods that call the core. It never holds a text
// of LoginRadius. Unavailable and ResourceExhausted have a RetryInfo if it is known
// when to try again.
func StatusOf(err error) *status.Status { return problemStatus(web.ProblemOf(err)) }

// grpcCodes are by HTTP status; other statuses are Internal.
var grpcCodes = map[int]codes.Code{
	http.StatusBadRequest:            codes.InvalidArgument,
	http.StatusUnauthorized:          codes.Unauthenticated,
	http.StatusForbidden:             codes.PermissionDenied,
	http.StatusNotFound:              codes.NotFound,
	http.StatusConflict:              codes.Aborted,
	http.StatusRequestEntityTooLarge: codes.InvalidArgument,
	http.StatusUnprocessableEntity:   codes.InvalidArgument,
	http.StatusTooManyRequests:       codes.ResourceExhausted,
	http.StatusServiceUnavailable:    codes.Unavailable,
}

func problemStatus(p *web.Problem) *status.Status {
	code, ok := grpcCodes[p.Status]
	if !ok {
		code = codes.Internal
	}
	s := status.New(code, p.Title)
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: strings.ToUpper(p.Code), Domain: ErrorDomain}}
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
	if detailed, err := s.WithDetails(details...); err == nil {
		return detailed
	}
	return s
}

// refusalStatus is the status of a guard's refusal.
func refusalStatus(r *web.Response) *status.Status {
	if r.Err != nil {
		return problemStatus(r.Err)
	}
	return status.New(codes.Unauthenticated, http.StatusText(http.StatusUnauthorized))
}
