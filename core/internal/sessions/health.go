package sessions

import (
	"sync"
	"sync/atomic"
	"time"
)

// degradedPause is how often the service is tried while it is degraded. Until it answers,
// known sessions are served stale at once, and no request waits for the tries. A
// Retry-After puts the next try off, within reason.
const (
	degradedPause    = time.Second
	maxDegradedPause = time.Minute
)

// The service counts as degraded at once if it cannot be reached or refuses our
// credentials or our rate, and for time-outs and failures of its own when as many
// sessions as degradedAfter saw them within degradedWindow.
const (
	degradedAfter  = 3
	degradedWindow = 10 * time.Second
)

// A health knows whether the service answers. Only fetches about known sessions can tell
// that it does not: a stranger can make up a token that some firewall refuses, and could
// keep the end of sessions from being noticed for as long as he goes on.
type health struct {
	next atomic.Int64 // when to try the service next while it is degraded; 0: it is healthy

	mu   sync.Mutex
	seen []sighting
}

type sighting struct {
	key Key
	at  int64
}

func (h *health) degraded() bool { return h.next.Load() != 0 }

// answered notes that the service said something.
func (h *health) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next.Store(0)
	h.seen = h.seen[:0]
}

// failed notes that a fetch about a known session had no answer, and reports whether the
// service is degraded since then.
func (h *health) failed(key Key, now int64, atOnce bool, retryAfter time.Duration) (began bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	kept := h.seen[:0]
	for _, s := range h.seen {
		if s.key != key && now-s.at < int64(degradedWindow) {
			kept = append(kept, s)
		}
	}
	kept = append(kept, sighting{key, now})
	h.seen = kept
	if len(h.seen) > degradedAfter {
		h.seen = h.seen[1:]
	}
	before := h.next.Load()
	if before == 0 && !atOnce && len(h.seen) < degradedAfter {
		return false
	}
	h.next.Store(now + int64(min(max(degradedPause, retryAfter), maxDegradedPause)))
	return before == 0
}

// mayTry reports whether to ask in the background: always while the service is healthy,
// once per pause while it is degraded.
func (h *health) mayTry(now int64) bool {
	next := h.next.Load()
	return next == 0 || now >= next && h.next.CompareAndSwap(next, now+int64(degradedPause))
}
