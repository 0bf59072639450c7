-- draw-root: tell the root of the final list of entrants, before anybody can know what the draw makes of it.
-- Invariant 7: it is told once. Another root for the same drop would be another list.
-- @key   line     hash   draw, drawRoot
-- @arg   root     string
-- @reply TOLD
-- @reply ALREADY
-- @reply OTHER    root:string
-- @reply OPEN
local line = KEYS[1]
local root = ARGV[1]

local known = redis.call('HMGET', line, 'draw', 'drawRoot')
if not known[1] then return { 'OPEN' } end
if known[2] == root then return { 'ALREADY' } end
if known[2] then return { 'OTHER', known[2] } end
redis.call('HSET', line, 'drawRoot', root)
return { 'TOLD' }
