package sessions

import (
	"bytes"
	"context"
	"encoding/binary"
	"time"
)

// notePrefix tells notes from the other things that are sealed with a token.
const notePrefix = "note "

// NoteTime tells the other replicas that something of that kind happened to a token that
// long ago. It does nothing without a shared store, or while that fails.
func (c *Cache[S]) NoteTime(kind string, key Key, age, life time.Duration) {
	s := c.shared
	if s == nil {
		return
	}
	name := s.seal.key("n", kind+" "+string(key[:]))
	s.try(func(ctx context.Context) error {
		_, now, err := s.cfg.Store.Load(ctx, name)
		if err != nil {
			return err
		}
		plain := binary.BigEndian.AppendUint64([]byte(notePrefix+kind+" "), uint64(now-age.Microseconds())) //nolint:gosec // a round trip
		box, err := s.seal.seal(key, plain)
		if err != nil {
			return err
		}
		return s.cfg.Store.Save(ctx, name, box, life)
	})
}

// NotedAge returns how long ago NoteTime was called, on any replica, by the clock of the
// store. found is false if it was not, and asked is false if the store could not tell.
func (c *Cache[S]) NotedAge(kind string, key Key) (age time.Duration, found, asked bool) {
	s := c.shared
	if s == nil {
		return 0, false, false
	}
	var box []byte
	var now int64
	if !s.try(func(ctx context.Context) (err error) {
		box, now, err = s.cfg.Store.Load(ctx, s.seal.key("n", kind+" "+string(key[:])))
		return err
	}) {
		return 0, false, false
	}
	if box == nil {
		return 0, false, true
	}
	plain, err := s.seal.open(key, box)
	at, ours := bytes.CutPrefix(plain, []byte(notePrefix+kind+" "))
	if err != nil || !ours || len(at) != 8 {
		s.rejected.Add(1)
		return 0, false, true
	}
	return max(0, microseconds(now-int64(binary.BigEndian.Uint64(at)))), true, true //nolint:gosec // a round trip
}
