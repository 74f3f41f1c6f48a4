package core

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A Time is a point in time as LoginRadius writes it: ISO 8601 with 0 to 7
// fraction digits and with or without a zone (none means UTC), or one of its US
// formats. The zero Time means that it is not set; LoginRadius writes null or a
// date in the year 1 for that.
type Time struct{ time.Time }

// UnmarshalJSON never fails: what is not a time is the zero Time.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		t.Time = parseTime(s)
	}
	return nil
}

// MarshalJSON writes UTC with milliseconds, or null for the zero Time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// timeLayouts are the formats seen in answers; a fraction of any length is
// accepted after the seconds of each.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05-0700",
	"2006-01-02 15:04:05",
	"2006-01-02",
	"1/2/2006 3:04:05 PM -07:00",
	"1/2/2006 3:04:05 PM",
	"01/02/2006 15:04:05",
	"1/2/2006",
}

// parseTime returns the zero time for what it does not know and for the years
// before 1900 and after 9999 that LoginRadius uses for "not set" and "never".
func parseTime(s string) time.Time {
	s = strings.ToUpper(strings.TrimSpace(s)) // RFC 3339 allows a lower-case t and z
	for _, layout := range timeLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		t = t.UTC() // first: a zone can push a time out of the years
		if t.Year() < 1900 || t.Year() > 9999 {
			return time.Time{}
		}
		return t
	}
	return time.Time{}
}

// parseExpiry reads expires_in, which is a point in time despite its name; some
// answers have seconds from now, as a number or a string. Zero means unknown.
func parseExpiry(s string, now time.Time) time.Time {
	const maxSeconds = 1e9 // 31 years; a larger number is a Unix time
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	switch {
	case err != nil:
		return parseTime(s)
	case n <= 0 || n != n:
		return time.Time{}
	case n < maxSeconds:
		return now.Add(time.Duration(n * float64(time.Second))).UTC()
	case n < 1e11:
		return time.Unix(int64(n), 0).UTC()
	case n < 1e14:
		return time.UnixMilli(int64(n)).UTC()
	}
	return time.Time{}
}
