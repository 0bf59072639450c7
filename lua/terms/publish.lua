-- publish: set the terms of a drop on one shard, never replacing newer terms by older ones.
-- The terms stand beside what they govern, so that a script reads them in the same step.
-- @key   terms     hash   revision, state, times, limits
-- @arg   revision  int
-- @row   field     string
-- @row   value     string
-- @reply PUBLISHED
-- @reply SAME
-- @reply OLDER     revision:int
local terms = KEYS[1]
local revision = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 2

local known = tonumber(redis.call('HGET', terms, 'revision') or '0')
if known > revision then return { 'OLDER', known } end
if known == revision then return { 'SAME' } end

redis.call('HSET', terms, 'revision', revision)
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local field, value = ARGV[at], ARGV[at + 1]
  redis.call('HSET', terms, field, value)
end
return { 'PUBLISHED' }
