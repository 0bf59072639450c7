-- expire: end the holds whose time is over, a bounded number of them, the longest overdue first.
-- Invariant 8: a hold that was sold or released in the meantime, or was given more time, is found so and left alone.
-- @key   stock    hash    <sku>:available, <sku>:held, …
-- @key   holds    hash    claim id → state|sku|quantity|shopper|until
-- @key   due      zset    claim ids of one batch by the end of their holds
-- @key   taken    hash    shopper → units|void|first answer, see lib/taken
-- @key   outbox   stream  what was released
-- @key   news     channel skus that are to be had again
-- @arg   nowMs    int
-- @arg   most     int     holds to look at; the last batch is taken whole
-- @reply EXPIRED  count:int oldestDueMs:int more:int
-- @reply NONE
-- @include lib/holds
-- @include lib/taken
-- @include lib/release
local stock, holds, due, taken, outbox, news = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])
-- Entries asked for at once: small enough that little is read in vain when each has a whole batch.
local PAGE = 32

local claimIds, entries, page = {}, 0
repeat
  -- Without their scores, which take as long to be written out as the rest of the answer; only the first is needed.
  page = redis.call('ZRANGEBYSCORE', due, '-inf', nowMs, 'LIMIT', entries, PAGE)
  for _, together in ipairs(page) do
    if #claimIds >= most then break end
    entries = entries + 1
    for claimId in string.gmatch(together, '[^,]+') do claimIds[#claimIds + 1] = claimId end
  end
until #page < PAGE or #claimIds >= most
if entries == 0 then return { 'NONE' } end

local oldestDueMs = tonumber(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2])
-- What is due is exactly the first of the list, so it leaves by rank: ZREM would look each of them up. One that is no
-- hold any more leaves as well, and cannot be found due for ever.
redis.call('ZREMRANGEBYRANK', due, 0, entries - 1)
local before = releaseHolds(stock, holds, taken, outbox, news, claimIds, 'expired', nowMs)
local ended = 0
for i = 1, #claimIds do
  if before[i] == 'held' then ended = ended + 1 end
end
return { 'EXPIRED', ended, oldestDueMs, #claimIds >= most and 1 or 0 }
