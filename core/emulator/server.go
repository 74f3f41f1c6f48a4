package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// A Server is an emulator that listens.
type Server struct {
	*Emulator
	http     *http.Server
	listener net.Listener
	done     chan struct{}
}

// Start listens on 127.0.0.1, or on the address of [WithAddress]. It refuses an address
// that other machines can reach, unless [WithNonLoopback] is given. The caller must
// close the server.
func Start(opts ...Option) (*Server, error) {
	e := New(opts...)
	host, _, err := net.SplitHostPort(e.opt.address)
	if err != nil {
		return nil, fmt.Errorf("emulator: address %q is not host:port", e.opt.address)
	}
	if ip := net.ParseIP(host); !e.opt.anyAddress && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("emulator: %q is not a loopback address; WithNonLoopback permits it", e.opt.address)
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", e.opt.address)
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	s := &Server{Emulator: e, listener: l, done: make(chan struct{}), http: &http.Server{Handler: e, ReadHeaderTimeout: 10 * time.Second}}
	e.logger.Info("this is a LoginRadius emulator, for development and tests only", "url", s.URL(), "mailbox", s.URL()+"/mailbox")
	go func() {
		defer close(s.done)
		if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			e.logger.Error("emulator stopped", "error", err)
		}
	}()
	return s, nil
}

// URL returns the address to use as BaseURL.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Config returns the configuration of a client that talks to this emulator and shares
// its clock.
func (s *Server) Config() core.Config {
	return core.Config{APIKey: s.APIKey(), APISecret: s.APISecret(), BaseURL: s.URL(), Clock: s.Now}
}

// Close stops the server. Running calls have two seconds to end.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	<-s.done
	s.webhooks.stop()
	return err
}
