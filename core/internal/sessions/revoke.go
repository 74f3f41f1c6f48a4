package sessions

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// A Revocation refuses what would be accepted if it was checked again: what is checked
// locally cannot be asked about. Exactly one of its first three forms is set.
type Revocation struct {
	Token string // the bytes of a token's Key; or
	UID   string // an account: everything that was issued to it until At; or
	ID    string // with UID: the token of the account that has this name

	// At is when the revocation was made. [Cache.Revoke] takes it for an account: zero
	// means now, by the clock of the store if there is one.
	At time.Time
}

// Revoke tells all replicas of what is not to be accepted any more, and keeps it in the
// shared store for life. The account's sessions are dropped unless Token is set, so that
// they are checked again.
func (c *Cache[S]) Revoke(r Revocation, life time.Duration) {
	switch {
	case r.Token != "":
		c.forgetEverywhere(eventRevokedToken, r.Token, life, func() {})
	case r.ID != "":
		c.forgetEverywhere(eventRevokedID, tokenName(r.UID, r.ID), life, func() { c.forgetUserHere(r.UID) })
	case r.At.IsZero():
		c.forgetEverywhere(eventRevokedUser, r.UID, life, func() { c.endUserHere(r.UID) })
	default:
		id := timedUser(r.UID, r.At)
		c.revoked(eventRevokedBefore, id, r.At)
		if c.shared == nil {
			c.forgetUserHere(r.UID)
			return
		}
		a := c.shared.intend(eventRevokedBefore, id, life)
		a.prepare = func() bool { return c.shared.saveBefore(r.UID, r.At, life) }
		c.forgetAs(a, func() { c.forgetUserHere(r.UID) })
	}
}

// revoked tells of a revocation on this replica or another one.
func (c *Cache[S]) revoked(kind byte, id string, at time.Time) {
	if c.cfg.Revoked == nil {
		return
	}
	switch kind {
	case eventRevokedToken:
		c.cfg.Revoked(Revocation{Token: id, At: at})
	case eventRevokedUser:
		c.cfg.Revoked(Revocation{UID: id, At: at})
	case eventRevokedBefore:
		if uid, at, ok := splitTimed(id); ok {
			c.cfg.Revoked(Revocation{UID: uid, At: at})
		}
	case eventRevokedID:
		if len(id) > sha256.Size {
			c.cfg.Revoked(Revocation{UID: id[sha256.Size:], ID: id[:sha256.Size], At: at})
		}
	}
}

// NameOfToken is the form in which [Config.Revoked] gets the ID of a Revocation.
func NameOfToken(id string) string {
	sum := sha256.Sum256([]byte(id))
	return string(sum[:])
}

func tokenName(uid, id string) string { return NameOfToken(id) + uid }

// timedUser is the identifier of a revocation that carries a time of its own.
func timedUser(uid string, at time.Time) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(at.UnixMicro()))) + uid
}

func splitTimed(id string) (uid string, at time.Time, ok bool) {
	if len(id) <= 8 {
		return "", at, false
	}
	return id[8:], time.UnixMicro(int64(binary.BigEndian.Uint64([]byte(id)))), true //nolint:gosec // as timedUser wrote it
}

// RevocationTimes returns when a token, its account and its name were last revoked
// according to the shared store; a zero time means never. ok is false without a store.
func (c *Cache[S]) RevocationTimes(token Key, uid, id string) (times [3]time.Time, ok bool) {
	s := c.shared
	if s == nil {
		return times, false
	}
	names := []string{
		s.seal.key(string(eventRevokedToken), string(token[:])), s.seal.key(string(eventRevokedUser), uid),
		s.seal.key(string(eventRevokedID), tokenName(uid, id)), s.seal.key(string(eventRevokedBefore), uid),
	}
	var at []int64
	if !s.try(func(ctx context.Context) (err error) { at, err = s.cfg.Store.Marks(ctx, names); return err }) || len(at) != len(names) {
		return times, false
	}
	for i := range times {
		if at[i] != 0 {
			times[i] = time.UnixMicro(at[i])
		}
	}
	if at[3] != 0 {
		before, found := s.loadBefore(uid)
		if !found {
			before = time.UnixMicro(at[3]) // the store lost it; the latest that it can be
		}
		if before.After(times[1]) {
			times[1] = before
		}
	}
	return times, true
}

// saveBefore keeps the time of a revocation of an account, which is not that of its mark.
func (s *shared[S]) saveBefore(uid string, at time.Time, life time.Duration) bool {
	if kept, ok := s.loadBefore(uid); ok && kept.After(at) {
		at = kept
	}
	box, err := s.seal.sealEvent([]byte(timedUser(uid, at)))
	if err != nil {
		return false
	}
	return s.try(func(ctx context.Context) error {
		return s.cfg.Store.Save(ctx, s.seal.key("b", uid), box, life)
	})
}

func (s *shared[S]) loadBefore(uid string) (at time.Time, found bool) {
	var box []byte
	if !s.try(func(ctx context.Context) (err error) {
		box, _, err = s.cfg.Store.Load(ctx, s.seal.key("b", uid))
		return err
	}) || box == nil {
		return at, false
	}
	plain, err := s.seal.openEvent(box)
	if err != nil {
		return at, false
	}
	owner, at, ok := splitTimed(string(plain))
	return at, ok && owner == uid
}
