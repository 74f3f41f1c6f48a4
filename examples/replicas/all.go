package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/loginradius-contrib/go-middleware/core/sharedtest/redisserver"
	"github.com/loginradius-contrib/go-middleware/examples/internal/site"
)

const (
	replicas  = 3
	startTime = 20 * time.Second // how long a replica may take to answer
	pause     = 5 * time.Second  // before a replica that ended is started again
	drainTime = 10 * time.Second
)

// runAll starts Redis, the emulator, the replicas and the proxy, and stops them on
// SIGINT or SIGTERM.
func runAll() (err error) {
	addr := flag.String("addr", "127.0.0.1:8080", "where the proxy listens; the replicas take the next three ports")
	redis := flag.String("redis", "", "host and port of a Redis or Valkey server; default: start one")
	mfa := flag.String("mfa", "off", "second factors of the emulator: off, optional or required")
	codes := flag.Bool("codes", false, "the emulator mails codes instead of links")
	stepUp := flag.Duration("step-up", 0, "how recent a login or proof of presence must be for changes that could lock the user out; 0 is off")
	flag.Parse()
	if flag.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; there are only flags", flag.Arg(0))
	}
	addrs, err := addresses(*addr)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if *redis == "" {
		server, err := redisserver.Start()
		if err != nil {
			return fmt.Errorf("cannot start a Redis server: %w; or name one that runs with -redis HOST:PORT", err)
		}
		defer func() { err = errors.Join(err, server.Close()) }()
		*redis = server.Addr()
	} else if _, _, err := net.SplitHostPort(*redis); err != nil {
		return fmt.Errorf("-redis %q is not HOST:PORT", *redis)
	}
	listener, err := net.Listen("tcp", addrs[0])
	if err != nil {
		return site.AddressError(err)
	}
	url := "http://" + listener.Addr().String()
	lr, env, err := site.StartEmulator(url, *mfa, *codes)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, lr.Close()) }()
	env = append(append(os.Environ(), env...),
		"LOGINRADIUS_REDIS_URL=redis://"+*redis, "LOGINRADIUS_REDIS_PREFIX=example-"+strconv.Itoa(os.Getpid()),
		"REPLICA_MAILBOX="+lr.URL()+"/mailbox",
	)
	flags := []string{"-codes=" + strconv.FormatBool(*codes), "-step-up=" + stepUp.String()}
	started := make(chan string, replicas)
	var running sync.WaitGroup
	for i, a := range addrs[1:] {
		running.Go(func() { keepRunning(ctx, started, i+1, append([]string{"-addr", a}, flags...), env) })
	}
	defer running.Wait()
	defer stop() // before waiting for the replicas
	for _, a := range addrs[1:] {
		if err := await(ctx, a); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	fmt.Println(url)
	running.Go(func() {
		for {
			select {
			case line := <-started:
				fmt.Println(line)
			case <-ctx.Done():
				return
			}
		}
	})
	fmt.Printf("Redis: %s. LoginRadius is an emulator in this process; its mails are at %s/mailbox\n", *redis, url)
	email, password := site.Administrator()
	fmt.Println("An account with the role admin: " + email + ", password " + password)
	return serve(ctx, listener, newProxy(addrs[1:]))
}

// addresses returns the proxy's address and those of the replicas behind it.
func addresses(addr string) ([]string, error) {
	host, text, err := net.SplitHostPort(addr)
	port, numeric := strconv.Atoi(text)
	if err != nil || numeric != nil || port < 1 || port > 65535-replicas {
		return nil, fmt.Errorf("-addr %q is not HOST:PORT with three ports above it", addr)
	}
	var out []string
	for i := range replicas + 1 {
		out = append(out, net.JoinHostPort(host, strconv.Itoa(port+i)))
	}
	return out, nil
}

// keepRunning runs a replica, and starts it again if it ends. It says so to started.
func keepRunning(ctx context.Context, started chan<- string, number int, flags, env []string) {
	for {
		cmd := exec.CommandContext(ctx, os.Args[0], flags...)
		cmd.Env = append(env[:len(env):len(env)], "REPLICA="+strconv.Itoa(number), "SITE_NAME=Replica "+strconv.Itoa(number))
		cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = drainTime
		err := cmd.Start()
		if err == nil {
			tell(ctx, started, fmt.Sprintf("Replica %d: http://%s, process %d", number, flags[1], cmd.Process.Pid))
			err = cmd.Wait()
		}
		if ctx.Err() != nil {
			return
		}
		tell(ctx, started, fmt.Sprintf("Replica %d ended (%v); it starts again in %v", number, err, pause))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

func tell(ctx context.Context, started chan<- string, line string) {
	select {
	case started <- line:
	case <-ctx.Done():
	}
}

// await returns when the replica answers.
func await(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", http.NoBody)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the replica at %s does not answer: %w", addr, err)
		}
	}
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	return server.Shutdown(drain)
}
