package core

import (
	"context"
	"sync"
	"time"
)

// Bounds of the work that [Client.Later] runs: how many at once, and how long each.
const (
	maxLater  = 256
	laterTime = 30 * time.Second
)

// laterWork runs the work of [Client.Later].
type laterWork struct {
	mu      sync.Mutex
	closed  bool
	running int
	work    sync.WaitGroup
}

// Later runs work in the background, for what must not delay an answer. work gets the
// values of ctx, such as the end user, without its cancellation, and 30 seconds. Later
// reports false, and runs nothing, if 256 of them are running or the client is closed.
// [Client.Close] waits for work to end.
func (c *Client) Later(ctx context.Context, work func(context.Context)) bool {
	l := &c.later
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.running == maxLater {
		return false
	}
	l.running++
	l.work.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), laterTime)
		defer func() {
			cancel()
			l.mu.Lock()
			l.running--
			l.mu.Unlock()
		}()
		work(ctx)
	})
	return true
}

// close refuses new work and waits for the rest.
func (l *laterWork) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.work.Wait()
}
