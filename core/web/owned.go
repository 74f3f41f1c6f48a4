package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// own returns a view that an application may keep, and a function to call at the end of
// the request. The body cannot outlive it: reading it fails then. Strings of net/http
// never change, and its server ends the body itself.
func own(v View) (View, func()) {
	switch v.(type) {
	case httpView, *ownedView:
		return v, func() {}
	}
	o := &ownedView{
		ctx: v.Context(), method: strings.Clone(v.Method()), path: strings.Clone(v.Path()), target: strings.Clone(v.Target()),
		query: strings.Clone(v.Query()), host: strings.Clone(v.Host()), remote: strings.Clone(v.RemoteAddr()),
		header: v.Headers(), body: lentBody{r: v.Body()},
	}
	return o, o.body.end
}

// An ownedView holds copies of everything but the body.
type ownedView struct {
	ctx                                       context.Context
	method, path, target, query, host, remote string
	header                                    http.Header
	body                                      lentBody
}

func (v *ownedView) Context() context.Context { return v.ctx }
func (v *ownedView) Method() string           { return v.method }
func (v *ownedView) Path() string             { return v.path }
func (v *ownedView) Target() string           { return v.target }
func (v *ownedView) Query() string            { return v.query }
func (v *ownedView) Host() string             { return v.host }
func (v *ownedView) RemoteAddr() string       { return v.remote }
func (v *ownedView) Headers() http.Header     { return v.header.Clone() }
func (v *ownedView) Body() io.Reader          { return &v.body }

func (v *ownedView) Values(name string) []string {
	return v.header[http.CanonicalHeaderKey(name)]
}

func (v *ownedView) Header(name string) (string, int) {
	return HeaderOf(v.Values(name))
}

// errRequestOver is what the body of a request answers after the request.
var errRequestOver = errors.New("loginradius: web: the body was read after its request had ended")

// A lentBody reads a framework's buffer until the end of the request.
type lentBody struct {
	mu sync.Mutex
	r  io.Reader // nil after the request
}

func (b *lentBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.r == nil {
		return 0, errRequestOver
	}
	return b.r.Read(p)
}

func (b *lentBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.r = nil
}
