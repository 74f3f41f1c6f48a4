package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

// The kinds of what LoginRadius may say about a bearer call, by code. A published code
// that is in none of the lists decides nothing and means 503.
var (
	badTokenCodes = []int{905, 906, 938, 1055, 2024}
	blockedKinds  = []int{991, 1130, 1220, 1164, 1165, 1166, 1167, 1168, 1169, 1170, 1171}
	accountKinds  = map[int]error{
		970: core.ErrEmailNotVerified, 1162: core.ErrEmailNotVerified, 1066: core.ErrPhoneNotVerified,
		1194: core.ErrNotAllowed, 1226: core.ErrNotAllowed, 1338: core.ErrNotAllowed,
	}
	credentialKinds = []int{901, 902, 920, 921, 922, 923}
)

// TestSessionKindsOfCodes walks the table of problems by kind over every published code:
// what a code means for the session that it is about, with and without an entry, and that
// it never touches another session.
func TestSessionKindsOfCodes(t *testing.T) {
	codes := publishedCodes(t)
	if len(codes) < 300 {
		t.Fatalf("only %d codes", len(codes))
	}
	for i, code := range append(codes, 4711) {
		if special := slices.Contains(badTokenCodes, code) || slices.Contains(blockedKinds, code) || slices.Contains(credentialKinds, code) || accountKinds[code] != nil; testing.Short() && !special && i%10 != 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			var odd, ended atomic.Bool
			c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Retry: core.RetryConfig{MaxAttempts: 1}, Sessions: core.SessionConfig{Capacity: 100}, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				token, isProfile := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), strings.HasSuffix(r.URL.Path, "/auth/account")
				switch {
				case strings.HasPrefix(token, "odd") && odd.Load() && isProfile:
					return respond(403, fmt.Sprintf(`{"ErrorCode":%d,"Message":"m"}`, code), nil), nil
				case token == "ended" && ended.Load():
					return respond(403, `{"ErrorCode":905}`, nil), nil
				}
				_, body := asAda(isProfile)
				return respond(200, body, nil), nil
			})}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			mustSession(t, c, "odd-known", "ada")
			time.Sleep(3 * time.Minute)
			odd.Store(true)
			_, known := c.Session(context.Background(), "odd-known")
			_, unknown := c.Session(context.Background(), "odd-unknown")
			degraded := c.Stats().Degraded
			var wantKnown, wantUnknown error
			switch {
			case slices.Contains(badTokenCodes, code):
				wantKnown, wantUnknown = core.ErrInvalidToken, core.ErrInvalidToken
			case slices.Contains(blockedKinds, code):
				wantKnown, wantUnknown = core.ErrAccountBlocked, core.ErrAccountBlocked
			case accountKinds[code] != nil:
				wantUnknown = accountKinds[code]
			default:
				wantUnknown = core.ErrUnavailable
			}
			if !errors.Is(known, wantKnown) {
				t.Errorf("%d about a remembered session: %v, want %v", code, known, wantKnown)
			}
			if !errors.Is(unknown, wantUnknown) && !aboutTheAccount(unknown) {
				t.Errorf("%d about an unknown token: %v, want %v", code, unknown, wantUnknown)
			}
			if errors.Is(unknown, core.ErrInvalidToken) != errors.Is(wantUnknown, core.ErrInvalidToken) {
				t.Errorf("%d about an unknown token: %v", code, unknown)
			}
			if slices.Contains(credentialKinds, code) && (!degraded || !errors.Is(unknown, core.ErrAPICredentials)) {
				t.Errorf("%d is about our credentials: degraded %v, %v", code, degraded, unknown)
			}
			if degraded {
				if !errors.Is(unknown, core.ErrAPICredentials) {
					t.Errorf("%d makes the service count as degraded: %v", code, unknown)
				}
				return
			}
			// Another session is asked about within its TTL all the same.
			mustSession(t, c, "ended", "ada")
			ended.Store(true)
			time.Sleep(2 * time.Minute)
			_, _ = c.Session(context.Background(), "odd-known")
			if s, err := c.Session(context.Background(), "ended"); !errors.Is(err, core.ErrInvalidToken) {
				t.Errorf("%d about one session: an ended one got %v, %v", code, s, err)
			}
		})
		if t.Failed() {
			return
		}
	}
}

// aboutTheAccount reports whether an error belongs to a 403 of its own.
func aboutTheAccount(err error) bool {
	for _, is := range []error{core.ErrEmailNotVerified, core.ErrPhoneNotVerified, core.ErrMFARequired, core.ErrPasswordExpired, core.ErrAccountLocked} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

func publishedCodes(t *testing.T) (codes []int) {
	t.Helper()
	for n := range 10_000 {
		if core.ErrorCode(n).Message() != "" {
			codes = append(codes, n)
		}
	}
	return codes
}

// What is not an answer of LoginRadius about a token counts as a failure of the service:
// at once, or when three sessions saw it within ten seconds.
func TestSessionDegradedRules(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		err    error
		atOnce bool
	}{
		"429":                   {429, "slow down", nil, true},
		"key refused":           {403, `{"ErrorCode":920}`, nil, true},
		"908 about the API key": {400, `{"ErrorCode":908,"Description":"The parameter apikey is invalid"}`, nil, true},
		"invalid_client":        {401, `{"error":"invalid_client"}`, nil, true},
		"500":                   {500, `{"ErrorCode":950}`, nil, false},
		"502":                   {502, "<html>", nil, false},
		"not JSON":              {200, "<html>", nil, false},
		"reset":                 {0, "", errors.New("connection reset"), false},
		"names no account":      {200, "{}", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			var bad atomic.Bool
			synctest.Test(t, func(t *testing.T) {
				c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", Retry: core.RetryConfig{MaxAttempts: 1}, HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					if bad.Load() {
						if tt.err != nil {
							return nil, tt.err
						}
						return respond(tt.status, tt.body, nil), nil
					}
					_, body := asAda(strings.HasSuffix(r.URL.Path, "/auth/account"))
					return respond(200, body, nil), nil
				})}})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				for i := range 4 {
					mustSession(t, c, tokenN(i), "ada")
				}
				time.Sleep(3 * time.Minute)
				bad.Store(true)
				for range 5 {
					_, _ = c.Session(context.Background(), "stranger")
				}
				if c.Stats().Degraded {
					t.Error("a stranger made the service count as degraded")
				}
				for i, after := range []time.Duration{0, 11 * time.Second, time.Second, time.Second} {
					time.Sleep(after)
					mustSession(t, c, tokenN(i), "ada") // stale
					if got, want := c.Stats().Degraded, tt.atOnce || i == 3; got != want {
						t.Errorf("after session %d: degraded %v, want %v", i, got, want)
					}
				}
				bad.Store(false)
				time.Sleep(time.Second)
				mustSession(t, c, tokenN(0), "ada")
				synctest.Wait()
				if c.Stats().Degraded {
					t.Error("still degraded although it answers")
				}
			})
		})
	}
}

// A session with undecided checks goes on until StaleIfError, and no longer.
func TestSessionUndecidedEndsWithStaleIfError(t *testing.T) {
	var odd atomic.Bool
	rt := func(_ *http.Request, _ string, isProfile bool) (int, string) {
		if odd.Load() && isProfile {
			return 403, `{"ErrorCode":970}`
		}
		return asAda(isProfile)
	}
	scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
		mustSession(t, c, good, "ada")
		odd.Store(true)
		start := time.Now()
		for time.Since(start) < 15*time.Minute {
			mustSession(t, c, good, "ada")
			time.Sleep(10 * time.Second)
		}
		if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrEmailNotVerified) {
			t.Errorf("after StaleIfError: %v, want ErrEmailNotVerified", err)
		}
		odd.Store(false)
		mustSession(t, c, good, "ada") // not remembered against it
	})
}

// Three spellings of one key that decides the account are not a matter of chance.
func TestSessionAmbiguousProfile(t *testing.T) {
	for range 20 {
		rt := func(_ *http.Request, _ string, isProfile bool) (int, string) {
			if isProfile {
				return 200, `{"Uid":"alice","uid":"bob","UID":"carol"}`
			}
			return asAda(isProfile)
		}
		scripted(t, core.SessionConfig{}, rt, func(t *testing.T, c *core.Client) {
			if s, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrUnavailable) {
				t.Errorf("%v, %v; want ErrUnavailable", s, err)
			}
		})
	}
}
