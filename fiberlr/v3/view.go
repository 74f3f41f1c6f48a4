package fiberlr

import (
	"bytes"
	"context"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/utils/v2"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// A view hands out strings that alias fiber's reused buffers. Package web copies what
// outlives the call.
type view struct{ c fiber.Ctx }

func (v view) Context() context.Context { return v.c.Context() }
func (v view) Method() string           { return v.c.Method() }
func (v view) Target() string           { return utils.UnsafeString(v.c.Request().Header.RequestURI()) }
func (v view) Query() string            { return utils.UnsafeString(v.c.Request().URI().QueryString()) }
func (v view) Host() string             { return utils.UnsafeString(v.c.Request().Host()) }
func (v view) RemoteAddr() string       { return v.c.RequestCtx().RemoteAddr().String() }

// Path decodes what fiber left as it was sent.
func (v view) Path() string {
	path := v.c.Path()
	if !strings.Contains(path, "%") || v.c.App().Config().UnescapePath {
		return path
	}
	if decoded, err := url.PathUnescape(path); err == nil {
		return decoded
	}
	return path
}

// Body is what came over the wire: fiber's own Body would inflate it without bound. A
// streamed body is not read in advance, which would not be bounded either.
func (v view) Body() io.Reader {
	if r := v.c.Request(); r.IsBodyStream() {
		return r.BodyStream()
	}
	return bytes.NewReader(v.c.Request().Body())
}

func (v view) Header(name string) (string, int) {
	h := &v.c.Request().Header
	if len(h.PeekTrailerKeys()) > 0 || v.asSent() {
		return web.HeaderOf(v.Values(name))
	}
	switch values := h.PeekAll(name); {
	case len(values) == 0 || len(values) == 1 && len(values[0]) == 0:
		return "", 0
	case len(values) == 1:
		return utils.UnsafeString(values[0]), 1
	}
	return web.HeaderOf(v.Values(name))
}

// asSent reports whether fiber keeps header names as they were sent, so that it finds
// them in that spelling only.
func (v view) asSent() bool {
	s := v.c.App().Server()
	return s == nil || s.DisableHeaderNamesNormalizing
}

// lines iterates over the headers. fasthttp finds trailers among them, unless it reads
// them from what came before the body.
func (v view) lines() iter.Seq2[[]byte, []byte] {
	h := &v.c.Request().Header
	if len(h.PeekTrailerKeys()) > 0 {
		return h.AllInOrder()
	}
	return h.All()
}

func (v view) Values(name string) []string {
	var values []string
	for key, value := range v.lines() {
		if strings.EqualFold(utils.UnsafeString(key), name) {
			values = append(values, string(value))
		}
	}
	return values
}

func (v view) Headers() http.Header {
	h := http.Header{}
	for key, value := range v.lines() {
		h.Add(string(key), string(value))
	}
	return h
}

func write(c fiber.Ctx, r *web.Response) error {
	writeHeader(c, r)
	if c.Request().IsBodyStream() { // fiber would read the rest of a refused body without bound
		c.Response().SetConnectionClose()
	}
	if r.Err != nil {
		return returned{r.Err}
	}
	return c.Status(r.Status).Send(r.Body)
}

// A returned problem is one that an ErrorHandler knows: it looks for *fiber.Error.
type returned struct{ *web.Problem }

func (e returned) Unwrap() []error {
	return []error{fiber.NewError(e.Status, e.Title), e.Problem}
}

func writeHeader(c fiber.Ctx, r *web.Response) {
	for name, values := range r.Header {
		c.Response().Header.Del(name)
		for _, value := range values {
			c.Response().Header.Add(name, value)
		}
	}
	for _, cookie := range r.Cookies {
		c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
	}
}
