package core

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
)

var errConnectionLost = errors.New("the connection was lost before the answer; the operation may have taken effect")

// sendOnce returns a context for a request that must be sent at most once.
//
// net/http sends a GET again, on its own, when a kept-alive HTTP/1 connection ends
// before the first byte of the answer. The GETs of this API that use a token up
// must not be sent again: the second answer would say that the token is used, and a refreshed
// session would be lost. HTTP/2 repeats only what the server says it did not see.
func sendOnce(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	var sent atomic.Bool
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
		GotConn: func(info httptrace.GotConnInfo) {
			if !sent.Load() || isHTTP2(info) {
				return
			}
			// The transport is about to write and does not look at the context before
			// that, so the connection has to go as well.
			cancel(errConnectionLost)
			_ = info.Conn.Close()
		},
	}), func() { cancel(nil) }
}

func isHTTP2(info httptrace.GotConnInfo) bool {
	conn, ok := info.Conn.(*tls.Conn)
	return ok && conn.ConnectionState().NegotiatedProtocol == "h2"
}
