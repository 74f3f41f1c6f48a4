package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A replica that dies in the middle of a request costs a reader nothing, and what changes
// something is not sent twice.
func TestProxyWithoutAReplica(t *testing.T) {
	var mu sync.Mutex
	calls := map[string]int{}
	count := func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		calls[what]++
		return calls[what] - 1
	}
	dying := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		count(r.Method)
		panic(http.ErrAbortHandler)
	}))
	defer dying.Close()
	living := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { count("second " + r.Method) }))
	defer living.Close()
	for _, tt := range []struct {
		method, body string
		want, second int
	}{{http.MethodGet, "", http.StatusOK, 1}, {http.MethodPost, "x", http.StatusBadGateway, 0}} {
		handler := newProxy([]string{strings.TrimPrefix(dying.URL, "http://"), strings.TrimPrefix(living.URL, "http://")})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(tt.method, "/", strings.NewReader(tt.body)))
		if first, second := count(tt.method), count("second "+tt.method); w.Code != tt.want || first != 1 || second != tt.second {
			t.Errorf("%s: %d, calls %d and %d", tt.method, w.Code, first, second)
		}
	}
}
