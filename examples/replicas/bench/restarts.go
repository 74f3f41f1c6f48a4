package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// restarts replaces ten replicas, one after the other, each of which all users reach.
func (b *bench) restarts() ([]row, error) {
	const replicas, sessions = 10, 2000
	tokens, err := b.tokens(sessions)
	if err != nil {
		return nil, err
	}
	var asked [2]int64
	var took [2]time.Duration
	for i, prefix := range []string{"restarts", ""} {
		old, err := b.replica(prefix)
		if err != nil {
			return nil, err
		}
		if err := askAll(old, tokens); err != nil {
			return nil, err
		}
		before, start := b.calls.Load(), time.Now()
		for range replicas {
			c, err := b.replica(prefix)
			if err != nil {
				return nil, err
			}
			if err := askAll(c, tokens); err != nil {
				return nil, err
			}
		}
		asked[i], took[i] = b.calls.Load()-before, time.Since(start)
	}
	return []row{{
		fmt.Sprintf("calls of LoginRadius by a restart of %d replicas with %d sessions", replicas, sessions),
		fmt.Sprintf("%d, in %v", asked[0], took[0].Round(time.Millisecond)), fmt.Sprintf("%d without a store, in %v", asked[1], took[1].Round(time.Millisecond)),
		"at most 1 %", asked[0] > replicas*sessions/100,
	}}, nil
}

// askAll asks about all tokens, many at a time.
func askAll(c *core.Client, tokens []string) error {
	const users = 16
	var all sync.WaitGroup
	failed := make([]error, users)
	for u := range users {
		all.Go(func() {
			part := tokens[u*len(tokens)/users : (u+1)*len(tokens)/users]
			_, failed[u] = ask(c, part)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
