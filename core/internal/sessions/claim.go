package sessions

import (
	"bytes"
	"context"
	"time"
)

// rotateShared is how long the new tokens of a rotation are handed to the other replicas,
// sealed with the refresh token that was used.
const rotateShared = 10 * time.Minute

// A claim that is not yet an outcome looks like this, with a nonce behind it.
const pendingClaim = 0

// claimPause is how often a replica looks for the outcome of a claim that another holds.
const claimPause = 20 * time.Millisecond

// rotate has one of all replicas use a refresh token. The one that claims it puts the
// outcome in the claim's place. A replica that saw a claim of another and then lost the
// store must not use the token: the other may have.
func (s *shared[S]) rotate(key Key, use func() Rotated) Rotated {
	name := s.seal.key("c", string(key[:]))
	own := append([]byte{pendingClaim}, newNonce()...)
	life := s.cache.cfg.Timeout + 5*time.Second // longer than the call can take
	busy := Rotated{Outcome: Unavailable, Err: &Failure{Reason: Contended, RetryAfter: time.Second}}
	end, seen := time.Now().Add(life), false
	for {
		held, ok := s.claim(name, own, life)
		switch {
		case !ok && seen && s.cfg.Off.SeenClaims:
			return s.used(name, key, own, use(), false)
		case !ok && seen:
			return busy
		case held != nil:
		case ok:
			return s.used(name, key, own, use(), seen)
		default:
			// Without the store it is unknown whether another replica uses the token too.
			// One that has the store goes first; a refusal is then no proof.
			wait(s.cache.work, opTime)
			return s.used(name, key, own, use(), true)
		}
		if held[0] != pendingClaim {
			r, ok := s.outcome(key, held)
			if !ok {
				return busy
			}
			return r
		}
		seen = true
		if time.Now().After(end) || s.cache.work.Err() != nil {
			return busy
		}
		wait(s.cache.work, claimPause)
	}
}

func (s *shared[S]) claim(name string, own []byte, life time.Duration) (held []byte, ok bool) {
	ok = s.try(func(ctx context.Context) (err error) {
		held, err = s.cfg.Store.Claim(ctx, name, own, life)
		return err
	})
	if len(held) == 0 || s.cfg.Off.Claims {
		held = nil
	}
	return held, ok
}

// used shares what became of a refresh token. A claim without new tokens ends, so that
// no other replica waits for them.
func (s *shared[S]) used(name string, key Key, own []byte, r Rotated, seen bool) Rotated {
	switch r.Outcome {
	case Valid:
		plain := s.cfg.EncodeRotated(r)
		box, err := s.seal.seal(key, plain)
		if plain == nil || err != nil {
			return r
		}
		value := append([]byte{pendingClaim + 1}, box...)
		save := func() bool {
			return s.try(func(ctx context.Context) error { return s.cfg.Store.Save(ctx, name, value, rotateShared) })
		}
		if !save() { // the others need it as soon as they can have it
			s.cache.background.Go(func() {
				for end := time.Now().Add(rotateGrace); time.Now().Before(end) && s.cache.work.Err() == nil && !save(); {
					wait(s.cache.work, repeatEvery)
				}
			})
		}
	case Refused:
		// A replica with a claim that the store lost may have been first.
		// After a failure of the store, its outcome comes when it tries again.
		looks := 3
		if at := s.failedAt.Load(); at != 0 && s.cache.clock.now()-at < int64(2*breakFor) {
			looks = int((breakFor+2*repeatEvery)/opTime) + 1
		}
		for range looks {
			wait(s.cache.work, opTime)
			var value []byte
			if s.try(func(ctx context.Context) (err error) { value, _, err = s.cfg.Store.Load(ctx, name); return err }) && len(value) > 0 && value[0] != pendingClaim {
				if found, ok := s.outcome(key, value); ok {
					return found
				}
			}
		}
		s.endClaim(name, own)
		if seen {
			return Rotated{Outcome: Unavailable, Err: &Failure{Reason: Contended, RetryAfter: time.Second}}
		}
	default: // what became of it is unknown: the next one asks
		s.endClaim(name, own)
	}
	return r
}

// forgetRotation returns what another replica made of a refresh token, and drops it from
// the store. It waits while the other is about to use the token.
func (s *shared[S]) forgetRotation(ctx context.Context, key Key) (result Rotated, ok bool, err error) {
	name := s.seal.key("c", string(key[:]))
	for end := time.Now().Add(s.cache.cfg.Timeout + 5*time.Second); ; {
		var value []byte
		if !s.try(func(ctx context.Context) (err error) { value, _, err = s.cfg.Store.Load(ctx, name); return err }) || len(value) == 0 {
			return result, false, nil
		}
		if value[0] != pendingClaim {
			s.freeClaim(name)
			result, ok = s.outcome(key, value)
			return result, ok, nil
		}
		if time.Now().After(end) || s.cache.work.Err() != nil {
			return result, false, nil //nolint:nilerr // a closed cache learns nothing
		}
		wait(ctx, claimPause)
		if ctx.Err() != nil {
			return result, false, gaveUp(ctx)
		}
	}
}

// endClaim ends a replica's own claim, and no other that took its place.
func (s *shared[S]) endClaim(name string, own []byte) {
	if held, ok := s.claim(name, own, time.Second); ok && held == nil {
		s.freeClaim(name)
	}
}

// freeClaim ends a claim or drops its outcome.
func (s *shared[S]) freeClaim(name string) {
	s.try(func(ctx context.Context) error {
		return s.cfg.Store.Save(ctx, name, bytes.Repeat([]byte{pendingClaim}, 2), time.Millisecond)
	})
}

// outcome opens what another replica left in a claim's place.
func (s *shared[S]) outcome(key Key, value []byte) (Rotated, bool) {
	plain, err := s.seal.open(key, value[1:])
	if err != nil {
		return Rotated{}, false
	}
	return s.cfg.DecodeRotated(plain)
}
