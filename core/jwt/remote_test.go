package jwt_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
	"github.com/loginradius-contrib/go-middleware/core/jwt"
)

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (i *issuer) rotate(kid string, key *rsa.PrivateKey) {
	i.set(func() { i.keys = map[string]*rsa.PrivateKey{kid: key} })
}

// eventually waits for a background fetch; it fails after a second.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s within a second", what)
		}
	}
}

func TestKeysAreFetchedLazilyAndOnce(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	if i.count() != 0 {
		t.Fatal("a fetch without a token")
	}
	hold := make(chan struct{})
	i.set(func() { i.hold = hold })
	token := i.token(nil)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := v.Verify(context.Background(), token); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "fetch", func() bool { return i.count() == 1 })
	// One caller leaves; the others still get their keys.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := v.Verify(ctx, token); !errors.Is(err, core.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that left got %v", err)
	}
	close(hold)
	wait.Wait()
	if i.count() != 1 {
		t.Errorf("%d fetches", i.count())
	}
}

func TestRotation(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	check := func(what, token string, want error) {
		t.Helper()
		if _, err := v.Verify(context.Background(), token); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
	}
	fetches := func(want int) {
		t.Helper()
		if i.count() != want {
			t.Errorf("%d fetches, want %d", i.count(), want)
		}
	}
	check("first key", i.token(nil), nil)
	i.rotate("202", keyB)
	newToken := sign("RS256", keyB, object{"kid": "202"}, i.claims(nil))
	check("new key", newToken, nil)
	fetches(2)
	// Until the next fetch is due, what is older than the keys is refused, and what may be
	// newer is undecided.
	now := i.clock()
	old := object{"iat": now.Add(-61 * time.Second).Unix()}
	recent := object{"iat": now.Add(-59 * time.Second).Unix()}
	check("the key that was withdrawn", i.token(old), core.ErrInvalidToken)
	check("an old token with an unknown key", sign("RS256", keyA, object{"kid": "x1"}, i.claims(old)), core.ErrInvalidToken)
	check("a token with an unknown key", sign("RS256", keyA, object{"kid": "x2"}, i.claims(recent)), core.ErrUnavailable)
	check("a token that does not say when", sign("RS256", keyA, object{"kid": "x2"}, i.claims(object{"iat": nil})), core.ErrUnavailable)
	fetches(2)
	i.advance(59 * time.Second)
	check("an unknown key", sign("RS256", keyA, object{"kid": "x3"}, i.claims(nil)), core.ErrUnavailable)
	fetches(2)
	i.advance(time.Second)
	check("an unknown key after a minute", sign("RS256", keyA, object{"kid": "x4"}, i.claims(nil)), core.ErrInvalidToken)
	fetches(3)
	check("new key", newToken, nil)
	fetches(3)
}

// A forger's key id must not have the first tokens of a new key refused: they are undecided
// until the next fetch, and good from then on. The forger causes one fetch a minute at most.
func TestRotationAfterForgedKeyID(t *testing.T) {
	ctx := context.Background()
	i := newIssuer(t)
	client, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Clock: i.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	v := i.verifier(t)
	ask := func(token string) error {
		_, err := client.VerifiedSession(ctx, token, v)
		return err
	}
	forged := func(kid string) string { return sign("RS256", keyB, object{"kid": kid}, i.claims(nil)) }
	if err := ask(i.token(nil)); err != nil {
		t.Fatal(err)
	}
	if err := ask(forged("junk")); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("forged: %v", err)
	}
	i.rotate("202", keyB)
	good := sign("RS256", keyB, object{"kid": "202"}, i.claims(nil))
	for range 3 {
		for _, token := range []string{good, forged("junk 2")} {
			if err := ask(token); !errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("within the minute: %v", err)
			}
		}
		i.advance(15 * time.Second)
	}
	i.advance(15 * time.Second)
	if err := ask(forged("junk 3")); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("forged: %v", err)
	}
	if err := ask(good); err != nil {
		t.Errorf("after the minute: %v", err)
	}
	if n := i.count(); n != 3 {
		t.Errorf("%d fetches", n)
	}
}

func TestOutage(t *testing.T) {
	i := newIssuer(t)
	var log lockedBuffer
	v := i.verifier(t, func(c *jwt.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	tries := func() int {
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.tries
	}
	check := func(what, token string, want error) {
		t.Helper()
		_, err := v.Verify(context.Background(), token)
		if !errors.Is(err, want) || errors.Is(want, core.ErrUnavailable) && errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
	}
	i.set(func() { i.failWith = serverError })
	check("no keys yet", i.token(nil), core.ErrUnavailable)
	i.set(func() { i.failWith = nil })
	check("no second try in the same moment", i.token(nil), core.ErrUnavailable)
	i.advance(2 * time.Second)
	check("keys", i.token(nil), nil)

	i.set(func() { i.failWith = serverError })
	for range 48 { // two days
		i.advance(time.Hour)
		before := tries()
		token := i.token(nil)
		eventually(t, "refresh", func() bool { // the fetch before may still be ending
			check("old keys in an outage", token, nil)
			return tries() > before
		})
	}
	eventually(t, "warning", func() bool { return strings.Contains(log.String(), "discovery: HTTP 500") })
	// It is unknown whether this key exists, so it must not count as invalid.
	check("an unknown key in an outage", sign("RS256", keyB, object{"kid": "202"}, i.claims(nil)), core.ErrUnavailable)
	check("a forged token in an outage", sign("RS256", keyB, object{"kid": "201"}, i.claims(nil)), core.ErrInvalidToken)
	i.set(func() { i.failWith = nil })
	i.rotate("202", keyB)
	i.advance(time.Minute)
	check("a new key after the outage", sign("RS256", keyB, object{"kid": "202"}, i.claims(nil)), nil)
}

func TestOldKeysAreRefreshedInTheBackground(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t, func(c *jwt.Config) { c.RefreshAfter = 10 * time.Minute })
	if _, err := v.Verify(context.Background(), i.token(nil)); err != nil {
		t.Fatal(err)
	}
	i.advance(10 * time.Minute)
	hold := make(chan struct{})
	i.set(func() { i.hold = hold })
	i.rotate("202", keyB)
	for range 3 { // none waits for the fetch
		if _, err := v.Verify(context.Background(), i.token(nil)); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "refresh", func() bool { return i.count() == 2 })
	close(hold)
	eventually(t, "end of the old key", func() bool {
		_, err := v.Verify(context.Background(), i.token(nil))
		return errors.Is(err, core.ErrInvalidToken)
	})
}

// Requests, rotations and outages at the same time; for the race detector.
func TestRotationsUnderLoad(t *testing.T) {
	i := newIssuer(t)
	v := i.verifier(t)
	i.set(func() { i.keys["202"] = keyB })
	tokens := []string{i.token(nil), sign("RS256", keyB, object{"kid": "202"}, i.claims(nil))}
	if _, err := v.Verify(context.Background(), tokens[0]); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range 60 {
			i.advance(time.Minute)
			i.set(func() {
				i.failWith = nil
				if n%3 == 0 {
					i.failWith = serverError
				}
				i.now = i.now.Add(-50 * time.Second) // keeps the tokens fresh
			})
			time.Sleep(time.Millisecond)
		}
	}()
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				_, err := v.Verify(context.Background(), tokens[n%2])
				if err != nil && !strings.Contains(err.Error(), "expired") {
					t.Errorf("a good token got %v", err)
					return
				}
			}
		})
	}
	wait.Wait()
}
