package core

import (
	"context"
	"errors"
)

// forget drops a token. A flight that is about it goes on for those who asked
// before; whoever comes now starts another.
func (s *sessionCache) forget(token string) {
	key := hashToken(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.remove(key)
	s.negative.Remove(key)
	s.dropFlight(key)
}

// dropFlight lets the flight of a key go on for those aboard only.
func (s *sessionCache) dropFlight(key tokenKey) {
	if f := s.flights[key]; f != nil {
		f.dropped = true
		delete(s.flights, key)
	}
}

func (s *sessionCache) forgetUser(uid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetUserLocked(uid)
}

// forgetUserLocked drops the tokens of an account. Whose the flights are is not
// known before they land, so each is told.
func (s *sessionCache) forgetUserLocked(uid string) {
	s.store.removeUser(uid)
	s.forgets++
	for _, f := range s.flights {
		if f.forgotten == nil {
			f.forgotten = map[string]uint64{}
		}
		if _, already := f.forgotten[uid]; !already { // the first counts: who came after that gets a newer answer
			f.forgotten[uid] = s.forgets
		}
	}
}

// forgetUserOf forgets the account that a token belongs to after an operation on it
// ended with err: also if nobody knows what became of it. Whose the token is, is asked
// for if need be.
func (s *sessionCache) forgetUserOf(ctx context.Context, token string, err error) {
	if !mayBeDone(err) {
		return
	}
	s.mu.Lock()
	known := s.store.peek(hashToken(token))
	s.mu.Unlock()
	if known != nil {
		s.forgetUser(known.session.uid)
		return
	}
	if err == nil {
		// It is done: the caller's leaving must not keep us from seeing to it.
		if session, err := s.client.Session(context.WithoutCancel(ctx), token); err == nil {
			s.forgetUser(session.uid)
			return
		}
	}
	s.forget(token)
}

// forgetEmail forgets the accounts with an address, be it the primary one or not. It
// looks at every account remembered, which is for operations as rare as deleting by
// address. Whose the flights are nobody knows yet, so none is for those who come now.
func (s *sessionCache) forgetEmail(email string) {
	if email == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for uid, e := range s.store.byUID {
		if e.session.hasEmail(email) {
			s.forgetUserLocked(uid)
		}
	}
	for key := range s.flights {
		s.dropFlight(key)
	}
}

func (s *sessionCache) recheckUser(uid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recheck.Add(uid, s.clock.now()+int64(recheckWindow))
	s.forgetUserLocked(uid)
}

// recheckUserOf calls recheckUser for the account that a token belongs to, after an
// operation on it ended with err: also if nobody knows what became of it.
func (s *sessionCache) recheckUserOf(ctx context.Context, token string, err error) {
	if !mayBeDone(err) {
		return
	}
	s.mu.Lock()
	known := s.store.peek(hashToken(token))
	s.mu.Unlock()
	if known != nil {
		s.recheckUser(known.session.uid)
	} else if err == nil {
		if session, err := s.client.Session(context.WithoutCancel(ctx), token); err == nil {
			s.recheckUser(session.uid)
		}
	}
}

// mayBeDone reports whether an operation that ended with err may have had its effect:
// not if nothing was sent or LoginRadius refused, but also if there was no answer.
func mayBeDone(err error) bool {
	var e *Error
	return err == nil || errors.As(err, &e) && !e.Answered()
}

// rechecked reports whether a uid is on the list; the lock is held.
func (s *sessionCache) rechecked(uid string, now int64) bool {
	until, ok := s.recheck.Peek(uid)
	if ok && now >= until {
		s.recheck.Remove(uid)
		return false
	}
	return ok
}

// close ends all flights and waits for them.
func (s *sessionCache) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stopWork()
	s.background.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rotations.Purge() // and with them their timers
}
