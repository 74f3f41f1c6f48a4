package fiberlr

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/loginradius-contrib/go-middleware/core/web"
	"github.com/loginradius-contrib/go-middleware/fiberlr/internal/fasthttpview"
)

// A view hands out strings that alias fiber's reused buffers. Package web copies what
// outlives the call.
type view struct{ c *fiber.Ctx }

func (v view) Context() context.Context    { return v.c.UserContext() }
func (v view) Method() string              { return v.c.Method() }
func (v view) Target() string              { return fasthttpview.Target(v.c.Request()) }
func (v view) Query() string               { return fasthttpview.Query(v.c.Request()) }
func (v view) Host() string                { return fasthttpview.Host(v.c.Request()) }
func (v view) RemoteAddr() string          { return v.c.Context().RemoteAddr().String() }
func (v view) Body() io.Reader             { return fasthttpview.Body(v.c.Request()) }
func (v view) Values(name string) []string { return fasthttpview.Values(v.c.Request(), name) }
func (v view) Headers() http.Header        { return fasthttpview.Headers(v.c.Request()) }

// Path decodes what fiber left as it was sent.
func (v view) Path() string {
	path := v.c.Path()
	if !strings.Contains(path, "%") || v.c.App().Config().UnescapePath {
		return path
	}
	return fasthttpview.Decode(path)
}

func (v view) Header(name string) (string, int) {
	return fasthttpview.Header(v.c.Request(), name, fasthttpview.NamesAsSent(v.c.App().Server()))
}

func write(c *fiber.Ctx, r *web.Response) error {
	fasthttpview.WriteHeader(c.Response(), r)
	fasthttpview.CloseAfterStream(c.Context())
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
