package sessions

import (
	"context"
	"time"
)

// valuesContext has the end and the deadline of one context and the values of another,
// so that a call made for a request carries its trace although the request may end.
type valuesContext struct {
	context.Context
	values context.Context
}

func (c valuesContext) Value(key any) any {
	if v := c.Context.Value(key); v != nil {
		return v
	}
	return c.values.Value(key)
}

// trace returns the context that a fetch runs with. end must be called when the fetch
// has its answer, or will never have one.
func (c *Cache[S]) trace(f *fetch[S]) (ctx context.Context, end func(*Answer[S], time.Duration)) {
	ctx = c.work
	if f.values != nil {
		ctx = valuesContext{c.work, f.values}
	}
	if c.cfg.Trace == nil {
		return ctx, func(*Answer[S], time.Duration) {}
	}
	end = func(*Answer[S], time.Duration) {}
	c.safely(func() {
		var ended func(*Answer[S], time.Duration)
		f.traced, ended = c.cfg.Trace(ctx)
		end = func(a *Answer[S], waited time.Duration) { c.safely(func() { ended(a, waited) }) }
	})
	if f.traced == nil {
		f.traced = ctx
	}
	return f.traced, end
}

// safely calls a function of the application, which must not end the process by a panic.
func (c *Cache[S]) safely(call func()) {
	defer func() {
		if recover() != nil {
			c.notice(NoticePanic)
		}
	}()
	call()
}
