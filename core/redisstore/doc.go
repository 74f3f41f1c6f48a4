// Package redisstore lets the replicas of an application share sessions and
// revocations through Redis 7 or Valkey. It implements [core.SharedStore] and
// [core.SharedLimiter]:
//
//	rdb := redis.NewUniversalClient(&redis.UniversalOptions{
//		Addrs:                 []string{"redis:6379"},
//		ContextTimeoutEnabled: true,
//	})
//	client, err := core.New(core.Config{…, Shared: redisstore.New(rdb)})
//
// The connection is the application's: one server, Sentinel or Cluster, TLS, ACL
// user, pool sizes and its end. A store needs one connection of the pool for itself,
// because it waits for revocations. With ContextTimeoutEnabled the driver gives up a
// call together with the store; without it, a call that the store gave up occupies
// its connection until the time-outs of the driver.
//
// # Keys
//
// With the default prefix, all keys begin with "lr:" or "{lr}:".
//
//	lr:v:NAME     a session, claim or outcome: sealed bytes, with an expiry
//	lr:r:NAME     a token bucket: the time at which it is full
//	{lr}:log      a stream of sealed events, at most about 100,000
//	{lr}:m:NAME   a mark: the time of the last event for a session, user or address
//	{lr}:pos      the time of the last event
//
// NAME is a keyed hash that the client makes. The keys in braces share a hash slot of
// a Cluster, since one script changes them together; all others spread over the
// slots. Every key expires. An ACL user needs:
//
//	~lr:* ~{lr}:* +get +set +pttl +pexpire +time +xadd +xread +xrevrange +eval +evalsha
//
// Applications that use different LoginRadius sites may share a prefix, since the
// client derives all names from the site, but then read each other's log in vain; a
// prefix for each is better. No other program may write keys with the prefix.
package redisstore
