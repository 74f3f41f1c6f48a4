package web

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// undecidedEvery is how often an operator is told of the same kind of failure.
const undecidedEvery = time.Minute

// An undecidedLog tells an operator of requests that were answered 503 because it is
// unknown whether they are good: at most once a minute for each kind, with their number,
// since every request fails alike in an outage.
type undecidedLog struct {
	mu    sync.Mutex
	kinds map[string]*undecidedKind
}

type undecidedKind struct {
	count uint64
	last  time.Time
}

// tell counts, and logs what is due. A request that its client gave up is no failure, and
// the client of LoginRadius itself tells that our own limit was reached.
func (u *undecidedLog) tell(ctx context.Context, logger *slog.Logger, what string, err error) {
	if errors.Is(err, core.ErrOverloaded) || errors.Is(err, context.Canceled) {
		return
	}
	u.mu.Lock()
	if u.kinds == nil {
		u.kinds = map[string]*undecidedKind{}
	}
	k := u.kinds[what]
	if k == nil {
		k = &undecidedKind{}
		u.kinds[what] = k
	}
	k.count++
	now, count := time.Now(), k.count
	due := k.last.IsZero() || now.Sub(k.last) >= undecidedEvery
	if due {
		k.count, k.last = 0, now
	}
	u.mu.Unlock()
	if due {
		logger.WarnContext(ctx, "loginradius: "+what, "error", err, "requests", count)
	}
}
