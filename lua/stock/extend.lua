-- extend: give holds more time, for a payment that takes a second step. A hold never gets less than it had.
-- It is due a second time then. Expire comes past the first entry, and leaves a hold whose time is not over.
-- @key    holds     hash   claim id → state|sku|quantity|shopper|until
-- @key    due       zset   claim ids by the end of their holds
-- @row    claimId   string
-- @row    untilMs   int
-- @answer EXTENDED  holdUntilMs:int
-- @answer ALREADY   endedAs:string
-- @answer UNKNOWN
-- @include lib/holds
local holds, due = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 2

local function extend(claimId, untilMs)
  local record = redis.call('HGET', holds, claimId)
  if not record then return { 'UNKNOWN' } end
  local state, sku, quantity, shopperId, knownUntilMs = parseHold(record)
  if state ~= 'held' then return { 'ALREADY', state } end
  -- %d: Lua itself prints a number of 15 digits as a power of ten.
  local holdUntilMs = string.format('%d', math.max(untilMs, tonumber(knownUntilMs)))
  redis.call('HSET', holds, claimId, table.concat({ state, sku, quantity, shopperId, holdUntilMs }, '|'))
  redis.call('ZADD', due, holdUntilMs, claimId)
  return { 'EXTENDED', tonumber(holdUntilMs) }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId, untilMs = ARGV[at], tonumber(ARGV[at + 1])
  answers[#answers + 1] = extend(claimId, untilMs)
end
return answers
