-- draw-close: make the list of entrants of a lottery drop final, once its lobby is over.
-- Invariant 7: nobody is added to the list any more, so the order that the draw makes of it can be fixed.
-- @key   terms      hash   mode, lanes, startsAt
-- @key   line       hash   draw; entrants, tail and turn of each lane; latestMs
-- @key   entrants   list   entrant|lane|shopper|nonce, in the order of joining
-- @arg   nowMs      int
-- @reply NOT_A_DRAW
-- @reply TOO_EARLY  startsAt:int
-- @reply CLOSED     entrants:int
-- @reply DONE
-- @include lib/lanes
local terms, line, entrants = KEYS[1], KEYS[2], KEYS[3]
local nowMs = tonumber(ARGV[1])

local term = redis.call('HMGET', terms, 'mode', 'lanes', 'startsAt')
if term[1] ~= 'lottery' then return { 'NOT_A_DRAW' } end
local lanes, startsAt = term[2], tonumber(term[3])

local known = redis.call('HMGET', line, 'draw', 'latestMs')
if known[1] == 'done' then return { 'DONE' } end
-- Whoever closed it had the later clock: it stays closed.
if not known[1] and nowMs < startsAt then return { 'TOO_EARLY', startsAt } end

redis.call('HSET', line, 'latestMs', math.max(nowMs, tonumber(known[2] or '0')))
closeLobby(line, lanes)
return { 'CLOSED', redis.call('LLEN', entrants) }
