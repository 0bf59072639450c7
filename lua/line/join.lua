-- join: give places in the line to a batch of shoppers, or tell them the place that they have.
-- Invariant 7: who joined earlier has the smaller place; a second tab or a reconnect finds the same place again.
-- A place whose pass has run out is given up: its shopper gets a new one at the end.
-- Invariant 5: the region of a shopper's first place stays theirs for the whole drop, also after leaving. It is where
-- they claim, and so the one place where their limit is counted.
-- @key    terms      hash   state, times
-- @key    line       hash   tail: the last place given; head: the last place called
-- @key    places     hash   shopper → place|region; place 0 for who has left
-- @key    waiting    zset   shopper by place
-- @key    passes     zset   shopper by the end of their pass
-- @arg    nowMs      int
-- @arg    capacity   int    places that may wait at once
-- @row    shopperId  string
-- @row    region     string
-- @answer WAITING    place:int region:string ahead:int
-- @answer ADMITTED   place:int region:string passUntilMs:int
-- @answer NOT_STARTED
-- @answer ENDED
-- @answer LINE_FULL
-- @include lib/phase
local terms, line, places, waiting, passes = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local nowMs, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local FIRST_ROW, ROW_WIDTH = 3, 2

local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt')
local phase = phaseOf(term[1], term[2], term[3], term[4], nowMs)

local function waitingAt(shopperId, place, region)
  return { 'WAITING', tonumber(place), region, redis.call('ZRANK', waiting, shopperId) }
end

local function join(shopperId, region)
  if phase == 'UNKNOWN' or phase == 'ENDED' then return { 'ENDED' } end
  if phase == 'BEFORE' then return { 'NOT_STARTED' } end

  local known = redis.call('HGET', places, shopperId)
  if known then
    local place, placeRegion = string.match(known, '^(%d+)|(.+)$')
    local passUntil = tonumber(redis.call('ZSCORE', passes, shopperId) or '0')
    if passUntil > nowMs then return { 'ADMITTED', tonumber(place), placeRegion, passUntil } end
    if redis.call('ZSCORE', waiting, shopperId) then return waitingAt(shopperId, place, placeRegion) end
  end

  if redis.call('ZCARD', waiting) >= capacity then return { 'LINE_FULL' } end
  local home = known and string.match(known, '|(.+)$') or region
  local place = redis.call('HINCRBY', line, 'tail', 1)
  redis.call('HSET', places, shopperId, place .. '|' .. home)
  redis.call('ZADD', waiting, place, shopperId)
  return waitingAt(shopperId, place, home)
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, region = ARGV[at], ARGV[at + 1]
  answers[#answers + 1] = join(shopperId, region)
end
return answers
