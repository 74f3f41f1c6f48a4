package core_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loginradius-contrib/go-middleware/core"
)

const good = "11111111-2222-4333-8444-555555555555"

func TestSessionHitMakesNoCall(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t)
	s := mustSession(t, c, good, "ada")
	for range 10 {
		mustSession(t, c, good, "ada")
	}
	if v, p := f.calls(); v != 1 || p != 1 {
		t.Errorf("asked %d times for validity and %d for the profile, want once each", v, p)
	}
	if s.Email() != "ada@example.com" || !s.EmailVerified() || !s.HasRole("reader") || s.HasRole("Reader") {
		t.Errorf("session holds %q %v %v", s.Email(), s.EmailVerified(), s.Roles())
	}
	if want := f.clock.Now().Add(time.Hour); !s.ExpiresAt().Equal(want) {
		t.Errorf("ExpiresAt = %v, want %v", s.ExpiresAt(), want)
	}
	if got := c.Stats(); got.Hits != 10 || got.Misses != 1 || got.Size != 1 {
		t.Errorf("stats = %+v", got)
	}
}

func TestSessionManyCallersShareOneQuestion(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t)
	resume := f.pause()

	leader, giveUp := context.WithCancel(context.Background())
	leaderErr := make(chan error, 1)
	go func() {
		_, err := c.Session(leader, good)
		leaderErr <- err
	}()
	f.asked(2) // the question is on its way, asked by the leader

	const callers = 5000
	var wg sync.WaitGroup
	errs := make(chan error, callers)
	for range callers {
		wg.Go(func() {
			s, err := c.Session(context.Background(), good)
			if err == nil && s.UID() != "ada" {
				err = fmt.Errorf("served as %q", s.UID())
			}
			errs <- err
		})
	}
	for c.Stats().Coalesced < callers { // until all have joined
		time.Sleep(time.Millisecond)
	}
	giveUp()
	err := <-leaderErr
	if !errors.Is(err, context.Canceled) || !errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("the caller who gave up got %v", err)
	}
	// A caller's own deadline holds although the service is silent.
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := c.Session(short, good); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller with a deadline got %v", err)
	}
	resume()
	wg.Wait()
	for range callers {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	if v, p := f.calls(); v != 1 || p != 1 {
		t.Errorf("asked %d times for validity and %d for the profile, want once each", v, p)
	}
}

// What was asked before an eviction must not be stored or served after it.
func TestSessionEvictionBeatsLateAnswers(t *testing.T) {
	evictions := map[string]func(*core.Client){
		"Forget":      func(c *core.Client) { c.Forget(good) },
		"ForgetUser":  func(c *core.Client) { c.ForgetUser("ada") },
		"RecheckUser": func(c *core.Client) { c.RecheckUser("ada") },
		"InvalidateToken": func(c *core.Client) {
			_ = c.Authentication.InvalidateToken(context.Background(), core.InvalidateTokenRequest{AccessToken: good})
		},
	}
	for name, evict := range evictions {
		for _, kind := range []string{"miss", "background refresh"} {
			t.Run(name+" during "+kind, func(t *testing.T) {
				f := newFakeService(t)
				f.set(good, fakeToken{uid: "ada"})
				c := f.client(t)
				if kind != "miss" {
					mustSession(t, c, good, "ada")
					f.clock.Advance(90 * time.Second) // past RefreshAfter
				}
				resume := f.pause()
				early := make(chan error, 1)
				go func() {
					_, err := c.Session(context.Background(), good)
					early <- err
				}()
				f.asked(map[string]int{"miss": 2, "background refresh": 1}[kind]) // asked while the token is still good
				f.set(good, fakeToken{code: 905})
				if name == "InvalidateToken" {
					f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
						if strings.HasSuffix(r.URL.Path, "/invalidate") {
							_, _ = io.WriteString(w, `{"IsPosted":true}`)
							return true
						}
						return false
					})
					go evict(c)
					<-f.arrived // it forgets before it asks
				} else {
					evict(c)
				}
				late := make(chan error, 1)
				go func() {
					_, err := c.Session(context.Background(), good)
					late <- err
				}()
				if name == "Forget" || name == "InvalidateToken" {
					f.asked(2) // another question, not the old one
				} else {
					for st := c.Stats(); st.Coalesced+st.Misses < 2; st = c.Stats() {
						time.Sleep(time.Millisecond)
					}
				}
				resume()
				if err := <-early; err != nil {
					t.Errorf("who asked before the eviction: %v", err)
				}
				if err := <-late; !errors.Is(err, core.ErrInvalidToken) {
					t.Errorf("who asked after the eviction got %v, want ErrInvalidToken", err)
				}
				if size := c.Stats().Size; size != 0 {
					t.Errorf("the late answer was stored: %d sessions", size)
				}
			})
		}
	}
}

func TestSessionAgesAsConfigured(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t, func(cfg *core.Config) {
		cfg.Sessions.TTL, cfg.Sessions.RefreshAfter = 10*time.Minute, 4*time.Minute
	})
	mustSession(t, c, good, "ada")

	f.clock.Advance(4*time.Minute - 1)
	mustSession(t, c, good, "ada")
	if got := c.Stats(); got.Refreshes != 0 || got.Misses != 1 {
		t.Errorf("before RefreshAfter: %+v", got)
	}

	f.clock.Advance(1)
	resume := f.pause()
	for range 100 {
		mustSession(t, c, good, "ada") // at once, although the service is silent
	}
	f.asked(1)
	resume()
	if got := c.Stats(); got.Refreshes != 1 || got.Misses != 1 || got.Hits != 101 {
		t.Errorf("after RefreshAfter: %+v", got)
	}
	for {
		if v, p := f.calls(); v == 1 && p == 2 { // a refresh is one call
			break
		}
		time.Sleep(time.Millisecond)
	}

	// Mere hits do not prolong the belief.
	c.Forget(good)
	mustSession(t, c, good, "ada")
	f.set(good, fakeToken{code: 905})
	f.setFault(outage["500"])
	f.clock.Advance(10 * time.Minute)
	f.setFault(nil)
	if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("past TTL: %v, want ErrInvalidToken", err)
	}
}

func TestSessionOwnExpiryBeatsEverything(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t, func(cfg *core.Config) { cfg.Sessions.TTL, cfg.Sessions.StaleIfError = time.Hour, 24*time.Hour })
	end := f.clock.Now().Add(10 * time.Minute)
	f.set(good, fakeToken{uid: "ada", expires: end.Format(time.RFC3339)})
	mustSession(t, c, good, "ada")
	f.setFault(outage["500"])

	f.clock.Advance(10*time.Minute - time.Second)
	mustSession(t, c, good, "ada") // stale: past half its life, but not past its end
	f.clock.Advance(time.Second)
	if s, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("past its own end: %v, %v; want ErrUnavailable", s, err)
	}
	f.setFault(nil)
	f.set(good, fakeToken{code: 906})
	if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("past its own end: %v, want ErrInvalidToken", err)
	}
}

// An answer that arrives after the token's end may be older than that end: requests that
// came after the end do not go by it.
func TestSessionEndsDuringAQuestion(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t, func(cfg *core.Config) { cfg.Sessions.TTL = 2 * time.Minute })
	f.set(good, fakeToken{uid: "ada", expires: f.clock.Now().Add(15 * time.Minute).Format(time.RFC3339)})
	mustSession(t, c, good, "ada")
	f.clock.Advance(119 * time.Second)
	resume := f.pause()
	mustSession(t, c, good, "ada") // asks in the background
	f.asked(1)
	f.set(good, fakeToken{code: 906})
	f.clock.Advance(time.Hour)
	refused := make(chan error)
	go func() {
		_, err := c.Session(context.Background(), good)
		refused <- err
	}()
	for c.Stats().Coalesced == 0 {
		time.Sleep(time.Millisecond)
	}
	resume()
	if err := <-refused; !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("past its own end: %v, want ErrInvalidToken", err)
	}
	if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrInvalidToken) {
		t.Errorf("later: %v, want ErrInvalidToken", err)
	}
}

func TestSessionSlidingTokensAreAskedInTime(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t, func(cfg *core.Config) { cfg.Sessions.TTL, cfg.Sessions.StaleIfError = time.Hour, time.Hour })
	const life = 15 * time.Minute
	lastAsked := f.clock.Now()
	for range 60 { // an hour of a request a minute
		f.set(good, fakeToken{uid: "ada", expires: f.clock.Now().Add(life).Format(time.RFC3339)})
		before, _ := f.calls()
		mustSession(t, c, good, "ada")
		for c.Stats().Refreshes+c.Stats().Misses > uint64(first(f.calls())) {
			time.Sleep(time.Millisecond)
		}
		if after, _ := f.calls(); after > before {
			lastAsked = f.clock.Now()
		}
		if age := f.clock.Now().Sub(lastAsked); age > life/2 {
			t.Fatalf("not asked for %v of a %v life", age, life)
		}
		f.clock.Advance(time.Minute)
	}
}

func first(a, _ int) int { return a }

func TestSessionUnderstandsEveryExpiry(t *testing.T) {
	now := time.Date(2026, 1, 15, 21, 30, 0, 0, time.UTC)
	tests := []struct {
		expires any
		want    time.Time
	}{
		{"2026-01-15T22:00:00Z", now.Add(30 * time.Minute)},
		{"2026-01-15T22:00:00.5Z", now.Add(30*time.Minute + 500*time.Millisecond)},
		{"2026-01-15T22:00:00.469Z", now.Add(30*time.Minute + 469*time.Millisecond)},
		{"2026-01-15T22:00:00.48946Z", now.Add(30*time.Minute + 489460*time.Microsecond)},
		{"2026-01-15T22:00:00.489469Z", now.Add(30*time.Minute + 489469*time.Microsecond)},
		{"2026-01-15T22:00:00.4894699Z", now.Add(30*time.Minute + 489469900)},
		{"2026-01-15T22:00:00", now.Add(30 * time.Minute)},
		{"2026-01-15t22:00:00.000z", now.Add(30 * time.Minute)},
		{"2026-01-15T23:00:00+01:00", now.Add(30 * time.Minute)},
		{"1800", now.Add(30 * time.Minute)},
		{1800, now.Add(30 * time.Minute)},
		{1800.0, now.Add(30 * time.Minute)},
		{now.Add(30 * time.Minute).Unix(), now.Add(30 * time.Minute)},
		{"9999-12-31T23:59:59Z", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}, // past what nanoseconds can tell
		{"0001-01-01T00:00:00", time.Time{}},
		{"", time.Time{}}, {"soon", time.Time{}}, {0, time.Time{}}, {-5, time.Time{}}, {true, time.Time{}},
		{map[string]any{"a": 1}, time.Time{}}, {[]int{1}, time.Time{}}, {"NaN", time.Time{}}, {"1e300", time.Time{}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.expires), func(t *testing.T) {
			f := newFakeService(t)
			f.set(good, fakeToken{uid: "ada", expires: tt.expires})
			c := f.client(t, func(cfg *core.Config) { cfg.Sessions.TTL, cfg.Sessions.RefreshAfter = 5*time.Minute, 5*time.Minute })
			s := mustSession(t, c, good, "ada")
			if !s.ExpiresAt().Equal(tt.want) {
				t.Errorf("ExpiresAt = %v, want %v", s.ExpiresAt(), tt.want)
			}
			f.clock.Advance(time.Minute)
			mustSession(t, c, good, "ada")
			_, asked := f.calls()
			if want := 1; !tt.want.IsZero() && asked != want {
				t.Errorf("asked %d times within the TTL", asked)
			}
			if want := 2; tt.want.IsZero() && asked != want {
				t.Errorf("asked %d times, want again after a minute of unknown expiry", asked)
			}
		})
	}
}

// outage lists the ways in which LoginRadius can fail to answer.
var outage = map[string]func(http.ResponseWriter, *http.Request) bool{
	"429":                    answer(http.StatusTooManyRequests, "text/plain", "Too many requests"),
	"500":                    answer(http.StatusInternalServerError, "application/json", `{"ErrorCode":950,"Message":"Operation failed due to an unknown error"}`),
	"502":                    answer(http.StatusBadGateway, "text/plain", ""),
	"HTML 403":               answer(http.StatusForbidden, "text/html", "<html>ErrorCode 905</html>"),
	"HTML 200":               answer(http.StatusOK, "text/html", "<html></html>"),
	"empty 200":              answer(http.StatusOK, "application/json", ""),
	"null":                   answer(http.StatusOK, "application/json", "null"),
	"empty object":           answer(http.StatusOK, "application/json", "{}"),
	"truncated JSON":         answer(http.StatusOK, "application/json", `{"Uid":"ada","Email":[{"Ty`),
	"200 with ErrorCode":     answer(http.StatusOK, "application/json", `{"ErrorCode":950}`),
	"our key refused":        answer(http.StatusForbidden, "application/json", `{"ErrorCode":901,"Message":"The API key is unauthorized"}`),
	"our secret refused":     answer(http.StatusUnauthorized, "application/json", `{"ErrorCode":902,"Message":"The API secret is unauthorized"}`),
	"401 without code":       answer(http.StatusUnauthorized, "application/json", `{"error":"unauthorized"}`),
	"404":                    answer(http.StatusNotFound, "application/json", `{"message":"no such path"}`),
	"unknown code":           answer(http.StatusForbidden, "application/json", `{"ErrorCode":4711}`),
	"IP refused, lower case": answer(http.StatusForbidden, "application/json", `{"errorCode":1206}`),
	"redirect to a login page": func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, "/login", http.StatusFound)
		return true
	},
	"connection reset": func(w http.ResponseWriter, _ *http.Request) bool {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
		return true
	},
	"reset in the body": func(w http.ResponseWriter, _ *http.Request) bool {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"Uid\":")
			_ = buf.Flush()
			_ = conn.Close()
		}
		return true
	},
	"silence": func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true },
}

func answer(status int, contentType, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func TestSessionOutagesEndNoSession(t *testing.T) {
	for name, fault := range outage {
		for _, scope := range []string{"all", "/validate", "/auth/account"} {
			t.Run(name+" on "+scope, func(t *testing.T) {
				t.Parallel()
				f := newFakeService(t)
				f.set(good, fakeToken{uid: "ada"})
				c := f.client(t, func(cfg *core.Config) { cfg.AttemptTimeout = 200 * time.Millisecond })
				if name != "silence" {
					c = f.client(t)
				}
				mustSession(t, c, good, "ada")
				f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
					if scope != "all" && !strings.HasSuffix(r.URL.Path, scope) {
						return false
					}
					if name == "empty object" && scope == "/validate" {
						_, _ = io.WriteString(w, "<") // {} is a legal answer there: valid, end unknown
						return true
					}
					return fault(w, r)
				})
				const stranger = "99999999-2222-4333-8444-555555555555"
				f.set(stranger, fakeToken{uid: "bob"})

				f.clock.Advance(10 * time.Minute) // past TTL, within StaleIfError
				mustSession(t, c, good, "ada")
				s, err := c.Session(context.Background(), stranger)
				switch {
				case scope == "/validate": // the profile says that the token is alive; only its expiry stays unknown
					if err != nil || s.UID() != "bob" || !s.ExpiresAt().IsZero() {
						t.Errorf("unknown token: %v, %v; want bob's, with an unknown expiry", s, err)
					}
				case s != nil || !errors.Is(err, core.ErrUnavailable) || errors.Is(err, core.ErrInvalidToken):
					t.Errorf("unknown token: %v, %v; want ErrUnavailable", s, err)
				}
				f.clock.Advance(5 * time.Minute) // StaleIfError is over
				if _, err := c.Session(context.Background(), good); scope != "/validate" && !errors.Is(err, core.ErrUnavailable) {
					t.Errorf("past StaleIfError: %v, want ErrUnavailable", err)
				}
				f.setFault(nil)
				mustSession(t, c, good, "ada")
				mustSession(t, c, stranger, "bob") // nothing was remembered against it
			})
		}
	}
	t.Run("connection refused", func(t *testing.T) {
		f := newFakeService(t)
		f.set(good, fakeToken{uid: "ada"})
		c := f.client(t)
		mustSession(t, c, good, "ada")
		f.Close()
		f.clock.Advance(10 * time.Minute)
		mustSession(t, c, good, "ada")
		if _, err := c.Session(context.Background(), tokenN(1)); !errors.Is(err, core.ErrUnavailable) {
			t.Errorf("unknown token: %v, want ErrUnavailable", err)
		}
	})
}

func TestSessionDefiniteAnswers(t *testing.T) {
	tests := []struct {
		code int
		want error
	}{
		{905, core.ErrInvalidToken}, {906, core.ErrInvalidToken}, {1055, core.ErrInvalidToken},
		{2024, core.ErrInvalidToken}, {938, core.ErrInvalidToken}, {991, core.ErrAccountBlocked},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
			f := newFakeService(t)
			f.set(good, fakeToken{uid: "ada"})
			c := f.client(t)
			mustSession(t, c, good, "ada")
			f.set(good, fakeToken{code: tt.code})
			f.clock.Advance(3 * time.Minute)
			for range 3 {
				_, err := c.Session(context.Background(), good)
				if !errors.Is(err, tt.want) || errors.Is(err, core.ErrUnavailable) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
				if strings.Contains(fmt.Sprintf("%+v", err), good) {
					t.Errorf("the error shows the token: %+v", err)
				}
			}
			if _, p := f.calls(); p != 2 {
				t.Errorf("asked %d times, want the refusal to be remembered", p)
			}
			if size := c.Stats().Size; size != 0 {
				t.Errorf("%d sessions of a refused token are still there", size)
			}
			f.set(good, fakeToken{uid: "ada"})
			f.clock.Advance(11 * time.Second)
			mustSession(t, c, good, "ada") // only briefly
		})
	}
	t.Run("938 and 991 count from the profile only", func(t *testing.T) {
		for _, code := range []string{"938", "991"} {
			f := newFakeService(t)
			f.set(good, fakeToken{uid: "ada"})
			f.setFault(func(w http.ResponseWriter, r *http.Request) bool {
				return strings.HasSuffix(r.URL.Path, "/validate") && answer(403, "application/json", `{"ErrorCode":`+code+`}`)(w, r)
			})
			s := mustSession(t, f.client(t), good, "ada") // validate only tells the expiry
			if !s.ExpiresAt().IsZero() {
				t.Errorf("%s from validate: expires at %v, which is not known", code, s.ExpiresAt())
			}
		}
	})
	t.Run("flags in the profile", func(t *testing.T) {
		f := newFakeService(t)
		f.set(tokenN(1), fakeToken{uid: "ada", extra: map[string]any{"IsActive": false}})
		f.set(tokenN(2), fakeToken{uid: "bob", extra: map[string]any{"IsDeleted": "true"}})
		f.set(tokenN(3), fakeToken{uid: "cy", extra: map[string]any{"IsActive": nil, "IsDeleted": nil}})
		c := f.client(t)
		if _, err := c.Session(context.Background(), tokenN(1)); !errors.Is(err, core.ErrAccountBlocked) {
			t.Errorf("IsActive false: %v", err)
		}
		if _, err := c.Session(context.Background(), tokenN(2)); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("IsDeleted true: %v", err)
		}
		mustSession(t, c, tokenN(3), "cy")
	})
}

func TestSessionRefusesJunkWithoutNetwork(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t)
	for name, token := range map[string]string{
		"empty": "", "zero GUID": "00000000-0000-0000-0000-000000000000", "over-long": strings.Repeat("a", 8<<10+1),
		"space": "abc def", "newline": "abc\ndef", "NUL": "abc\x00", "DEL": "abc\x7f", "tab": "\tabc", "not ASCII": "tokén", "invalid UTF-8": "abc\xff",
	} {
		if s, err := c.Session(context.Background(), token); s != nil || !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("%s: %v, %v; want ErrInvalidToken", name, s, err)
		}
	}
	if v, p := f.calls(); v+p != 0 {
		t.Errorf("%d calls for junk", v+p)
	}
	f.set(strings.Repeat("e", 8<<10), fakeToken{uid: "ada"})
	mustSession(t, c, strings.Repeat("e", 8<<10), "ada") // encrypted tokens are long
}

func TestSessionHandlersCannotTouchEachOther(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada", extra: map[string]any{"FirstName": "Ada"}})
	c := f.client(t)
	s := mustSession(t, c, good, "ada")
	p := s.Profile()
	p.UID, p.FirstName, p.Email[0].Value, p.Roles[0] = "eve", "Eve", "eve@example.com", "admin"
	p.CustomFields["plan"] = "free"
	s.Roles()[0] = "admin"
	raw, _ := p.Value("CustomFields")
	copy(raw, "xxxxxxxx")

	again := mustSession(t, c, good, "ada")
	q := again.Profile()
	if q.UID != "ada" || q.FirstName != "Ada" || q.PrimaryEmail() != "ada@example.com" || q.Roles[0] != "reader" || q.CustomFields["plan"] != "gold" || again.HasRole("admin") {
		t.Errorf("another handler's changes show: %+v", q)
	}
	if raw, _ := q.Value("CustomFields"); string(raw) != `{"plan":"gold"}` {
		t.Errorf("CustomFields = %s", raw)
	}
	if _, ok := q.Value("Password"); ok || q.Password != "" {
		t.Error("the session holds the password hash")
	}
}

func TestSessionOfARecheckedUserIsAlwaysAsked(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	f.set(tokenN(2), fakeToken{uid: "bob"})
	c := f.client(t)
	mustSession(t, c, good, "ada")
	mustSession(t, c, tokenN(2), "bob")
	c.RecheckUser("ada")
	for range 3 {
		mustSession(t, c, good, "ada")
		mustSession(t, c, tokenN(2), "bob")
	}
	if _, p := f.calls(); p != 5 {
		t.Errorf("asked %d times, want 2 and then 3 for the user on the list", p)
	}
	f.setFault(outage["500"])
	if _, err := c.Session(context.Background(), good); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("in an outage: %v, want ErrUnavailable", err)
	}
	f.setFault(nil)
	f.clock.Advance(73 * time.Hour)
	mustSession(t, c, good, "ada")
	_, before := f.calls()
	mustSession(t, c, good, "ada")
	if _, p := f.calls(); p != before {
		t.Error("still on the list after its window")
	}
}

func TestSessionForgetUserForgetsAllTokens(t *testing.T) {
	f := newFakeService(t)
	c := f.client(t)
	for i := range 5 {
		f.set(tokenN(i), fakeToken{uid: "ada"})
		mustSession(t, c, tokenN(i), "ada")
	}
	f.set(good, fakeToken{uid: "bob"})
	mustSession(t, c, good, "bob")
	c.ForgetUser("ada")
	c.ForgetUser("unknown")
	if size := c.Stats().Size; size != 1 {
		t.Errorf("%d sessions left, want 1", size)
	}
	f.setFault(outage["500"])
	if _, err := c.Session(context.Background(), tokenN(3)); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("forgotten session: %v, want ErrUnavailable", err)
	}
}

// A flood of unknown tokens neither exceeds the rate nor displaces good sessions.
func TestSessionFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []time.Time
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			calls = append(calls, time.Now())
			mu.Unlock()
			token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			body, status := `{"ErrorCode":905}`, 403
			if uid, ok := strings.CutPrefix(token, "good-"); ok {
				status = 200
				if body = `{"Uid":"` + uid + `"}`; strings.HasSuffix(r.URL.Path, "/validate") {
					body = `{"access_token":"` + token + `","expires_in":"3600"}`
				}
			}
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		const limit = 50
		c, err := core.New(core.Config{
			APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: transport},
			Sessions: core.SessionConfig{UpstreamRate: limit, Capacity: 1000, NegativeCapacity: 500, RefreshAfter: 30 * time.Second},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for i := range 20 {
			mustSession(t, c, fmt.Sprintf("good-%d", i), fmt.Sprint(i))
		}
		time.Sleep(time.Minute) // old enough for a background refresh
		calls = nil
		var wg sync.WaitGroup
		for i := range 100_000 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				if s, err := c.Session(ctx, tokenN(i)); s != nil || err == nil {
					t.Errorf("junk was let in: %v", s)
				}
			})
			if i%5000 == 0 {
				for g := range 20 { // the good ones go on, and are refreshed, in the middle of it
					mustSession(t, c, fmt.Sprintf("good-%d", g), fmt.Sprint(g))
				}
				time.Sleep(time.Second)
			}
		}
		wg.Wait()
		for g := range 20 {
			mustSession(t, c, fmt.Sprintf("good-%d", g), fmt.Sprint(g))
		}
		st := c.Stats()
		if st.Size != 20 {
			t.Errorf("%d sessions are left, want the 20 good ones", st.Size)
		}
		if st.Refreshes < 20 {
			t.Errorf("only %d good sessions were refreshed during the flood", st.Refreshes)
		}
		mu.Lock()
		defer mu.Unlock()
		for i := range calls {
			if j := i + 2*limit; j < len(calls) && calls[j].Sub(calls[i]) < time.Second { // a burst of one second's worth is allowed
				t.Fatalf("%d calls within %v", 2*limit+1, calls[j].Sub(calls[i]))
			}
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSessionMissAsksBothAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			body := `{"Uid":"ada"}`
			time.Sleep(100 * time.Millisecond)
			if strings.HasSuffix(r.URL.Path, "/validate") {
				body = `{"expires_in":"3600"}`
				time.Sleep(50 * time.Millisecond)
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		start := time.Now()
		mustSession(t, c, good, "ada")
		if took := time.Since(start); took != 150*time.Millisecond {
			t.Errorf("a miss took %v, want the time of the slower call", took)
		}
	})
}

// A service that hangs holds a known user for a moment, not until it times out.
func TestSessionSlowServiceServesStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := false
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if hang {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			body := `{"Uid":"ada","expires_in":"3600"}`
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		c, err := core.New(core.Config{APIKey: "key", APISecret: "secret", HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		mustSession(t, c, good, "ada")
		hang = true
		time.Sleep(5 * time.Minute)
		start := time.Now()
		mustSession(t, c, good, "ada")
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("a known user waited %v", took)
		}
	})
}

func TestSessionSkipExpiry(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t, func(cfg *core.Config) { cfg.Sessions.SkipExpiry = true })
	if s := mustSession(t, c, good, "ada"); !s.ExpiresAt().IsZero() {
		t.Errorf("ExpiresAt = %v", s.ExpiresAt())
	}
	f.clock.Advance(time.Minute)
	mustSession(t, c, good, "ada")
	if v, p := f.calls(); v != 0 || p != 2 {
		t.Errorf("%d validate and %d profile calls, want 0 and 2", v, p)
	}
}

func TestSessionCapacityIsExact(t *testing.T) {
	for _, capacity := range []int{1, 3, 100} {
		f := newFakeService(t)
		c := f.client(t, func(cfg *core.Config) { cfg.Sessions.Capacity = capacity })
		for i := range capacity + 1 {
			f.set(tokenN(i), fakeToken{uid: fmt.Sprint("u", i)})
		}
		for i := range capacity {
			mustSession(t, c, tokenN(i), fmt.Sprint("u", i))
		}
		if st := c.Stats(); st.Size != capacity || st.Evictions != 0 {
			t.Fatalf("capacity %d: %+v", capacity, st)
		}
		if capacity > 1 {
			mustSession(t, c, tokenN(0), "u0") // now 1 is the least recently used
		}
		mustSession(t, c, tokenN(capacity), fmt.Sprint("u", capacity))
		if st := c.Stats(); st.Size != capacity || st.Evictions != 1 {
			t.Fatalf("capacity %d, one more: %+v", capacity, st)
		}
		if capacity > 1 {
			before := c.Stats().Hits
			mustSession(t, c, tokenN(0), "u0")
			if c.Stats().Hits != before+1 {
				t.Errorf("capacity %d: the recently used one was evicted", capacity)
			}
		}
	}
}

func TestSessionCloseEndsBackgroundWork(t *testing.T) {
	f := newFakeService(t)
	f.set(good, fakeToken{uid: "ada"})
	c := f.client(t)
	mustSession(t, c, good, "ada")
	f.clock.Advance(90 * time.Second)
	resume := f.pause()
	defer resume()
	mustSession(t, c, good, "ada") // starts a refresh that hangs
	f.asked(1)
	closed := make(chan struct{})
	go func() { _ = c.Close(); _ = c.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Fatal("Close waits for a hanging service")
	}
	if _, err := c.Session(context.Background(), tokenN(7)); !errors.Is(err, core.ErrUnavailable) {
		t.Errorf("after Close: %v, want ErrUnavailable", err)
	}
}

// What LoginRadius says of a token when it is asked something else counts, too.
func TestARefusedOperationEndsTheSession(t *testing.T) {
	f := newFakeService(t)
	client := f.client(t)
	ctx := context.Background()
	for i, ask := range []func(token string) error{
		func(token string) error { _, err := client.Authentication.TokenInfo(ctx, token); return err },
		func(token string) error {
			_, err := client.Authentication.UpdateProfile(ctx, core.UpdateProfileRequest{AccessToken: token, Extra: map[string]any{"FirstName": "Ada"}})
			return err
		},
	} {
		ended, other := tokenN(2*i), tokenN(2*i+1)
		for _, token := range []string{ended, other} {
			f.set(token, fakeToken{uid: "ada"})
			mustSession(t, client, token, "ada")
		}
		f.set(ended, fakeToken{code: 906})
		if err := ask(ended); !errors.Is(err, core.ErrInvalidToken) {
			t.Fatalf("operation %d: %v", i, err)
		}
		if _, err := client.Session(ctx, ended); !errors.Is(err, core.ErrInvalidToken) {
			t.Errorf("operation %d was refused and the session goes on: %v", i, err)
		}
		_, before := f.calls()
		mustSession(t, client, other, "ada")
		if _, after := f.calls(); after != before {
			t.Errorf("operation %d ended another session, too", i)
		}
	}
}
