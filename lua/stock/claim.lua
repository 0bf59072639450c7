-- claim: decide a batch of claims in one atomic step.
-- Order of the checks: same key → first answer; drop live; the shopper's limit; stock. Then, and only then,
-- stock goes down, the hold and its answer are recorded and the event enters the outbox: a crash after this
-- step loses nothing, a crash before it promised nothing (invariants 1, 2, 4, 5).
-- Only a claim that won is remembered under its key: a refusal had no effect that a repeat could double.
-- What many rows share is read once before the loop and written once after it; a row sees the rows before it.
-- @key    terms        hash    state, times, perShopperLimit
-- @key    stock        hash    <sku>:available, <sku>:held, …
-- @key    holds        hash    claim id → state|sku|quantity|shopper|until
-- @key    due          zset    claim id by the end of its hold
-- @key    answers      hash    shopper:key → sku|quantity|claim id|until
-- @key    taken        hash    shopper → units that count towards the limit
-- @key    outbox       stream  events of claims that won
-- @arg    nowMs        int
-- @row    key          string
-- @row    shopperId    string
-- @row    sku          string
-- @row    quantity     int
-- @row    claimId      string
-- @row    holdUntilMs  int
-- @row    event        string
-- @answer WON
-- @answer REPLAYED     claimId:string holdUntilMs:int
-- @answer KEY_REUSED
-- @answer NOT_STARTED
-- @answer PAUSED
-- @answer ENDED
-- @answer UNKNOWN_SKU
-- @answer LIMIT_REACHED
-- @answer SOLD_OUT
-- @include lib/phase
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 7
-- This script is what a sale's speed hangs on. A local is found faster than a global, a table shared by all rows that
-- answer the same is made once, and a number that is only passed on stays the text that it came as.
local redis, ARGV = redis, ARGV
local WON, SOLD_OUT, LIMIT_REACHED = { 'WON' }, { 'SOLD_OUT' }, { 'LIMIT_REACHED' }

-- Without terms this shard has lost what it knew: nothing is sold until it was rebuilt.
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }

local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])

-- One read for all rows: the answers to their keys, and what their shoppers and skus have so far.
local answerFields, shoppers, available = {}, {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, shopperId, sku = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local row = #shoppers + 1
  answerFields[row], shoppers[row] = shopperId .. ':' .. key, shopperId
  if available[sku] == nil then available[sku] = tonumber(redis.call('HGET', stock, sku .. ':available')) or false end
end
if #shoppers == 0 then return {} end
local answersBefore = redis.call('HMGET', answers, unpack(answerFields))
local takenBefore = redis.call('HMGET', taken, unpack(shoppers))

-- What this batch changes. The lists are pairs, as HSET and ZADD take them, and end at `size`.
local answerNow, takenNow, heldOf = {}, {}, {}
local newAnswers, newHolds, newDue, newTaken, size = {}, {}, {}, {}, 0

local function decide(row, sku, asked, claimId, holdUntilMs, event)
  local field, shopperId, content = answerFields[row], shoppers[row], sku .. '|' .. asked .. '|'
  local first = answerNow[field] or answersBefore[row]
  if first then
    if string.sub(first, 1, #content) ~= content then return { 'KEY_REUSED' } end
    local firstClaim, firstUntil = string.match(first, '|([^|]+)|(%d+)$')
    return { 'REPLAYED', firstClaim, tonumber(firstUntil) }
  end
  if closed then return { closed } end

  local left, quantity = available[sku], tonumber(asked)
  if not left then return { 'UNKNOWN_SKU' } end
  local before = takenNow[shopperId] or takenBefore[row]
  local units = before and before + quantity or quantity
  if units > limit then return LIMIT_REACHED end
  if left < quantity then return SOLD_OUT end

  available[sku] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  takenNow[shopperId] = units
  local answer = content .. claimId .. '|' .. holdUntilMs
  answerNow[field] = answer
  local name, value = size + 1, size + 2
  size = value
  newTaken[name], newTaken[value] = shopperId, before and units or asked
  newAnswers[name], newAnswers[value] = field, answer
  newHolds[name], newHolds[value] = claimId, 'held|' .. content .. shopperId .. '|' .. holdUntilMs
  newDue[name], newDue[value] = holdUntilMs, claimId
  redis.call('XADD', outbox, '*', 'event', event)
  return WON
end

local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, quantity, claimId = ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local holdUntilMs, event = ARGV[at + 5], ARGV[at + 6]
  local row = #decisions + 1
  decisions[row] = decide(row, sku, quantity, claimId, holdUntilMs, event)
end

if size > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  redis.call('HSET', taken, unpack(newTaken))
  redis.call('HSET', answers, unpack(newAnswers))
  redis.call('HSET', holds, unpack(newHolds))
  redis.call('ZADD', due, unpack(newDue))
end
return decisions
