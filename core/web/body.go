package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"
)

const (
	urlencoded = "application/x-www-form-urlencoded"
	sendThese  = "Send a JSON object with Content-Type: application/json, or a form with " + urlencoded + "."
)

// readInput fills the struct v from the path and the body of a request and checks it.
// The body is a JSON object or an HTML form with only the fields of the shape.
func readInput(view View, s *inputShape, path string, rules inputRules, v reflect.Value) *Problem {
	if p := s.readPath(path, view, v); p != nil || !s.hasBody() {
		return p
	}
	body, p := readBody(view)
	if p != nil {
		return p
	}
	contentType, _ := view.Header("Content-Type")
	kind, params, err := mime.ParseMediaType(contentType)
	switch charset := params["charset"]; {
	case !isUTF8(charset):
		return unsupported("Send the body as UTF-8.")
	case err != nil && contentType != "":
		return unsupported(sendThese)
	}
	in := &inputReader{twice: map[string]string{}, sent: map[string]bool{}}
	switch trimmed := bytes.TrimSpace(body); {
	case len(trimmed) == 0:
	case kind == "application/json":
		p = in.readJSON(body, s, v)
	case kind == urlencoded && trimmed[0] == '{': // the default content type of curl -d
		p = unsupported("The body looks like JSON: send Content-Type: application/json.")
	case kind == urlencoded:
		p = in.readForm(string(body), s, v)
	default:
		p = unsupported(sendThese)
	}
	if p != nil {
		return p
	}
	return in.validate(s, v, rules)
}

func readBody(view View) ([]byte, *Problem) {
	body, err := io.ReadAll(io.LimitReader(view.Body(), maxBody+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge), len(body) > maxBody:
		return nil, problem(http.StatusRequestEntityTooLarge, CodeBodyTooLarge)
	case err != nil:
		return nil, invalidBody("The body could not be read to its end.")
	case !utf8.Valid(body):
		return nil, invalidBody("The body is not valid UTF-8.")
	}
	return bytes.TrimPrefix(body, []byte("\ufeff")), nil // some clients begin with a byte order mark
}

// isUTF8 reports whether what a charset calls for can be read as UTF-8.
func isUTF8(charset string) bool {
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// readPath sets the parameters of the route's path, such as {id} in /sessions/{id}.
// A parameter is the last segment: what comes before it depends on where the routes
// are mounted. A value that is not one of the allowed ones is a path that does not exist,
// and so is one with an encoded slash: routers disagree about what that separates.
func (s *inputShape) readPath(pattern string, view View, v reflect.Value) *Problem {
	for _, f := range s.params {
		value := lastSegment(view.Path())
		asked := lastSegment(targetPath(view))
		if strings.Contains(strings.ToLower(asked), "%2f") || !strings.HasSuffix(pattern, "/{"+f.name+"}") || value == "" || len(value) > f.max || !f.allows(value) {
			return problem(http.StatusNotFound, CodeNotFound)
		}
		v.Field(f.index).SetString(strings.Clone(value))
	}
	return nil
}

// lastSegment returns what a path ends with, without a slash behind it.
func lastSegment(path string) string {
	path = strings.TrimSuffix(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

func unsupported(detail string) *Problem {
	p := problem(http.StatusUnsupportedMediaType, CodeUnsupportedMediaType)
	p.Detail = detail
	return p
}

func invalidBody(detail string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Detail = detail
	return p
}

// unknownField names a field that the route does not have, and those that it has.
func unknownField(name string, known []string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Errors = []FieldProblem{{Field: printable(name), Code: "unknown", Message: "This field is not known here.", Allowed: known}}
	return p
}

func duplicateField(name string) *Problem {
	p := problem(http.StatusBadRequest, CodeInvalidBody)
	p.Errors = []FieldProblem{{Field: printable(name), Code: "duplicate", Message: "This field is there more than once."}}
	return p
}

// printable makes a name from a request safe to show.
func printable(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, name)
	if len(name) > 64 {
		name = strings.ToValidUTF8(name[:64], "") + "…"
	}
	return name
}
