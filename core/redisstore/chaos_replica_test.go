package redisstore_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/internal/sessions"
	"github.com/loginradius-contrib/go-middleware/core/redisstore"
)

// chaosTTL is how long a replica believes an answer.
const chaosTTL = 2 * time.Second

// A sabotage is a fault in a replica that the chaos test must notice.
type sabotage string

const (
	noSabotage    sabotage = ""
	believesLong  sabotage = "believes answers for three times the TTL"
	refusesOnFail sabotage = "takes a failure for a refusal"
	keepsLogouts  sabotage = "does not forget at a logout"
)

// A brokenStore switches invariants of its replica off.
type brokenStore struct {
	*redisstore.Store
	off sessions.Off
}

func (s brokenStore) Off() sessions.Off { return s.off }

// TestMain runs a replica instead of the tests if the environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("CHAOS_UPSTREAM") == "" {
		os.Exit(m.Run())
	}
	if err := runChaosReplica(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runChaosReplica serves GET /check, POST /logout and POST /refresh for the token in
// Authorization, and GET /stats, until it is killed.
func runChaosReplica() error {
	offset, err := time.ParseDuration(os.Getenv("CHAOS_CLOCK"))
	if err != nil {
		return err
	}
	mode := sabotage(os.Getenv("CHAOS_SABOTAGE"))
	var off sessions.Off
	if text := os.Getenv("CHAOS_OFF"); text != "" {
		if err := json.Unmarshal([]byte(text), &off); err != nil {
			return err
		}
	}
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs: []string{os.Getenv("CHAOS_REDIS")}, ContextTimeoutEnabled: true, DialTimeout: 200 * time.Millisecond,
	})
	ttl := chaosTTL
	if mode == believesLong {
		ttl *= 3
	}
	client, err := core.New(core.Config{
		APIKey: os.Getenv("CHAOS_KEY"), APISecret: os.Getenv("CHAOS_SECRET"), BaseURL: os.Getenv("CHAOS_UPSTREAM"),
		Clock:  func() time.Time { return time.Now().Add(offset) },
		Shared: brokenStore{redisstore.New(rdb), off},
		// Nothing may be served stale, so that every answer over TTL is a mistake.
		Sessions: core.SessionConfig{TTL: ttl, StaleIfError: ttl, NegativeTTL: time.Second, UpstreamRate: 5000, UpstreamConcurrency: 64},
	})
	if err != nil {
		return err
	}
	token := func(r *http.Request) string { return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, r *http.Request) {
		switch _, err := client.Session(r.Context(), token(r)); {
		case err == nil:
		case errors.Is(err, core.ErrInvalidToken), mode == refusesOnFail:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		if mode == keepsLogouts {
			return
		}
		if err := client.Authentication.InvalidateToken(r.Context(), core.InvalidateTokenRequest{AccessToken: token(r), PreventRefresh: true}); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /refresh", func(w http.ResponseWriter, r *http.Request) {
		switch _, err := client.Rotate(r.Context(), token(r)); {
		case err == nil:
		case errors.Is(err, core.ErrInvalidRefreshToken):
			w.WriteHeader(http.StatusUnauthorized)
		default:
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(client.Stats())
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}).Serve(l)
}
