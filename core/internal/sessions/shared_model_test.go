package sessions

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A sharedModel runs random sequences of requests, logouts, ends elsewhere, restarts and
// failures of the store and of the service on three replicas, and compares every answer
// with the promises, told as plainly as possible: each needs a question that justifies it.
type sharedModel struct {
	rnd   *rand.Rand
	off   Off
	store *memoryStore
	wrong string // the first broken promise

	mu        sync.Mutex // what follows is read and changed by questions in the background too
	replicas  []*modelReplica
	questions []modelQuestion
	logouts   []*modelLogout
	tokens    [3]string
	dead      map[string]bool
	fail      bool
	failedAt  time.Time // when the service was last seen failing
	wellSince time.Time // of the store; zero: it is not
	event     int       // counts everything that happens
	during    func()    // called while a question is under way

	outcomes map[string]int
}

type modelReplica struct {
	*Cache[*user]
	refused map[string]time.Time // when the service refused a token to it
}

type modelQuestion struct {
	token string
	event int
	at    time.Time
}

// A modelLogout is an eviction, and who must respect it.
type modelLogout struct {
	token     string
	event     int
	by        *modelReplica
	known     map[*modelReplica]bool
	announced bool            // the store has it
	told      []*modelReplica // who hears of it at once
}

const (
	modelTTL      = 2 * time.Minute
	modelStale    = 15 * time.Minute
	modelNegative = 10 * time.Second
	// How long the store must be well until it has what was forgotten without it, and what
	// it lost.
	modelRepeat = 20 * time.Second
)

func newSharedModel(seed uint64, off Off, outcomes map[string]int) *sharedModel {
	m := &sharedModel{
		rnd: rand.New(rand.NewPCG(seed, 3)), off: off, store: newMemoryStore(), dead: map[string]bool{},
		wellSince: time.Now(), outcomes: outcomes,
	}
	for range 3 {
		m.replicas = append(m.replicas, m.newReplica())
	}
	for i := range m.tokens {
		m.login(i)
	}
	return m
}

func (m *sharedModel) login(slot int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.event++
	m.tokens[slot] = fmt.Sprint("token-", m.event)
}

func (m *sharedModel) run(steps int) {
	for range steps {
		m.step()
		synctest.Wait()
		m.settle()
		if m.wrong != "" {
			break
		}
	}
	for _, r := range m.replicas {
		r.Close()
	}
}

func (m *sharedModel) step() {
	slot, r := m.rnd.IntN(len(m.tokens)), m.replicas[m.rnd.IntN(len(m.replicas))]
	token := m.tokens[slot]
	switch op := m.rnd.IntN(50); op {
	case 0, 1, 2, 3:
		if m.ended(token) {
			m.login(slot)
		}
	case 4: // elsewhere
		m.end(token)
	case 5:
		m.logout(r, token)
	case 6: // while another replica asks about it
		m.meanwhile(func() { m.logout(r, token) })
		m.ask(m.replicas[m.rnd.IntN(len(m.replicas))], token)
		synctest.Wait()
		m.meanwhile(nil)
	case 7, 8, 9, 10:
		time.Sleep(time.Duration(m.rnd.IntN(90)) * time.Second)
	case 11, 12, 13:
		time.Sleep(time.Duration(m.rnd.IntN(3000)) * time.Millisecond)
	case 14, 15, 16:
		m.mu.Lock()
		m.fail = !m.fail && op == 14 && m.rnd.IntN(2) == 0
		m.mu.Unlock()
	case 17, 18, 19:
		m.disturbStore(op == 17)
	case 20:
		m.store.set(func(s *memoryStore) { s.overwrite([]byte("of another program")) })
	case 21:
		i := m.rnd.IntN(len(m.replicas))
		m.replicas[i].Close()
		m.replicas[i] = m.newReplica()
	default:
		m.ask(r, token)
	}
}

func (m *sharedModel) ended(token string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead[token]
}

func (m *sharedModel) end(token string) (event int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead[token] = true
	m.event++
	return m.event
}

func (m *sharedModel) meanwhile(do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.during = do
}

func (m *sharedModel) logout(r *modelReplica, token string) {
	event := m.end(token)
	l := &modelLogout{token: token, event: event, by: r, known: map[*modelReplica]bool{r: true}}
	if l.announced = m.wellFor(2 * breakFor); l.announced {
		l.told = append(l.told, m.replicas...)
	}
	m.logouts = append(m.logouts, l)
	if event%2 == 0 {
		r.Forget(token)
	} else {
		r.ForgetUser(uidOf(token))
	}
}

// settle notes who must know of which logout by now.
func (m *sharedModel) settle() {
	living := map[*modelReplica]bool{}
	for _, r := range m.replicas {
		living[r] = true
	}
	for _, l := range m.logouts {
		for _, r := range l.told {
			l.known[r] = true
		}
		if l.told = nil; !m.wellFor(modelRepeat) {
			continue
		}
		if l.announced = l.announced || living[l.by]; l.announced {
			for r := range living {
				l.known[r] = true
			}
		}
	}
}

// wellFor reports whether the store has been well for so long.
func (m *sharedModel) wellFor(d time.Duration) bool {
	return !m.wellSince.IsZero() && time.Since(m.wellSince) >= d
}

func (m *sharedModel) ask(r *modelReplica, token string) {
	came, must := time.Now(), 0
	for _, l := range m.logouts {
		if l.token == token && l.known[r] {
			must = max(must, l.event)
		}
	}
	u, err := r.Get(context.Background(), token)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case err == nil:
		q := m.questions[u.serial]
		age := came.Sub(q.at)
		m.outcomes["ok"]++
		switch {
		case q.token != token || u.uid != uidOf(token):
			m.wrong = "an answer about another token"
		case q.event < must:
			m.wrong = "an answer from before a logout that the replica knows of"
		case age > modelStale:
			m.wrong = fmt.Sprintf("an answer that is %v old", age)
		case age > modelTTL && !m.fail && time.Since(m.failedAt) > time.Minute:
			m.wrong = fmt.Sprintf("an answer that is %v old although the service is well", age)
		case age > modelTTL:
			m.outcomes["stale"]++
		case age > 0:
			m.outcomes["remembered"]++
		}
	case errors.Is(err, errRefused):
		m.outcomes["refused"]++
		if at, ok := r.refused[token]; !ok || time.Since(at) > modelNegative {
			m.wrong = "a refusal that the service did not give this replica"
		}
	case errors.Is(err, errDown):
		m.outcomes["unavailable"]++
		if !m.fail {
			m.wrong = "an outage although the service is well"
		}
	default:
		m.wrong = "a failure of its own: " + err.Error()
	}
}

// runSharedModel returns the first broken promise of many runs.
func runSharedModel(t *testing.T, off Off, seeds uint64, outcomes map[string]int) (wrong string) {
	t.Helper()
	for seed := range seeds {
		synctest.Test(t, func(*testing.T) {
			m := newSharedModel(seed, off, outcomes)
			if m.run(250); m.wrong != "" {
				wrong = fmt.Sprintf("seed %d, event %d: %s", seed, m.event, m.wrong)
			}
		})
		if wrong != "" {
			return wrong
		}
	}
	return ""
}

// Replicas that share a store keep their promises in random sequences of events, and the
// same sequences show each promise that is broken.
func TestSharedModel(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 20
	}
	outcomes := map[string]int{}
	if wrong := runSharedModel(t, Off{}, seeds, outcomes); wrong != "" {
		t.Fatal(wrong)
	}
	for _, kind := range []string{"ok", "remembered", "stale", "refused", "unavailable"} {
		if outcomes[kind] < 50 {
			t.Errorf("only %d outcomes are %q: this test tests little", outcomes[kind], kind)
		}
	}
	t.Log(outcomes)
	for name, off := range map[string]Off{
		"Freshness": {Freshness: true}, "Marks": {Marks: true, LocalMarks: true}, "LocalMarks": {LocalMarks: true},
		"Repeating": {Repeating: true}, "NoRefusals": {NoRefusals: true}, "StoreErrors": {StoreErrors: true},
	} {
		if wrong := runSharedModel(t, off, 120, map[string]int{}); wrong == "" {
			t.Errorf("without %s nothing is noticed", name)
		} else {
			t.Logf("without %s: %s", name, wrong)
		}
	}
}
