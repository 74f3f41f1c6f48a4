package redisstore_test

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// A link carries the connections of one replica to Redis, and can be cut.
type link struct {
	listener net.Listener
	target   string
	cut      atomic.Bool // refuses connections, and ends those that are open
	silent   atomic.Bool // carries nothing, and keeps connections open

	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newLink(t *testing.T, target string) *link {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &link{listener: l, target: target, conns: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = l.Close(); k.reset() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go k.carry(in)
		}
	}()
	return k
}

func (k *link) carry(in net.Conn) {
	defer in.Close()
	if k.cut.Load() {
		return
	}
	out, err := net.Dial("tcp", k.target)
	if err != nil {
		return
	}
	defer out.Close()
	k.mu.Lock()
	k.conns[in], k.conns[out] = true, true
	k.mu.Unlock()
	defer func() {
		k.mu.Lock()
		delete(k.conns, in)
		delete(k.conns, out)
		k.mu.Unlock()
	}()
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
		go func() {
			buffer := make([]byte, 32<<10)
			for {
				n, err := way[0].Read(buffer)
				for k.silent.Load() {
					time.Sleep(5 * time.Millisecond)
				}
				if n > 0 {
					if _, err := way[1].Write(buffer[:n]); err != nil {
						break
					}
				}
				if err != nil {
					break
				}
			}
			done <- struct{}{}
		}()
	}
	<-done
}

func (k *link) reset() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c := range k.conns {
		_ = c.Close()
	}
}

// A replicaProcess runs runChaosReplica, one process after the other.
type replicaProcess struct {
	env  []string
	link *link

	mu          sync.Mutex
	cmd         *exec.Cmd
	addr        string // "" while it is down
	incarnation int
}

func (p *replicaProcess) start(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stderr = io.Discard // the driver logs lost connections
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Error(err)
		return
	}
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Errorf("a replica did not start: %v", err)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cmd, p.addr = cmd, strings.TrimSpace(addr)
	p.incarnation++
}

func (p *replicaProcess) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd, p.addr = nil, ""
	}
}

// at returns where the replica listens, and which of its processes that is.
func (p *replicaProcess) at() (addr string, incarnation int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addr, p.incarnation
}

// A chaosFault disturbs for a while and then repairs what it did.
type chaosFault struct {
	name string
	run  func(ctx context.Context, c *chaos, random *rand.Rand)
}

// lasting waits between 0.2 and 1.5 times the TTL.
func lasting(ctx context.Context, random *rand.Rand) {
	select {
	case <-ctx.Done():
	case <-time.After(chaosTTL/5 + time.Duration(random.Int64N(int64(chaosTTL*13/10)))):
	}
}

// admin runs a command on the server itself; one that fails shows in the report.
func (c *chaos) admin(args ...any) { c.adminWith("", args...) }

func (c *chaos) adminWith(password string, args ...any) {
	rdb := redis.NewClient(&redis.Options{Addr: c.server.Addr(), Password: password, MaxRetries: 5})
	defer rdb.Close()
	if err := rdb.Do(context.Background(), args...).Err(); err != nil {
		c.t.Logf("%v: %v", args[0], err)
	}
}

var chaosFaults = []chaosFault{
	{"Redis hangs", func(ctx context.Context, c *chaos, random *rand.Rand) {
		_ = c.server.Pause()
		lasting(ctx, random)
		_ = c.server.Resume()
	}},
	{"Redis restarts empty", func(ctx context.Context, c *chaos, random *rand.Rand) {
		c.server.Kill()
		lasting(ctx, random)
		if err := c.server.Restart(); err != nil {
			c.t.Error(err)
		}
	}},
	{"Redis is flushed", func(_ context.Context, c *chaos, _ *rand.Rand) { c.admin("FLUSHALL") }},
	{"a replica crashes", func(ctx context.Context, c *chaos, random *rand.Rand) {
		p := c.replicas[random.IntN(len(c.replicas))]
		p.kill()
		lasting(ctx, random)
		p.start(c.t)
	}},
	{"a replica is cut off", func(ctx context.Context, c *chaos, random *rand.Rand) {
		k := c.replicas[random.IntN(len(c.replicas))].link
		k.cut.Store(true)
		k.reset()
		lasting(ctx, random)
		k.cut.Store(false)
	}},
	{"a replica's packets are lost", func(ctx context.Context, c *chaos, random *rand.Rand) {
		k := c.replicas[random.IntN(len(c.replicas))].link
		k.silent.Store(true)
		lasting(ctx, random)
		k.silent.Store(false)
	}},
	{"connections are reset", func(_ context.Context, c *chaos, _ *rand.Rand) {
		for _, p := range c.replicas {
			p.link.reset()
		}
	}},
	{"Redis is full", func(ctx context.Context, c *chaos, random *rand.Rand) {
		c.admin("CONFIG", "SET", "maxmemory", "1")
		lasting(ctx, random)
		c.admin("CONFIG", "SET", "maxmemory", "0")
	}},
	{"Redis wants another password", func(ctx context.Context, c *chaos, random *rand.Rand) {
		c.admin("CONFIG", "SET", "requirepass", "hunter2")
		for _, p := range c.replicas {
			p.link.reset() // connections that are open stay logged in
		}
		lasting(ctx, random)
		c.adminWith("hunter2", "CONFIG", "SET", "requirepass", "")
	}},
	{"Redis is a read-only replica", func(ctx context.Context, c *chaos, random *rand.Rand) {
		c.admin("REPLICAOF", "127.0.0.1", "1")
		lasting(ctx, random)
		c.admin("REPLICAOF", "NO", "ONE")
	}},
}
