package redisstore_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
)

// refreshOperation is the use of a refresh token.
const refreshOperation = "refresh_access_token_by_refresh_token"

// invariants are the promises of replicas that share a store. Each names the switch that
// breaks it, a field of sessions.Off, and events in which that shows. shown reports
// whether the promise was seen broken.
var invariants = []struct {
	name, off string
	shown     func(ctx context.Context, c *chaos) bool
}{
	{"nothing is believed for longer than TTL", "Freshness", func(ctx context.Context, c *chaos) bool {
		k := c.shared(ctx, 3)
		asked := time.Now() // or a little earlier
		c.endElsewhere(ctx, k)
		until(ctx, asked.Add(chaosTTL*17/20))
		c.status(ctx, 0, http.MethodGet, "/check", k.value)
		c.lr.Inject(emulator.HTML(http.StatusBadGateway)) // no replica can ask any more
		defer c.lr.ClearFaults()
		until(ctx, asked.Add(chaosTTL+100*time.Millisecond))
		return c.status(ctx, 0, http.MethodGet, "/check", k.value) == http.StatusOK
	}},
	{"no answer from before a mark is taken", "Marks", func(ctx context.Context, c *chaos) bool {
		c.replicas[1].kill()
		k := c.shared(ctx, 0)
		c.status(ctx, 0, http.MethodPost, "/logout", k.value)
		c.drop(ctx, "{lr}:log") // only the mark tells of the logout
		c.replicas[1].start(c.t)
		return c.status(ctx, 1, http.MethodGet, "/check", k.value) == http.StatusOK
	}},
	{"no replica takes back what it forgot", "LocalMarks", func(ctx context.Context, c *chaos) bool {
		k := c.shared(ctx, 0)
		c.status(ctx, 0, http.MethodPost, "/logout", k.value)
		c.drop(ctx, "{lr}:*")
		return c.status(ctx, 0, http.MethodGet, "/check", k.value) == http.StatusOK
	}},
	{"what the store lost is announced again", "Repeating", func(ctx context.Context, c *chaos) bool {
		c.replicas[1].kill()
		k := c.shared(ctx, 0)
		c.status(ctx, 0, http.MethodPost, "/logout", k.value)
		lost := time.Now()
		c.drop(ctx, "{lr}:*")
		c.replicas[1].start(c.t) // it has heard nothing
		until(ctx, lost.Add(1300*time.Millisecond))
		return c.status(ctx, 1, http.MethodGet, "/check", k.value) == http.StatusOK
	}},
	{"no refusal comes from the store", "NoRefusals", func(ctx context.Context, c *chaos) bool {
		k := c.shared(ctx, 0)
		for _, key := range c.redis.Keys(ctx, "lr:v:*").Val() {
			c.redis.Set(ctx, key, "of another program", time.Minute)
		}
		return c.status(ctx, 1, http.MethodGet, "/check", k.value) != http.StatusOK
	}},
	{"an error of the store means not found", "StoreErrors", func(ctx context.Context, c *chaos) bool {
		link := c.replicas[1].link
		link.cut.Store(true)
		defer link.cut.Store(false)
		link.reset()
		return c.status(ctx, 1, http.MethodGet, "/check", c.newToken().value) != http.StatusOK
	}},
	{"one replica uses a refresh token", "Claims", func(ctx context.Context, c *chaos) bool {
		for i := range c.replicas {
			c.shared(ctx, i) // they reach the store
		}
		failures := c.storeErrors(ctx)
		before := len(c.lr.Requests(refreshOperation))
		c.refresh(ctx)
		uses := len(c.lr.Requests(refreshOperation)) - before
		return uses > 1 && c.storeErrors(ctx) == failures
	}},
	{"a claim that was seen holds without the store", "SeenClaims", func(ctx context.Context, c *chaos) bool {
		_, token, err := c.lr.IssueTokens(c.uid)
		if err != nil {
			c.t.Fatal(err)
		}
		c.drop(ctx, "lr:v:*")
		c.lr.Inject(emulator.Latency(500 * time.Millisecond).On(refreshOperation))
		defer c.lr.ClearFaults()
		answers := make(chan int, 2)
		go func() { answers <- c.status(ctx, 0, http.MethodPost, "/refresh", token) }()
		for wait := 100; wait > 0 && len(c.redis.Keys(ctx, "lr:v:*").Val()) == 0; wait-- {
			time.Sleep(time.Millisecond)
		}
		go func() { answers <- c.status(ctx, 1, http.MethodPost, "/refresh", token) }()
		time.Sleep(150 * time.Millisecond) // it looks for the outcome every 20 ms
		link := c.replicas[1].link
		link.cut.Store(true)
		defer link.cut.Store(false)
		link.reset()
		first, second := <-answers, <-answers
		return first == http.StatusUnauthorized || second == http.StatusUnauthorized
	}},
}

// Four replicas keep every promise, and the same events show each one that is broken.
func TestInvariants(t *testing.T) {
	for _, one := range invariants {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel() // they wait most of the time
			for _, off := range []bool{false, true} {
				var env []string
				if off {
					env = []string{`CHAOS_OFF={"` + one.off + `":true}`}
				}
				c := newChaos(t, noSabotage, env...)
				shown := false
				// A machine that is too slow for the events cannot show a broken promise.
				for tries := 0; tries < 10 && !shown && (off || tries == 0); tries++ {
					if tries > 0 {
						time.Sleep(300 * time.Millisecond) // a store that was too slow is left alone for a second
					}
					shown = one.shown(t.Context(), c)
				}
				if shown != off {
					t.Errorf("broken: %v, seen broken: %v", off, shown)
				}
				for _, p := range c.replicas {
					p.kill()
				}
			}
		})
	}
}

// status asks a replica.
func (c *chaos) status(ctx context.Context, replica int, method, path, token string) int {
	addr, _ := c.replicas[replica].at()
	return c.call(ctx, addr, method, path, token)
}

// shared returns a session that a replica has checked and shared, alone in the store.
func (c *chaos) shared(ctx context.Context, replica int) *chaosToken {
	for ctx.Err() == nil {
		c.drop(ctx, "lr:v:*")
		k := c.newToken()
		c.status(ctx, replica, http.MethodGet, "/check", k.value)
		if len(c.redis.Keys(ctx, "lr:v:*").Val()) > 0 {
			return k
		}
		time.Sleep(50 * time.Millisecond) // the store was too slow and is left alone for a second
	}
	return c.newToken()
}

func until(ctx context.Context, at time.Time) {
	select {
	case <-time.After(time.Until(at)):
	case <-ctx.Done():
	}
}

// drop deletes keys from the store.
func (c *chaos) drop(ctx context.Context, pattern string) {
	keys := c.redis.Keys(ctx, pattern).Val()
	if len(keys) == 0 {
		return
	}
	if err := c.redis.Del(ctx, keys...).Err(); err != nil {
		c.t.Error(err)
	}
}

// endElsewhere ends a session without the replicas' knowledge.
func (c *chaos) endElsewhere(ctx context.Context, k *chaosToken) {
	if err := c.direct.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: k.value, PreventRefresh: true}); err != nil {
		c.t.Error(err)
	}
}

// storeErrors returns how often the store has failed the replicas.
func (c *chaos) storeErrors(ctx context.Context) (n uint64) {
	for i := range c.replicas {
		addr, _ := c.replicas[i].at()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/stats", http.NoBody)
		if err != nil {
			c.t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			c.t.Fatal(err)
		}
		defer res.Body.Close()
		var stats core.Stats
		if err := json.NewDecoder(res.Body).Decode(&stats); err != nil {
			c.t.Fatal(err)
		}
		n += stats.SharedErrors
	}
	return n
}
