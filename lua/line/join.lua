-- join: give places in the line to a batch of shoppers, or tell them what has become of the place that they have.
-- Invariant 7: who joined earlier has the smaller place of their lane; a second tab, a reconnect, another device finds the
-- same place again. Before the start of a lottery nobody has a place yet: the list of entrants is what the draw orders.
-- A place whose pass has run out is given up: its shopper gets a new one at the end.
-- Invariant 5: the region of a shopper's first place stays theirs for the whole drop, also after leaving. It is where
-- they claim, and so the one place where their limit is counted. Their lane stays as well.
-- A pass that was called is kept for a short time only, until its shopper asks for it here: then it lasts as long as promised.
-- @key    terms      hash   state, times, mode, lanes
-- @key    line       hash   by lane tail, turn, waiting, entrants; turn of the last call; draw; counts
-- @key    places     hash   shopper → place|lane|region|…, see lib/place
-- @key    waiting    zset   shopper by turn
-- @key    passes     zset   shopper by the end of their pass
-- @key    entrants   list   entrant|lane|shopper|nonce
-- @key    stalled    set    whose pass what is left does not wait for, see admit
-- @key    edges      zset   edge by when it was last heard of
-- @key    passLog    stream whose pass has ended
-- @arg    nowMs      int
-- @arg    capacity   int    places that may wait at once
-- @arg    edge       string where their sockets are; empty for who has none
-- @row    shopperId  string
-- @row    region     string
-- @row    lane       string
-- @row    entrantId  string
-- @row    nonce      string
-- @row    mayJoin    int    1, or 0 for who only asks for the place that they have
-- @answer ENTERED    lane:string region:string entrants:int
-- @answer WAITING    place:int lane:string region:string ahead:int most:int lastPassUntilMs:int
-- @answer ADMITTED   place:int lane:string region:string passUntilMs:int again:int
-- @answer NOT_STARTED
-- @answer ENDED
-- @answer LINE_FULL
-- @answer NO_PLACE
-- @include lib/phase
-- @include lib/lanes
-- @include lib/place
-- @include lib/pass-log
local terms, line, places, waiting, passes, entrants, stalled, edges, passLog =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local nowMs, capacity, edge = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local FIRST_ROW, ROW_WIDTH = 4, 6
-- More edges than a shopper has tabs: a record stays small also when edges die under them.
local MOST_EDGES = 8

local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'mode', 'lanes')
local phase = phaseOf(term[1], term[2], term[3], term[4], nowMs)
local lanes = term[6]
local weights, laneCount = weightsOf(lanes)
local isOpen = phase ~= 'UNKNOWN' and phase ~= 'ENDED' and phase ~= 'BEFORE'

-- Whoever closed the lobby had the later clock: it stays closed.
local inLobby = false
if isOpen and term[5] == 'lottery' and redis.call('HEXISTS', line, 'draw') == 0 then
  inLobby = nowMs < tonumber(term[3])
  if not inLobby then closeLobby(line, lanes) end
end
local calledTurn = tonumber(redis.call('HGET', line, 'turn') or '0')

-- An edge whose first shoppers these are has not been heard of before: another one must not take them for gone.
if edge ~= '' then redis.call('ZADD', edges, 'GT', nowMs, edge) end

local shoppers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do shoppers[#shoppers + 1] = ARGV[at] end
if #shoppers == 0 then return {} end
local records = redis.call('HMGET', places, unpack(shoppers))
local recordNow = {}

local function keep(shopperId, at)
  local record = formatPlace(at)
  recordNow[shopperId] = record
  redis.call('HSET', places, shopperId, record)
end

-- Who is here, and where: without a socket, when they asked last.
local function seen(at)
  if edge == '' then
    if at.edges == '' then at.away = ms(nowMs) end
    return
  end
  at.away = ''
  if string.find(',' .. at.edges .. ',', ',' .. edge .. ',', 1, true) then return end
  local list = at.edges == '' and edge or at.edges .. ',' .. edge
  local _, commas = string.gsub(list, ',', '')
  if commas >= MOST_EDGES then list = string.match(list, '^[^,]*,(.*)$') end
  at.edges = list
end

local function enterLobby(shopperId, at, entrantId, nonce)
  if at.entered ~= '1' then
    if redis.call('LLEN', entrants) >= capacity then return { 'LINE_FULL' } end
    redis.call('RPUSH', entrants, entrantId .. '|' .. at.lane .. '|' .. shopperId .. '|' .. nonce)
    redis.call('HINCRBY', line, 'entrants:' .. at.lane, 1)
  end
  at.place, at.entered = 'lobby', '1'
  keep(shopperId, at)
  return { 'ENTERED', at.lane, at.region, redis.call('LLEN', entrants) }
end

local function waitingAt(shopperId, at, turn)
  local ahead = redis.call('ZRANK', waiting, shopperId)
  -- Others can only be called in between where there are other lanes.
  local most = laneCount > 1 and math.ceil((turn - calledTurn) * weights) - 1 or ahead
  local lastPassUntil = tonumber(at.passUntil) or 0
  return { 'WAITING', tonumber(at.place), at.lane, at.region, ahead, math.max(ahead, most), lastPassUntil }
end

-- The next admit would end this pass, and with it the place that is taken now.
local function endPass(shopperId, at)
  if redis.call('ZREM', passes, shopperId) == 0 then return end
  redis.call('SREM', stalled, shopperId)
  redis.call('HINCRBY', line, at.picked == '1' and 'lapsed' or 'noShows', 1)
  logPasses(passLog, 'ended', nowMs, 0, { shopperId })
end

local function takePlace(shopperId, at)
  endPass(shopperId, at)
  if redis.call('ZCARD', waiting) >= capacity then return { 'LINE_FULL' } end
  local lane = at.lane
  at.place = ms(redis.call('HINCRBY', line, 'tail:' .. lane, 1))
  at.picked = ''
  -- A lane that was empty does not save up turns.
  local before = math.max(calledTurn, tonumber(redis.call('HGET', line, 'turn:' .. lane) or '0'))
  local turn = before + stepOf(lanes, lane)
  redis.call('HSET', line, 'turn:' .. lane, turn)
  redis.call('HINCRBY', line, 'waiting:' .. lane, 1)
  redis.call('ZADD', waiting, turn, shopperId)
  keep(shopperId, at)
  return waitingAt(shopperId, at, turn)
end

local function pickUp(shopperId, at)
  local again = at.picked == '1' and 1 or 0
  if again == 0 then
    at.picked = '1'
    redis.call('ZADD', passes, at.passUntil, shopperId)
    redis.call('SREM', stalled, shopperId)
    redis.call('HINCRBY', line, 'picked', 1)
  end
  keep(shopperId, at)
  return { 'ADMITTED', tonumber(at.place), at.lane, at.region, tonumber(at.passUntil), again }
end

local function join(shopperId, record, region, lane, entrantId, nonce, mayJoin)
  if phase == 'BEFORE' then return { 'NOT_STARTED' } end
  if not isOpen then return { 'ENDED' } end
  local at = record and parsePlace(record)
    or { place = '0', lane = lane, region = region, edges = '', away = '', passUntil = '', picked = '', entered = '' }
  seen(at)
  if mayJoin ~= '1' and at.place == '0' then return { 'NO_PLACE' } end
  if inLobby then return enterLobby(shopperId, at, entrantId, nonce) end
  if at.place == 'lobby' then
    keep(shopperId, at)
    return { 'ENTERED', at.lane, at.region, redis.call('LLEN', entrants) }
  end
  if at.place ~= '0' then
    if tonumber(redis.call('ZSCORE', passes, shopperId) or '0') > nowMs then return pickUp(shopperId, at) end
    local turn = redis.call('ZSCORE', waiting, shopperId)
    if turn then
      keep(shopperId, at)
      return waitingAt(shopperId, at, tonumber(turn))
    end
    -- Called, and the pass has run out since.
    if mayJoin ~= '1' then return { 'NO_PLACE' } end
  end
  return takePlace(shopperId, at)
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, region, lane, entrantId = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local nonce, mayJoin = ARGV[at + 4], ARGV[at + 5]
  local row = #answers + 1
  local record = recordNow[shopperId] or records[row]
  answers[row] = join(shopperId, record, region, lane, entrantId, nonce, mayJoin)
end
return answers
