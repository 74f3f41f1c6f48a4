package core

import (
	"testing"
	"time"
)

// Every form of expires_in, Retry-After and LoginLockedTimeout that was seen or
// could be.
func TestExpiry(t *testing.T) {
	now := time.Date(2026, 1, 15, 21, 30, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-01-15T21:45:00.1234567Z": time.Date(2026, 1, 15, 21, 45, 0, 123456700, time.UTC),
		"2026-01-15T21:45:00":          now.Add(15 * time.Minute),
		"2026-01-15T22:45:00+01:00":    now.Add(15 * time.Minute),
		"3600":                         now.Add(time.Hour),
		" 0.5 ":                        now.Add(500 * time.Millisecond),
		"1768513500":                   time.Unix(1768513500, 0).UTC(),
		"1768513500000":                time.UnixMilli(1768513500000).UTC(),
		"":                             {}, "null": {}, "0": {}, "-1": {}, "NaN": {}, "Inf": {}, "-Inf": {}, "1e300": {}, "0001-01-01T00:00:00": {}, "soon": {},
	} {
		if have := parseExpiry(text, now); !have.Equal(want) || have.IsZero() != want.IsZero() {
			t.Errorf("expires_in %q is %v, want %v", text, have, want)
		}
	}
	for text, want := range map[string]time.Duration{
		"": 0, "2": 2 * time.Second, "-2": 0, "soon": 0, "99999999999999999999": 0, "999999999": 24 * time.Hour,
		now.Add(time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"):  time.Minute,
		now.Add(-time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"): 0,
	} {
		if have := parseRetryAfter(text, now); have != want {
			t.Errorf("Retry-After %q is %v, want %v", text, have, want)
		}
	}
	for text, want := range map[string]time.Duration{
		"": 0, "900": 15 * time.Minute, "-5": 0, "NaN": 0, "1e300": 0, "2026-01-15T21:45:00Z": 15 * time.Minute, "2026-01-15T21:15:00Z": 0, "0001-01-01T00:00:00": 0,
	} {
		if have := lockedFor(text, now); have != want {
			t.Errorf("LoginLockedTimeout %q is %v, want %v", text, have, want)
		}
	}
}

func FuzzExpiry(f *testing.F) {
	for _, s := range []string{"2026-01-15T21:45:00.1234567", "3600", "1768513500000", "5/20/2008 12:33:35 AM +00:00", "Thu, 15 Jan 2026 21:30:00 GMT"} {
		f.Add(s)
	}
	now := time.Date(2026, 1, 15, 21, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if at := parseExpiry(s, now); !at.IsZero() && (at.Year() < 1900 || at.Year() > 9999 || at.Location() != time.UTC) {
			t.Errorf("%q expires %v", s, at)
		}
		if d := parseRetryAfter(s, now); d < 0 {
			t.Errorf("%q: retry after %v", s, d)
		}
		if d := lockedFor(s, now); d < 0 {
			t.Errorf("%q: locked for %v", s, d)
		}
	})
}
