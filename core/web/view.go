package web

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// A View is what guard and routes see of a request: the one thing an adapter has to
// provide. Its strings need to be valid only until the call of web that it was made
// for returns, so that an adapter may hand out a framework's reused buffers. What the
// functions of an application get to see of a View, they may keep.
//
// To keep guards free of allocations, let the implementation be a struct of one
// pointer, as the one behind [HTTPView] is.
type View interface {
	Context() context.Context
	Method() string
	Path() string
	Query() string // raw, without the question mark
	Host() string
	// Header returns the first value of a header and how many there are.
	Header(name string) (value string, count int)
	Cookie(name string) string
	// RemoteAddr is the peer's address, with or without port, never a header's word.
	RemoteAddr() string
	Body() io.Reader
}

// requestPath is the path that the client asked for, as it was escaped: under
// http.StripPrefix a view's path lacks its beginning, and a browser that is sent back
// there would not arrive.
func requestPath(v View) string {
	h, ok := v.(httpView)
	if !ok {
		return v.Path()
	}
	if path, _, _ := strings.Cut(h.r.RequestURI, "?"); strings.HasPrefix(path, "/") {
		return path
	}
	return h.r.URL.EscapedPath()
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

func (v httpView) Body() io.Reader {
	if v.r.Body == nil {
		return http.NoBody
	}
	return v.r.Body
}

func (v httpView) Header(name string) (string, int) {
	values := v.r.Header[name] // most names are canonical already, and checking costs more
	if len(values) == 0 {
		values = v.r.Header[http.CanonicalHeaderKey(name)]
	}
	if len(values) == 0 {
		return "", 0
	}
	return values[0], len(values)
}

func (v httpView) Cookie(name string) string {
	c, err := v.r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// lasting returns a view whose strings may be kept, for code of an application: it
// cannot know that they were another request's a moment later.
func lasting(v View) View {
	switch v.(type) {
	case httpView, lastingView: // net/http's strings never change
		return v
	}
	return lastingView{v}
}

type lastingView struct{ View }

func (v lastingView) Method() string            { return strings.Clone(v.View.Method()) }
func (v lastingView) Path() string              { return strings.Clone(v.View.Path()) }
func (v lastingView) Query() string             { return strings.Clone(v.View.Query()) }
func (v lastingView) Host() string              { return strings.Clone(v.View.Host()) }
func (v lastingView) RemoteAddr() string        { return strings.Clone(v.View.RemoteAddr()) }
func (v lastingView) Cookie(name string) string { return strings.Clone(v.View.Cookie(name)) }

func (v lastingView) Header(name string) (string, int) {
	value, count := v.View.Header(name)
	return strings.Clone(value), count
}
