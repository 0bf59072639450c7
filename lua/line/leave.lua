-- leave: give up the places of a batch of shoppers, called or not, so that nobody waits behind them.
-- A pass that its shopper has in hand has to be void at its region first, or it could claim while its place is somebody
-- else's (invariant 6): a caller says until when passes are void there (stock/revoke, and stock/claim for who has used up
-- their limit), and is told what is missing. Region and lane stay: see join.
-- @key    line       hash   by lane waiting; counts; latestMs
-- @key    places     hash   shopper → place|lane|region|…, see lib/place
-- @key    waiting    zset   shopper by turn
-- @key    passes     zset   shopper by the end of their pass
-- @key    stalled    set    who has a pass and nothing to claim
-- @key    passLog    stream whose pass has ended
-- @arg    nowMs      int
-- @row    shopperId  string
-- @row    why        string left, or done for who has what they may have
-- @row    voidUntilMs int   their passes that end until then are void; 0 where none is
-- @answer LEFT
-- @answer HAS_PASS  region:string passUntilMs:int
-- @answer UNKNOWN
-- @include lib/place
-- @include lib/pass-log
local line, places, waiting, passes, stalled, passLog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 3
-- In the order of the log time does not go back, whoever's clock is behind.
nowMs = math.max(nowMs, tonumber(redis.call('HGET', line, 'latestMs') or '0'))
local ended = {}

local function leave(shopperId, why, voidUntilMs)
  local record = redis.call('HGET', places, shopperId)
  local at = record and parsePlace(record)
  if not at or at.place == '0' then return { 'UNKNOWN' } end
  local inHand = at.picked == '1' and redis.call('ZSCORE', passes, shopperId)
  if inHand and tonumber(at.passUntil) > voidUntilMs then return { 'HAS_PASS', at.region, tonumber(at.passUntil) } end
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
  local shopperId, why, voidUntilMs = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  answers[#answers + 1] = leave(shopperId, why, voidUntilMs)
end
if #ended > 0 then logPasses(passLog, 'ended', nowMs, 0, ended) end
return answers
