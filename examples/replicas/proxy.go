package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"sync/atomic"
)

// newProxy sends each request to the next replica in turn, and to the one after that if
// it is not there.
func newProxy(replicas []string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", replicas[0] // roundRobin decides
			r.Out.Host = r.In.Host                                 // cookies and the cross-origin check go by it
			r.SetXForwarded()
		},
		Transport: &roundRobin{replicas: replicas, next: http.DefaultTransport},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "no replica answers", http.StatusBadGateway)
		},
	}
}

type roundRobin struct {
	replicas []string
	turn     atomic.Uint64
	next     http.RoundTripper
}

// RoundTrip tries another replica if no connection was made, or if the request only
// reads: nothing is done twice.
func (t *roundRobin) RoundTrip(r *http.Request) (*http.Response, error) {
	turn := t.turn.Add(1) - 1
	var failed error
	for i := range uint64(len(t.replicas)) {
		out := r.Clone(r.Context())
		if r.Body != nil {
			out.Body = io.NopCloser(r.Body) // a failed dial closes it, though it reads nothing
		}
		out.URL.Host = t.replicas[(turn+i)%uint64(len(t.replicas))]
		res, err := t.next.RoundTrip(out)
		if err == nil {
			return res, nil
		}
		failed = errors.Join(failed, err)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if dial, ok := errors.AsType[*net.OpError](err); r.Context().Err() != nil || !reads && (!ok || dial.Op != "dial") {
			break
		}
	}
	return nil, failed
}
