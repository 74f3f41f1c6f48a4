package emulator

import (
	"slices"
	"strings"
)

// A Request is one call that reached the emulator. It holds no secrets.
type Request struct {
	Operation string // one of [Emulator.Operations]
	Method    string
	Path      string
	OriginIP  string // what the caller said of the end user
	UserAgent string
}

// Requests returns the calls so far, oldest first: at most the last ten thousand.
// With operations it returns only theirs.
func (e *Emulator) Requests(operations ...string) []Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []Request
	for _, r := range e.requests {
		if len(operations) == 0 || slices.Contains(operations, r.Operation) {
			out = append(out, r)
		}
	}
	return out
}

func (e *Emulator) record(c *call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := e.opt.max.requests; len(e.requests) >= n {
		e.requests = slices.Delete(e.requests, 0, max(1, n/10))
	}
	e.requests = append(e.requests, Request{
		Operation: c.route.operation, Method: c.r.Method, Path: clip(strings.ToLower(c.r.URL.Path)),
		OriginIP: clip(c.r.Header.Get("X-Origin-IP")), UserAgent: clip(c.r.Header.Get("X-Origin-User-Agent")),
	})
}

// clip bounds what one call can leave behind. It copies, because a piece of a large
// request would keep all of it.
func clip(s string) string { return strings.Clone(s[:min(len(s), 256)]) }
