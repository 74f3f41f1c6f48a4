package jwt

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// unknownKeyPause bounds the fetches that tokens with unknown key ids can cause.
	unknownKeyPause = time.Minute
	// retryPause bounds the fetches while there are no keys, or old ones.
	retryPause = 2 * time.Second
)

// errNewKey says that a token with an unknown key may be newer than the keys, which were
// fetched less than a minute ago. It is no verdict: after a rotation the first of several
// unknown key ids can be a forger's, and uses up the fetch that the good ones need.
var errNewKey = errors.New("the key of the token is unknown, and the keys were fetched a moment ago")

// remoteKeys caches the key set of an issuer. It fetches lazily and apart from any
// request, and keeps the keys it has while fetches fail.
type remoteKeys struct {
	issuer, jwksURL string
	refreshAfter    time.Duration
	skew            time.Duration // between the issuer's clock and ours
	http            *http.Client
	logger          *slog.Logger
	clock           func() time.Time

	mu        sync.Mutex
	set       keySet
	found     *discovery // that set came with; nil if there is a fixed address
	fetchedAt time.Time  // of set
	triedAt   time.Time  // of the last fetch, good or bad
	unknownAt time.Time  // of the last fetch for an unknown key id
	lastErr   error      // of the last fetch
	running   *fetch
}

// A fetch is one request for the keys, shared by everyone who needs them.
type fetch struct {
	done chan struct{} // closed when set and lastErr are current
}

func newRemoteKeys(cfg Config, clock func() time.Time) *remoteKeys {
	r := &remoteKeys{
		issuer:       cfg.Issuer,
		jwksURL:      cfg.JWKSURL,
		refreshAfter: cfg.RefreshAfter,
		skew:         time.Minute,
		http:         withoutRedirects(cfg.HTTPClient),
		logger:       cfg.Logger,
		clock:        clock,
	}
	if r.refreshAfter == 0 {
		r.refreshAfter = time.Hour
	}
	if r.logger == nil {
		r.logger = slog.New(slog.DiscardHandler)
	}
	return r
}

// find returns the keys for a token from memory. Only a token for which there is no key
// waits for a fetch.
func (r *remoteKeys) find(ctx context.Context, kid string, alg jose.SignatureAlgorithm, issued time.Time) ([]crypto.PublicKey, error) {
	var own *fetch // that was started for this token
	for {
		keys, f, err := r.findOrFetch(kid, alg, issued, own)
		if f == nil {
			return keys, err
		}
		if f.forUs {
			own = f.fetch
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, unavailable(ctx.Err())
		}
	}
}

// document returns the discovery document, which is fetched along with the keys and is
// as old as they are.
func (r *remoteKeys) document(ctx context.Context) (*discovery, error) {
	for range 2 {
		r.mu.Lock()
		found, running, err, now := r.found, r.running, r.lastErr, r.clock()
		due := now.Sub(r.triedAt) >= retryPause && (found == nil || now.Sub(r.fetchedAt) >= r.refreshAfter)
		if running == nil && due {
			running = r.start(now)
		}
		r.mu.Unlock()
		switch {
		case found != nil:
			return found, found.usable()
		case running == nil:
			return nil, unavailable(err)
		}
		select {
		case <-running.done:
		case <-ctx.Done():
			return nil, unavailable(ctx.Err())
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return nil, unavailable(r.lastErr)
}

// A waitFor is a fetch to wait for.
type waitFor struct {
	*fetch

	forUs bool // started by this call, so that its answer is final
}

func (r *remoteKeys) findOrFetch(kid string, alg jose.SignatureAlgorithm, issued time.Time, own *fetch) ([]crypto.PublicKey, *waitFor, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.clock()
	if keys := r.set.match(kid, alg); len(keys) > 0 {
		if r.running == nil && now.Sub(r.fetchedAt) >= r.refreshAfter && now.Sub(r.triedAt) >= retryPause {
			r.start(now)
		}
		return keys, nil, nil
	}
	switch {
	case own != nil, r.running == nil && !r.mayFetch(now):
		switch {
		case r.lastErr != nil:
			return nil, nil, unavailable(r.lastErr)
		case own == nil && (issued.IsZero() || !issued.Add(r.skew).Before(r.fetchedAt)):
			return nil, nil, unavailable(errNewKey)
		}
		return nil, nil, refused("no key of the issuer fits it")
	case r.running != nil:
		return nil, &waitFor{fetch: r.running}, nil
	}
	if r.set != nil {
		r.unknownAt = now
	}
	return nil, &waitFor{r.start(now), true}, nil
}

// mayFetch reports whether the pause since the last fetch of the kind is over.
func (r *remoteKeys) mayFetch(now time.Time) bool {
	if r.set == nil {
		return now.Sub(r.triedAt) >= retryPause
	}
	return now.Sub(r.unknownAt) >= unknownKeyPause
}

// start begins a fetch; the lock is held. Its context is its own, so that the end of
// one request does not fail the others.
func (r *remoteKeys) start(now time.Time) *fetch {
	f := &fetch{done: make(chan struct{})}
	r.running, r.triedAt = f, now
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
		defer cancel()
		found, set, err := r.fetch(ctx)
		if err != nil {
			r.logger.Warn("jwt: the signing keys cannot be fetched", "error", err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.running, r.lastErr = nil, err
		if err == nil {
			r.found, r.set, r.fetchedAt = found, set, now
		}
		close(f.done)
	}()
	return f
}

func (r *remoteKeys) fetch(ctx context.Context) (*discovery, keySet, error) {
	var found *discovery
	where := r.jwksURL
	if where == "" {
		var err error
		if found, err = discover(ctx, r.http, r.issuer); err != nil {
			return nil, nil, err
		}
		where = found.JWKSURI
	}
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := getJSON(ctx, r.http, where, &document); err != nil {
		return nil, nil, fmt.Errorf("JWKS: %w", err)
	}
	set, err := readKeySet(document.Keys)
	return found, set, err
}
