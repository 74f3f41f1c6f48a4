package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// What the two calls of a validation take in miss.
const (
	validateTakes = 20 * time.Millisecond
	profileTakes  = 30 * time.Millisecond
)

// miss returns how many times as long as the slower of its two calls a request with
// an unknown token waits. Both are asked of one server on loopback, in turn.
func miss() (float64, error) {
	up, err := newUpstream()
	if err != nil {
		return 0, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("miss: %w", err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		takes := profileTakes
		status, body := up.answer(r)
		if isValidate(r) {
			takes = validateTakes
		}
		time.Sleep(takes) // the service's time is what is simulated here
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	client, err := newClient(nil, "http://"+l.Addr().String(), core.SessionConfig{})
	if err != nil {
		return 0, err
	}
	defer client.Close()

	var ratios []float64
	ctx := context.Background()
	for i := range 21 {
		token := tokenOf(i)
		start := time.Now()
		_, err := client.Authentication.Profile(ctx, core.ProfileRequest{AccessToken: token, Fields: core.DefaultProfileFields()})
		slower := time.Since(start)
		if err != nil {
			return 0, fmt.Errorf("miss: %w", err)
		}
		start = time.Now()
		s, err := client.Session(ctx, token)
		took := time.Since(start)
		if err != nil || s.UID() != token {
			return 0, fmt.Errorf("miss: %v: %w", s, err)
		}
		ratios = append(ratios, float64(took)/float64(slower))
	}
	return median(ratios), nil
}
