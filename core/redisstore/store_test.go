package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest"
	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
)

// startRedis starts a server of the test's own.
func startRedis(t *testing.T, args ...string) *redisserver.Server {
	t.Helper()
	s, err := redisserver.Start(args...)
	if errors.Is(err, redisserver.ErrNotInstalled) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, opts *redis.UniversalOptions) redis.UniversalClient {
	t.Helper()
	rdb := redis.NewUniversalClient(opts)
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

var prefixes atomic.Int64

// newPrefix separates the parts of a test on one server.
func newPrefix() redisstore.Option {
	return redisstore.Prefix(fmt.Sprint("test-", prefixes.Add(1)))
}

// slow is for tests of the contract, which must not fail on a busy machine.
var slow = redisstore.Timeout(5 * time.Second)

func TestStore(t *testing.T) {
	server := startRedis(t)
	for name, opts := range map[string]redis.UniversalOptions{
		"defaults of the driver": {},
		"ContextTimeoutEnabled":  {ContextTimeoutEnabled: true},
		"RESP2":                  {Protocol: 2},
	} {
		t.Run(name, func(t *testing.T) {
			sharedtest.Run(t, func(t *testing.T) (first, second core.SharedStore) {
				opts.Addrs = []string{server.Addr()}
				prefix := newPrefix()
				return redisstore.New(connect(t, &opts), prefix, slow), redisstore.New(connect(t, &opts), prefix, slow)
			})
		})
	}
}

// allowUser gives the user app the rights that the documentation lists.
func allowUser(t *testing.T, addr string) (admin redis.UniversalClient) {
	t.Helper()
	admin = connect(t, &redis.UniversalOptions{Addrs: []string{addr}})
	rules := []any{"ACL", "SETUSER", "app", "on", ">hunter2", "resetkeys", "resetchannels", "-@all", "~lr:*", "~{lr}:*"}
	for c := range strings.FieldsSeq("+get +set +pttl +pexpire +time +xadd +xread +xrevrange +eval +evalsha") {
		rules = append(rules, c)
	}
	if err := admin.Do(t.Context(), rules...).Err(); err != nil {
		t.Fatal(err)
	}
	return admin
}

// Three nodes of a Cluster have the keys of the layout in different slots.
func TestStoreInCluster(t *testing.T) {
	const nodes = 3
	servers := make([]*redisserver.Server, nodes)
	addrs := make([]string, nodes)
	for i := range servers {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, busPort, _ := net.SplitHostPort(l.Addr().String())
		_ = l.Close()
		servers[i] = startRedis(t, "--cluster-enabled", "yes", "--cluster-port", busPort)
		addrs[i] = servers[i].Addr()
		node := redis.NewClient(&redis.Options{Addr: addrs[i]})
		defer node.Close()
		first := i * 16384 / nodes
		last := (i+1)*16384/nodes - 1
		if err := node.Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", first, last).Err(); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			// Each node meets the first one; gossip does the rest.
			host, port, _ := net.SplitHostPort(addrs[0])
			firstBus := busPorts(t, addrs[0])
			if err := node.Do(t.Context(), "CLUSTER", "MEET", host, port, firstBus).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, addr := range addrs {
		node := redis.NewClient(&redis.Options{Addr: addr})
		defer node.Close()
		for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			info, err := node.ClusterInfo(t.Context()).Result()
			if err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("the Cluster did not form: %v\n%s", err, info)
			}
		}
	}
	sharedtest.Run(t, func(t *testing.T) (first, second core.SharedStore) {
		opts := &redis.UniversalOptions{Addrs: addrs, ReadOnly: true}
		prefix := newPrefix()
		return redisstore.New(connect(t, opts), prefix, slow), redisstore.New(connect(t, opts), prefix, slow)
	})
}

// busPorts returns the port for the other nodes that a node names for itself.
func busPorts(t *testing.T, addr string) string {
	t.Helper()
	node := redis.NewClient(&redis.Options{Addr: addr})
	defer node.Close()
	lines, err := node.ClusterNodes(t.Context()).Result() // "ID host:port@bus flags …"
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(lines, "@")
	return strings.FieldsFunc(after, func(r rune) bool { return r < '0' || r > '9' })[0]
}

func TestUnusableOptions(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	defer rdb.Close()
	var none *redis.Client
	for want, s := range map[string]*redisstore.Store{
		"client is nil":          redisstore.New(nil),
		"Redis client is nil":    redisstore.New(none),
		"an option is nil":       redisstore.New(rdb, nil),
		"Prefix must":            redisstore.New(rdb, redisstore.Prefix("")),
		"Prefix must be":         redisstore.New(rdb, redisstore.Prefix("a{b}")),
		"Prefix must be 1":       redisstore.New(rdb, redisstore.Prefix("a b")),
		"Prefix must be 1 to 32": redisstore.New(rdb, redisstore.Prefix(strings.Repeat("a", 33))),
		"Timeout must":           redisstore.New(rdb, redisstore.Timeout(0)),
		"Timeout must be":        redisstore.New(rdb, redisstore.Timeout(-time.Second)),
		"at most 5s":             redisstore.New(rdb, redisstore.Timeout(time.Minute)),
	} {
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, got %v", want, err)
		}
		if _, _, err := s.Load(t.Context(), "k"); err == nil {
			t.Errorf("%s: Load works", want)
		}
		if _, err := s.Marks(t.Context(), nil); err == nil {
			t.Errorf("%s: Marks works", want)
		}
	}
	if err := redisstore.New(rdb).Check(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

func ExampleNew() {
	server, err := redisserver.Start() // yours runs already
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:                 []string{server.Addr()},
		ContextTimeoutEnabled: true,
	})
	defer rdb.Close()
	store := redisstore.New(rdb, redisstore.Prefix("shop"), redisstore.Timeout(time.Second))
	if err := store.Save(context.Background(), "name", []byte("sealed"), time.Minute); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rdb.Keys(context.Background(), "*").Val())
	// Output: [shop:v:name]
}

func TestFromEnv(t *testing.T) {
	t.Setenv("LOGINRADIUS_REDIS_URL", "")
	t.Setenv("LOGINRADIUS_REDIS_PREFIX", "")
	s, closeStore, err := redisstore.FromEnv()
	if s != nil || err != nil || closeStore() != nil {
		t.Errorf("without a variable: %v, %v", s, err)
	}
	t.Setenv("LOGINRADIUS_REDIS_URL", "http://hunter2@localhost")
	if _, _, err := redisstore.FromEnv(); err == nil || !strings.Contains(err.Error(), "LOGINRADIUS_REDIS_URL") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("an unusable URL: %v", err)
	}
	server := startRedis(t)
	t.Setenv("LOGINRADIUS_REDIS_URL", "redis://"+server.Addr()+"/0")
	t.Setenv("LOGINRADIUS_REDIS_PREFIX", "a b")
	if _, _, err := redisstore.FromEnv(); err == nil || !strings.Contains(err.Error(), "Prefix") {
		t.Errorf("an unusable prefix: %v", err)
	}
	t.Setenv("LOGINRADIUS_REDIS_PREFIX", "shop")
	s, closeStore, err = redisstore.FromEnv(slow)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), "k", []byte("x"), time.Minute); err != nil {
		t.Error(err)
	}
	if err := closeStore(); err != nil {
		t.Error(err)
	}
	if err := s.Save(t.Context(), "k", []byte("x"), time.Minute); err == nil {
		t.Error("the connection is still open after it was closed")
	}
	rdb := connect(t, &redis.UniversalOptions{Addrs: []string{server.Addr()}})
	if keys := rdb.Keys(t.Context(), "*").Val(); len(keys) != 1 || keys[0] != "shop:v:k" {
		t.Errorf("keys: %v", keys)
	}
}
