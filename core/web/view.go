package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A View is what guard and routes see of a request: the one thing an adapter has to
// provide. Its strings may be a framework's reused buffers, which change after the call
// of web that the View was made for. What the functions of an application get to see is
// a copy that they may keep.
//
// To keep guards free of allocations, implement it as a struct of one pointer, as the
// one behind [HTTPView] is.
type View interface { //nolint:interfacebloat // all that an adapter has to provide
	// Context returns a context that may outlive the request.
	Context() context.Context

	Method() string

	// Path returns the path that the framework routes by, with escapes decoded once. A
	// middleware may have rewritten it or taken a prefix off.
	Path() string

	// Target returns path and query as the client sent them: escaped, and not rewritten.
	// It may begin with a scheme and host.
	Target() string

	Query() string // raw, without the question mark
	Host() string

	// Header returns the value of a header and how many lines of it there are. The values
	// of several lines are joined with ", ", as RFC 9110 reads them. A single empty line
	// counts as none. Names match in any case, whatever the framework's settings, and
	// trailers are no headers.
	Header(name string) (value string, count int)

	// Values returns the values of all lines of a header, in the order they were sent.
	Values(name string) []string

	// Headers returns a copy of all headers under their canonical names.
	Headers() http.Header

	// RemoteAddr is the address of the peer, with or without port, never what a header
	// says.
	RemoteAddr() string

	// Body returns what came over the wire, neither read in advance nor decompressed.
	Body() io.Reader
}

// HTTPView returns the view of a net/http request.
func HTTPView(r *http.Request) View { return httpView{r} }

type httpView struct{ r *http.Request }

func (v httpView) Context() context.Context { return v.r.Context() }
func (v httpView) Method() string           { return v.r.Method }
func (v httpView) Path() string             { return v.r.URL.Path }
func (v httpView) Query() string            { return v.r.URL.RawQuery }
func (v httpView) Host() string             { return v.r.Host }
func (v httpView) RemoteAddr() string       { return v.r.RemoteAddr }
func (v httpView) Headers() http.Header     { return v.r.Header.Clone() }

func (v httpView) Target() string {
	if v.r.RequestURI == "" { // a request that a test made by hand
		return v.r.URL.RequestURI()
	}
	return v.r.RequestURI
}

func (v httpView) Body() io.Reader {
	if v.r.Body == nil {
		return http.NoBody
	}
	return v.r.Body
}

func (v httpView) Values(name string) []string {
	values := v.r.Header[name] // most names are canonical already, and checking costs more
	if len(values) == 0 {
		values = v.r.Header[http.CanonicalHeaderKey(name)]
	}
	return values
}

func (v httpView) Header(name string) (string, int) {
	return HeaderOf(v.Values(name))
}

// HeaderOf returns what [View].Header does for the values of all lines of a header.
func HeaderOf(values []string) (string, int) {
	switch {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return "", 0
	case len(values) == 1:
		return values[0], 1
	}
	return strings.Join(values, ", "), len(values)
}

// targetPath returns the escaped path of what the client asked for, or "" if that is
// no path of this site.
func targetPath(v View) string {
	path, _, _ := strings.Cut(v.Target(), "?")
	if !strings.HasPrefix(path, "/") { // a proxy's form, with scheme and host
		u, err := url.Parse(path)
		if err != nil {
			return ""
		}
		path = u.EscapedPath()
	}
	path, _, _ = strings.Cut(path, "#")
	return path
}
