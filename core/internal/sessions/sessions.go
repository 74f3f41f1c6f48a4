// Package sessions remembers what a service said about tokens: who they belong to and
// until when. It knows how long an answer is believed, how questions are shared, bounded
// and repeated, and what is forgotten when. What an answer means is its user's affair: a
// fetch function returns a typed [Answer].
//
// The type parameter S is the session. It should be a pointer to an immutable value: it
// is shared between requests, and a hit calls no method of it.
package sessions

import (
	"context"
	"errors"
	"time"
)

// An Outcome is what the service said about a token.
type Outcome uint8

const (
	// Valid means that the token is good.
	Valid Outcome = iota + 1
	// Refused means that the token is definitely not good, or its account may not be used.
	Refused
	// Undecided means that the service answered neither of the above. It concerns this
	// token alone: its cached session stays valid, and no other is affected.
	Undecided
	// Unavailable means that the service could not be asked, or did not answer.
	Unavailable
)

// An Answer is the result of a fetch.
type Answer[S any] struct {
	Outcome Outcome

	// With Valid.
	Session S
	UID     string
	// Expiry is the token's own; zero means unknown. ExpiryKnown says that the service
	// was asked for it, so that zero is its answer.
	Expiry      time.Time
	ExpiryKnown bool
	Size        int // bytes that the session takes

	// With every other outcome.
	Err error

	// With Unavailable: AtOnce says that this one failure shows that the service is
	// degraded. RetryAfter is what the service asked for.
	AtOnce     bool
	RetryAfter time.Duration
}

// A Question is what a fetch has to ask.
type Question[S any] struct {
	Token string

	// What is remembered of the token, and when it ends as far as that is known.
	// HasKnown is false for an unknown token; the expiry may be known all the same.
	Known       S
	HasKnown    bool
	KnownExpiry time.Time

	// AskSession and AskExpiry say which of the two calls to make. At least one is true.
	AskSession, AskExpiry bool

	again func(context.Context) error
}

// Again waits for the turn of one more call than the question stands for: a repetition.
func (q *Question[S]) Again(ctx context.Context) error {
	if q.again == nil {
		return nil
	}
	return q.again(ctx)
}

// A Fetch asks the service. It must respect ctx; a panic in it counts as Unavailable.
type Fetch[S any] func(ctx context.Context, q *Question[S]) Answer[S]

// A Reason says why the cache itself could not answer.
type Reason uint8

// The reasons.
const (
	Malformed Reason = iota + 1 // the token cannot be one
	Closed                      // the cache is closed
	Limited                     // our own limit of calls; see Failure.RetryAfter
	GaveUp                      // the caller's context ended
	Slow                        // the service takes too long, and so does waiting for it
	Panicked                    // the fetch function panicked
	Contended                   // another replica uses the refresh token, and its outcome is unknown
)

// A Failure is the error of a request that the cache itself could not answer.
type Failure struct {
	Reason     Reason
	RetryAfter time.Duration // with Limited: about when it would be this token's turn
	Err        error         // with GaveUp: the context's error and its cause
}

func (f *Failure) Error() string {
	switch f.Reason {
	case Malformed:
		return "the token is malformed"
	case Closed:
		return "the client is closed"
	case Limited:
		return "too many validations at once"
	case GaveUp:
		return f.Err.Error()
	case Slow:
		return "no answer in time"
	case Panicked:
		return "a panic ended the call"
	case Contended:
		return "another replica is using the refresh token"
	default:
		return "unknown failure"
	}
}

func (f *Failure) Unwrap() error { return f.Err }

var (
	errClosed = errors.New("closed")
	errFull   = errors.New("queue full")
)

// Config configures a cache. Every field must be set, unless it says otherwise.
type Config[S any] struct {
	Capacity, MaxBytes int
	TTL, MaxTTL        time.Duration
	RefreshAfter       time.Duration
	StaleIfError       time.Duration
	UnknownExpiryTTL   time.Duration // how long an answer is fresh if the token's expiry is unknown
	NegativeTTL        time.Duration
	NegativeCapacity   int
	Rate               float64 // calls a second
	Concurrency        int     // calls at once
	SkipExpiry         bool
	Timeout            time.Duration // of one fetch, apart from waiting for its turn
	RecheckFor         time.Duration // how long Recheck lasts
	RecheckCapacity    int
	StaleWait          time.Duration    // how long a request waits for an answer if it can go on without
	TurnWait           time.Duration    // how long a request about a known session waits for its turn
	StrangerTurnWait   time.Duration    // the same for unknown tokens
	Clock              func() time.Time // optional
	Fetch              Fetch[S]
	Plausible          func(token string) bool
	Address            func(context.Context) string // of the client, for fairness; "" if unknown
	WithExpiry         func(S, time.Time) S         // a copy of the session with a new expiry
	Rotate             func(ctx context.Context, refreshToken string) Rotated
	Revoked            func(Revocation) // optional; called for every revocation, on whichever replica
	Sharing            *Sharing[S]      // optional
	Notify             func(Notice)     // optional; called at most once a minute per kind

	// Trace, if set, is called when a fetch begins, with the values of the request that
	// began it; the fetch runs with the context that it returns. end gets the answer,
	// and how long the fetch waited for its turn. Joined is called with the context of
	// a request that used the answer of another's fetch, and that of the fetch.
	Trace  func(ctx context.Context) (_ context.Context, end func(a *Answer[S], waited time.Duration))
	Joined func(ctx, fetch context.Context)

	// Announced, if set, is called when the store has taken something that this replica
	// forgot, with the time since then.
	Announced func(delay time.Duration)
}

// A Notice tells an operator what goes on.
type Notice struct {
	Kind  NoticeKind
	Count uint64        // how often since the last notice of this kind
	Queue int           // fetches that wait for their turn
	Wait  time.Duration // about how long a new one would wait
	Err   error         // with NoticeShared: the latest failure
}

// A NoticeKind says what a Notice is about.
type NoticeKind uint8

// The kinds of notices.
const (
	NoticeLimited  NoticeKind = iota + 1 // requests were refused because of our own limit
	NoticeDegraded                       // the service is degraded
	NoticePanic                          // a function of the application panicked in the background
	NoticeShared                         // the shared store fails
)
