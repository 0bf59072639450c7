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
-- @include lib/holds
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 7

-- Without terms this shard has lost what it knew: nothing is sold until it was rebuilt.
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }

local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])

-- One read for all rows: the answers to their keys, and what their shoppers and skus have so far.
local answerFields, shoppers, skuFields = {}, {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  answerFields[#answerFields + 1] = ARGV[at + 1] .. ':' .. ARGV[at]
  shoppers[#shoppers + 1] = ARGV[at + 1]
  skuFields[#skuFields + 1] = ARGV[at + 2] .. ':available'
end
if #answerFields == 0 then return {} end

local function readAll(hash, fields)
  local values, found = redis.call('HMGET', hash, unpack(fields)), {}
  for i, field in ipairs(fields) do found[field] = values[i] end
  return found
end

local answerOf, takenBy, available =
  readAll(answers, answerFields), readAll(taken, shoppers), readAll(stock, skuFields)

local newAnswers, newHolds, newDue, newTaken, heldOf = {}, {}, {}, {}, {}

local function decide(key, shopperId, sku, quantity, claimId, holdUntilMs, event)
  local field, content = shopperId .. ':' .. key, sku .. '|' .. quantity .. '|'
  local first = answerOf[field]
  if first then
    if string.sub(first, 1, #content) ~= content then return { 'KEY_REUSED' } end
    local firstClaim, firstUntil = string.match(first, '|([^|]+)|(%d+)$')
    return { 'REPLAYED', firstClaim, tonumber(firstUntil) }
  end
  if closed then return { closed } end

  local left = tonumber(available[sku .. ':available'])
  if not left then return { 'UNKNOWN_SKU' } end
  local units = tonumber(takenBy[shopperId] or '0') + quantity
  if units > limit then return { 'LIMIT_REACHED' } end
  if left < quantity then return { 'SOLD_OUT' } end

  available[sku .. ':available'] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  takenBy[shopperId], newTaken[shopperId] = units, units
  answerOf[field] = content .. claimId .. '|' .. holdUntilMs
  append(newAnswers, field, answerOf[field])
  append(newHolds, claimId, 'held|' .. content .. shopperId .. '|' .. holdUntilMs)
  append(newDue, holdUntilMs, claimId)
  redis.call('XADD', outbox, '*', 'event', event)
  return { 'WON' }
end

local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, shopperId, sku, quantity = ARGV[at], ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local claimId, holdUntilMs, event = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  decisions[#decisions + 1] = decide(key, shopperId, sku, quantity, claimId, holdUntilMs, event)
end

if #newHolds > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  local newUnits = {}
  for shopperId, units in pairs(newTaken) do
    append(newUnits, shopperId, units)
  end
  redis.call('HSET', taken, unpack(newUnits))
  redis.call('HSET', answers, unpack(newAnswers))
  redis.call('HSET', holds, unpack(newHolds))
  redis.call('ZADD', due, unpack(newDue))
end
return decisions
