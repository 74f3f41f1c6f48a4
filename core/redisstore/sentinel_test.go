package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// startSentinel runs a Sentinel that watches a master under the name "main", and returns
// its address.
func startSentinel(t *testing.T, master *redisserver.Server) string {
	t.Helper()
	addr := freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	_, masterPort, _ := net.SplitHostPort(master.Addr())
	dir := t.TempDir()
	file := filepath.Join(dir, "sentinel.conf")
	config := fmt.Sprintf("bind 127.0.0.1\nport %s\ndir %s\nsentinel monitor main 127.0.0.1 %s 1\n"+
		"sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 5000\n", port, dir, masterPort)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		binary = "valkey-server"
	}
	cmd := exec.Command(binary, file, "--sentinel")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	sentinel := redis.NewSentinelClient(&redis.Options{Addr: addr})
	defer sentinel.Close()
	waitFor(t, "the Sentinel knows a master with a replica", func() bool {
		replicas, err := sentinel.Replicas(t.Context(), "main").Result()
		return err == nil && len(replicas) == 1 && replicas[0]["master-link-status"] == "ok"
	})
	return addr
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func waitFor(t *testing.T, what string, check func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !check(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not after 30 s: %s", what)
		}
	}
}

// A failover keeps what was replicated, and costs no session.
func TestSentinelFailover(t *testing.T) {
	master := startRedis(t)
	_, port, _ := net.SplitHostPort(master.Addr())
	startRedis(t, "--replicaof", "127.0.0.1", port)
	addr := startSentinel(t, master)
	opts := redis.UniversalOptions{Addrs: []string{addr}, MasterName: "main", ContextTimeoutEnabled: true}
	up, prefix, rdb := &oneUpstream{}, newPrefix(), connect(t, &opts)
	replica := func() *core.Client {
		c, err := core.New(core.Config{
			APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: up},
			Shared: redisstore.New(connect(t, &opts), prefix),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	a, b := replica(), replica()
	check := func(c *core.Client, token string) error {
		_, err := c.Session(t.Context(), token)
		return err
	}
	for _, token := range []string{"kept", "ended"} {
		for _, c := range []*core.Client{a, b} {
			if err := check(c, token); err != nil {
				t.Fatal(err)
			}
		}
	}
	store := redisstore.New(rdb, prefix, slow)
	before, err := store.Announce(t.Context(), []string{"m"}, []byte("e"), 0, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := rdb.Do(t.Context(), "WAIT", 1, 5000).Int(); err != nil || n != 1 {
		t.Fatalf("%d replicas have the event, %v", n, err)
	}
	master.Kill()
	up.dead.Store("ended", true)
	a.Forget("ended") // while there is no master
	var after int64
	waitFor(t, "the new master takes events", func() bool {
		for _, c := range []*core.Client{a, b} {
			if err := check(c, "kept"); err != nil {
				t.Fatalf("during the failover: %v", err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		after, err = store.Announce(ctx, []string{"after"}, []byte("e"), 0, time.Minute)
		return err == nil
	})
	if marks, err := store.Marks(t.Context(), []string{"m"}); err != nil || marks[0] != before || after <= before {
		t.Errorf("the mark of before the failover is %v, want %d, and %d after it: %v", marks, before, after, err)
	}
	waitFor(t, "the logout reaches the other replica", func() bool { return errors.Is(check(b, "ended"), core.ErrInvalidToken) })
}
