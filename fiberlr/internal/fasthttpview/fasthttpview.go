// Package fasthttpview reads requests and writes responses of fasthttp for the adapters of
// fiber v2 and v3. It does not import fiber, so that each major version keeps its users
// free of the other. Strings that it returns alias reused buffers; package web copies what
// outlives the call.
package fasthttpview

import (
	"bytes"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"unsafe"

	"github.com/valyala/fasthttp"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// Target returns path and query as they were sent.
func Target(r *fasthttp.Request) string { return text(r.Header.RequestURI()) }

// Query returns the raw query.
func Query(r *fasthttp.Request) string { return text(r.URI().QueryString()) }

// Host returns the header Host.
func Host(r *fasthttp.Request) string { return text(r.Host()) }

// Decode decodes the escapes of a path, or returns it as it is if they are malformed.
func Decode(path string) string {
	if decoded, err := url.PathUnescape(path); err == nil {
		return decoded
	}
	return path
}

// Body returns what came over the wire: fiber's own Body would inflate it without bound. A
// streamed body is not read in advance, which would not be bounded either.
func Body(r *fasthttp.Request) io.Reader {
	if r.IsBodyStream() {
		return r.BodyStream()
	}
	return bytes.NewReader(r.Body())
}

// NamesAsSent reports whether a server keeps header names as they were sent, so that
// fasthttp finds headers in that spelling only.
func NamesAsSent(s *fasthttp.Server) bool { return s == nil || s.DisableHeaderNamesNormalizing }

// Header returns what [web.View].Header does.
func Header(r *fasthttp.Request, name string, namesAsSent bool) (string, int) {
	h := &r.Header
	if namesAsSent || len(h.PeekTrailerKeys()) > 0 {
		return web.HeaderOf(Values(r, name))
	}
	switch values := h.PeekAll(name); {
	case len(values) == 0 || len(values) == 1 && len(values[0]) == 0:
		return "", 0
	case len(values) == 1:
		return text(values[0]), 1
	}
	return web.HeaderOf(Values(r, name))
}

// Values returns what [web.View].Values does.
func Values(r *fasthttp.Request, name string) []string {
	var values []string
	for key, value := range lines(&r.Header) {
		if strings.EqualFold(text(key), name) {
			values = append(values, string(value))
		}
	}
	return values
}

// Headers returns what [web.View].Headers does.
func Headers(r *fasthttp.Request) http.Header {
	h := http.Header{}
	for key, value := range lines(&r.Header) {
		h.Add(string(key), string(value))
	}
	return h
}

// lines iterates over the headers. fasthttp finds trailers among them, unless it reads
// them from what came before the body.
func lines(h *fasthttp.RequestHeader) iter.Seq2[[]byte, []byte] {
	if len(h.PeekTrailerKeys()) > 0 {
		return h.AllInOrder()
	}
	return h.All()
}

// WriteHeader adds the headers and cookies of a response to those that a handler has set.
func WriteHeader(to *fasthttp.Response, r *web.Response) {
	for name, values := range r.Header {
		to.Header.Del(name)
		for _, value := range values {
			to.Header.Add(name, value)
		}
	}
	for _, cookie := range r.Cookies {
		to.Header.Add(fasthttp.HeaderSetCookie, cookie.String())
	}
}

// smallBody is read to its end after a refusal, so that the connection stays in use.
const smallBody = 64 << 10

// CloseAfterStream closes the connection after the response if the body is a stream that
// is long or of unknown length: fiber would read the rest of a refused body without bound.
func CloseAfterStream(c *fasthttp.RequestCtx) {
	if n := c.Request.Header.ContentLength(); c.Request.IsBodyStream() && (n < 0 || n > smallBody) {
		c.Response.SetConnectionClose()
	}
}

// text converts without a copy.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) } //nolint:gosec // a View dies with its request, as the bytes do
