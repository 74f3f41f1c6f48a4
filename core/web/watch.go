package web

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Watch is for adapters of requests that go on after [Guard.Admit], such as gRPC streams.
// Whenever the session of the request ends (see [core.WatchSession]), the guard decides
// again, as about a new request, but without a refresh. If the request would not pass any
// more, Watch calls end once with the response for it. So a logout ends a stream, and a
// profile that was edited does not.
//
// Watch returns at once. A goroutine runs until ctx ends or end was called; v must remain
// usable until then. A request without a session has nothing that could end.
func (g *Guard) Watch(ctx context.Context, v View, end func(*Response)) {
	go func() {
		had := false
		for ctx.Err() == nil {
			d := g.decide(v, false)
			switch {
			case d.refusal != nil:
				end(d.refusal)
				return
			case d.session == nil && had: // OptionalLogin would let it pass as a stranger's
				end(g.cfg.refuse(v, invalidToken()))
				return
			case d.session == nil:
				return
			}
			had = true
			<-core.WatchSession(core.ContextWithLogin(ctx, d.session, d.token))
		}
	}()
}
