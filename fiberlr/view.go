package fiberlr

import (
	"bytes"
	"context"
	"io"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"github.com/loginradius-contrib/go-middleware/core/web"
)

// view hands out strings that alias fiber's reused buffers: web and core copy what
// outlives the call.
type view struct{ c *fiber.Ctx }

func (v view) Context() context.Context { return v.c.UserContext() }
func (v view) Method() string           { return v.c.Method() }
func (v view) Path() string             { return v.c.Path() }
func (v view) Query() string            { return utils.UnsafeString(v.c.Request().URI().QueryString()) }
func (v view) Host() string             { return utils.UnsafeString(v.c.Request().Host()) }
func (v view) RemoteAddr() string       { return v.c.Context().RemoteAddr().String() }
func (v view) Cookie(name string) string {
	return utils.UnsafeString(v.c.Request().Header.Cookie(name))
}

// Body is what came over the wire: fiber's own Body would inflate it without bound.
func (v view) Body() io.Reader { return bytes.NewReader(v.c.Request().Body()) }

func (v view) Header(name string) (string, int) {
	values := v.c.Request().Header.PeekAll(name)
	if len(values) == 0 || len(values) == 1 && len(values[0]) == 0 {
		return "", 0
	}
	return utils.UnsafeString(values[0]), len(values)
}

func write(c *fiber.Ctx, r *web.Response) error {
	writeHeader(c, r)
	if r.Err != nil {
		return returned{r.Err}
	}
	return c.Status(r.Status).Send(r.Body)
}

// returned is a problem as an ErrorHandler knows errors: it looks for *fiber.Error.
type returned struct{ *web.Problem }

func (e returned) Unwrap() []error {
	return []error{fiber.NewError(e.Status, e.Title), e.Problem}
}

func writeHeader(c *fiber.Ctx, r *web.Response) {
	for name, values := range r.Header {
		for _, value := range values {
			c.Set(name, value)
		}
	}
	for _, cookie := range r.Cookies {
		c.Response().Header.Add(fiber.HeaderSetCookie, cookie.String())
	}
}
