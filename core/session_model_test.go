package core_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// TestSessionModel runs random sequences of logins, ends, outages, evictions and
// waiting against a service that may hold answers back, and compares every outcome
// with the rules, told here as plainly as possible: for each answer that a caller gets
// there must be a question that justifies it.
func TestSessionModel(t *testing.T) {
	asks, held := 0, 0
	outcomes := map[string]int{}
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) {
			m := &sessionModel{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 1)), outcomes: outcomes}
			m.run(300)
			asks += len(m.callers)
			held += m.everHeld
		})
		if t.Failed() {
			return
		}
	}
	for _, kind := range []string{"ok", "stale", "late", "invalid", "unavailable", "undecided", "gave up"} {
		if outcomes[kind] < 50 {
			t.Errorf("only %d outcomes of %d are %q: this test tests little", outcomes[kind], asks, kind)
		}
	}
	t.Logf("%d callers, %d held answers, outcomes %v", asks, held, outcomes)
}

const (
	modelTTL      = 2 * time.Minute
	modelStale    = 15 * time.Minute
	modelNegative = 10 * time.Second
	modelFlight   = 10 * time.Second // the longest that a question may take
	modelPatience = 3 * time.Second  // of a caller who has something stale
	modelRecent   = 5 * time.Second  // how long a failed fetch lets its session go on at once
	modelWindow   = 10 * time.Second // within which three sessions must fail for the service to count as degraded
)

type sessionModel struct {
	t        *testing.T
	seed     uint64
	rnd      *rand.Rand
	client   *core.Client
	outcomes map[string]int
	callers  []*modelCaller
	everHeld int

	mu        sync.Mutex
	event     int // counts everything that happens
	down      bool
	holding   bool
	alive     [4]bool
	end       [4]time.Time
	evicted   [4]int // event of the last eviction of each token, of whichever kind
	forgotten [4]int // the same, of Forget only
	questions []*modelQuestion
	odd       [4]bool      // the service says something undecided about the token
	failedAt  [4]time.Time // when a fetch about the known token last had no definite answer
	sightings [4]time.Time // when the known token last had no answer at all, since any token had one
	degraded  bool
	wasBad    int // event until which the service was degraded
	known     [4]bool
}

// A modelQuestion is the profile half of a validation.
type modelQuestion struct {
	token, asked int // asked, landed: events
	at, end      time.Time
	good         bool // what the service said
	failure      bool // it did not say
	odd          bool // it said something that decides nothing
	landed       int
	landedAt     time.Time
	release      chan struct{} // nil: answered at once
}

type modelCaller struct {
	token, came   int // event
	at, done      time.Time
	evicted       int // as of coming
	forgotten     int
	session       *core.Session
	err           error
	finished      bool
	checked       bool
	impatient     bool
	mustBeServed  *modelQuestion // what is fresh in memory
	evictedAtDone int
}

func (m *sessionModel) tick() int { m.event++; return m.event }

// RoundTrip is the service.
func (m *sessionModel) RoundTrip(r *http.Request) (*http.Response, error) {
	token := 0
	_, _ = fmt.Sscanf(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), "%d", &token)
	isProfile := strings.HasSuffix(r.URL.Path, "/auth/account")
	m.mu.Lock()
	now := time.Now()
	q := &modelQuestion{token: token, asked: m.tick(), at: now, end: m.end[token], good: m.alive[token] && now.Before(m.end[token]) && !m.odd[token], failure: m.down, odd: m.odd[token]}
	serial := len(m.questions)
	if isProfile {
		m.questions = append(m.questions, q)
	}
	if m.holding {
		q.release = make(chan struct{})
		if m.everHeld++; !isProfile { // released with its profile, which is not far
			m.questions = append(m.questions, q)
			q.token = -1 - token
		}
	}
	wasKnown := m.known[token]
	m.mu.Unlock()
	var lost error
	if q.release != nil {
		select {
		case <-q.release:
		case <-r.Context().Done():
			lost = r.Context().Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	q.landed, q.landedAt = m.tick(), time.Now()
	if lost != nil || q.failure {
		q.failure, q.good = true, false
		if wasKnown {
			m.noAnswer(token)
		}
		if lost != nil {
			return nil, lost
		}
		return respond(500, "<html>", nil), nil
	}
	if m.degraded {
		m.degraded, m.wasBad = false, q.landed
	}
	m.sightings = [4]time.Time{}
	switch {
	case q.odd:
		m.failedAt[token] = q.landedAt
		return respond(403, `{"ErrorCode":970}`, nil), nil
	case !q.good:
		return respond(403, `{"ErrorCode":905}`, nil), nil
	case isProfile:
		m.known[token] = true
		return respond(200, fmt.Sprintf(`{"Uid":"u%d","FirstName":"%d"}`, token%2, serial), nil), nil
	}
	return respond(200, `{"access_token":"x","expires_in":"`+q.end.UTC().Format(time.RFC3339)+`"}`, nil), nil
}

// noAnswer notes that the service had no answer about a known token.
func (m *sessionModel) noAnswer(token int) {
	m.failedAt[token], m.sightings[token] = time.Now(), time.Now()
	seen := 0
	for _, at := range m.sightings {
		if !at.IsZero() && time.Since(at) < modelWindow {
			seen++
		}
	}
	m.degraded = m.degraded || seen >= 3
}

func (m *sessionModel) run(steps int) {
	var err error
	m.client, err = core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: m}, Retry: core.RetryConfig{MaxAttempts: 1},
		Sessions: core.SessionConfig{TTL: modelTTL, StaleIfError: modelStale, NegativeTTL: modelNegative, UpstreamRate: 1e6, UpstreamConcurrency: 1000}})
	if err != nil {
		m.t.Fatal(err)
	}
	defer m.client.Close()
	for range steps {
		m.step()
		synctest.Wait()
		m.check()
		if m.t.Failed() {
			return
		}
	}
}

func (m *sessionModel) step() {
	n := m.rnd.IntN(4)
	switch op := m.rnd.IntN(21); op {
	case 0:
		m.mu.Lock()
		m.down = !m.down && m.rnd.IntN(3) > 0
		m.mu.Unlock()
	case 1, 2:
		m.mu.Lock()
		m.holding = !m.holding
		m.mu.Unlock()
	case 3, 4:
		m.release()
	case 5, 6: // logs in, for up to 20 minutes
		m.mu.Lock()
		m.alive[n], m.end[n] = true, time.Now().Add(time.Duration(m.rnd.IntN(20*60)+10)*time.Second).Truncate(time.Second)
		m.evicted[n] = m.tick() // in earnest it would be another token
		m.forgotten[n] = m.event
		m.mu.Unlock()
		m.client.Forget(tokenN(n))
	case 7: // ended elsewhere
		m.mu.Lock()
		m.alive[n] = false
		m.mu.Unlock()
	case 8:
		m.mu.Lock()
		m.evicted[n] = m.tick()
		m.forgotten[n] = m.event
		m.mu.Unlock()
		m.client.Forget(tokenN(n))
	case 9:
		m.mu.Lock()
		m.evicted[n%2], m.evicted[n%2+2] = m.tick(), m.event
		m.mu.Unlock()
		m.client.ForgetUser(fmt.Sprint("u", n%2))
	case 10:
		time.Sleep(time.Duration(m.rnd.IntN(180)) * time.Second)
	case 13:
		m.mu.Lock()
		m.odd[n] = !m.odd[n]
		m.mu.Unlock()
	case 11, 12:
		time.Sleep(time.Duration(m.rnd.IntN(4000)) * time.Millisecond)
	default:
		m.ask(n)
	}
}

// release answers the held questions of one token.
func (m *sessionModel) release() {
	m.mu.Lock()
	defer m.mu.Unlock()
	var held []*modelQuestion
	for _, q := range m.questions {
		if q.release != nil && q.landed == 0 {
			held = append(held, q)
		}
	}
	if len(held) == 0 {
		return
	}
	one := held[m.rnd.IntN(len(held))]
	for _, q := range held {
		if q.at.Equal(one.at) && (q.token == one.token || q.token == -1-one.token) {
			close(q.release)
			q.release = nil
		}
	}
}

func (m *sessionModel) ask(n int) {
	m.mu.Lock()
	c := &modelCaller{token: n, came: m.tick(), at: time.Now(), evicted: m.evicted[n], forgotten: m.forgotten[n], impatient: m.rnd.IntN(4) == 0}
	if q := m.remembered(n, time.Now()); q != nil && time.Since(q.at) < q.belief() {
		c.mustBeServed = q
	}
	m.callers = append(m.callers, c)
	m.mu.Unlock()
	go func() {
		ctx := context.Background()
		if c.impatient {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Second)
			defer cancel()
		}
		s, err := m.client.Session(ctx, tokenN(n))
		m.mu.Lock()
		defer m.mu.Unlock()
		c.session, c.err, c.done, c.finished, c.evictedAtDone = s, err, time.Now(), true, m.evicted[n]
		if c.done.Sub(c.at) == modelPatience {
			m.noAnswer(n)
		}
	}()
}

// belief is how long the answer to q is believed.
func (q *modelQuestion) belief() time.Duration {
	life := q.end.Sub(q.at)
	return min(modelTTL, max(life/2, time.Second), life)
}

// remembered returns the question that the client must still have the answer of, for use if
// LoginRadius fails: the latest good one, unless it was evicted, refused since, or ended.
func (m *sessionModel) remembered(n int, now time.Time) (last *modelQuestion) {
	for _, q := range m.questions {
		if q.token != n || q.landed == 0 || q.failure || q.odd || q.asked < m.evicted[n] {
			continue
		}
		if last != nil && last.landed > q.landed {
			continue
		}
		if q.good && q.landedAt.Sub(q.at) >= q.belief() {
			continue // came too late to be remembered
		}
		last = q
	}
	if last == nil || !last.good || !now.Before(last.end) || now.Sub(last.at) >= modelStale {
		return nil
	}
	return last
}

func (m *sessionModel) check() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.callers {
		if c.mustBeServed != nil && !c.finished {
			m.wrong(c, "waits although the answer is in memory")
		}
		if !c.finished || c.checked {
			continue
		}
		c.checked = true
		switch {
		case c.err == nil:
			m.checkServed(c)
		case errors.Is(c.err, core.ErrInvalidToken):
			m.outcomes["invalid"]++
			m.checkRefused(c)
		case errors.Is(c.err, core.ErrEmailNotVerified):
			m.outcomes["undecided"]++
			m.checkUnavailable(c)
			if !slices.ContainsFunc(m.questions, func(q *modelQuestion) bool {
				return q.token == c.token && q.odd && !q.failure && q.landed > c.came
			}) {
				m.wrong(c, "was told what LoginRadius did not say")
			}
		case errors.Is(c.err, context.DeadlineExceeded) && c.impatient && c.done.Sub(c.at) == time.Second:
			m.outcomes["gave up"]++
			m.checkUnavailable(c)
		case errors.Is(c.err, core.ErrUnavailable):
			m.outcomes["unavailable"]++
			m.checkUnavailable(c)
		default:
			m.wrong(c, "got a strange error")
		}
	}
}

func (m *sessionModel) checkServed(c *modelCaller) {
	m.outcomes["ok"]++
	serial, _ := strconv.Atoi(c.session.Profile().FirstName)
	q := m.questions[serial]
	age := c.at.Sub(q.at)
	if q.asked < c.came {
		m.outcomes["late"]++
	}
	switch {
	case q.token != c.token || c.session.UID() != fmt.Sprint("u", c.token%2):
		m.wrong(c, "was served as another account")
	case q.asked < c.evicted:
		m.wrong(c, "was served an answer from before the eviction")
	case !c.at.Before(q.end) && q.asked < c.came:
		m.wrong(c, "was served a session that had ended")
	case c.mustBeServed != nil && q.landed < c.mustBeServed.landed:
		m.wrong(c, "was served an older answer than the one in memory")
	case age > max(q.belief(), modelFlight):
		m.outcomes["stale"]++
		if age >= modelStale {
			m.wrong(c, "was served a session too stale")
		}
		gaveUp := c.impatient && c.done.Sub(c.at) == time.Second
		itself := !m.failedAt[c.token].IsZero() && c.at.Sub(m.failedAt[c.token]) < modelRecent
		if !gaveUp && !itself && !m.degraded && m.wasBad < c.came {
			m.wrong(c, "was served a stale session although the service answers")
		}
	}
	for _, r := range m.questions {
		if r.token == c.token && r.asked > q.asked && r.landed != 0 && r.landed < c.came && !r.good && !r.failure && !r.odd && r.asked > c.evicted {
			m.wrong(c, "was served although it had been refused since")
		}
	}
}

// A refusal must come from LoginRadius, lately.
func (m *sessionModel) checkRefused(c *modelCaller) {
	for _, q := range m.questions {
		if q.token == c.token && q.landed != 0 && !q.good && !q.failure && !q.odd && q.asked > c.forgotten && c.at.Sub(q.landedAt) < modelNegative {
			return
		}
	}
	m.wrong(c, "was refused, but not by LoginRadius")
}

// An unavailable answer is wrong if a remembered session could have been served.
func (m *sessionModel) checkUnavailable(c *modelCaller) {
	if q := m.remembered(c.token, c.done); q != nil && q.landed < c.came && c.evictedAtDone == c.evicted {
		m.wrong(c, "was told of the outage although a session is remembered")
	}
}

func (m *sessionModel) wrong(c *modelCaller, what string) {
	m.t.Errorf("seed %d: the caller about token %d at event %d (now %d) %s: %v, %v", m.seed, c.token, c.came, m.event, what, c.session, c.err)
}
