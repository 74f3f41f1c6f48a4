package sessions

import (
	"sync"
	"time"
)

// noticeEvery is how often an operator is told of the same kind of thing.
const noticeEvery = time.Minute

type notices struct {
	mu   sync.Mutex
	each [5]struct {
		count uint64
		last  time.Time
	}
}

// notice counts, and tells the operator at most once a minute per kind.
func (c *Cache[S]) notice(kind NoticeKind) { c.noticeError(kind, nil) }

// noticeError is notice with the reason.
func (c *Cache[S]) noticeError(kind NoticeKind, err error) {
	if c.cfg.Notify == nil {
		return
	}
	c.notices.mu.Lock()
	n := &c.notices.each[kind]
	n.count++
	now, count := time.Now(), n.count
	due := n.last.IsZero() || now.Sub(n.last) >= noticeEvery
	if due {
		n.count, n.last = 0, now
	}
	c.notices.mu.Unlock()
	if due {
		defer func() { _ = recover() }() // a log handler of the application
		c.cfg.Notify(Notice{kind, count, c.gate.queued(), c.gate.wait(stranger, ""), err})
	}
}
