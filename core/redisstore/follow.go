package redisstore

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// waitTime is how long one read waits for events. It bounds how late a log
	// that began anew is noticed.
	waitTime = time.Second
	// graceTime is how much longer than waitTime an answer may take before the
	// connection counts as dead.
	graceTime = time.Second
	batch     = 1000
)

// Follow implements [core.SharedStore].
func (s *Store) Follow(ctx context.Context, after int64, do func(at int64, event []byte)) error {
	id := streamID(after)
	for {
		streams, err := call(ctx, s, "follow", waitTime+graceTime, func(ctx context.Context) ([]redis.XStream, error) {
			streams, err := s.rdb.XRead(ctx, &redis.XReadArgs{
				Streams: []string{s.control("log"), id}, Count: batch, Block: waitTime,
			}).Result()
			if errors.Is(err, redis.Nil) {
				return nil, nil
			}
			return streams, err
		})
		if err != nil {
			return err
		}
		read := 0
		for _, stream := range streams {
			for _, m := range stream.Messages {
				if err := ctx.Err(); err != nil {
					return err
				}
				read++
				id = m.ID
				at, event, ok := parse(m)
				if ok { // what another program wrote is skipped
					do(at, event)
				}
			}
		}
		if read > 0 {
			continue
		}
		begun, err := s.begunAnew(ctx, id)
		if err != nil {
			return err
		}
		if begun {
			id = streamID(0)
		}
	}
}

func streamID(at int64) string { return strconv.FormatInt(max(at, 0), 10) + "-0" }

func parse(m redis.XMessage) (at int64, event []byte, ok bool) {
	ms, seq, _ := strings.Cut(m.ID, "-")
	at, err := strconv.ParseInt(ms, 10, 64)
	text, ok := m.Values["e"].(string)
	return at, []byte(text), ok && err == nil && seq == "0" && text != ""
}

// begunAnew reports whether the last event of the log is before id. Then the log was
// lost and the server's clock is behind the lost one, so that new events would not be
// seen.
func (s *Store) begunAnew(ctx context.Context, id string) (bool, error) {
	last, err := call(ctx, s, "follow", graceTime, func(ctx context.Context) ([]redis.XMessage, error) {
		return s.rdb.XRevRangeN(ctx, s.control("log"), "+", "-", 1).Result()
	})
	if err != nil || len(last) == 0 {
		return false, err
	}
	return before(last[0].ID, id), nil
}

// before compares the milliseconds of two IDs; our own have the sequence 0.
func before(a, b string) bool {
	am, _, _ := strings.Cut(a, "-")
	bm, _, _ := strings.Cut(b, "-")
	an, errA := strconv.ParseInt(am, 10, 64)
	bn, errB := strconv.ParseInt(bm, 10, 64)
	return errA == nil && errB == nil && an < bn
}
