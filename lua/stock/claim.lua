-- claim: decide a batch of claims in one atomic step.
-- Order of the checks: same key → first answer; drop live; pass neither expired nor void; the shopper's limit; stock.
-- Then, and only then, stock goes down, the hold and its answer are recorded and the event enters the outbox: a crash
-- after this step loses nothing, a crash before it promised nothing (invariants 1, 2, 4, 5).
-- How a claim is paid is no content of it: a key that comes again with another payment method gets its first answer.
-- Only a claim that won is remembered under its key: a refusal had no effect that a repeat could double.
-- A shopper whose limit is used up has no use for the pass: from then on it is void, so that its place among the active
-- passes can be given to somebody else, also when a hold comes back later.
-- What many rows share is read once before the loop and written once after it; a row sees the rows before it.
-- @key    terms        hash    state, times, perShopperLimit
-- @key    stock        hash    <sku>:available, <sku>:held, …
-- @key    holds        hash    claim id → state|sku|quantity|shopper|until
-- @key    due          zset    claim ids of one batch by the end of their holds
-- @key    answers      hash    shopper:key → sku|quantity|claim id|until, but for the first of each shopper
-- @key    taken        hash    shopper → units|void|first answer, see lib/taken
-- @key    outbox       stream  claim id|sku|quantity|shopper|key|until|unit price|payment method of claims that won, an entry a batch
-- @arg    nowMs        int
-- @row    key          string
-- @row    shopperId    string
-- @row    sku          string
-- @row    quantity     int
-- @row    claimId      string
-- @row    holdUntilMs  int
-- @row    passUntilMs  int
-- @row    unitPrice    int
-- @row    payment      string
-- @answer WON          left:int
-- @answer REPLAYED     claimId:string holdUntilMs:int left:int
-- @answer KEY_REUSED
-- @answer NOT_STARTED
-- @answer PAUSED
-- @answer ENDED
-- @answer PASS_EXPIRED
-- @answer PASS_VOID
-- @answer UNKNOWN_SKU
-- @answer LIMIT_REACHED
-- @answer SOLD_OUT     left:int
-- @include lib/phase
-- @include lib/taken
local terms, stock, holds, due, answers, taken, outbox = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 9
-- This script is what a sale's speed hangs on. A local is found faster than a global, a table shared by all rows that
-- answer the same is made once, and a number that is only passed on stays the text that it came as.
local redis, ARGV = redis, ARGV
local WON_THE_LAST, ALL_GONE, LIMIT_REACHED = { 'WON', 0 }, { 'SOLD_OUT', 0 }, { 'LIMIT_REACHED' }

-- Without terms this shard has lost what it knew: nothing is sold until it was rebuilt.
local REFUSAL_IN_PHASE =
  { UNKNOWN = 'PAUSED', BEFORE = 'NOT_STARTED', LOBBY = 'NOT_STARTED', PAUSED = 'PAUSED', ENDED = 'ENDED' }

local term = redis.call('HMGET', terms, 'state', 'lobbyOpensAt', 'startsAt', 'endsAt', 'perShopperLimit')
local closed = REFUSAL_IN_PHASE[phaseOf(term[1], term[2], term[3], term[4], nowMs)]
local limit = tonumber(term[5])

-- One read for all rows: what their shoppers and skus have so far.
local shoppers, available = {}, {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local shopperId, sku = ARGV[at + 1], ARGV[at + 2]
  shoppers[#shoppers + 1] = shopperId
  if available[sku] == nil then available[sku] = tonumber(redis.call('HGET', stock, sku .. ':available')) or false end
end
if #shoppers == 0 then return {} end
local takenBefore = redis.call('HMGET', taken, unpack(shoppers))

-- Who ever won has an entry in `taken`, be it of 0 units: a shopper without one has no answers to look for.
local answersBefore, answerFields = {}, {}
for row = 1, #shoppers do
  if takenBefore[row] then
    local key, shopperId = ARGV[FIRST_ROW + (row - 1) * ROW_WIDTH], shoppers[row]
    answerFields[#answerFields + 1] = shopperId .. ':' .. key
  end
end
if #answerFields > 0 then
  local found = redis.call('HMGET', answers, unpack(answerFields))
  for i, field in ipairs(answerFields) do answersBefore[field] = found[i] or nil end
end

-- What this batch changes. The lists are pairs, as HSET takes them; `events` of XADD as well. Making a string costs as
-- much as a look into a table: a claim makes the three that are kept, and only a shopper with more than one makes others.
local takenNow, answerNow, heldOf, dueNow = {}, {}, {}, {}
local newAnswers, newHolds, newTaken, events, size = {}, {}, {}, {}, 0

-- The answer to this key, as sku|quantity|claim id|until; nil where it is new.
local function answerTo(key, shopperId, first)
  local field = shopperId .. ':' .. key
  return firstAnswerTo(key, first) or answerNow[field] or answersBefore[field]
end

local function repeated(answer, sku, asked, units)
  local content = sku .. '|' .. asked .. '|'
  if string.sub(answer, 1, #content) ~= content then return { 'KEY_REUSED' } end
  local claimId, holdUntilMs = string.match(answer, '|([^|]+)|(%d+)$')
  return { 'REPLAYED', claimId, tonumber(holdUntilMs), limit and math.max(0, limit - units) or 0 }
end

-- The first claim of a shopper has its answer in their entry; the answer to a later one gets an entry of its own.
local function recordOf(shopperId, units, void, first, key, sku, asked, claimId, holdUntilMs)
  if first == '' then
    return units .. '|' .. void .. '|' .. key .. '|' .. sku .. '|' .. asked .. '|' .. claimId .. '|' .. holdUntilMs
  end
  local field, answer = shopperId .. ':' .. key, sku .. '|' .. asked .. '|' .. claimId .. '|' .. holdUntilMs
  answerNow[field] = answer
  newAnswers[#newAnswers + 1], newAnswers[#newAnswers + 2] = field, answer
  return units .. '|' .. void .. '|' .. first
end

local function decide(row, key, sku, asked, claimId, holdUntilMs, passUntilMs, unitPrice, payment)
  local shopperId = shoppers[row]
  local before, void, first = 0, nil, ''
  local stand = takenNow[shopperId] or takenBefore[row]
  if stand then
    before, void, first = parseTaken(stand)
    local answer = first ~= '' and answerTo(key, shopperId, first)
    if answer then return repeated(answer, sku, asked, before) end
  end
  if closed then return { closed } end

  local passUntil = tonumber(passUntilMs)
  if passUntil <= nowMs then return { 'PASS_EXPIRED' } end
  if void and passUntil <= tonumber(void) then return before >= limit and LIMIT_REACHED or { 'PASS_VOID' } end

  local left, quantity = available[sku], tonumber(asked)
  if not left then return { 'UNKNOWN_SKU' } end
  local units = before + quantity
  if units > limit then return LIMIT_REACHED end
  if left < quantity then return left == 0 and ALL_GONE or { 'SOLD_OUT', left } end

  available[sku] = left - quantity
  heldOf[sku] = (heldOf[sku] or 0) + quantity
  void = units == limit and passUntilMs or void or ''
  local record = recordOf(shopperId, before == 0 and asked or units, void, first, key, sku, asked, claimId, holdUntilMs)
  takenNow[shopperId] = record
  local name, value = size + 1, size + 2
  size = value
  newTaken[name], newTaken[value] = shopperId, record
  newHolds[name], newHolds[value] = claimId, 'held|' .. sku .. '|' .. asked .. '|' .. shopperId .. '|' .. holdUntilMs
  events[name] = 'won'
  events[value] = claimId .. '|' .. sku .. '|' .. asked .. '|' .. shopperId .. '|' .. key
    .. '|' .. holdUntilMs .. '|' .. unitPrice .. '|' .. payment
  local sameEnd = dueNow[holdUntilMs]
  if sameEnd then sameEnd[#sameEnd + 1] = claimId else dueNow[holdUntilMs] = { claimId } end
  return units == limit and WON_THE_LAST or { 'WON', limit - units }
end

local decisions = {}
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local key, sku, quantity, claimId = ARGV[at], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local holdUntilMs, passUntilMs, unitPrice, payment = ARGV[at + 5], ARGV[at + 6], ARGV[at + 7], ARGV[at + 8]
  local row = #decisions + 1
  decisions[row] = decide(row, key, sku, quantity, claimId, holdUntilMs, passUntilMs, unitPrice, payment)
end

if size > 0 then
  for sku, units in pairs(heldOf) do
    redis.call('HINCRBY', stock, sku .. ':available', -units)
    redis.call('HINCRBY', stock, sku .. ':held', units)
  end
  redis.call('HSET', taken, unpack(newTaken))
  if #newAnswers > 0 then redis.call('HSET', answers, unpack(newAnswers)) end
  redis.call('HSET', holds, unpack(newHolds))
  -- Holds of a batch end together, more or less: an entry for each end costs a tenth of one for each hold.
  for holdUntilMs, claimIds in pairs(dueNow) do
    redis.call('ZADD', due, holdUntilMs, table.concat(claimIds, ','))
  end
  redis.call('XADD', outbox, '*', unpack(events))
end
return decisions
