package web

import (
	"context"
	"net/http"
)

// pooled reports whether ctx is the request of fasthttp, as it is behind the adaptors
// from fasthttp and fiber to net/http. Such a context is reused for other requests, so
// that calls to LoginRadius must not keep it, and the adaptors do not hand a session on
// to the handler.
func pooled(ctx context.Context) bool {
	_, yes := ctx.(interface{ SetUserValue(key, value any) })
	return yes
}

// refusePooled answers a request that came through such an adaptor.
func (s *settings) refusePooled(v View) *Response {
	s.logger.ErrorContext(context.Background(), "loginradius: refusing a request that came through an adaptor from fasthttp to net/http; use package fiberlr")
	return s.refuse(v, problem(http.StatusInternalServerError, CodeInternal))
}
