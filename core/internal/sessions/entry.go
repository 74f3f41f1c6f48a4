package sessions

import (
	"math"
	"sync/atomic"
)

// An entry is a session with the times, in elapsed nanoseconds, that decide what happens
// when it is used. Only the atomic fields, checked, prev and next change once it is stored.
type entry[S any] struct {
	// What a hit reads: 64 bytes, one cache line, if S is a pointer.
	key        Key
	session    S
	refreshAt  atomic.Int64 // from then on a hit starts a background fetch
	freshUntil int64        // until then it is served without asking
	lastUsed   atomic.Int64 // or removed

	uid        string
	asked      int64        // when the service was asked
	expires    int64        // the token's own expiry in Unix nanoseconds; 0: unknown
	end        int64        // the same in elapsed time
	failedAt   atomic.Int64 // when the service last failed to say anything about it; 0: never
	checked    int64        // when expires was last compared with the wall clock; guarded by the shard
	prev, next *entry[S]    // other entries of the same uid; guarded by the cache
	size       int          // estimated bytes
	source     *Source[S]   // nil: the default one
	// expiryKnown says that the service was asked for the expiry, even if it had none.
	expiryKnown bool
	_           [39]byte // to 192 bytes, so that an entry begins where a cache line does
}

// removed is the last use of an entry that is no longer in the store.
const removed = math.MinInt64

// overhead is what an entry takes beside the bytes that its Answer reports: the entry
// itself, its places in maps, list and read index.
const overhead = 512
