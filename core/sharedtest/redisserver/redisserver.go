// Package redisserver runs a redis-server or valkey-server process, for tests of a
// shared store and for demonstrations. It needs one of the two in PATH.
package redisserver

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ErrNotInstalled says that PATH has neither redis-server nor valkey-server.
var ErrNotInstalled = errors.New("neither redis-server nor valkey-server is in PATH; install one, on Debian: apt-get install redis-server")

// startTime bounds how long a server may take to answer.
const startTime = 10 * time.Second

// A Server is a process on a loopback port that keeps nothing on disk. It is safe for
// concurrent use.
type Server struct {
	binary string
	dir    string
	port   int
	args   []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start starts a server on a free loopback port and waits until it answers. args are
// further arguments in the form of the command line: "--maxmemory", "50mb". The
// caller must call [Server.Close].
func Start(args ...string) (*Server, error) {
	var binary string
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			binary = path
			break
		}
	}
	if binary == "" {
		return nil, ErrNotInstalled
	}
	dir, err := os.MkdirTemp("", "redisserver")
	if err != nil {
		return nil, err
	}
	s := &Server{binary: binary, dir: dir, args: args}
	for range 3 { // another process may take the port in between
		if s.port, err = freePort(); err != nil {
			break
		}
		if err = s.Restart(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, s.Close())
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a port of this machine
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, fmt.Errorf("the listener has the address %v", l.Addr())
	}
	return addr.Port, nil
}

// Addr is the host and port of the server.
func (s *Server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Restart kills the process if it runs, and starts an empty server at the same
// address.
func (s *Server) Restart() error {
	s.Kill()
	s.mu.Lock()
	defer s.mu.Unlock()
	args := append([]string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dir", s.dir,
		"--save", "", "--appendonly", "no", "--daemonize", "no", "--loglevel", "warning",
	}, s.args...)
	cmd := exec.Command(s.binary, args...) //nolint:gosec,noctx // the caller names the program; Kill ends it
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended does not matter: it was killed, or its output says why
		close(exited)
	}()
	s.cmd, s.exited = cmd, exited
	for end := time.Now().Add(startTime); ; {
		select {
		case <-exited:
			return fmt.Errorf("%s ended: %s", s.binary, strings.TrimSpace(out.String()))
		case <-time.After(5 * time.Millisecond):
		}
		if s.answers() {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s does not answer at %s after %v", s.binary, s.Addr(), startTime)
		}
	}
}

// answers reports whether the server replies to PING, even if it demands a password.
func (s *Server) answers() bool {
	conn, err := net.DialTimeout("tcp", s.Addr(), time.Second) //nolint:noctx // it has a time-out
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && (strings.HasPrefix(line, "+PONG") || strings.HasPrefix(line, "-NOAUTH"))
}

// Kill ends the process at once, as a crash does; what it held is lost.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Kill() // it may have ended already
		<-s.exited
		s.cmd = nil
	}
}

// Close kills the process and removes its folder.
func (s *Server) Close() error {
	s.Kill()
	return os.RemoveAll(s.dir)
}
