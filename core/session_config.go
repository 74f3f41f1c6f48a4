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
	// makes room. Above 10,000, recency is tracked to the second. One session takes
	// about 1 to 2 KiB. Default: 100,000.
	Capacity int

	// MaxSessionBytes bounds the profile that one session keeps. Of a larger one
	// CustomFields are left out first, then everything that does not identify or
	// authorize; [Stats].Trimmed counts them. MaxCacheBytes bounds what all sessions
	// together take, about. Defaults: 16 KiB and 256 MiB.
	MaxSessionBytes int
	MaxCacheBytes   int

	// TTL is how long an answer of LoginRadius is believed while LoginRadius answers.
	// It bounds how long a session that was ended elsewhere (another replica, the
	// console) lives on here. A session is asked for earlier when half of its remaining
	// life is over, so that sites with sliding expiry see that it is in use.
	// Default: 2 minutes.
	TTL time.Duration

	// MaxTTL lets TTL stretch when UpstreamRate is too small for the users of the site:
	// up to it a request that finds no free call within a second is served from memory,
	// beyond it the answer is an error that matches [ErrOverloaded]. At least TTL, at
	// most StaleIfError. Default: TTL.
	MaxTTL time.Duration

	// RefreshAfter is the age from which a session that is used is asked for again
	// in the background, with one call for its profile, so that active users do not
	// wait. The more calls the site needs, the closer to TTL that happens. At most TTL,
	// which turns it off. Default: half of TTL.
	RefreshAfter time.Duration

	// StaleIfError is how long after the last good answer a session goes on while
	// LoginRadius fails, but never past its own expiry. At least TTL; TTL means not at
	// all. Default: 15 minutes.
	StaleIfError time.Duration

	// NegativeTTL is how long a definitely bad token is refused without asking.
	// Default: 10 seconds. NegativeCapacity is how many are remembered; they never
	// displace good sessions. Default: 10,000.
	NegativeTTL      time.Duration
	NegativeCapacity int

	// UpstreamRate is the number of calls a second that all validations together
	// may make. A LoginRadius production site allows 50 calls a second to an endpoint, a
	// development site 5: share it out between your replicas. With a [SharedStore] that is
	// a [SharedLimiter], all replicas spend it together; while the store fails, each
	// spends a quarter of it at most. Default: 40.
	//
	// A steadily active user takes one call per TTL at least, and one per RefreshAfter
	// while there is room; a token that the login's own answer described takes none at
	// first; an unknown token takes one call, and a second one for its expiry within a
	// minute. By default that carries 2,400 active users with room to spare, and 600
	// users who all come back after a restart within 15 seconds. While both wait, known
	// sessions get three of four calls; either may use what the other leaves. Among
	// unknown tokens, each client address gets its turn (see [EndUser]).
	UpstreamRate float64

	// UpstreamConcurrency bounds the calls of validations that are under way at once; a
	// quarter of it is reserved for known sessions. Default: 32.
	UpstreamConcurrency int

	// ProfileFields are the profile keys that a session keeps, as LoginRadius spells
	// them, e.g. "Uid". Keys that identify and authorize are always asked for. "*"
	// keeps everything but password hashes, PINs and provider tokens, at a multiple
	// of the memory. Default: [DefaultProfileFields].
	ProfileFields []string

	// Permissions has the permissions of an account's roles resolved with its session, for
	// [Session.HasPermission]. The site's roles are asked for at most once per TTL, with
	// the API secret; a changed role shows within twice TTL. If they cannot be asked for,
	// accounts with roles are answered as while LoginRadius fails. Default: false.
	Permissions bool

	// RoleContexts also has the account's role contexts resolved with its session, for
	// [Session.HasPermissionIn]. It needs Permissions, and costs one more call with the
	// API secret for each check of a session. Default: false.
	RoleContexts bool

	// SkipExpiry never asks when a token expires, which saves a call per session. A
	// session is then believed for at most a minute. Default: false.
	SkipExpiry bool
}

// unknownExpiryTTL bounds the belief in a token with an unknown expiry.
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
		{"MaxSessionBytes", &c.MaxSessionBytes, 16 << 10},
		{"MaxCacheBytes", &c.MaxCacheBytes, 256 << 20},
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
		{"MaxTTL", &c.MaxTTL, c.TTL},
	} {
		if *f.value < 0 {
			return c, &ConfigError{"Sessions." + f.name, "is negative"}
		}
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	if c.RoleContexts && !c.Permissions {
		return c, &ConfigError{"Sessions.RoleContexts", "needs Sessions.Permissions"}
	}
	switch {
	case c.RefreshAfter > c.TTL:
		return c, &ConfigError{"Sessions.RefreshAfter", "is longer than Sessions.TTL"}
	case c.StaleIfError < c.TTL:
		return c, &ConfigError{"Sessions.StaleIfError", "is shorter than Sessions.TTL"}
	case c.MaxTTL < c.TTL:
		return c, &ConfigError{"Sessions.MaxTTL", "is shorter than Sessions.TTL"}
	case c.MaxTTL > c.StaleIfError:
		return c, &ConfigError{"Sessions.MaxTTL", "is longer than Sessions.StaleIfError"}
	case c.MaxSessionBytes > c.MaxCacheBytes:
		return c, &ConfigError{"Sessions.MaxSessionBytes", "is larger than Sessions.MaxCacheBytes"}
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
