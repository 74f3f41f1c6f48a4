package redisstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core/redisstore"
)

// What an administrator must do is in the error, and no secret is.
func TestErrorsName(t *testing.T) {
	server := startRedis(t)
	rdb := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	ctx := t.Context()
	must := func(args ...any) {
		t.Helper()
		if err := rdb.Do(ctx, args...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	s := redisstore.New(rdb, slow)
	announce := func() error {
		_, err := s.Announce(ctx, []string{"m"}, []byte("e"), 0, time.Minute)
		return err
	}
	want := func(what string, err error, parts ...string) {
		t.Helper()
		if err == nil {
			t.Errorf("%s: no error", what)
			return
		}
		for _, p := range parts {
			if !strings.Contains(err.Error(), p) {
				t.Errorf("%s: %v, want %q in it", what, err, p)
			}
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the password is in the error: %v", what, err)
		}
	}
	load := func(key string) error {
		_, _, err := s.Load(ctx, key)
		return err
	}

	must("LPUSH", "lr:v:list", "x")
	want("a value of another type", load("list"), "load", `"lr"`, "another program")
	_, err := s.Claim(ctx, "list", []byte("x"), time.Minute)
	want("a claim on it", err, "claim", "another program")
	must("SET", "{lr}:pos", "soon")
	want("a foreign position", load("k"), "no number", "another program")
	want("an event after it", announce(), "no number")
	must("DEL", "{lr}:pos")
	must("SET", "{lr}:log", "text")
	want("a log of another type", load("k"), "another program")
	want("an event into it", announce(), "another program")
	want("following it", s.Follow(ctx, 0, func(int64, []byte) {}), "follow", "another program")
	must("DEL", "{lr}:log")
	must("SET", "{lr}:m:m", "never")
	_, err = s.Marks(ctx, []string{"m"})
	want("a foreign mark", err, "marks", "another program")
	must("SET", "lr:r:k", "never")
	_, err = s.Take(ctx, "k", 1, 1, 1)
	want("a foreign bucket", err, "take", "another program")
	must("XADD", "{lr}:log", "1-5", "other", "x")
	if err := announce(); err != nil { // a foreign entry in the log is skipped
		t.Error(err)
	}

	must("CONFIG", "SET", "maxmemory", "1")
	want("no memory left", s.Save(ctx, "k", []byte("x"), time.Minute), "save", "out of memory")
	want("no memory for an event", announce(), "out of memory")
	must("CONFIG", "SET", "maxmemory", "0")

	must("ACL", "SETUSER", "default", ">hunter2", "resetpass", ">hunter2")
	wrong := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}, Password: "hunter22"})
	_, _, err = redisstore.New(wrong, slow).Load(ctx, "k")
	want("a wrong password", err, "user name or password")
	none := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	_, _, err = redisstore.New(none, slow).Load(ctx, "k")
	want("no password", err, "password")

	server.Kill()
	start := time.Now()
	_, _, err = redisstore.New(rdb).Load(ctx, "k")
	want("no server", err, "load")
	if took := time.Since(start); took > time.Second {
		t.Errorf("no server: an error after %v", took)
	}
}

// A server that stopped answering costs a call its time-out, whatever the driver's
// settings; afterwards everything works again.
func TestStoppedServer(t *testing.T) {
	for name, opts := range map[string]redis.UniversalOptions{
		"defaults of the driver": {},
		"ContextTimeoutEnabled":  {ContextTimeoutEnabled: true},
	} {
		t.Run(name, func(t *testing.T) {
			server := startRedis(t)
			opts.Addrs = []string{server.Addr()}
			rdb := connect(t, &opts)
			if err := rdb.Ping(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			s := redisstore.New(rdb) // with the time-out of 50 ms
			if err := server.Pause(); err != nil {
				t.Fatal(err)
			}
			for what, call := range map[string]func() error{
				"Load":     func() error { _, _, err := s.Load(t.Context(), "k"); return err },
				"Save":     func() error { return s.Save(t.Context(), "k", []byte("x"), time.Minute) },
				"Claim":    func() error { _, err := s.Claim(t.Context(), "c", []byte("x"), time.Minute); return err },
				"Marks":    func() error { _, err := s.Marks(t.Context(), []string{"m"}); return err },
				"Announce": func() error { _, err := s.Announce(t.Context(), nil, []byte("e"), 0, time.Minute); return err },
				"Take":     func() error { _, err := s.Take(t.Context(), "k", 1, 1, 1); return err },
			} {
				fastest := time.Hour
				for tries := 0; tries < 5 && fastest > 500*time.Millisecond; tries++ { // the machine may be busy
					start := time.Now()
					err := call()
					fastest = min(fastest, time.Since(start))
					if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "in time") {
						t.Errorf("%s: %v", what, err)
					}
				}
				if fastest > 500*time.Millisecond {
					t.Errorf("%s took %v", what, fastest)
				}
			}
			if err := server.Resume(); err != nil {
				t.Fatal(err)
			}
			works := func() bool {
				_, _, err := s.Load(t.Context(), "k")
				return err == nil
			}
			for end := time.Now().Add(20 * time.Second); !works(); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("it does not work again")
				}
			}
		})
	}
}

// An empty server behind the same address has neither scripts nor keys.
func TestRestartedServer(t *testing.T) {
	server := startRedis(t)
	rdb := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	s := redisstore.New(rdb, slow)
	before, err := s.Announce(t.Context(), []string{"m"}, []byte("lost"), 0, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if at, err := s.Marks(t.Context(), []string{"m"}); err != nil || at[0] != 0 {
		t.Errorf("marks after a restart: %v, %v", at, err)
	}
	if value, now, err := s.Load(t.Context(), "k"); err != nil || value != nil || now == 0 {
		t.Errorf("Load after a restart: %q, %d, %v", value, now, err)
	}
	if after, err := s.Announce(t.Context(), []string{"m"}, []byte("e"), before, time.Minute); err != nil || after <= before {
		t.Errorf("Announce after a restart: %d, before %d, %v", after, before, err)
	}
}

// A follower sees new events although the log was lost together with a clock that was
// ahead.
func TestLogBegunAnew(t *testing.T) {
	server := startRedis(t)
	rdb := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	s := redisstore.New(rdb, slow)
	ahead := time.Now().Add(time.Hour).UnixMicro()
	last, err := s.Announce(t.Context(), nil, []byte("ahead"), ahead, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	at, err := s.Announce(t.Context(), nil, []byte("anew"), 0, time.Minute)
	if err != nil || at >= last {
		t.Fatalf("the new event is at %d, the lost one at %d, %v", at, last, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var seen []string
	err = s.Follow(ctx, last, func(_ int64, event []byte) {
		seen = append(seen, string(event))
		cancel()
	})
	if len(seen) != 1 || seen[0] != "anew" {
		t.Errorf("Follow saw %q, %v", seen, err)
	}
}

// The end of a connection is an error, from which the caller goes on without a gap.
func TestFollowAfterLostConnections(t *testing.T) {
	server := startRedis(t)
	admin := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	prefix := newPrefix()
	s := redisstore.New(admin, prefix, slow)
	follower := redisstore.New(connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}}), prefix, slow)

	const events = 200
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	seen := make(chan int64, events)
	go func() {
		var after int64
		for ctx.Err() == nil {
			_ = follower.Follow(ctx, after, func(at int64, _ []byte) { after = at; seen <- at })
		}
	}()
	var want []int64
	for i := range events {
		if i%40 == 20 {
			if err := admin.ClientKillByFilter(ctx, "TYPE", "normal", "SKIPME", "yes").Err(); err != nil {
				t.Fatal(err)
			}
		}
		at, err := s.Announce(ctx, nil, []byte("e"), 0, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, at)
	}
	for i, at := range want {
		select {
		case got := <-seen:
			if got != at {
				t.Fatalf("event %d is %d, want %d", i, got, at)
			}
		case <-ctx.Done():
			t.Fatalf("event %d was not seen", i)
		}
	}
}
