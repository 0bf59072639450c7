-- admit: call the next places of the line, within the caps.
-- Invariant 6: passes and caps are counted in the same step, on one shard, so no number of edges can overshoot.
-- The window of perSecond slides: over any second, not over each second of a clock. A caller whose clock is
-- behind counts with the latest time that any caller has brought.
-- @key   terms     hash   state, times, perSecond, maxActive, passMs
-- @key   line      hash   head: the last place called; latestMs
-- @key   waiting   zset   shopper by place
-- @key   passes    zset   shopper by the end of their pass
-- @key   issued    zset   place by the time of its call, within the last second
-- @arg   nowMs     int
-- @arg   most      int    how many to call at the most
-- @reply MOVED     admitted:int head:int waiting:int
-- @reply STILL     head:int waiting:int
-- @include lib/phase
local terms, line, waiting, passes, issued = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, most = tonumber(ARGV[1]), tonumber(ARGV[2])

local known = redis.call('HMGET', line, 'head', 'latestMs')
local head, latestMs = tonumber(known[1] or '0'), tonumber(known[2] or '0')
nowMs = math.max(nowMs, latestMs)

local function still() return { 'STILL', head, redis.call('ZCARD', waiting) } end

local term = redis.call(
  'HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perSecond', 'maxActive', 'passMs'
)
if phaseOf(term[1], term[2], term[3], term[4], nowMs) ~= 'LIVE' then return still() end
local perSecond, maxActive, passMs = tonumber(term[5]), tonumber(term[6]), tonumber(term[7])

redis.call('HSET', line, 'latestMs', nowMs)
redis.call('ZREMRANGEBYSCORE', passes, '-inf', nowMs)
redis.call('ZREMRANGEBYSCORE', issued, '-inf', nowMs - 1000)
local free = math.min(most, perSecond - redis.call('ZCARD', issued), maxActive - redis.call('ZCARD', passes))
if free <= 0 then return still() end

local called = redis.call('ZPOPMIN', waiting, free)
if #called == 0 then return still() end

local passUntilMs = nowMs + passMs
local newPasses, newIssued = {}, {}
for i = 1, #called, 2 do
  local shopperId, place = called[i], called[i + 1]
  newPasses[#newPasses + 1], newPasses[#newPasses + 2] = passUntilMs, shopperId
  newIssued[#newIssued + 1], newIssued[#newIssued + 2] = nowMs, place
  head = tonumber(place)
end
redis.call('ZADD', passes, unpack(newPasses))
redis.call('ZADD', issued, unpack(newIssued))
redis.call('HSET', line, 'head', head)
return { 'MOVED', #called / 2, head, redis.call('ZCARD', waiting) }
