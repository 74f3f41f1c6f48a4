//go:build unix

package redisserver

import (
	"errors"
	"syscall"
)

// Pause stops the process without ending it: connections stay open, and nothing is
// answered until [Server.Resume].
func (s *Server) Pause() error { return s.signal(syscall.SIGSTOP) }

// Resume continues a paused process.
func (s *Server) Resume() error { return s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig syscall.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return errors.New("the redis-server process was killed")
	}
	return s.cmd.Process.Signal(sig)
}
