package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
)

// The environment of a follower: the address of Redis, and of LoginRadius with key and
// secret.
const (
	followsRedis = "BENCH_REDIS"
	followsSite  = "BENCH_SITE"
)

const (
	propagationPrefix = "propagation"
	channel           = "propagation-beside"
	revocations       = 1000
	pauseBetween      = 5 * time.Millisecond
)

// propagation measures how long after a logout began three other processes have ended its
// session, beside a bare PUBLISH to the same processes.
func (b *bench) propagation() ([]row, error) {
	const followers = 3
	tokens, err := b.tokens(revocations)
	if err != nil {
		return nil, err
	}
	origin, err := b.replica(propagationPrefix)
	if err != nil {
		return nil, err
	}
	if err := askAll(origin, tokens); err != nil {
		return nil, err
	}
	site := strings.Join([]string{b.lr.APIKey(), b.lr.APISecret(), b.site.URL}, " ")
	var (
		mu   sync.Mutex
		seen = map[string][]time.Time{} // "s17" the session 17, "p17" the message 17
		all  sync.WaitGroup
	)
	for range followers {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), followsRedis+"="+b.redis.Addr(), followsSite+"="+site)
		cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(tokens, "\n")+"\n"), os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
		lines := bufio.NewScanner(out)
		if !lines.Scan() || lines.Text() != "ready" {
			return nil, errors.New("a follower did not start")
		}
		all.Go(func() {
			for n := 0; n < 2*revocations && lines.Scan(); n++ {
				what, at, _ := strings.Cut(lines.Text(), " ")
				nanos, _ := strconv.ParseInt(at, 10, 64)
				mu.Lock()
				seen[what] = append(seen[what], time.Unix(0, nanos))
				mu.Unlock()
			}
		})
	}
	began := map[string]time.Time{}
	for i, token := range tokens {
		session, message := "s"+strconv.Itoa(i), "p"+strconv.Itoa(i)
		began[session] = time.Now()
		origin.Forget(token)
		time.Sleep(pauseBetween)
		began[message] = time.Now()
		if err := b.rdb.Publish(context.Background(), channel, message).Err(); err != nil {
			return nil, err
		}
		time.Sleep(pauseBetween)
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second): // what is missing is counted below
	}
	mu.Lock()
	defer mu.Unlock()
	var took [2][]time.Duration
	for what, at := range seen {
		for _, one := range at {
			kind := strings.IndexByte("sp", what[0])
			took[kind] = append(took[kind], one.Sub(began[what]))
		}
	}
	if len(took[1]) == 0 {
		return nil, errors.New("no follower heard a message")
	}
	lost := followers*revocations - len(took[0])
	p50, p99, plain50, plain99 := quantile(took[0], 0.5), quantile(took[0], 0.99), quantile(took[1], 0.5), quantile(took[1], 0.99)
	return []row{
		{fmt.Sprintf("a logout reaches %d other processes, p50", followers), p50.String(), plain50.String() + " for pub/sub", fmt.Sprintf("%.1f×", float64(p50)/float64(plain50)), false},
		{"the same, p99", p99.String(), plain99.String() + " for pub/sub", fmt.Sprintf("%.1f×, at most 2×, and 5 ms", float64(p99)/float64(plain99)), p99 > 5*time.Millisecond || p99 > 2*plain99},
		{"logouts that did not arrive", strconv.Itoa(lost), fmt.Sprintf("of %d", followers*revocations), "none", lost != 0},
	}, nil
}

// follow is another process: it validates the sessions that it reads, and prints when
// each ends, and when each message of the channel comes.
func follow() error {
	var out sync.Mutex
	tell := func(what string) {
		now := time.Now().UnixNano()
		out.Lock()
		defer out.Unlock()
		fmt.Println(what, now)
	}
	site := strings.Fields(os.Getenv(followsSite))
	if len(site) != 3 {
		return fmt.Errorf("%s needs key, secret and address", followsSite)
	}
	rdb := redis.NewClient(&redis.Options{Addr: os.Getenv(followsRedis), ContextTimeoutEnabled: true})
	defer rdb.Close()
	cfg := config(site[0], site[1], site[2])
	cfg.Shared = redisstore.New(rdb, redisstore.Prefix(propagationPrefix))
	client, err := core.New(cfg)
	if err != nil {
		return err
	}
	defer client.Close()
	ctx := context.Background()
	lines := bufio.NewReader(os.Stdin)
	for i := range revocations {
		token, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		s, err := client.Session(ctx, strings.TrimSpace(token))
		if err != nil {
			return err
		}
		ended := core.WatchSession(core.ContextWithSession(ctx, s))
		go func() {
			<-ended
			tell("s" + strconv.Itoa(i))
		}()
	}
	messages := rdb.Subscribe(ctx, channel)
	defer messages.Close()
	if _, err := messages.Receive(ctx); err != nil {
		return err
	}
	fmt.Println("ready")
	for m := range messages.Channel() {
		tell(m.Payload)
	}
	return io.EOF
}
