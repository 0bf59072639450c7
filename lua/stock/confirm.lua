-- confirm: turn holds into sales once their payments are captured.
-- Invariant 8: a hold ends once. Whoever comes second (expiry, a late webhook) learns how it ended.
-- What is still in `due` about it goes when its time comes: expire finds a hold that is sold, and leaves it.
-- @key    stock    hash    <sku>:held, <sku>:sold, …
-- @key    holds    hash    claim id → state|sku|quantity|shopper|until
-- @row    claimId  string
-- @answer CONFIRMED
-- @answer ALREADY  endedAs:string
-- @answer UNKNOWN
-- @include lib/holds
local stock, holds = KEYS[1], KEYS[2]
local FIRST_ROW, ROW_WIDTH = 1, 1

local function confirm(claimId)
  local record = redis.call('HGET', holds, claimId)
  if not record then return { 'UNKNOWN' } end
  local state, sku, quantity, shopperId, untilMs = parseHold(record)
  if state ~= 'held' then return { 'ALREADY', state } end
  redis.call('HSET', holds, claimId, table.concat({ 'sold', sku, quantity, shopperId, untilMs }, '|'))
  redis.call('HINCRBY', stock, sku .. ':held', -quantity)
  redis.call('HINCRBY', stock, sku .. ':sold', quantity)
  return { 'CONFIRMED' }
end

local answers = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local claimId = ARGV[at]
  answers[#answers + 1] = confirm(claimId)
end
return answers
