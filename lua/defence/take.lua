-- take: draw from a bucket that fills up by itself, over all edges.
-- A bucket is one number, the moment at which it will be full again (GCRA): nothing has to refill it, and once it is
-- full its key is gone. An edge whose clock is ahead sees the bucket fuller than it is, by as much as its clock is wrong.
-- @key   bucket           string  when it will be full again, in microseconds
-- @arg   nowMs            int
-- @arg   cost             int
-- @arg   capacity         int
-- @arg   refillPerSecond  int
-- @reply TAKEN            used:int
-- @reply EMPTY            used:int retryAfterMs:int
local bucket = KEYS[1]
local nowMs, cost, capacity, refillPerSecond = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local microsPerToken = 1000000 / refillPerSecond
local nowMicros = nowMs * 1000
local fullAtMicros = math.max(tonumber(redis.call('GET', bucket) or '0'), nowMicros)
local used = (fullAtMicros - nowMicros) / microsPerToken

local missing = used + cost - capacity
if missing > 0 then return { 'EMPTY', math.ceil(used), math.ceil(missing * microsPerToken / 1000) } end

fullAtMicros = fullAtMicros + cost * microsPerToken
local untilFullMs = math.max(1, math.ceil((fullAtMicros - nowMicros) / 1000))
redis.call('SET', bucket, string.format('%.0f', fullAtMicros), 'PX', untilFullMs)
return { 'TAKEN', math.ceil(used + cost) }
