package web

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// AttemptRate is how often one client address, and one account, may use one route.
type AttemptRate struct {
	PerMinute float64 // in the long run; default: 10
	Burst     int     // at once; default: 10
}

// LimitAttempts returns a function for [RateLimit]: each client address and each account
// gets the rate on each route, and 429 with Retry-After beyond it. Replicas that share a
// store (core.Config.Shared) share the limit; without one, or while it fails, each process
// limits by itself. The store sees no address and no account, only keyed hashes. A
// rate or burst that is not positive means the default; a rate counts as at least one in a
// thousand minutes and at most a million a minute, a burst as at most 100,000. It is safe for concurrent use.
//
//	web.RateLimit(web.LimitAttempts(client, web.AttemptRate{PerMinute: 5, Burst: 10}))
//
// Behind a proxy, set [TrustedProxies] or [ClientIP]: otherwise all clients have the
// proxy's address and share its limit.
func LimitAttempts(client *core.Client, rate AttemptRate) func(context.Context, Attempt) error {
	if !(rate.PerMinute > 0) { // NaN as well
		rate.PerMinute = 10
	}
	rate.PerMinute = max(minPerMinute, min(rate.PerMinute, maxPerMinute))
	if rate.Burst <= 0 {
		rate.Burst = 10
	}
	rate.Burst = min(rate.Burst, maxBurst)
	l := &attemptLimit{rate: rate, shared: client.Limiter(), key: client.DerivedKey("loginradius attempts")}
	return l.allow
}

const (
	minPerMinute = 0.001
	maxPerMinute = 1_000_000
	maxBurst     = 100_000
)

// An attempt waits for the shared store as long as sharedLimitTime at most. After a failure
// the store is left alone for sharedLimitPause.
const (
	sharedLimitTime  = 50 * time.Millisecond
	sharedLimitPause = time.Second
)

// An attemptLimit counts attempts in the shared store, and in this process if that fails.
type attemptLimit struct {
	rate   AttemptRate
	shared core.SharedLimiter // nil without one
	key    []byte
	local  localLimit
	paused atomic.Pointer[time.Time] // until when the store is left alone
}

func (l *attemptLimit) allow(ctx context.Context, a Attempt) error {
	var wait time.Duration
	// A client that leaves is no failure of the store.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sharedLimitTime)
	defer cancel()
	for _, who := range []string{"address " + a.ClientIP, "account " + a.Account} {
		if who == "address " || who == "account " {
			continue
		}
		wait = max(wait, l.take(ctx, l.name(string(a.Route)+" "+who)))
	}
	if wait == 0 {
		return nil
	}
	p := problem(http.StatusTooManyRequests, CodeThrottled)
	p.RetryAfter = wait
	return p
}

// name hides what it names from the store.
func (l *attemptLimit) name(text string) string {
	h := hmac.New(sha256.New, l.key)
	h.Write([]byte(text))
	return "attempts:" + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// take returns 0, or how long to wait.
func (l *attemptLimit) take(ctx context.Context, name string) time.Duration {
	now := time.Now()
	if until := l.paused.Load(); l.shared != nil && (until == nil || !now.Before(*until)) {
		wait, err := l.shared.Take(ctx, name, 1, l.rate.PerMinute/60, l.rate.Burst)
		if err == nil {
			return wait
		}
		until := now.Add(sharedLimitTime + sharedLimitPause)
		l.paused.Store(&until)
	}
	return l.local.take(name, l.rate, now)
}

// maxLimited bounds the names that a process remembers twice: a flood of new ones makes
// it forget old ones.
const maxLimited = 50_000

// A localLimit remembers for each name when its bucket will be full again.
type localLimit struct {
	mu          sync.Mutex
	young, aged map[string]time.Time
}

func (l *localLimit) take(name string, rate AttemptRate, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.young == nil || len(l.young) >= maxLimited {
		l.young, l.aged = map[string]time.Time{}, l.young
	}
	each := time.Duration(float64(time.Minute) / rate.PerMinute)
	full := cmp.Or(l.young[name], l.aged[name])
	if full.Before(now) {
		full = now
	}
	if wait := full.Add(each).Sub(now) - each*time.Duration(rate.Burst); wait > 0 {
		return wait
	}
	l.young[name] = full.Add(each)
	return 0
}
