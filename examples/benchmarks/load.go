package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// A load is what a generator made of two servers: requests a second in slices of
// time, pair by pair.
type load struct {
	Bare, Guarded []float64
}

func (l *load) add(other load) {
	l.Bare = append(l.Bare, other.Bare...)
	l.Guarded = append(l.Guarded, other.Guarded...)
}

// ratio is that of guarded to bare over the pairs.
func (l load) ratio() float64 {
	var ratios []float64
	for i, bare := range l.Bare {
		ratios = append(ratios, l.Guarded[i]/bare)
	}
	return middle(ratios)
}

// With 32 connections the servers and the generator now and then fell into waiting for
// each other, which made some percent up or down.
const (
	connections = 128
	slice       = 25 * time.Millisecond
	slicePairs  = 60 // of each round
)

// generate loads the two servers in turn, a slice of time each, over kept-alive
// connections that send one request at a time. Every answer is checked.
func generate(bare, guarded string) (load, error) {
	var conns [2][]*connection
	for side, addr := range []string{bare, guarded} {
		for i := range connections {
			c, err := dial(addr, uids[i%users])
			if err != nil {
				return load{}, err
			}
			defer c.Close()
			conns[side] = append(conns[side], c)
		}
	}
	var l load
	for pair := range slicePairs + 2 {
		var n [2]float64
		for turn := range 2 {
			side := (turn + pair) % 2
			got, err := slam(conns[side])
			if err != nil {
				return load{}, err
			}
			n[side] = got
		}
		if pair < 2 {
			continue // the servers are warming up
		}
		l.add(load{n[:1], n[1:]})
	}
	return l, nil
}

// slam uses the connections for one slice and returns the answers a second.
func slam(conns []*connection) (float64, error) {
	var wg sync.WaitGroup
	var answers atomic.Int64
	errs := make([]error, len(conns))
	start := time.Now()
	for i, c := range conns {
		wg.Go(func() {
			for time.Since(start) < slice {
				if errs[i] = c.ask(); errs[i] != nil {
					return
				}
				answers.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(answers.Load()) / time.Since(start).Seconds(), errors.Join(errs...)
}

// A connection asks who its user is. It implements only as much HTTP as it needs, so that
// the machine's time goes into the servers.
type connection struct {
	net.Conn
	answers *bufio.Reader
	request []byte
	want    []byte
	body    []byte
}

func dial(addr, token string) (*connection, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	return &connection{
		Conn: c, answers: bufio.NewReader(c), want: []byte(token), body: make([]byte, len(token)),
		request: []byte("GET /api/me HTTP/1.1\r\nHost: app.example\r\nAccept: text/plain\r\nX-User: " + token + "\r\nAuthorization: Bearer " + token + "\r\n\r\n"),
	}, nil
}

var contentLength = []byte("content-length:")

func (c *connection) ask() error {
	if _, err := c.Write(c.request); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	length := -1
	for first := true; ; first = false {
		line, err := c.answers.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")):
			return fmt.Errorf("load: the server answers %s", line)
		case len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[len(contentLength):])))
		}
		if len(line) == 0 {
			break
		}
	}
	if length != len(c.want) {
		return fmt.Errorf("load: an answer of %d bytes, want %d", length, len(c.want))
	}
	for n := 0; n < length; {
		got, err := c.answers.Read(c.body[n:])
		if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		n += got
	}
	if !bytes.Equal(c.body, c.want) {
		return fmt.Errorf("load: the server takes %s for %s", c.want, c.body)
	}
	return nil
}
