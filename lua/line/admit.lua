-- admit: call the next places of the line, within the caps.
-- Invariant 6: passes and caps are counted in the same step, on one shard, so no number of edges can overshoot.
-- The window of perSecond slides: over any second, not over each second of a clock. A caller whose clock is
-- behind counts with the latest time that any caller has brought.
-- Who has been away for longer than the grace is not called: the place passes on in the same step, and nobody waits for
-- them. Who is called and does not ask for their pass within `pickUpMs` makes room again. Nobody waits so long for who was
-- not heard of for that time before: where little is left, two absent ones would stop the line.
-- @key   terms     hash   state, times, mode, lanes, perSecond, maxActive, passMs
-- @key   line      hash   by lane head and waiting; turn of the last call; latestMs; draw; counts
-- @key   places    hash   shopper → place|lane|region|…, see lib/place
-- @key   waiting   zset   shopper by turn
-- @key   passes    zset   shopper by the end of their pass, or of the time to pick it up
-- @key   issued    zset   lane and place by the time of its call, within the last second
-- @key   stalled   set    whose pass what is left does not wait for: nothing to claim where they are, or called while long away
-- @key   edges     zset   edge by when it was last heard of
-- @key   passLog   stream who was called when and until when, and whose pass has ended: for whoever checks the caps
-- @arg   nowMs     int
-- @arg   most      int    how many to call at the most
-- @arg   wanted    int    how many active passes are enough for what is left, those that are stalled not counted
-- @arg   edge      string
-- @arg   graceMs   int
-- @arg   pickUpMs  int
-- @reply LINE      called:int skipped:int active:int waiting:int draw:string drawRoot:string entrants:int lanes:string[] heads:int[] waits:int[] totals:int[]
-- @include lib/phase
-- @include lib/place
-- @include lib/pass-log
local terms, line, places, waiting, passes, issued, stalled, edges, passLog =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local nowMs, most, wanted, edge, graceMs, pickUpMs =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
-- Passes that one call ends, and absent ones that it passes over: what is left over is the next call's.
local MOST_ENDED, MOST_SKIPPED = 1000, 1000
-- What an answer counts since the drop began, in this order.
local TOTALS = { 'called', 'skipped', 'picked', 'noShows', 'lapsed', 'left', 'done' }

local term = redis.call(
  'HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perSecond', 'maxActive', 'passMs', 'mode', 'lanes'
)
local known = redis.call('HMGET', line, 'latestMs', 'draw', 'drawRoot', 'turn')
nowMs = math.max(nowMs, tonumber(known[1] or '0'))
local phase = phaseOf(term[1], term[2], term[3], term[4], nowMs)
local draw = known[2] or ''
if phase ~= 'UNKNOWN' then
  redis.call('HSET', line, 'latestMs', nowMs)
  redis.call('ZADD', edges, nowMs, edge)
  redis.call('ZREMRANGEBYSCORE', edges, '-inf', nowMs - 10 * graceMs)
end

local function count(what, by)
  if by > 0 then redis.call('HINCRBY', line, what, by) end
end

-- Passes whose time is over: used and run out, or never asked for. Their places are given up.
local function endPasses()
  local ended = redis.call('ZRANGEBYSCORE', passes, '-inf', nowMs, 'LIMIT', 0, MOST_ENDED)
  if #ended == 0 then return end
  redis.call('ZREMRANGEBYRANK', passes, 0, #ended - 1)
  local noShows, changed = 0, {}
  for i, record in ipairs(redis.call('HMGET', places, unpack(ended))) do
    local at = parsePlace(record)
    if at.picked ~= '1' then noShows = noShows + 1 end
    at.place = '0'
    changed[#changed + 1], changed[#changed + 2] = ended[i], formatPlace(at)
  end
  redis.call('HSET', places, unpack(changed))
  redis.call('SREM', stalled, unpack(ended))
  count('noShows', noShows)
  count('lapsed', #ended - noShows)
  logPasses(passLog, 'ended', nowMs, 0, ended)
end

local isAlive = {}
local function alive(name)
  if isAlive[name] == nil then
    isAlive[name] = tonumber(redis.call('ZSCORE', edges, name) or '0') > nowMs - graceMs
  end
  return isAlive[name]
end

local function present(at)
  if at.edges == '' then return at.away ~= '' and tonumber(at.away) > nowMs - graceMs end
  for name in string.gmatch(at.edges, '[^,]+') do
    if alive(name) then return true end
  end
  return false
end

-- Without a socket, and longer than somebody who asks again and again by HTTP.
local function isLongAway(at)
  return at.edges == '' and at.away ~= '' and tonumber(at.away) <= nowMs - pickUpMs
end

local called, skipped, calledPlaces, absent = {}, 0, {}, {}
local heads, gone, turn, passUntil = {}, {}, known[4], nil

local function take(shopperId, at)
  heads[at.lane] = math.max(heads[at.lane] or 0, tonumber(at.place))
  gone[at.lane] = (gone[at.lane] or 0) + 1
  if present(at) then
    called[#called + 1] = shopperId
    if isLongAway(at) then absent[#absent + 1] = shopperId end
    calledPlaces[#calledPlaces + 1] = at.lane .. ':' .. at.place
    at.passUntil, at.picked = passUntil, ''
  else
    skipped = skipped + 1
    at.place = '0'
  end
  return formatPlace(at)
end

local function callNext(free)
  local popped = redis.call('ZPOPMIN', waiting, free)
  if #popped == 0 then return false end
  local shoppers, changed = {}, {}
  for i = 1, #popped, 2 do shoppers[#shoppers + 1] = popped[i] end
  turn = popped[#popped]
  for i, record in ipairs(redis.call('HMGET', places, unpack(shoppers))) do
    changed[#changed + 1], changed[#changed + 2] = shoppers[i], take(shoppers[i], parsePlace(record))
  end
  redis.call('HSET', places, unpack(changed))
  return true
end

local function call()
  local perSecond, maxActive, passMs = tonumber(term[5]), tonumber(term[6]), tonumber(term[7])
  redis.call('ZREMRANGEBYSCORE', issued, '-inf', nowMs - 1000)
  local active = redis.call('ZCARD', passes)
  local free = math.min(most, perSecond - redis.call('ZCARD', issued), maxActive - active, wanted - active + redis.call('SCARD', stalled))
  passUntil = ms(nowMs + passMs)
  while #called < free and skipped < MOST_SKIPPED do
    if not callNext(free - #called) then break end
  end
  for lane, head in pairs(heads) do
    redis.call('HSET', line, 'head:' .. lane, head)
    redis.call('HINCRBY', line, 'waiting:' .. lane, -gone[lane])
  end
  if turn then redis.call('HSET', line, 'turn', turn) end
  count('called', #called)
  count('skipped', skipped)
  if #called == 0 then return end
  local pickUntil = ms(nowMs + math.min(pickUpMs, passMs))
  local newPasses, newIssued = {}, {}
  for i, shopperId in ipairs(called) do
    newPasses[#newPasses + 1], newPasses[#newPasses + 2] = pickUntil, shopperId
    newIssued[#newIssued + 1], newIssued[#newIssued + 2] = nowMs, calledPlaces[i]
  end
  redis.call('ZADD', passes, unpack(newPasses))
  redis.call('ZADD', issued, unpack(newIssued))
  if #absent > 0 then redis.call('SADD', stalled, unpack(absent)) end
  logPasses(passLog, 'called', nowMs, passUntil, called)
end

if phase ~= 'UNKNOWN' then endPasses() end
if phase == 'LIVE' and (term[8] ~= 'lottery' or draw == 'done') then call() end

local names, fields, headsNow, waits, entrants = {}, {}, {}, {}, 0
for lane in string.gmatch(term[9] or '', '([^=,]+)=%d+') do names[#names + 1] = lane end
for _, lane in ipairs(names) do
  local of = redis.call('HMGET', line, 'head:' .. lane, 'waiting:' .. lane, 'entrants:' .. lane)
  headsNow[#headsNow + 1], waits[#waits + 1] = tonumber(of[1] or '0'), tonumber(of[2] or '0')
  entrants = entrants + tonumber(of[3] or '0')
end
local totals = redis.call('HMGET', line, unpack(TOTALS))
for i = 1, #TOTALS do totals[i] = tonumber(totals[i] or '0') end
return {
  'LINE', #called, skipped, redis.call('ZCARD', passes), redis.call('ZCARD', waiting),
  draw, known[3] or '', entrants, names, headsNow, waits, totals,
}
