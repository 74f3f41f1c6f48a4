package redisstore_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/emulator"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

const (
	chaosReplicas = 4
	chaosTokens   = 60
	chaosWorkers  = 8
	// One use of a refresh token takes seconds while the store fails.
	chaosRefreshers = 4
	// slack is what a busy machine may add between an answer of a replica and the
	// moment at which the test looks at the clock.
	slack = 500 * time.Millisecond
)

// chaos is a run: replicas of one application, the faults around them, and what is
// known to be true about every token.
type chaos struct {
	t        *testing.T
	lr       *emulator.Server
	server   *redisserver.Server
	redis    redis.UniversalClient // past the replicas' links
	replicas []*replicaProcess
	direct   *core.Client // ends sessions without the replicas' knowledge
	uid      string

	mu     sync.Mutex
	tokens []*chaosToken
	report chaosReport
}

// A chaosToken is a session, and when and how it ended.
type chaosToken struct {
	value string

	mu          sync.Mutex
	ending      time.Time // when its end began; zero: it lives
	ended       time.Time // when its end was acknowledged; zero: not known to be
	by          *replicaProcess
	incarnation int
}

type chaosReport struct {
	checks, logouts, endedElsewhere, unavailable int
	refreshes, unrefreshed                       int // by several replicas at once
	false401, overTTL, undone, burnt             int
	lastSeen                                     []time.Duration // after a logout on another replica
}

// newChaos starts everything. env is added to the environment of the replicas.
func newChaos(t *testing.T, mode sabotage, env ...string) *chaos {
	t.Helper()
	c := &chaos{t: t, server: startRedis(t)}
	var err error
	if c.lr, err = emulator.Start(emulator.WithLogger(slog.New(slog.DiscardHandler))); err != nil {
		t.Fatal(err)
	}
	if c.direct, err = core.New(c.lr.Config()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.direct.Close(); _ = c.lr.Close() })
	if c.uid, err = c.lr.AddUser(emulator.User{Email: "ada@example.com"}); err != nil {
		t.Fatal(err)
	}
	c.redis = connect(t, &redis.UniversalOptions{Addrs: []string{c.server.Addr()}})
	for range chaosTokens {
		c.tokens = append(c.tokens, c.newToken())
	}
	var starts sync.WaitGroup
	for i := range chaosReplicas {
		p := &replicaProcess{link: newLink(t, c.server.Addr())}
		p.env = []string{
			"CHAOS_UPSTREAM=" + c.lr.URL(), "CHAOS_KEY=" + c.lr.APIKey(), "CHAOS_SECRET=" + c.lr.APISecret(),
			"CHAOS_REDIS=" + p.link.listener.Addr().String(), "CHAOS_SABOTAGE=" + string(mode),
			"CHAOS_CLOCK=" + ((time.Duration(i) - 1) * 200 * time.Millisecond).String(), // -200 to 400 ms
		}
		p.env = append(p.env, env...)
		starts.Go(func() { p.start(t) })
		t.Cleanup(p.kill)
		c.replicas = append(c.replicas, p)
	}
	if starts.Wait(); t.Failed() {
		t.FailNow()
	}
	return c
}

func (c *chaos) newToken() *chaosToken {
	value, _, err := c.lr.IssueTokens(c.uid)
	if err != nil {
		c.t.Error(err)
	}
	return &chaosToken{value: value}
}

// call asks a replica; status is 0 if it did not answer.
func (c *chaos) call(ctx context.Context, addr, method, path, token string) (status int) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+addr+path, http.NoBody)
	if err != nil {
		c.t.Error(err)
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// check asks a replica about a token and compares the answer with the truth.
func (c *chaos) check(ctx context.Context, p *replicaProcess, k *chaosToken) {
	addr, incarnation := p.at()
	if addr == "" {
		return
	}
	k.mu.Lock()
	ended, by, byIncarnation := k.ended, k.by, k.incarnation
	k.mu.Unlock()
	start := time.Now()
	status := c.call(ctx, addr, http.MethodGet, "/check", k.value)
	k.mu.Lock()
	ending := k.ending
	k.mu.Unlock()

	c.mu.Lock()
	defer c.mu.Unlock()
	c.report.checks++
	switch status {
	case http.StatusOK:
		switch {
		case ended.IsZero():
		case by == p && byIncarnation == incarnation:
			c.report.undone++
		case start.Sub(ended) > chaosTTL+slack:
			c.report.overTTL++
		case by != nil:
			c.report.lastSeen = append(c.report.lastSeen, start.Sub(ended))
		}
	case http.StatusUnauthorized:
		if ending.IsZero() {
			c.report.false401++
		}
	default:
		c.report.unavailable++
	}
}

// end ends a token: by a logout on a replica, or elsewhere.
func (c *chaos) end(ctx context.Context, k *chaosToken, random *rand.Rand) {
	k.mu.Lock()
	if !k.ending.IsZero() {
		k.mu.Unlock()
		return
	}
	k.ending = time.Now()
	k.mu.Unlock()
	p := c.replicas[random.IntN(len(c.replicas))]
	addr, incarnation := p.at()
	if addr == "" || random.IntN(3) == 0 {
		if err := c.direct.Authentication.InvalidateToken(ctx, core.InvalidateTokenRequest{AccessToken: k.value, PreventRefresh: true}); err != nil {
			return
		}
		k.mu.Lock()
		k.ended = time.Now()
		k.mu.Unlock()
		c.mu.Lock()
		c.report.endedElsewhere++
		c.mu.Unlock()
		return
	}
	if c.call(ctx, addr, http.MethodPost, "/logout", k.value) != http.StatusOK {
		return // it crashed meanwhile: the outcome is unknown
	}
	k.mu.Lock()
	k.ended, k.by, k.incarnation = time.Now(), p, incarnation
	k.mu.Unlock()
	c.mu.Lock()
	c.report.logouts++
	c.mu.Unlock()
}

// refresh uses one refresh token on all replicas at once, as tabs of a browser do.
func (c *chaos) refresh(ctx context.Context) {
	_, token, err := c.lr.IssueTokens(c.uid)
	if err != nil {
		c.t.Error(err)
		return
	}
	var all sync.WaitGroup
	for _, p := range c.replicas {
		addr, _ := p.at()
		if addr == "" {
			continue
		}
		all.Go(func() {
			status := c.call(ctx, addr, http.MethodPost, "/refresh", token)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.report.refreshes++
			switch status {
			case http.StatusOK:
			case http.StatusUnauthorized:
				c.report.burnt++
			default:
				c.report.unrefreshed++
			}
		})
	}
	all.Wait()
}

// run sends requests and disturbs until enough says so, for a given time at most, and
// returns what was seen.
func (c *chaos) run(seed uint64, length time.Duration, faults []chaosFault, enough func(chaosReport) bool) chaosReport {
	ctx, cancel := context.WithTimeout(c.t.Context(), length)
	defer cancel()
	var work sync.WaitGroup
	for w := range uint64(chaosWorkers) {
		random := rand.New(rand.NewPCG(seed, w))
		work.Go(func() {
			for ctx.Err() == nil {
				c.mu.Lock()
				i := random.IntN(len(c.tokens))
				k := c.tokens[i]
				k.mu.Lock()
				if !k.ended.IsZero() && time.Since(k.ended) > 2*chaosTTL || k.ended.IsZero() && !k.ending.IsZero() && time.Since(k.ending) > 2*chaosTTL {
					c.tokens[i] = c.newToken() // everything about it was seen
				}
				k.mu.Unlock()
				if enough(c.report) {
					cancel()
				}
				c.mu.Unlock()
				if random.IntN(60) == 0 {
					c.end(ctx, k, random)
				} else {
					c.check(context.WithoutCancel(ctx), c.replicas[random.IntN(len(c.replicas))], k)
				}
				time.Sleep(time.Duration(random.IntN(10)) * time.Millisecond)
			}
		})
	}
	for w := range uint64(chaosRefreshers) {
		random := rand.New(rand.NewPCG(seed, 2000+w))
		work.Go(func() {
			for ctx.Err() == nil {
				c.refresh(context.WithoutCancel(ctx))
				time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
			}
		})
	}
	if len(faults) > 0 {
		work.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1000))
			order := random.Perm(len(faults))
			for i := 0; ctx.Err() == nil; i++ {
				f := faults[order[i%len(order)]]
				c.t.Logf("%s", f.name)
				f.run(ctx, c, random)
				select {
				case <-ctx.Done():
				case <-time.After(time.Duration(random.IntN(500)) * time.Millisecond):
				}
			}
		})
	}
	work.Wait()
	return c.report
}

// String shows the figures of a run.
func (r chaosReport) String() string {
	slices.Sort(r.lastSeen)
	quantile := func(q float64) time.Duration {
		if len(r.lastSeen) == 0 {
			return 0
		}
		return r.lastSeen[int(q*float64(len(r.lastSeen)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d checks, %d logouts, %d sessions ended elsewhere, %d answers of 503 or none; "+
		"%d refreshes by all replicas at once, %d of them answered 503 or not; "+
		"false 401: %d, over TTL: %d, own logouts undone: %d, users logged out by a refresh: %d; answers after a logout on another replica: %d, p50 %v, max %v after it",
		r.checks, r.logouts, r.endedElsewhere, r.unavailable, r.refreshes, r.unrefreshed, r.false401, r.overTTL, r.undone, r.burnt, len(r.lastSeen), quantile(0.5), quantile(1))
}

// chaosSeed is that of CHAOS_SEED, or a new one, which the log shows.
func chaosSeed(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("repeat with CHAOS_SEED=%d", seed)
	return seed
}

// Whatever happens to Redis, the network and the replicas: no valid session is refused,
// no answer is believed for longer than TTL, no replica forgets its own logouts, and a
// refresh on several replicas at once logs no user out. A run takes 20 seconds, or
// CHAOS_TIME; a busy machine gets three times as long to show enough.
func TestChaos(t *testing.T) {
	length := 20 * time.Second
	if text := os.Getenv("CHAOS_TIME"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		length = d
	}
	showsEnough := func(r chaosReport) bool {
		return r.checks >= 1000 && r.logouts >= 10 && r.endedElsewhere >= 5 && r.refreshes-r.unrefreshed >= 100
	}
	end := time.Now().Add(length)
	r := newChaos(t, noSabotage).run(chaosSeed(t), 3*length, chaosFaults, func(r chaosReport) bool {
		return time.Now().After(end) && showsEnough(r)
	})
	t.Log(r)
	if r.false401 != 0 || r.overTTL != 0 || r.undone != 0 || r.burnt != 0 {
		t.Error("a promise was broken")
	}
	if !showsEnough(r) || r.unavailable > r.checks/3 {
		t.Error("the run shows too little")
	}
}

// The chaos test notices replicas that break a promise.
func TestChaosNoticesSabotage(t *testing.T) {
	for mode, seen := range map[sabotage]func(chaosReport) int{
		believesLong:  func(r chaosReport) int { return r.overTTL },
		refusesOnFail: func(r chaosReport) int { return r.false401 },
		keepsLogouts:  func(r chaosReport) int { return r.undone },
	} {
		t.Run(string(mode), func(t *testing.T) {
			c := newChaos(t, mode)
			if mode == refusesOnFail {
				c.lr.Inject(emulator.Fault{Status: http.StatusBadGateway, Body: "<html>"})
			}
			if r := c.run(chaosSeed(t), 10*chaosTTL, nil, func(r chaosReport) bool { return seen(r) > 0 }); seen(r) == 0 {
				t.Errorf("it was not noticed: %v", r)
			}
		})
	}
}
