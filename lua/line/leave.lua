-- leave: give up the places of a batch of shoppers, called or not, so that nobody waits behind them.
-- A pass that its shopper has in hand has to be void at its region first: see stock/revoke, and stock/claim, which does
-- it for who has used up their limit. Region and lane stay: see join.
-- @key    line       hash   by lane waiting; counts; latestMs
-- @key    places     hash   shopper → place|lane|region|…, see lib/place
-- @key    waiting    zset   shopper by turn
-- @key    passes     zset   shopper by the end of their pass
-- @key    stalled    set    who has a pass and nothing to claim
-- @key    passLog    stream whose pass has ended
-- @arg    nowMs      int
-- @row    shopperId  string
-- @row    why        string left, or done for who has what they may have
-- @answer LEFT
-- @answer UNKNOWN
-- @include lib/place
-- @include lib/pass-log
local line, places, waiting, passes, stalled, passLog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 2
-- In the order of the log time does not go back, whoever's clock is behind.
nowMs = math.max(nowMs, tonumber(redis.call('HGET', line, 'latestMs') or '0'))
local ended = {}

local function leave(shopperId, why)
  local record = redis.call('HGET', places, shopperId)
  local at = record and parsePlace(record)
  if not at or at.place == '0' then return { 'UNKNOWN' } end
  if redis.call('ZREM', waiting, shopperId) == 1 then redis.call('HINCRBY', line, 'waiting:' .. at.lane, -1) end
  if redis.call('ZREM', passes, shopperId) == 1 then ended[#ended + 1] = shopperId end
  redis.call('SREM', stalled, shopperId)
  redis.call('HINCRBY', line, why, 1)
  at.place = '0'
  redis.call('HSET', places, shopperId, formatPlace(at))
  return { 'LEFT' }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, why = ARGV[at], ARGV[at + 1]
  answers[#answers + 1] = leave(shopperId, why)
end
if #ended > 0 then logPasses(passLog, 'ended', nowMs, 0, ended) end
return answers
