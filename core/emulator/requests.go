package emulator

import (
	"slices"
	"strings"
)

// A Request describes one call to the emulator. It contains no secrets.
type Request struct {
	Operation string // one of [Emulator.Operations]
	Method    string
	Path      string
	OriginIP  string // the end user's, as the caller sent it
	UserAgent string
}

// Requests returns the last ten thousand calls, oldest first. With operations, it returns
// only the calls of those.
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

// clip bounds the memory that one call can occupy. It copies, because a substring would
// keep the memory of the whole request.
func clip(s string) string { return strings.Clone(s[:min(len(s), 256)]) }
