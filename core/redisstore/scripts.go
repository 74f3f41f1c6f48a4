package redisstore

import "github.com/redis/go-redis/v9"

// maxEvents bounds the log, to about 25 MB.
const maxEvents = "100000"

// luaTime defines number(v), which converts what a key holds; now, the server's time;
// and position(), the time of the last event. The latter looks at the log as well as
// at the key, because a server short of memory may evict either.
const luaTime = `
local function number(v)
  local n = tonumber(v)
  if not n then error({err = 'LRFOREIGN a key of the store holds no number'}) end
  return n
end
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local function position()
  local at = number(redis.call('GET', KEYS[1]) or '0')
  local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
  if #last > 0 then at = math.max(at, number(string.match(last[1][1], '^%d+'))) end
  return at
end
`

// nowScript returns the store's time. KEYS: pos, log.
var nowScript = redis.NewScript(luaTime + `
return string.format('%.0f', math.max(now, position()))`)

// announceScript writes an event and its marks. KEYS: pos, log, marks. ARGV: event,
// floor, ttl in milliseconds. A key keeps the longer of two lives.
var announceScript = redis.NewScript(luaTime + `
local ttl = tonumber(ARGV[3])
local at = string.format('%.0f', math.max(now, position() + 1, tonumber(ARGV[2]) + 1))
local function life(key) return math.max(ttl, redis.call('PTTL', key)) end
local kept = life(KEYS[2])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ` + maxEvents + `, at .. '-0', 'e', ARGV[1])
redis.call('PEXPIRE', KEYS[2], kept)
redis.call('SET', KEYS[1], at, 'PX', life(KEYS[1]))
for i = 3, #KEYS do redis.call('SET', KEYS[i], at, 'PX', life(KEYS[i])) end
return at`)

// claimScript sets a value unless there is another, which it returns. SET with NX and
// GET would do, but not tell an equal value.
var claimScript = redis.NewScript(`
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return held end
if not held then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return false`)

// marksScript reads marks. It is a script because the driver may send reads to
// replicas of a Cluster, which lag, or answer them from a cache of its own.
var marksScript = redis.NewScript(`
local out = {}
for i = 1, #KEYS do
  local v = redis.call('GET', KEYS[i])
  if v and not tonumber(v) then return redis.error_reply('LRFOREIGN a key of the store holds no number') end
  out[i] = v or '0'
end
return out`)

// takeScript takes tokens from a bucket, which is kept as the time at which it is full
// (the generic cell rate algorithm). It returns 0, or the wait in microseconds. KEYS:
// bucket. ARGV: tokens, microseconds for a token, size of the bucket.
var takeScript = redis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local held = redis.call('GET', KEYS[1])
local full = tonumber(held or '0')
if not full then return redis.error_reply('LRFOREIGN a key of the store holds no number') end
local empty = now + ARGV[3] * ARGV[2]
full = math.min(math.max(full, now), empty) + ARGV[1] * ARGV[2]
if full > empty then return math.ceil(full - empty) end
redis.call('SET', KEYS[1], string.format('%.2f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
return 0`)
