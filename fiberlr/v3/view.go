package fiberlr

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v3"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr/internal/fasthttpview"
)

// A view hands out strings that alias fiber's reused buffers. Package web copies what
// outlives the call. The type parameter is there because a view of one pointer is an
// interface value without an allocation, and a view of fiber.Ctx, an interface, is not.
type view[C fiber.Ctx] struct{ c C }

// viewOf returns the view of a request. Only applications with a context type of their own
// (fiber.NewWithCustomCtx) pay for an allocation.
func viewOf(c fiber.Ctx) web.View {
	if own, ok := c.(*fiber.DefaultCtx); ok {
		return view[*fiber.DefaultCtx]{own}
	}
	return view[fiber.Ctx]{c}
}

func (v view[C]) Context() context.Context    { return v.c.Context() }
func (v view[C]) Method() string              { return v.c.Method() }
func (v view[C]) Target() string              { return fasthttpview.Target(v.c.Request()) }
func (v view[C]) Query() string               { return fasthttpview.Query(v.c.Request()) }
func (v view[C]) Host() string                { return fasthttpview.Host(v.c.Request()) }
func (v view[C]) RemoteAddr() string          { return v.c.RequestCtx().RemoteAddr().String() }
func (v view[C]) Body() io.Reader             { return fasthttpview.Body(v.c.Request()) }
func (v view[C]) Values(name string) []string { return fasthttpview.Values(v.c.Request(), name) }
func (v view[C]) Headers() http.Header        { return fasthttpview.Headers(v.c.Request()) }

// Path decodes what fiber left as it was sent.
func (v view[C]) Path() string {
	path := v.c.Path()
	if !strings.Contains(path, "%") || v.c.App().Config().UnescapePath {
		return path
	}
	return fasthttpview.Decode(path)
}

func (v view[C]) Header(name string) (string, int) {
	return fasthttpview.Header(v.c.Request(), name, fasthttpview.NamesAsSent(v.c.App().Server()))
}

func write(c fiber.Ctx, r *web.Response) error {
	fasthttpview.WriteHeader(c.Response(), r)
	fasthttpview.CloseAfterStream(c.RequestCtx())
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
