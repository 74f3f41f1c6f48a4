package core

import (
	"math"
	"slices"
	"strings"
	"time"
)

// SessionConfig configures the cached validator behind [Client.Session]. The zero
// value is good for production.
type SessionConfig struct {
	// Capacity is the number of sessions to remember; the least recently used one
	// makes room, to the second if there is room for more than 10,000. One takes about
	// 1 to 2 KiB. Default: 100,000.
	Capacity int

	// TTL is how long an answer of LoginRadius is believed. It bounds how long a
	// session that was ended elsewhere (another replica, the console) lives on here.
	// A session is asked for earlier when half of its remaining life is over, so
	// that sites with sliding expiry see that it is in use. Default: 2 minutes.
	TTL time.Duration

	// RefreshAfter is the age from which a session that is used is asked for again
	// in the background, so that active users never wait. At most TTL, which turns
	// it off. Default: half of TTL.
	RefreshAfter time.Duration

	// StaleIfError is how long after the last good answer a session goes on while
	// LoginRadius cannot be asked, but never past its own expiry. At least TTL; TTL
	// means not at all. Default: 15 minutes.
	StaleIfError time.Duration

	// NegativeTTL is how long a definitely bad token is refused without asking.
	// Default: 10 seconds. NegativeCapacity is how many are remembered; they never
	// displace good sessions. Default: 10,000.
	NegativeTTL      time.Duration
	NegativeCapacity int

	// UpstreamRate is the number of calls a second that all validations together
	// may make; a new session takes two. Known sessions keep a quarter of it for
	// themselves, so that a flood of unknown tokens cannot starve them. A LoginRadius
	// production site allows 50 calls a second to an endpoint, a development site 5:
	// share it out between your replicas. Half of it times TTL is how many users can be
	// active at a time before requests wait for their turn to be validated, 2,400 by
	// default: a busier site sets a longer TTL. Default: 40.
	UpstreamRate float64

	// UpstreamConcurrency bounds the calls of validations that are under way at once,
	// with the same quarter for known sessions. Default: 32.
	UpstreamConcurrency int

	// ProfileFields are the profile keys that a session keeps, as LoginRadius spells
	// them, e.g. "Uid". Keys that identify and authorize are always asked for. "*"
	// keeps everything but password hashes, PINs and provider tokens, at a multiple
	// of the memory. Default: [DefaultProfileFields].
	ProfileFields []string

	// SkipExpiry saves one of the two calls per validation by not asking when the
	// token expires. A session is then believed for at most a minute. Default: false.
	SkipExpiry bool
}

// unknownExpiryTTL bounds the belief in a token whose end we do not know.
const unknownExpiryTTL = time.Minute

// essentialFields decide who is let in.
var essentialFields = []string{"Uid", "Email", "EmailVerified", "Roles", "IsActive", "IsDeleted"}

// DefaultProfileFields returns the profile keys that a session keeps by default:
// what a web page shows of its user, and what an application authorizes by.
func DefaultProfileFields() []string {
	return append(slices.Clone(essentialFields),
		"ID", "Provider", "UserName", "PhoneId", "PhoneIdVerified",
		"FirstName", "MiddleName", "LastName", "FullName", "NickName", "ImageUrl",
		"Gender", "BirthDate", "LocalLanguage", "TimeZone", "CustomFields",
		"CreatedDate", "LastLoginDate")
}

func (c SessionConfig) withDefaults() (SessionConfig, error) {
	for _, f := range []struct {
		name  string
		value *int
		def   int
	}{
		{"Capacity", &c.Capacity, 100_000},
		{"NegativeCapacity", &c.NegativeCapacity, 10_000},
		{"UpstreamConcurrency", &c.UpstreamConcurrency, 32},
	} {
		if *f.value < 0 {
			return c, &ConfigError{"Sessions." + f.name, "is negative"}
		}
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	if c.TTL == 0 {
		c.TTL = 2 * time.Minute
	}
	for _, f := range []struct {
		name  string
		value *time.Duration
		def   time.Duration
	}{
		{"TTL", &c.TTL, c.TTL},
		{"RefreshAfter", &c.RefreshAfter, c.TTL / 2},
		{"StaleIfError", &c.StaleIfError, max(15*time.Minute, c.TTL)},
		{"NegativeTTL", &c.NegativeTTL, 10 * time.Second},
	} {
		if *f.value < 0 {
			return c, &ConfigError{"Sessions." + f.name, "is negative"}
		}
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	switch {
	case c.RefreshAfter > c.TTL:
		return c, &ConfigError{"Sessions.RefreshAfter", "is longer than Sessions.TTL"}
	case c.StaleIfError < c.TTL:
		return c, &ConfigError{"Sessions.StaleIfError", "is shorter than Sessions.TTL"}
	case !(c.UpstreamRate >= 0 && c.UpstreamRate <= math.MaxInt32):
		return c, &ConfigError{"Sessions.UpstreamRate", "is negative or no number of calls a second"}
	case c.UpstreamRate == 0:
		c.UpstreamRate = 40
	}
	if len(c.ProfileFields) == 0 {
		c.ProfileFields = DefaultProfileFields()
		return c, nil
	}
	fields := slices.Clone(essentialFields)
	for _, f := range c.ProfileFields {
		if f == "" || strings.ContainsAny(f, ", ()/") {
			return c, &ConfigError{"Sessions.ProfileFields", "must be plain keys such as \"FirstName\""}
		}
		if slices.Contains(secretFields, strings.ToLower(f)) {
			return c, &ConfigError{"Sessions.ProfileFields", f + " is a secret and never kept"}
		}
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	c.ProfileFields = fields
	return c, nil
}
