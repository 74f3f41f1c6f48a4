package sessions

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

func (m *sharedModel) newReplica() *modelReplica {
	r := &modelReplica{refused: map[string]time.Time{}}
	skew := time.Duration(m.rnd.IntN(600)-300) * time.Millisecond
	service := newFakeService()
	service.off = m.off
	r.Cache = service.replica(m.store, func(c *Config[*user]) {
		c.Clock = func() time.Time { return time.Now().Add(skew) }
		c.Fetch = func(_ context.Context, q *Question[*user]) Answer[*user] { return m.answer(r, q) }
		c.Sharing.Encode = func(u *user) []byte { return fmt.Append(nil, u.uid, " ", u.serial) }
		c.Sharing.Decode = func(_ Key, data []byte, expiry time.Time, known bool) (Answer[*user], bool) {
			uid, text, _ := strings.Cut(string(data), " ")
			serial, err := strconv.Atoi(text)
			return Answer[*user]{Outcome: Valid, Session: &user{uid, serial, expiry}, UID: uid, Expiry: expiry, ExpiryKnown: known, Size: 100}, err == nil
		}
	})
	return r
}

// answer is the service.
func (m *sharedModel) answer(r *modelReplica, q *Question[*user]) Answer[*user] {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.event++
	serial, dead := len(m.questions), m.dead[q.Token]
	m.questions = append(m.questions, modelQuestion{q.Token, m.event, time.Now()})
	if during := m.during; during != nil {
		m.during = nil
		m.mu.Unlock()
		during()
		m.mu.Lock()
	}
	switch {
	case m.fail:
		m.failedAt = time.Now()
		return Answer[*user]{Outcome: Unavailable, Err: errDown}
	case dead:
		r.refused[q.Token] = time.Now()
		return Answer[*user]{Outcome: Refused, Err: errRefused}
	}
	expiry := time.Now().Add(24 * time.Hour)
	return Answer[*user]{Outcome: Valid, Session: &user{uidOf(q.Token), serial, expiry}, UID: uidOf(q.Token), Expiry: expiry, ExpiryKnown: true, Size: 100}
}

func uidOf(token string) string { return "user-of-" + token }

// disturbStore repairs the store, or disturbs it.
func (m *sharedModel) disturbStore(disturb bool) {
	kind := m.rnd.IntN(4)
	m.store.set(func(s *memoryStore) {
		switch {
		case m.wellSince.IsZero():
			s.down, s.deaf, m.wellSince = false, false, time.Now()
		case !disturb:
		case kind == 0:
			s.down, m.wellSince = true, time.Time{}
		case kind == 1:
			s.deaf, m.wellSince = true, time.Time{} // the log is late
		default: // it restarts empty, or fails over and loses the latest
			if clear(s.marks); kind == 2 {
				clear(s.values)
			}
			s.events, m.wellSince = nil, time.Now()
			for _, l := range m.logouts {
				l.announced = false
			}
		}
	})
}
