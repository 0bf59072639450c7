-- draw-open: all entrants have their places; from here on the line moves.
-- @key   line    hash   draw
-- @reply OPENED
-- @reply ALREADY
-- @reply NOT_CLOSED
local line = KEYS[1]

local draw = redis.call('HGET', line, 'draw')
if draw == 'done' then return { 'ALREADY' } end
if draw ~= 'closed' then return { 'NOT_CLOSED' } end
redis.call('HSET', line, 'draw', 'done')
return { 'OPENED' }
