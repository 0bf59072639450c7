-- expire: end the holds whose time is over, a bounded number of them, the longest overdue first.
-- Invariant 8: a hold that was sold or released in the meantime is not due any more.
-- @key   stock    hash    <sku>:available, <sku>:held, …
-- @key   holds    hash    claim id → state|sku|quantity|shopper|until
-- @key   due      zset    claim id by the end of its hold
-- @key   taken    hash    shopper → units that count towards the limit
-- @key   outbox   stream  what was released
-- @arg   nowMs    int
-- @arg   most     int
-- @reply EXPIRED  count:int oldestDueMs:int
-- @reply NONE
-- @include lib/holds
-- @include lib/release
local stock, holds, due, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])

-- Without their scores, which take as long to be written out as the rest of the answer; only the first is needed.
local claimIds = redis.call('ZRANGEBYSCORE', due, '-inf', nowMs, 'LIMIT', 0, most)
if #claimIds == 0 then return { 'NONE' } end
local oldestDueMs = tonumber(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2])
-- What is due is exactly the first of the list, so it leaves by rank: ZREM would look each of them up. One that is no
-- hold any more leaves as well, and cannot be found due for ever.
redis.call('ZREMRANGEBYRANK', due, 0, #claimIds - 1)
releaseHolds(stock, holds, nil, taken, outbox, claimIds, 'expired')
return { 'EXPIRED', #claimIds, oldestDueMs }
