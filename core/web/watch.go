package web

import (
	"context"

	"github.com/loginradius-contrib/go-middleware/core"
)

// Watch is for adapters of requests that go on after [Guard.Admit], such as gRPC streams.
// Whenever the session of the request ends, changes or was validated (see
// [core.WatchSession]), the guard decides again, as about a new request, but without a
// refresh. If the request would not pass any more, Watch calls end once with the response
// for it. So a logout or a lost role ends a stream, and a profile that was edited does not.
//
// Watch returns at once. A goroutine runs until ctx ends or end was called; v must remain
// usable until then. A request without a session has nothing that could end.
func (g *Guard) Watch(ctx context.Context, v View, end func(*Response)) {
	go func() {
		for first := true; ctx.Err() == nil; first = false {
			d := g.decide(v, false)
			switch {
			case d.refusal != nil:
				end(d.refusal)
				return
			case d.session == nil && !first: // OptionalLogin would let it pass as a stranger's
				end(g.cfg.refuse(v, invalidToken()))
				return
			case d.session == nil:
				return
			}
			g.follow(ctx, v, d)
		}
	}()
}

// follow returns when the session of a decision ends, or the guard would decide otherwise.
func (g *Guard) follow(ctx context.Context, v View, d decision) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	core.FollowSession(core.ContextWithLogin(ctx, d.session, d.token), func() {
		if again := g.decide(v, false); again.refusal != nil || again.session == nil {
			stop()
		}
	})
}
